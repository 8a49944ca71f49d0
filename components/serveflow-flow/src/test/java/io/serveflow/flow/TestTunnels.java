/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import static io.serveflow.flow.TestPackets.bytes;
import static io.serveflow.flow.TestPackets.concat;
import static io.serveflow.flow.TestPackets.ipv4;
import static io.serveflow.flow.TestPackets.udp;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** Puts packets into tunnels by hand, between 192.0.2.1 and 192.0.2.2. */
public final class TestTunnels {

    public static final String OUTER_SOURCE = "192.0.2.1";
    public static final String OUTER_DESTINATION = "192.0.2.2";

    private TestTunnels() {}

    /** An Ethernet frame around an IP packet, by its version. */
    public static byte[] frame(final byte[] ip) {
        return frame(ip[0] >>> 4 == 6 ? 0x86dd : 0x0800, ip);
    }

    /** An Ethernet frame. */
    public static byte[] frame(final int etherType, final byte[] payload) {
        return concat(
                bytes(2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1),
                bytes(etherType >>> 8, etherType),
                payload);
    }

    /** GRE in IPv4; {@code words} are those that the flags announce. */
    public static byte[] gre(
            final int flags, final int protocol, final byte[] words, final byte[] payload) {
        return ipv4(
                47,
                OUTER_SOURCE,
                OUTER_DESTINATION,
                concat(bytes(flags >>> 8, flags, protocol >>> 8, protocol), words, payload));
    }

    /** UDP in IPv4. */
    public static byte[] inUdp(final int source, final int destination, final byte[] payload) {
        return ipv4(17, OUTER_SOURCE, OUTER_DESTINATION, udp(source, destination, payload));
    }

    public static byte[] vxlan(final int port, final int vni, final byte[] ip) {
        return inUdp(50_001, port, concat(bytes(8, 0, 0, 0, 0, vni >>> 8, vni, 0), frame(ip)));
    }

    public static byte[] geneve(final int options, final int vni, final byte[] ip) {
        return inUdp(
                50_001,
                6081,
                concat(
                        bytes(options / 4, 0, 0x65, 0x58, 0, vni >>> 8, vni, 0),
                        new byte[options],
                        frame(ip)));
    }

    public static byte[] gtp(final int teid, final byte[] ip) {
        return inUdp(
                2152,
                2152,
                concat(bytes(0x30, 0xff, ip.length >>> 8, ip.length, 0, 0, teid >>> 8, teid), ip));
    }

