/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

/**
 * A group of header fields that a model must not see, because they tell who or when and not what.
 */
public enum Mask {
    /** IPv4 source and destination address. */
    ADDRESSES("addresses"),
    /** TCP and UDP ports. */
    PORTS("ports"),
    /** IPv4, TCP and UDP checksums, which sum up the addresses and ports. */
    CHECKSUMS("checksums"),
    /** IPv4 identification, a counter of the sending host. */
    IP_ID("ip-id"),
    /** TCP sequence and acknowledgement numbers. */
    SEQ_ACK("seq-ack"),
    /** Host names, also as what they are known for. */
    NAMES("names");

    private final String id;

    Mask(final String id) {
        this.id = id;
    }

    /** The name in a bundle. */
    public String id() {
        return id;
    }

    /**
     * The mask with a bundle's name for it.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Mask of(final String id) {
        for (final Mask mask : values()) {
            if (mask.id.equals(id)) {
                return mask;
            }
        }
        throw new IllegalArgumentException(
                "unknown mask '"
                        + id
                        + "'; known are addresses, ports, checksums, ip-id, seq-ack,"
                        + " names");
    }
}
