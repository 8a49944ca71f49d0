/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Packets;
import java.nio.BufferOverflowException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * In what pieces a flow fetches its bytes in the first N seconds. A player fetches some seconds of
 * video at a time, so the size of a piece follows the quality, while the rate of single seconds
 * follows the network.
 *
 * <p>It reads when packets came, which way and how long they were on the wire, and no byte of them;
 * packets after second N change nothing. It reads context records only, and one that was cut before
 * second N for holding too many packets looks like a flow that fell silent.
 *
 * <p>Columns, {@code down} from the responder, bytes from the IP header on:
 *
 * <ul>
 *   <li>{@code down_total} bytes, and {@code silent} seconds of less than {@value #SILENT_BYTES},
 *   <li>of the bursts down, parted by {@value #PAUSE_MICROS} µs without a packet down, their number
 *       {@code bursts} and their bytes: {@code burst_mean, burst_p50, burst_p90, burst_max},
 *   <li>of the answers, which are what comes down between one packet up of more than {@value
 *       #REQUEST_BYTES} bytes and the next: the same, from {@code answers} to {@code answer_max},
 *   <li>of the answers of at least {@value #LARGE_BYTES} bytes: the same, from {@code pieces} to
 *       {@code piece_max}.
 * </ul>
 */
public final class ChunksEncoder implements FeatureEncoder {

    static final String NAME = "chunks";
    static final int VERSION = 1;

    private static final long SECOND_MICROS = 1_000_000;
    private static final long PAUSE_MICROS = 100_000;
    private static final int SILENT_BYTES = 1_000;
    private static final int REQUEST_BYTES = 300;
    private static final int LARGE_BYTES = 50_000;

    private final int seconds;
    private final List<String> columns;

    /**
     * @param seconds how many seconds from the flow's first packet are looked at
     */
    public ChunksEncoder(final int seconds) {
        this.seconds = seconds;
        final List<String> names = new ArrayList<>(List.of("down_total", "silent"));
        for (final String name : List.of("burst", "answer", "piece")) {
            names.add(name + "s");
            for (final String number : List.of("mean", "p50", "p90", "max")) {
                names.add(name + "_" + number);
            }
        }
        this.columns = List.copyOf(names);
    }

    @Override
    public Set<FlowRecord.Stage> stages() {
        return FeatureEncoders.OF_CONTEXT;
    }

    @Override
    public int width() {
        return columns.size();
    }

    /** No byte of a packet is read, only times, directions and lengths. */
    @Override
    public int reach() {
        return 0;
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
        final Packets packets = flow.packets();
        final long[] perSecond = new long[seconds];
        final Amounts bursts = new Amounts();
        final Amounts answers = new Amounts();
        long latest = Long.MIN_VALUE / 2;
        for (int i = 0; i < packets.count(); i++) {
            final long micros = packets.offsetMicros(i);
            final int length = packets.length(i);
            if (micros >= seconds * SECOND_MICROS) {
                continue;
            }
            if (packets.fromOriginator(i)) {
                if (length > REQUEST_BYTES) {
                    answers.begin();
                }
                continue;
            }
            if (micros - latest > PAUSE_MICROS) {
                bursts.begin();
            }
            latest = Math.max(latest, micros);
            bursts.add(length);
            answers.add(length);
            perSecond[(int) (micros / SECOND_MICROS)] += length;
        }
        row.put(Arrays.stream(perSecond).sum());
        row.put(Arrays.stream(perSecond).filter(bytes -> bytes < SILENT_BYTES).count());
        put(bursts.atLeast(0), row);
        put(answers.atLeast(0), row);
        put(answers.atLeast(LARGE_BYTES), row);
    }

    private static void put(final long[] ascending, final FloatBuffer row) {
        final int count = ascending.length;
        row.put(count);
        row.put(count == 0 ? 0 : (float) Arrays.stream(ascending).sum() / count);
        for (final double share : new double[] {0.5, 0.9, 1}) {
            row.put(count == 0 ? 0 : ascending[(int) Math.ceil(share * count) - 1]);
        }
    }

    /** The bytes of stretches, one after the other; what comes before the first is left out. */
    private static final class Amounts {

        private long[] values = new long[16];
        private int count;

        void begin() {
            if (count == values.length) {
                values = Arrays.copyOf(values, 2 * count);
            }
            values[count++] = 0;
        }

        void add(final int length) {
            if (count > 0) {
                values[count - 1] += length;
            }
        }

        /** Those of so many bytes or more, ascending. */
        long[] atLeast(final long least) {
            return Arrays.stream(values, 0, count).filter(v -> v >= least).sorted().toArray();
        }
    }
}
