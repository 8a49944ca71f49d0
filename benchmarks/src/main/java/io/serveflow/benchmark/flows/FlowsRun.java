/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.flows;

import io.serveflow.batch.FlowBatch;
import io.serveflow.benchmark.run.FreshJvm;
import io.serveflow.benchmark.traffic.Chunk;
import io.serveflow.benchmark.traffic.Feed;
import io.serveflow.benchmark.traffic.Traffic;
import io.serveflow.cascade.ContextJoin;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTimeouts;
import io.serveflow.flow.Packets;
import io.serveflow.flow.Tunnels;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.ContextInterest;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorStream;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.Verdict.LabelProbability;
import io.serveflow.verdict.VerdictStage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Opens flow after flow, and looks at how much of the heap they take. */
public final class FlowsRun {

    private static final int MOST_FLOWS = 1 << 24;
    private static final long HOUR_MICROS = TimeUnit.HOURS.toMicros(1);

    /** Beyond this, the collector would be at work most of the time. */
    private static final double FULL = 0.92;

    private static final int RESERVE_BYTES = 1 << 22;

    private FlowsRun() {}

    /** Where flows are open. */
    public enum Where {
        /** The assembler, which has seen one to three packets of each. */
        ASSEMBLER,
        /** The join, where each has a provisional verdict and waits for its context. */
        JOIN
    }

    /**
     * What is to be measured.
     *
     * @param most flows at which to end, if the heap has room for them
     * @param step flows between two looks
     */
    public record Settings(Where where, String captures, long most, long step) {}

    /**
     * What was measured.
     *
     * @param held flows that were open at the last look at which there was room
     * @param bytesPerFlow what each takes of the heap
     * @param full whether the heap ended before the flows did
     * @param looks flows, and mebibytes of the heap
     */
    public record Result(long held, double bytesPerFlow, boolean full, List<double[]> looks) {}

    /** Takes flows in. */
    @FunctionalInterface
    private interface Table {
        void open(long first, long count) throws Exception;
    }

    /** Measures, in a JVM that {@link FreshJvm} started. */
    public static void main(final String[] arguments) throws Exception {
        final Settings settings = FreshJvm.settings(arguments, Settings.class);
        final Traffic traffic = Traffic.read(Path.of(settings.captures()), 3);
        final Table table =
                switch (settings.where()) {
                    case ASSEMBLER -> new Assembling(traffic);
                    case JOIN -> new Joining(traffic);
                };
        FreshJvm.say(fill(table, settings));
        System.exit(0); // no thread of a library may keep the process
    }

