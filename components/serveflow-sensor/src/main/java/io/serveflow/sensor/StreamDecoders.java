/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.line.LineBeginnings;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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

    private final List<LineFormat> formats;
    private final FlowAssembler.Options options;
    private final Ledger ledger;
    private final ContextInterest interest;
    private final LongSupplier nanoTime;
    private final LineBeginnings beginnings;
    private final Consumer<FlowRecord> out;

    /**
     * The decoders of each sensor by the index of their format; the sensor that was silent longest
     * first.
     */
    private final Map<String, Used[]> sensors = new LinkedHashMap<>(16, 0.75f, true);

    /** The decoder that had the line before, of whom; most lines go to the same one. */
    private String latestObserver = "";

    private LineFormat latestFormat;
    private Used latestUsed;

    private long latestTimed;
    private long latestSweep;

    StreamDecoders(
            final SensorFormats formats,
            final FlowAssembler.Options options,
            final Ledger ledger,
            final ContextInterest interest,
            final LongSupplier nanoTime,
            final LineBeginnings beginnings,
            final Consumer<FlowRecord> out) {
        this.formats = formats.lines();
        this.beginnings = Objects.requireNonNull(beginnings, "beginnings");
        this.options = Objects.requireNonNull(options, "options");
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.interest = Objects.requireNonNull(interest, "interest");
        this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
        this.out = Objects.requireNonNull(out, "out");
        this.latestTimed = nanoTime.getAsLong();
        this.latestSweep = latestTimed;
    }

    /** Gives a line of the stream's own sensor to the decoder of its format. */
    boolean line(
            final LineFormat format,
            final byte[] bytes,
            final int start,
            final int end,
            final long position)
            throws BadLineException {
        return line(options.observer(), format, bytes, start, end, position);
    }

    /**
     * Gives a line of a sensor to the decoder of its format.
     *
     * @return whether the line says what time it is
     */
    boolean line(
            final String observer,
            final LineFormat format,
            final byte[] bytes,
            final int start,
            final int end,
            final long position)
            throws BadLineException {
        final Used used = used(observer, format);
        final boolean timed = used.decoder.line(bytes, start, end, position);
        if (timed) {
            timed(used);
        }
        return timed;
    }

    /** The format of the line before, if that was of the stream's own sensor. */
    Optional<LineFormat> latestFormat() {
        return latestUsed != null && latestObserver.equals(options.observer())
                ? latestUsed.format
                : Optional.empty();
    }

    /**
     * Gives a line to the decoder of the {@link #latestFormat()}, if it is plain.
     *
     * @return whether it was; it says what time it is then
     */
    boolean plainLine(final byte[] bytes, final int start, final int end, final long position)
            throws BadLineException {
        final boolean taken = latestUsed.decoder.plainLine(bytes, start, end, position);
        if (taken) {
            timed(latestUsed);
        }
        return taken;
    }

    /** Gives a last line of the stream's own sensor, which no line end ended, to its decoder. */
    void unterminated(
            final LineFormat format,
            final byte[] bytes,
            final int start,
            final int end,
            final long position)
            throws BadLineException {
        used(options.observer(), format).decoder.unterminated(bytes, start, end, position);
    }

    void anotherFile() {
        forEach(used -> used.decoder.anotherFile());
    }

    /** Lets time pass: microseconds since the latest line that said what time it is. */
    void elapse(final long micros) {
        elapseUntil(latestTimed + TimeUnit.MICROSECONDS.toNanos(micros));
    }

    void finish() {
        forEach(used -> used.decoder.finish());
    }

    /** The position of the oldest line of which a record is still to come; empty if none is. */
    OptionalLong oldestHeld() {
        OptionalLong oldest = OptionalLong.empty();
        for (final Used[] ofSensor : sensors.values()) {
            for (final Used used : ofSensor) {
                final OptionalLong held =
                        used == null ? OptionalLong.empty() : used.decoder.oldestHeld();
                if (oldest.isEmpty() || held.isPresent() && held.getAsLong() < oldest.getAsLong()) {
                    oldest = held;
                }
            }
        }
        return oldest;
    }

    private Used used(final String observer, final LineFormat format) {
        if (format != latestFormat || !observer.equals(latestObserver)) {
            latestUsed = lookUp(observer, format);
            latestObserver = observer;
            latestFormat = format;
        }
        return latestUsed;
    }

    private Used lookUp(final String observer, final LineFormat format) {
        Used[] ofSensor = sensors.get(observer);
        if (ofSensor == null) {
            if (sensors.size() == MAX_OBSERVERS) {
                forgetSilent();
            }
            ofSensor = new Used[formats.size()];
            sensors.put(observer, ofSensor);
        }
        final int index = formats.indexOf(format);
        if (ofSensor[index] == null) {
            ofSensor[index] = new Used(format, open(observer, format), nanoTime.getAsLong());
        }
        return ofSensor[index];
    }

    private void timed(final Used used) {
        latestTimed = nanoTime.getAsLong();
        used.latestTimed = latestTimed;
        sweep();
    }

    private void sweep() {
        if (latestTimed - latestSweep > SWEEP_NANOS) {
            latestSweep = latestTimed;
            elapseUntil(latestTimed);
        }
    }

    private void elapseUntil(final long now) {
        forEach(used -> used.decoder.elapse(TimeUnit.NANOSECONDS.toMicros(now - used.latestTimed)));
    }

    private void forEach(final Consumer<Used> action) {
        sensors.values().forEach(ofSensor -> forEach(ofSensor, action));
    }

    private static void forEach(final Used[] ofSensor, final Consumer<Used> action) {
        for (final Used used : ofSensor) {
            if (used != null) {
                action.accept(used);
            }
        }
    }

    private void forgetSilent() {
        final Iterator<Used[]> longestSilent = sensors.values().iterator();
        forEach(longestSilent.next(), used -> used.decoder.finish());
        longestSilent.remove();
        ledger.add(Ledger.Entry.EVICTED, OBSERVERS_FULL, 1);
    }

    private LineDecoder open(final String observer, final LineFormat format) {
        return format.open(
                new DecoderContext(
                        options.withObserver(observer),
                        ledger,
                        interest,
                        nanoTime,
                        beginnings,
                        out));
    }

    /** A decoder and when it had a line that said what time it was. */
    private static final class Used {

        private final Optional<LineFormat> format;
        private final LineDecoder decoder;
        private long latestTimed;

        Used(final LineFormat format, final LineDecoder decoder, final long opened) {
            this.format = Optional.of(format);
            this.decoder = decoder;
            this.latestTimed = opened;
        }
    }
}
