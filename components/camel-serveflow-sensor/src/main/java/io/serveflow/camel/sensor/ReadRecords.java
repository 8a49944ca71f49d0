/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import io.serveflow.batch.FlowBatch;
import io.serveflow.batch.Receipt;
import io.serveflow.flow.FlowRecord;
import io.serveflow.sensor.ContextInterest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The records that a source has read and not sent yet. They leave as one batch a stage, first
 * records before the others, so that a flow is always asked about before its context is offered.
 *
 * <p>Not safe for use by more than one thread.
 */
public final class ReadRecords implements Consumer<FlowRecord>, ContextInterest {

    private final ContextInterest slowPath;
    private final Map<FlowRecord.Stage, List<FlowRecord>> byStage =
            new EnumMap<>(FlowRecord.Stage.class);
    private final Set<String> unasked = new HashSet<>();
    private int size;

    /**
     * @param slowPath which flows that were asked about need their context
     */
    public ReadRecords(final ContextInterest slowPath) {
        this.slowPath = slowPath;
    }

    @Override
    public void accept(final FlowRecord record) {
        byStage.computeIfAbsent(record.stage(), stage -> new ArrayList<>()).add(record);
        size++;
        if (record.stage() == FlowRecord.Stage.FIRST) {
            unasked.add(record.id().uid());
        }
    }

    /** Nobody knows yet whether a flow that was not asked about will need its context. */
    @Override
    public boolean wants(final String uid) {
        return unasked.contains(uid) || slowPath.wants(uid);
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /**
     * The records as batches, which share a receipt; the order of the stages is that of their enum.
     */
    public List<FlowBatch> batches(final Receipt receipt) {
        return byStage.values().stream()
                .filter(records -> !records.isEmpty())
                .map(records -> FlowBatch.of(records, receipt))
                .toList();
    }

    public void clear() {
        byStage.values().forEach(List::clear);
        unasked.clear();
        size = 0;
    }
}
