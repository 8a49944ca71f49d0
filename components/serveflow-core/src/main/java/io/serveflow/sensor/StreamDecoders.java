/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The decoders of a stream, one a sensor and format, made when a line first needs them.
 *
 * <p>At most {@value #MAX_OBSERVERS} sensors are kept. One more ends the flows of the one that was
 * silent longest, which is counted as {@link Ledger.Entry#EVICTED}. A decoder whose sensor falls
 * silent while others go on sees time pass all the same, so that its flows do not wait for good.
 */
final class StreamDecoders {

    static final int MAX_OBSERVERS = 1_024;

    /** The detail under which sensors forgotten for want of room are counted. */
    static final String OBSERVERS_FULL = "observers_full";

    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final FlowAssembler.Options options;
    private final Ledger ledger;
    private final ContextInterest interest;
    private final LongSupplier nanoTime;
    private final Consumer<FlowRecord> out;

    /** The decoders of each sensor, that which was silent longest first. */
    private final Map<String, Map<SensorFormat, Used>> sensors =
            new LinkedHashMap<>(16, 0.75f, true);

    private long latestUse;
    private long latestSweep;

    StreamDecoders(
            final FlowAssembler.Options options,
            final Ledger ledger,
            final ContextInterest interest,
            final LongSupplier nanoTime,
            final Consumer<FlowRecord> out) {
        this.options = Objects.requireNonNull(options, "options");
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.interest = Objects.requireNonNull(interest, "interest");
        this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
        this.out = Objects.requireNonNull(out, "out");
        this.latestUse = nanoTime.getAsLong();
        this.latestSweep = latestUse;
    }

    /** The decoder for a line of the stream's own sensor. */
    LineDecoder of(final SensorFormat format) {
        return of(options.observer(), format);
    }

    /** The decoder for a line of a sensor. */
    LineDecoder of(final String observer, final SensorFormat format) {
        Map<SensorFormat, Used> formats = sensors.get(observer);
        if (formats == null) {
            if (sensors.size() == MAX_OBSERVERS) {
                forgetSilent();
            }
            formats = new EnumMap<>(SensorFormat.class);
            sensors.put(observer, formats);
        }
        latestUse = nanoTime.getAsLong();
        Used used = formats.get(format);
        if (used == null) {
            used = new Used(open(observer, format));
            formats.put(format, used);
        }
        used.latest = latestUse;
        sweep();
        return used.decoder;
    }

    void anotherFile() {
        forEach(used -> used.decoder.anotherFile());
    }

    /** Lets time pass in which no line came: microseconds since the latest one. */
    void elapse(final long micros) {
        elapseUntil(latestUse + TimeUnit.MICROSECONDS.toNanos(micros));
    }

    void finish() {
        forEach(used -> used.decoder.finish());
    }

    /** The position of the oldest line of which a record is still to come; empty if none is. */
    OptionalLong oldestHeld() {
        OptionalLong oldest = OptionalLong.empty();
        for (final Map<SensorFormat, Used> formats : sensors.values()) {
            for (final Used used : formats.values()) {
                final OptionalLong held = used.decoder.oldestHeld();
                if (oldest.isEmpty() || held.isPresent() && held.getAsLong() < oldest.getAsLong()) {
                    oldest = held;
                }
            }
        }
        return oldest;
    }

    private void sweep() {
        if (latestUse - latestSweep > SWEEP_NANOS) {
            latestSweep = latestUse;
            elapseUntil(latestUse);
        }
    }

    private void elapseUntil(final long now) {
        forEach(used -> used.decoder.elapse(TimeUnit.NANOSECONDS.toMicros(now - used.latest)));
    }

    private void forEach(final Consumer<Used> action) {
        sensors.values().forEach(formats -> formats.values().forEach(action));
    }

    private void forgetSilent() {
        final Iterator<Map<SensorFormat, Used>> longestSilent = sensors.values().iterator();
        longestSilent.next().values().forEach(used -> used.decoder.finish());
        longestSilent.remove();
        ledger.add(Ledger.Entry.EVICTED, OBSERVERS_FULL, 1);
    }

    private LineDecoder open(final String observer, final SensorFormat format) {
        return switch (format) {
            case ZEEK -> new ZeekDecoder(observer, ledger, interest, nanoTime, out);
            case EVE -> new EveDecoder(options.withObserver(observer), ledger, out);
            case CONN -> new ConnDecoder(observer, ledger, nanoTime, out);
            case NDPID -> new NdpidDecoder(options.withObserver(observer), ledger, out);
            case PCAP -> throw new IllegalArgumentException("a capture has no lines; replay it");
        };
    }

    /** A decoder and when it had a line. */
    private static final class Used {

        private final LineDecoder decoder;
        private long latest;

        Used(final LineDecoder decoder) {
            this.decoder = decoder;
        }
    }
}
