/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import java.util.Objects;

/**
 * The identity of a flow: the sensor that observed it and that sensor's own id of it.
 *
 * @param observer name of the sensor
 * @param uid Zeek {@code uid}, Suricata {@code flow_id}, or the id that the packet assembler gave
 */
public record FlowId(String observer, String uid) {

    public FlowId {
        Objects.requireNonNull(observer, "observer");
        Objects.requireNonNull(uid, "uid");
    }
}
