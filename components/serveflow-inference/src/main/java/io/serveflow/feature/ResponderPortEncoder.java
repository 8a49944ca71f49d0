/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import io.serveflow.flow.FlowRecord;
import java.nio.BufferOverflowException;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Set;

/**
 * The transport of a flow and the port of its responder, and nothing else of any header.
 *
 * <p>Columns: {@code transport}, the IP protocol number; {@code resp_port}; {@code resp_range}, 0
 * below 1,024, 1 below 10,000, 2 below 32,768, else 3. The latter two are left out by {@link
 * Mask#PORTS}.
 *
 * <p>It is for tiers that read packet 1 alone: window, options and lifetime of a TCP SYN tell which
 * host sent it, and a model that sees them learns the hosts of its captures.
 */
public final class ResponderPortEncoder implements FeatureEncoder {

    static final String NAME = "responder-port";
    static final int VERSION = 1;

    private final List<String> columns;

    /**
     * @param mask of these only {@link Mask#PORTS} changes something
     */
    public ResponderPortEncoder(final Set<Mask> mask) {
        this.columns =
                mask.contains(Mask.PORTS)
                        ? List.of("transport")
                        : List.of("transport", "resp_port", "resp_range");
    }

    @Override
    public Set<FlowRecord.Stage> stages() {
        return FeatureEncoders.OF_PACKETS;
    }

    @Override
    public int width() {
        return columns.size();
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    /** No byte of a packet is read. */
    @Override
    public int reach() {
        return 0;
    }

    @Override
    public void encode(final FlowRecord flow, final FloatBuffer row) {
        if (row.remaining() < width()) {
            throw new BufferOverflowException();
        }
        row.put(flow.tuple().transport().number());
        if (columns.size() > 1) {
            row.put(flow.tuple().responderPort());
            row.put(HeaderEncoder.range(flow.tuple().responderPort()));
        }
    }
}