    /** The IPv4 packet with a checksum that is right. */
    public static byte[] withChecksum(final byte[] ipv4) {
        final byte[] packet = ipv4.clone();
        int sum = 0;
        for (int i = 0; i < (packet[0] & 0x0f) * 4; i += 2) {
            sum += i == 10 ? 0 : ByteBuffer.wrap(packet).getShort(i) & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        ByteBuffer.wrap(packet).putShort(10, (short) ~((sum & 0xffff) + (sum >>> 16)));
        return packet;
    }

    /** A packet in every kind of tunnel, by what the kind is; all but Teredo take any packet. */
    public static Map<String, byte[]> around(final byte[] ip) {
        final int type = ip[0] >>> 4 == 6 ? 0x86dd : 0x0800;
        final Map<String, byte[]> tunnels = new LinkedHashMap<>();
        tunnels.put("gre", gre(0, type, bytes(), ip));
        tunnels.put("gre with checksum, key and number", gre(0xb000, type, new byte[12], ip));
        tunnels.put("gre with a key", gre(0x2000, type, bytes(0, 0, 0, 9), ip));
        tunnels.put("gre with frames", gre(0x2000, 0x6558, bytes(0, 0, 1, 0), frame(ip)));
        tunnels.put(
                "gre with vlan",
                gre(0, 0x6558, bytes(), frame(0x8100, concat(bytes(0, 5, type >>> 8, type), ip))));
        tunnels.put("gre with mpls", gre(0, 0x8847, bytes(0, 6, 0x41, 64), ip));
        tunnels.put(
                "pptp",
                gre(
                        0x3001,
                        0x880b,
                        bytes(0, ip.length + 4, 0, 7, 0, 0, 0, 1),
                        concat(bytes(0xff, 3, 0, type == 0x0800 ? 0x21 : 0x57), ip)));
        tunnels.put(
                "pptp with acknowledgement and short protocol",
                gre(
                        0x3081,
                        0x880b,
                        concat(bytes(0, ip.length + 1, 0, 7), new byte[8]),
                        concat(bytes(type == 0x0800 ? 0x21 : 0x57), ip)));
        tunnels.put("erspan i", gre(0, 0x88be, bytes(), frame(ip)));
        tunnels.put(
                "erspan ii",
                gre(
                        0x1000,
                        0x88be,
                        bytes(0, 0, 0, 1),
                        concat(bytes(0x10, 1, 0, 5, 0, 0, 0, 3), frame(ip))));
        tunnels.put(
                "erspan ii without number",
                gre(0, 0x88be, bytes(), concat(bytes(0x10, 1, 0, 5, 0, 0, 0, 3), frame(ip))));
        tunnels.put(
                "erspan iii",
                gre(
                        0x1000,
                        0x22eb,
                        bytes(0, 0, 0, 1),
                        concat(bytes(0x20, 1, 0, 5), new byte[8], frame(ip))));
        tunnels.put(
                "erspan iii with subheader",
                gre(
                        0x1000,
                        0x22eb,
                        bytes(0, 0, 0, 1),
                        concat(
                                bytes(0x20, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1),
                                new byte[8],
                                frame(ip))));
        tunnels.put(
                "erspan iii with ip",
                gre(
                        0x1000,
                        0x22eb,
                        bytes(0, 0, 0, 1),
                        concat(bytes(0x20, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0x08, 0), ip)));
        tunnels.put("vxlan", vxlan(4789, 100, ip));
        tunnels.put("vxlan of linux", vxlan(8472, 100, ip));
        tunnels.put(
                "vxlan with a group",
                inUdp(50_001, 4789, concat(bytes(0x88, 0, 0, 9, 0, 0, 100, 0), frame(ip))));
        tunnels.put(
                "vxlan-gpe",
                inUdp(
                        50_001,
                        4790,
                        concat(bytes(0x0c, 0, 0, type == 0x0800 ? 1 : 2, 0, 0, 100, 0), ip)));
        tunnels.put(
                "vxlan-gpe with frames",
                inUdp(50_001, 4790, concat(bytes(0x0c, 0, 0, 3, 0, 0, 100, 0), frame(ip))));
        tunnels.put("geneve", geneve(0, 100, ip));
        tunnels.put("geneve with options", geneve(16, 100, ip));
        tunnels.put(
                "geneve with ip",
                inUdp(50_001, 6081, concat(bytes(0, 0, type >>> 8, type, 0, 0, 100, 0), ip)));
        tunnels.put("ip in ip", ipv4(type == 0x0800 ? 4 : 41, OUTER_SOURCE, OUTER_DESTINATION, ip));
        tunnels.put("gtp", gtp(7, ip));
        tunnels.put(
                "gtp with a number and extensions",
                inUdp(
                        50_001,
                        2152,
                        concat(
                                bytes(0x36, 0xff, 0, ip.length + 8, 0, 0, 0, 7),
                                bytes(0, 1, 0, 0x85, 1, 0x10, 9, 0),
                                ip)));
        if (type == 0x86dd) {
            tunnels.put("teredo", inUdp(50_001, 3544, ip));
            tunnels.put(
                    "teredo with origin",
                    inUdp(3544, 50_001, concat(bytes(0, 0, 1, 2, 3, 4, 5, 6), ip)));
            tunnels.put(
                    "teredo with authentication and origin",
                    inUdp(
                            3544,
                            50_001,
                            concat(
                                    bytes(0, 1, 2, 3, 1, 1, 2, 2, 2),
                                    new byte[9],
                                    bytes(0, 0, 1, 2, 3, 4, 5, 6),
                                    ip)));
        }
        return tunnels;
    }
}
