/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Packets;
import io.serveflow.packet.PacketPayload;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How far into a flow a tier reads, and so what it waits for.
 *
 * @param unit what is counted from the flow's first packet on
 * @param count how many of them are read
 */
public record ContextReach(Unit unit, int count) {

    /** What a tier's {@code packets} counts. */
    public enum Unit {
        /** Packets. */
        PACKETS("packet(s)"),
        /** Packets with payload; others are skipped. */
        PAYLOADS("payload(s)"),
        /** Seconds from the first packet on. */
        SECONDS("second(s)");

        private final String words;

        Unit(final String words) {
            this.words = words;
        }
    }

    /** Of a flow with more packets than this, the first are read; the rest counts as silence. */
    public static final int MOST_PACKETS = FlowAssembler.Options.MAX_DEPTH;

    /** Packets without payload that may come between two with payload; more are not waited for. */
    private static final int BARE_PACKETS = 4;

    /** Enough to see TCP close a flow, whatever the tiers read. */
    private static final int FLAGS_SNAP = 60;

    /** Fewer than elsewhere, because each may hold {@value #MOST_PACKETS} packets. */
    private static final int MOST_FLOWS = 10_000;

    /** How far a tier reads. */
    public static ContextReach of(final FeatureSpec features) {
        final List<String> parts = Arrays.asList(features.encoder().split("\\+"));
        final Unit unit =
                !Collections.disjoint(parts, FeatureEncoders.OF_SECONDS)
                        ? Unit.SECONDS
                        : parts.contains(SizesEncoder.NAME) ? Unit.PAYLOADS : Unit.PACKETS;
        return new ContextReach(unit, features.packets());
    }

    /** Whether packet 1 is all that is read, so that nothing is waited for. */
    public boolean isFirstPacket() {
        return unit == Unit.PACKETS && count == 1;
    }

    /** Microseconds that are read; 0 if it is packets that are counted. */
    public long micros() {
        return unit == Unit.SECONDS ? TimeUnit.SECONDS.toMicros(count) : 0;
    }

    /**
     * Whether a record of packets holds all that is read, or all that there will ever be: the flow
     * ended, or the sensor's wait ran out. One that only reached the depth that its sensor keeps
     * does not if more is read than that.
     */
    public boolean isMetBy(final FlowRecord record) {
        final Packets packets = record.packets();
        if (record.end() != FlowRecord.End.DEPTH || packets.count() >= MOST_PACKETS) {
            return true;
        }
        return switch (unit) {
            case PACKETS -> packets.count() >= count;
            case PAYLOADS -> packets.count() >= depthOfPayloads() || hasPayloads(packets);
            case SECONDS -> packets.offsetMicros(packets.count() - 1) >= micros();
        };
    }

    private boolean hasPayloads(final Packets packets) {
        return withPayload(packets) <= packets.count();
    }

    /**
     * How many packets of a record, from its first one on, are read.
     *
     * @return one more than the record has if it holds fewer than the tier reads; never that if
     *     seconds are counted
     */
    public int packets(final Packets packets) {
        return switch (unit) {
            case PACKETS -> Math.min(count, packets.count() + 1);
            case PAYLOADS -> withPayload(packets);
            case SECONDS -> within(packets);
        };
    }

    private int withPayload(final Packets packets) {
        int found = 0;
        for (int i = 0; i < packets.count(); i++) {
            found += PacketPayload.lengthOnWire(packets, i) > 0 ? 1 : 0;
            if (found == count) {
                return i + 1;
            }
        }
        return packets.count() + 1;
    }

    private int within(final Packets packets) {
        int n = packets.count();
        while (n > 1 && packets.offsetMicros(n - 1) >= micros()) {
            n--;
        }
        return n;
    }

    /**
     * How a capture is to be read for tiers: records that reach as far into the flow as each of
     * them, at least as far as is stated, and as far into each packet, not further.
     */
    public static FlowAssembler.Options options(
            final FlowAssembler.Options stated, final List<FeatureSpec> tiers) {
        FlowAssembler.Options options = stated;
        for (final FeatureSpec tier : tiers) {
            options = of(tier).options(options);
        }
        final int bytes =
                tiers.stream()
                        .mapToInt(tier -> FeatureEncoders.of(tier).reach())
                        .max()
                        .orElse(stated.snap());
        return options.withSnap(Math.max(bytes, FLAGS_SNAP));
    }

    private FlowAssembler.Options options(final FlowAssembler.Options stated) {
        return switch (unit) {
            case PACKETS -> stated.withDepth(Math.max(stated.depth(), count));
            case PAYLOADS ->
                    stated.withDepth(
                            Math.max(stated.depth(), Math.min(MOST_PACKETS, depthOfPayloads())));
            case SECONDS ->
                    stated.withDepth(MOST_PACKETS)
                            .withTimeouts(stated.timeouts().atLeast(micros()))
                            .withWaitMicros(Math.max(stated.waitMicros(), micros()))
                            .withMaxFlows(Math.min(stated.maxFlows(), MOST_FLOWS));
        };
    }

    private int depthOfPayloads() {
        return count * (1 + BARE_PACKETS);
    }

    /** Such as {@code 5 second(s)}. */
    @Override
    public String toString() {
        return count + " " + unit.words;
    }
}
