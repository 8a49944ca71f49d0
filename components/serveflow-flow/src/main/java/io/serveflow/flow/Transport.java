/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import java.util.Locale;

/** The transport protocols that a flow can have, by their IANA protocol numbers. */
public enum Transport {
    ICMP(1, "icmp"),
    TCP(6, "tcp"),
    UDP(17, "udp"),
    /** ICMP for IPv6; sensors name it {@code icmp} too, the addresses tell the two apart. */
    ICMP6(58, "icmp"),
    SCTP(132, "sctp");

    private final int number;
    private final String sensorName;

    Transport(final int number, final String sensorName) {
        this.number = number;
        this.sensorName = sensorName;
    }

    /** The IANA protocol number, as in the IP header. */
    public int number() {
        return number;
    }

    /** The lower-case name that Zeek and ECS use. */
    public String sensorName() {
        return sensorName;
    }

    /**
     * The transport that a sensor means by a name in any case, such as {@code tcp} or {@code UDP}.
     *
     * @param ipv6 whether the flow's addresses are IPv6, which decides what {@code icmp} means
     * @throws IllegalArgumentException if the name is none of those known here
     */
    public static Transport named(final String name, final boolean ipv6) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "tcp" -> TCP;
            case "udp" -> UDP;
            case "icmp" -> ipv6 ? ICMP6 : ICMP;
            case "icmp6", "ipv6-icmp" -> ICMP6;
            case "sctp" -> SCTP;
            default -> throw new IllegalArgumentException("unknown transport '" + name + "'");
        };
    }
}