    private static Result fill(final Table table, final Settings settings) throws Exception {
        /* Given up when the heap is full, so that what was found can still be printed. */
        final List<byte[]> reserve = new ArrayList<>(List.of(new byte[RESERVE_BYTES]));
        table.open(0, 1); // so that what is there without flows is not counted as theirs
        final long empty = used();
        final List<double[]> looks = new ArrayList<>();
        long open = 1;
        long held = 0;
        long bytes = 0;
        boolean full = false;
        while (open < settings.most() && !full) {
            final long more = Math.min(settings.step(), settings.most() - open);
            try {
                table.open(open, more);
            } catch (final OutOfMemoryError e) {
                reserve.clear();
                full = true;
                break;
            }
            open += more;
            final long used = used();
            full = used > FULL * Runtime.getRuntime().maxMemory();
            if (!full) {
                held = open;
                bytes = used - empty;
                looks.add(new double[] {open, used / (double) (1 << 20)});
            }
        }
        return new Result(held, (double) bytes / Math.max(1, held), full, looks);
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** The first packets of real flows, each between hosts of its own. */
    private static final class Assembling implements Table {

        private final List<FlowRecord> flows;
        private final FlowAssembler assembler =
                new FlowAssembler(
                        new FlowAssembler.Options(
                                "benchmark",
                                10,
                                128,
                                HOUR_MICROS,
                                FlowTimeouts.of(HOUR_MICROS),
                                MOST_FLOWS,
                                Tunnels.ALL,
                                0),
                        new Ledger(),
                        record -> {});
        private final byte[] packet = new byte[1 << 16];

        private Assembling(final Traffic traffic) {
            this.flows = contexts(traffic);
        }

        @Override
        public void open(final long first, final long count) {
            for (long number = first; number < first + count; number++) {
                final Packets packets = flows.get((int) (number % flows.size())).packets();
                for (int i = 0; i < packets.count(); i++) {
                    take(packets, i, number);
                }
            }
        }

        private void take(final Packets packets, final int i, final long number) {
            final int length = packets.end(i) - packets.start(i);
            System.arraycopy(packets.bytes(), packets.start(i), packet, 0, length);
            final boolean v4 = packet[0] >> 4 == 4;
            final int source = v4 ? 12 : 8;
            final int size = v4 ? 4 : 16;
            final int originator = packets.fromOriginator(i) ? source : source + size;
            for (int octet = 0; octet < 3; octet++) {
                packet[originator + size - 1 - octet] = (byte) (number >> 8 * octet);
            }
            assembler.packet(1_700_000_000_000_000L + number, packet, 0, length, packets.length(i));
        }
    }

    /** First records as they are read from lines, with verdicts as a tier gives them. */
    private static final class Joining implements Table {

        private static final int BATCH = 256;

        private final Traffic traffic;
        private final ContextJoin join =
                new ContextJoin(
                        new ContextJoin.Options(MOST_FLOWS, TimeUnit.HOURS.toNanos(1), 0),
                        System::nanoTime,
                        new Ledger(),
                        (flow, verdict) -> {});
        private final Verdict.BundleRef bundle =
                new Verdict.BundleRef("benchmark", "1", "service", "0");

        private Joining(final Traffic traffic) {
            this.traffic = traffic;
        }

        @Override
        public void open(final long first, final long count) {
            final List<FlowRecord> records = new ArrayList<>();
            final SensorStream stream =
                    stream(
                            uid -> false,
                            record -> {
                                if (record.stage() == FlowRecord.Stage.FIRST) {
                                    records.add(record);
                                }
                            });
            final Feed feed = traffic.feed(first, count, 0, 1);
            final Chunk chunk = feed.chunk();
            while (feed.fill(chunk)) {
                for (int i = 0; i < chunk.lines(); i++) {
                    stream.line(chunk.bytes(), chunk.start(i), chunk.end(i), i);
                    if (records.size() == BATCH) {
                        escalate(records);
                    }
                }
            }
            escalate(records);
        }

        private void escalate(final List<FlowRecord> records) {
            if (!records.isEmpty()) {
                join.escalate(FlowBatch.of(records).withVerdicts(i -> unsure()));
                records.clear();
            }
        }

        private Verdict unsure() {
            return new Verdict(
                    bundle,
                    "fast",
                    VerdictStage.PROVISIONAL,
                    "web",
                    0.4,
                    1.0,
                    "uncertain",
                    1,
                    new Verdict.Latency(0, 100, 10),
                    List.of(
                            new LabelProbability("web", 0.4f),
                            new LabelProbability("mail", 0.3f),
                            new LabelProbability("dns", 0.2f)));
        }
    }

    private static SensorStream stream(
            final ContextInterest interest, final Consumer<FlowRecord> out) {
        return new SensorStream(
                "memory",
                SensorFormats.installed(),
                FlowAssembler.Options.defaults("benchmark"),
                new Ledger(),
                letter -> {
                    throw new IllegalStateException(letter.detail());
                },
                interest,
                out);
    }

    /** The context records of one round, of flows that have at most three packets here. */
    private static List<FlowRecord> contexts(final Traffic traffic) {
        final List<FlowRecord> contexts = new ArrayList<>();
        final SensorStream stream =
                stream(
                        ContextInterest.all(),
                        record -> {
                            if (record.stage() == FlowRecord.Stage.CONTEXT) {
                                contexts.add(record);
                            }
                        });
        final Feed feed = traffic.feed(0, traffic.flows(), 0, 1);
        final Chunk chunk = feed.chunk();
        while (feed.fill(chunk)) {
            for (int i = 0; i < chunk.lines(); i++) {
                stream.line(chunk.bytes(), chunk.start(i), chunk.end(i), i);
            }
        }
        return contexts;
    }
}
