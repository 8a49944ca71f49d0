/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.conn.ConnDecoder;
import io.serveflow.sensor.eve.EveDecoder;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.ndpid.NdpidDecoder;
import io.serveflow.sensor.zeek.ZeekDecoder;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
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

    private final FlowAssembler.Options options;
    private final Ledger ledger;
    private final ContextInterest interest;
    private final LongSupplier nanoTime;
    private final Consumer<FlowRecord> out;

    /** The decoders of each sensor, that which was silent longest first. */
    private final Map<String, Map<SensorFormat, Used>> sensors =
            new LinkedHashMap<>(16, 0.75f, true);

    /** The decoder that had the line before, of whom; most lines go to the same one. */
    private String latestObserver = "";

    private SensorFormat latestFormat = SensorFormat.PCAP;
    private Used latestUsed;

    private long latestTimed;
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
        this.latestTimed = nanoTime.getAsLong();
        this.latestSweep = latestTimed;
    }

    /** Gives a line of the stream's own sensor to the decoder of its format. */
    boolean line(
            final SensorFormat format,
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
            final SensorFormat format,
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
    Optional<SensorFormat> latestFormat() {
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
            final SensorFormat format,
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

    private Used used(final String observer, final SensorFormat format) {
        if (format != latestFormat || !observer.equals(latestObserver)) {
            latestUsed = lookUp(observer, format);
            latestObserver = observer;
            latestFormat = format;
        }
        return latestUsed;
    }

    private Used lookUp(final String observer, final SensorFormat format) {
        Map<SensorFormat, Used> formats = sensors.get(observer);
        if (formats == null) {
            if (sensors.size() == MAX_OBSERVERS) {
                forgetSilent();
            }
            formats = new EnumMap<>(SensorFormat.class);
            sensors.put(observer, formats);
        }
        Used used = formats.get(format);
        if (used == null) {
            used = new Used(format, open(observer, format), nanoTime.getAsLong());
            formats.put(format, used);
        }
        return used;
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
            case ZEEK ->
                    new ZeekDecoder(
                            observer, options.communityIdSeed(), ledger, interest, nanoTime, out);
            case EVE -> new EveDecoder(options.withObserver(observer), ledger, nanoTime, out);
            case CONN ->
                    new ConnDecoder(observer, options.communityIdSeed(), ledger, nanoTime, out);
            case NDPID -> new NdpidDecoder(options.withObserver(observer), ledger, out);
            case PCAP -> throw new IllegalArgumentException("a capture has no lines; replay it");
        };
    }

    /** A decoder and when it had a line that said what time it was. */
    private static final class Used {

        private final Optional<SensorFormat> format;
        private final LineDecoder decoder;
        private long latestTimed;

        Used(final SensorFormat format, final LineDecoder decoder, final long opened) {
            this.format = Optional.of(format);
            this.decoder = decoder;
            this.latestTimed = opened;
        }
    }
}
