/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import io.serveflow.flow.FlowRecord;
import java.nio.BufferOverflowException;
import java.nio.FloatBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The columns of several encoders side by side, in their order. */
final class JoinedEncoder implements FeatureEncoder {

    private final FeatureEncoder[] parts;
    private final List<String> columns;
    private final int reach;
    private final Set<FlowRecord.Stage> stages;

    /**
     * @param parts encoders with a stage that all of them read
     */
    JoinedEncoder(final List<FeatureEncoder> parts) {
        this.parts = parts.toArray(FeatureEncoder[]::new);
        this.columns = parts.stream().flatMap(part -> part.columns().stream()).toList();
        this.reach = parts.stream().mapToInt(FeatureEncoder::reach).max().orElse(0);
        final Set<FlowRecord.Stage> common = EnumSet.copyOf(parts.get(0).stages());
        parts.forEach(part -> common.retainAll(part.stages()));
        this.stages = Set.copyOf(common);
    }

    @Override
    public Set<FlowRecord.Stage> stages() {
        return stages;
    }

    @Override
    public int width() {
        return columns.size();
    }

    @Override
    public int reach() {
        return reach;
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public void encode(final FlowRecord flow, final FloatBuffer row) {
        if (row.remaining() < width()) {
            throw new BufferOverflowException();
        }
        for (final FeatureEncoder part : parts) {
            part.encode(flow, row);
        }
    }
}
