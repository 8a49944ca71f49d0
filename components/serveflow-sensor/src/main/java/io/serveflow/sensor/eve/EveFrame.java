/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.eve;

import io.serveflow.flow.Encapsulation;
import io.serveflow.flow.FlowEnds;
import io.serveflow.flow.FlowTunnel;
import io.serveflow.flow.IpAddress;
import io.serveflow.flow.IpHeaders;
import io.serveflow.flow.IpHeaders.Finding;
import io.serveflow.flow.Transport;
import io.serveflow.flow.TunnelType;
import io.serveflow.flow.Tunnels;
import io.serveflow.sensor.eve.EveAlert.Endpoints;
import io.serveflow.sensor.packet.LinkLayer;
import java.util.Optional;

/**
 * The packet in an event of Suricata that is between the event's own endpoints; used again for
 * every event.
 *
 * <p>The link type that an event states is not to be trusted: 7.0 and 8.0 state raw IP (12) for
 * every packet out of a tunnel, which yet begins with IP (IP in IP, GRE, VXLAN, Teredo), with
 * Ethernet (GENEVE, GRE with Ethernet), with the VLAN tag of a tagged frame (VXLAN) or with a
 * header of ERSPAN and then Ethernet. Hence the packet is looked for in each of these places until
 * one has the endpoints that the event states. An event about a tunnel's own packet, such as one of
 * GTP-U, which Suricata does not open, states the tunnel's ends and gives a packet of theirs.
 */
final class EveFrame {

    private static final int ERSPAN_2_HEADER = 8;
    private static final int ERSPAN_3_HEADER = 12;
    private static final int ERSPAN_3_SUBHEADER = 8;

    /** The places where a packet may begin, beside that of its link type. */
    private static final int POSITIONS = 7;

    /** The first position that is behind a header of ERSPAN. */
    private static final int FIRST_IN_ERSPAN = 4;

    /** A VLAN tag without the EtherType that announces it: the tag, and the EtherType behind. */
    private static final int TAG_AND_ETHERTYPE = 4;

    private final IpHeaders headers;
    private final FlowEnds ends = new FlowEnds();
    private Endpoints tunnel;
    private boolean inErspan;

    /**
     * @param tunnels which tunnels are opened for an event that states no endpoints
     */
    EveFrame(final Tunnels tunnels) {
        this.headers = new IpHeaders(tunnels);
    }

    /** Looks for the packet in an event; {@link #headers()} are then those of it. */
    Finding find(final EveAlert event) {
        tunnel = event.tunnel();
        inErspan = false;
        final boolean stated = event.own().areStated();
        if (stated && !setEnds(event.own())) {
            return Finding.OTHER_TRANSPORT;
        }
        Finding found = Finding.NOT_IP;
        for (int position = 0; position < POSITIONS; position++) {
            final int ip = ipAt(position, event);
            if (ip == Encapsulation.NO_IP || !stated && position > 0 && !isConsistent(ip, event)) {
                continue;
            }
            final int length = event.length() - ip;
            final Finding finding =
                    stated
                            ? headers.readBetween(ends, event.frame(), ip, length, length)
                            : headers.read(event.frame(), ip, length, length);
            if (finding.hasPorts()) {
                inErspan = position >= FIRST_IN_ERSPAN;
                return finding;
            }
            if (found == Finding.NOT_IP) {
                found = finding;
            }
        }
        return found;
    }

    /** The view of the packet that was found. */
    IpHeaders headers() {
        return headers;
    }

    /**
     * The tunnel that Suricata took the packet out of, or that it is in all the same; seen from the
     * packet's sender.
     */
    Optional<FlowTunnel> tunnel() {
        if (!tunnel.areStated()) {
            return headers.tunnelDepth() == 0 ? Optional.empty() : Optional.of(headers.tunnel());
        }
        final boolean ports = tunnel.isOf("UDP");
        try {
            return Optional.of(
                    new FlowTunnel(
                            type(),
                            tunnel.depth(),
                            FlowTunnel.UNKNOWN,
                            canonical(tunnel.source()),
                            ports ? tunnel.sourcePort() : FlowTunnel.UNKNOWN,
                            canonical(tunnel.destination()),
                            ports ? tunnel.destinationPort() : FlowTunnel.UNKNOWN));
        } catch (final IllegalArgumentException e) {
            return Optional.empty(); // no addresses, so nothing is known of it
        }
    }

    private TunnelType type() {
        if (tunnel.isOf("GRE")) {
            return inErspan ? TunnelType.ERSPAN : TunnelType.GRE;
        }
        if (!tunnel.isOf("UDP")) {
            return TunnelType.IP_IN_IP;
        }
        return switch (tunnel.destinationPort()) {
            case 4789, 4790, 8472 -> TunnelType.VXLAN;
            case 6081 -> TunnelType.GENEVE;
            case 2152 -> TunnelType.GTP;
            default -> tunnel.sourcePort() == 2152 ? TunnelType.GTP : TunnelType.TEREDO;
        };
    }

    private static String canonical(final CharSequence address) {
        final byte[] bytes = IpAddress.parse(address.toString());
        return IpAddress.format(bytes, 0, bytes.length);
    }

    /** Takes the event's endpoints; false if they are of no flow that records are made of. */
    private boolean setEnds(final Endpoints own) {
        final boolean tcp = own.isOf("TCP");
        if (!tcp && own.statesProtocol() && !own.isOf("UDP")) {
            return false;
        }
        try {
            ends.set(
                    tcp ? Transport.TCP : Transport.UDP,
                    own.source(),
                    own.sourcePort(),
                    own.destination(),
                    own.destinationPort());
            return true;
        } catch (final IllegalArgumentException e) {
            return false;
        }
    }

    private int ipAt(final int position, final EveAlert event) {
        final byte[] frame = event.frame();
        final int end = event.length();
        return switch (position) {
            case 0 -> LinkLayer.ipOffset(event.linkType(), frame, 0, end);
            case 1 ->
                    event.linkType() == LinkLayer.RAW_BSD
                            ? Encapsulation.NO_IP
                            : Encapsulation.ifIp(frame, 0, end);
            case 2 ->
                    event.linkType() == LinkLayer.ETHERNET
                            ? Encapsulation.NO_IP
                            : behind(0, frame, end);
            case 3 -> // what 7.0 gives of a tagged frame inside VXLAN
                    Encapsulation.afterEtherType(
                            frame, TAG_AND_ETHERTYPE / 2, TAG_AND_ETHERTYPE, end, end);
            case 4 -> behind(ERSPAN_2_HEADER, frame, end);
            case 5 -> behind(ERSPAN_3_HEADER, frame, end);
            default -> behind(ERSPAN_3_HEADER + ERSPAN_3_SUBHEADER, frame, end);
        };
    }

    private static int behind(final int header, final byte[] frame, final int end) {
        return Encapsulation.afterEthernet(frame, header, end, end);
    }

    private static boolean isConsistent(final int ip, final EveAlert event) {
        return Encapsulation.consistency(event.frame(), ip, event.length(), event.length()) > 0;
    }
}
