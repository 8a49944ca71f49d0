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
 * What a flow carries in its first N seconds, second by second and together; for questions about
 * how well something plays, which no first packet answers.
 *
 * <p>It reads when packets came, which way and how long they were on the wire, and no byte of them;
 * packets after second N change nothing. It reads context records only. A record that was cut
 * before second N for holding too many packets looks like a flow that fell silent.
 *
 * <p>Columns, {@code up} from the originator and {@code down} from the responder; bytes from the IP
 * header on:
 *
 * <ul>
 *   <li>{@code s1_up_bytes, s1_down_bytes, s1_up_packets, s1_down_packets} and so on, of each of
 *       the first {@value #ONE_BY_ONE} seconds,
 *   <li>{@code to2_up_bytes, to2_down_bytes, to2_down_packets} and so on, of the first 2, 3, 5, 10,
 *       15, 20, 30, 45, 60 and 90 seconds together,
 *   <li>of each side {@code bytes}, {@code packets}, the {@code mean}, {@code deviation} and {@code
 *       max} of the lengths, and the share of packets of at most 100, 300, 1,000 and 1,300 bytes
 *       ({@code to_100} to {@code to_1300}),
 *   <li>of the gaps between packets of each side the {@code gap_mean}, {@code gap_deviation} and
 *       {@code gap_max}, ms; packets out of order have none,
 *   <li>of the bytes down in a second the {@code p10, p25, p50, p75, p90} and {@code max}, and the
 *       number of {@code idle} seconds with less than {@value #IDLE_BYTES},
 *   <li>{@code last}, when the last packet came, ms.
 * </ul>
 */
public final class WindowsEncoder implements FeatureEncoder {

    static final String NAME = "windows";
    static final int VERSION = 1;

    private static final long SECOND_MICROS = 1_000_000;
    private static final int ONE_BY_ONE = 10;
    private static final int[] TOTALS = {2, 3, 5, 10, 15, 20, 30, 45, 60, 90};
    private static final int[] LENGTHS = {100, 300, 1000, 1300};
    private static final int IDLE_BYTES = 1_000;
    private static final double MILLI = 1e3;

    private static final double[] QUANTILES = {0.1, 0.25, 0.5, 0.75, 0.9, 1};

    private final int seconds;
    private final List<String> columns;

    /**
     * @param seconds how many seconds from the flow's first packet are looked at
     */
    public WindowsEncoder(final int seconds) {
        this.seconds = seconds;
        final List<String> names = new ArrayList<>();
        for (int i = 1; i <= Math.min(seconds, ONE_BY_ONE); i++) {
            for (final String name :
                    List.of("up_bytes", "down_bytes", "up_packets", "down_packets")) {
                names.add("s" + i + "_" + name);
            }
        }
        for (final int n : TOTALS) {
            if (n <= seconds) {
                for (final String name : List.of("up_bytes", "down_bytes", "down_packets")) {
                    names.add("to" + n + "_" + name);
                }
            }
        }
        for (final String side : List.of("up_", "down_")) {
            for (final String name : List.of("bytes", "packets", "mean", "deviation", "max")) {
                names.add(side + name);
            }
            for (final int most : LENGTHS) {
                names.add(side + "to_" + most);
            }
            for (final String name : List.of("gap_mean", "gap_deviation", "gap_max")) {
                names.add(side + name);
            }
        }
        for (final String name : List.of("p10", "p25", "p50", "p75", "p90", "max")) {
            names.add("second_" + name);
        }
        names.add("idle");
        names.add("last");
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
        final Side up = new Side(seconds);
        final Side down = new Side(seconds);
        long last = 0;
        for (int i = 0; i < packets.count(); i++) {
            final long micros = packets.offsetMicros(i);
            if (micros >= seconds * SECOND_MICROS) {
                continue;
            }
            final int length = packets.length(i);
            last = Math.max(last, micros);
            if (packets.fromOriginator(i)) {
                up.add(micros, length);
            } else {
                down.add(micros, length);
            }
        }
        putSeconds(up, down, row);
        up.put(row);
        down.put(row);
        final long[] perSecond = down.bytes.clone();
        Arrays.sort(perSecond);
        for (final double share : QUANTILES) {
            row.put(quantile(perSecond, perSecond.length, share));
        }
        row.put(Arrays.stream(perSecond).filter(bytes -> bytes < IDLE_BYTES).count());
        row.put((float) (last / MILLI));
    }

    private void putSeconds(final Side up, final Side down, final FloatBuffer row) {
        for (int i = 0; i < Math.min(seconds, ONE_BY_ONE); i++) {
            row.put(up.bytes[i]).put(down.bytes[i]);
            row.put(up.counts[i]).put(down.counts[i]);
        }
        for (final int n : TOTALS) {
            if (n <= seconds) {
                row.put(sum(up.bytes, n)).put(sum(down.bytes, n)).put(sum(down.counts, n));
            }
        }
    }

    private static long sum(final long[] values, final int first) {
        return Arrays.stream(values, 0, first).sum();
    }

    /** The smallest of the first ascending values that a share of them does not exceed. */
    private static long quantile(final long[] ascending, final int count, final double share) {
        return count == 0 ? 0 : ascending[Math.max(0, (int) Math.ceil(share * count) - 1)];
    }

    /** What one side sends. */
    private static final class Side {

        final long[] bytes;
        final long[] counts;
        final int[] upTo = new int[LENGTHS.length];
        final Moments lengths = new Moments();
        final Moments gaps = new Moments();
        int packets;
        long latest;

        Side(final int seconds) {
            this.bytes = new long[seconds];
            this.counts = new long[seconds];
        }

        void add(final long micros, final int length) {
            final int second = (int) (micros / SECOND_MICROS);
            bytes[second] += length;
            counts[second]++;
            lengths.add(length);
            if (packets > 0 && micros >= latest) {
                gaps.add((micros - latest) / MILLI);
            }
            packets++;
            latest = Math.max(latest, micros);
            for (int i = 0; i < upTo.length; i++) {
                upTo[i] += length <= LENGTHS[i] ? 1 : 0;
            }
        }

        void put(final FloatBuffer row) {
            row.put(sum(bytes, bytes.length)).put(packets);
            lengths.put(row);
            for (final int n : upTo) {
                row.put(packets == 0 ? 0 : (float) n / packets);
            }
            gaps.put(row);
        }
    }

    /** Mean, standard deviation and maximum of values that are not kept. */
    private static final class Moments {

        private int count;
        private double sum;
        private double squares;
        private double max;

        void add(final double value) {
            count++;
            sum += value;
            squares += value * value;
            max = Math.max(max, value);
        }

        void put(final FloatBuffer row) {
            final double mean = count == 0 ? 0 : sum / count;
            final double variance = count == 0 ? 0 : Math.max(0, squares / count - mean * mean);
            row.put((float) mean).put((float) Math.sqrt(variance)).put((float) max);
        }
    }
}
