/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.line.LineBeginnings;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What a decoder of lines works with.
 *
 * @param options what flows are made of, where lines carry packets, and the seed of Community IDs
 *     that a line does not state; its observer is the name of the sensor, where a line names none
 * @param ledger in which each record is counted as {@link Ledger.Entry#EVENTS} under the format,
 *     and each line about something else as {@link Ledger.Entry#SKIPPED}
 * @param interest which context records need not be read, where a line holds a whole one
 * @param nanoTime when the line was read, a {@link System#nanoTime()}
 * @param beginnings how lines of all formats begin
 * @param out takes the records
 */
public record DecoderContext(
        FlowAssembler.Options options,
        Ledger ledger,
        ContextInterest interest,
        LongSupplier nanoTime,
        LineBeginnings beginnings,
        Consumer<FlowRecord> out) {

    /** The detail under which records of connections that go on are counted as skipped. */
    public static final String INTERIM_RECORD = "interim_record";

    public DecoderContext {
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(ledger, "ledger");
        Objects.requireNonNull(interest, "interest");
        Objects.requireNonNull(nanoTime, "nanoTime");
        Objects.requireNonNull(beginnings, "beginnings");
        Objects.requireNonNull(out, "out");
    }

    /** The name of the sensor, where a line names none. */
    public String observer() {
        return options.observer();
    }

    /** The seed of the Community ID, where a line states none. */
    public int communityIdSeed() {
        return options.communityIdSeed();
    }
}
