/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Packets;
import io.serveflow.packet.PacketPayload;
import io.serveflow.packet.TransportLocator;
import java.nio.BufferOverflowException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The sizes of a flow's first N payloads, in order and signed by direction; what remains visible
 * when all else is encrypted or not kept.
 *
 * <p>Packets without payload, such as those of a handshake or a bare acknowledgement, are skipped
 * and not counted, so that a row does not depend on the receiver's habit of acknowledging, and a
 * list of payload sizes gives the row of the flow that it was taken from. It reads context records
 * only: packet 1 of a TCP flow has no payload.
 *
 * <p>Columns:
 *
 * <ul>
 *   <li>{@code size1} and so on, the first {@value #ONE_BY_ONE} payloads: bytes, positive from the
 *       originator, 0 where there is none; with N = 1 there is no other column,
 *   <li>{@code sum2, sum3, sum4, ...}: the sum of the first 2, 3, 4, ... signed sizes,
 *   <li>{@code burst1} to {@code burst8}: the bytes that one side sends before the other does,
 *       signed,
 *   <li>{@code orig_to_1, orig_to_2} and so on: how many payloads of each side are of at most so
 *       many bytes and more than the column before it says; byte by byte up to 64, for small sizes
 *       are messages of protocols, and ever wider up to 1,472,
 *   <li>with {@code sizes_} in front, the number of payloads ({@code count}), of {@code turns}
 *       (changes of side, with the first) and the longest {@code run} of one side; and of each
 *       side: {@code packets}, {@code bytes}, {@code largest}, {@code smallest}, {@code mean},
 *       {@code deviation}, {@code median}, {@code distinct} sizes, the {@code commonest} size and
 *       how often it came ({@code repeats}); 0 where the side sent nothing.
 * </ul>
 *
 * <p>No address, port, time or byte of payload.
 */
public final class SizesEncoder implements FeatureEncoder {

    static final String NAME = "sizes";
    static final int VERSION = 1;

    private static final int ONE_BY_ONE = 32;
    private static final int BURSTS = 8;

    private static final int[] SUMS = {2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 40, 50, 75, 100};

    private static final int[] BINS = bins();

    private static final List<String> OF_FLOW = List.of("count", "turns", "run");

    private static final List<String> OF_SIDE =
            List.of(
                    "packets",
                    "bytes",
                    "largest",
                    "smallest",
                    "mean",
                    "deviation",
                    "median",
                    "distinct",
                    "commonest",
                    "repeats");

    private final int payloads;
    private final List<String> columns;

    /**
     * @param payloads how many packets with payload are looked at
     */
    public SizesEncoder(final int payloads) {
        this.payloads = payloads;
        final List<String> names = new ArrayList<>();
        for (int i = 1; i <= Math.min(payloads, ONE_BY_ONE); i++) {
            names.add("size" + i);
        }
        if (payloads > 1) {
            addNamesTogether(names);
        }
        this.columns = List.copyOf(names);
    }

    private void addNamesTogether(final List<String> names) {
        Arrays.stream(SUMS).filter(n -> n <= payloads).forEach(n -> names.add("sum" + n));
        for (int i = 1; i <= Math.min(payloads, BURSTS); i++) {
            names.add("burst" + i);
        }
        for (final String side : List.of("orig", "resp")) {
            for (final int most : BINS) {
                names.add(side + "_to_" + most);
            }
            names.add(side + "_above");
        }
        OF_FLOW.forEach(name -> names.add("sizes_" + name));
        for (final String side : List.of("orig", "resp")) {
            OF_SIDE.forEach(name -> names.add("sizes_" + side + "_" + name));
        }
    }

    /** Small sizes one by one, for they name messages of protocols; larger ones ever wider. */
    private static int[] bins() {
        return IntStream.concat(
                        IntStream.rangeClosed(1, 64),
                        IntStream.concat(
                                IntStream.iterate(66, n -> n <= 128, n -> n + 2),
                                IntStream.concat(
                                        IntStream.iterate(136, n -> n <= 256, n -> n + 8),
                                        IntStream.concat(
                                                IntStream.iterate(288, n -> n <= 1024, n -> n + 32),
                                                IntStream.iterate(
                                                        1040, n -> n <= 1472, n -> n + 16)))))
                .toArray();
    }

    @Override
    public Set<FlowRecord.Stage> stages() {
        return FeatureEncoders.OF_CONTEXT;
    }

    @Override
    public int width() {
        return columns.size();
    }

    @Override
    public int reach() {
        return TransportLocator.REACH;
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
        final int[] sizes = sizes(flow.packets());
        for (int i = 0; i < Math.min(payloads, ONE_BY_ONE); i++) {
            row.put(i < sizes.length ? sizes[i] : 0);
        }
        if (payloads > 1) {
            putSums(sizes, row);
            putBursts(sizes, row);
            putBins(sizes, 1, row);
            putBins(sizes, -1, row);
            putFlow(sizes, row);
            putSide(sizes, 1, row);
            putSide(sizes, -1, row);
        }
    }

    /** The signed sizes of the payloads that are looked at. */
    private int[] sizes(final Packets packets) {
        final int[] sizes = new int[Math.min(payloads, packets.count())];
        int found = 0;
        for (int i = 0; i < packets.count() && found < sizes.length; i++) {
            final int size = PacketPayload.lengthOnWire(packets, i);
            if (size > 0) {
                sizes[found++] = packets.fromOriginator(i) ? size : -size;
            }
        }
        return found == sizes.length ? sizes : Arrays.copyOf(sizes, found);
    }

    private void putSums(final int[] sizes, final FloatBuffer row) {
        long sum = 0;
        int added = 0;
        for (final int n : SUMS) {
            if (n > payloads) {
                return;
            }
            while (added < Math.min(n, sizes.length)) {
                sum += sizes[added++];
            }
            row.put(sum);
        }
    }

    private void putBursts(final int[] sizes, final FloatBuffer row) {
        int at = 0;
        for (int burst = 0; burst < Math.min(payloads, BURSTS); burst++) {
            long sum = 0;
            final int first = at;
            while (at < sizes.length && sizes[at] > 0 == sizes[first] > 0) {
                sum += sizes[at++];
            }
            row.put(sum);
        }
    }

    private static void putBins(final int[] sizes, final int side, final FloatBuffer row) {
        final int[] counts = new int[BINS.length + 1];
        for (final int size : sizes) {
            if (size * side > 0) {
                counts[rank(size * side, BINS)]++;
            }
        }
        for (final int count : counts) {
            row.put(count);
        }
    }

    /** How many of the limits a size is above. */
    private static int rank(final int size, final int[] limits) {
        int rank = 0;
        while (rank < limits.length && size > limits[rank]) {
            rank++;
        }
        return rank;
    }

    private static void putFlow(final int[] sizes, final FloatBuffer row) {
        int turns = 0;
        int inARow = 0;
        int run = 0;
        for (int i = 0; i < sizes.length; i++) {
            final boolean turn = i == 0 || sizes[i] > 0 != sizes[i - 1] > 0;
            turns += turn ? 1 : 0;
            inARow = turn ? 1 : inARow + 1;
            run = Math.max(run, inARow);
        }
        row.put(sizes.length).put(turns).put(run);
    }

    private static void putSide(final int[] sizes, final int side, final FloatBuffer row) {
        final int[] own =
                Arrays.stream(sizes)
                        .filter(size -> size * side > 0)
                        .map(Math::abs)
                        .sorted()
                        .toArray();
        if (own.length == 0) {
            OF_SIDE.forEach(name -> row.put(0));
            return;
        }
        long sum = 0;
        int distinct = 0;
        int run = 0;
        int repeats = 0;
        int commonest = 0;
        for (int i = 0; i < own.length; i++) {
            sum += own[i];
            final boolean another = i == 0 || own[i] != own[i - 1];
            distinct += another ? 1 : 0;
            run = another ? 1 : run + 1;
            if (run > repeats) {
                repeats = run;
                commonest = own[i];
            }
        }
        final double mean = (double) sum / own.length;
        double squares = 0;
        for (final int size : own) {
            squares += (size - mean) * (size - mean);
        }
        row.put(own.length).put(sum);
        row.put(own[own.length - 1]).put(own[0]);
        row.put((float) mean).put((float) Math.sqrt(squares / own.length));
        row.put(own[own.length / 2]).put(distinct).put(commonest).put(repeats);
    }
}
