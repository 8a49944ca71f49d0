/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import java.util.Arrays;

/** The tunnels that can be opened, so that flows are those inside of them. */
public enum TunnelType {
    /** IP or Ethernet in GRE of version 0 (RFC 2784, RFC 2890), NVGRE (RFC 7637) included. */
    GRE("gre"),
    /** PPP in GRE of version 1 (RFC 2637). */
    PPTP("pptp"),
    /** Mirrored Ethernet frames in GRE, types I, II and III (draft-foschiano-erspan). */
    ERSPAN("erspan"),
    /** VXLAN (RFC 7348) on UDP ports 4789 and 8472, and VXLAN-GPE on 4790. */
    VXLAN("vxlan"),
    /** GENEVE (RFC 8926) on UDP port 6081. */
    GENEVE("geneve"),
    /** IP of either version in IP of either version (RFC 2003, RFC 4213, RFC 2473). */
    IP_IN_IP("ipip"),
    /** User data of GTP-U (3GPP TS 29.281) on UDP port 2152. */
    GTP("gtp"),
    /** IPv6 in UDP (RFC 4380) on port 3544, and between addresses of Teredo on any. */
    TEREDO("teredo");

    private final String id;

    TunnelType(final String id) {
        this.id = id;
    }

    /**
     * The type with an id.
     *
     * @throws IllegalArgumentException if none has it
     */
    public static TunnelType named(final String id) {
        return Arrays.stream(values())
                .filter(type -> type.id.equals(id))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("'" + id + "' is no type of tunnel"));
    }

    /** The word for it in options and documents. */
    public String id() {
        return id;
    }
}
