/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.load;

import io.serveflow.app.run.RouteApplication;
import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Packets;
import io.serveflow.flow.Transport;
import io.serveflow.verdict.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.camel.ProducerTemplate;

/**
 * Flows of one packet each from the addresses of one /24, of all of which the fast tiers are said
 * to be very unsure; their contexts come some seconds later, with that packet.
 */
final class Scan {

    /** How the ids of its flows begin; those of others begin with C. */
    private static final String PREFIX = "S";

    private static final String TO = "direct:waiting";
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long CONTEXT_AFTER_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final double UNCERTAINTY = 0.95;
    private static final double SECOND = 1e9;
    private static final byte[] SYN = syn();

    private final ProducerTemplate producer;
    private final Verdict verdict;

    /** Numbers of flows: what they will be made of is in the sensor until it is due. */
    private final Deque<long[]> contexts = new ArrayDeque<>();

    private final Deque<Long> contextsDue = new ArrayDeque<>();
    private long sent;
    private long refused;

    /**
     * @param like a provisional verdict of the application
     */
    Scan(final RouteApplication application, final Verdict like) {
        this.producer = application.context().createProducerTemplate();
        this.verdict =
                new Verdict(
                        like.bundle(),
                        like.tier(),
                        like.stage(),
                        like.label(),
                        1 - UNCERTAINTY,
                        UNCERTAINTY,
                        like.reason(),
                        1,
                        like.latency(),
                        like.top());
    }

    /** Whether a flow is one of a scan. */
    static boolean isOne(final FlowRecord flow) {
        return flow.id().uid().startsWith(PREFIX);
    }

    /** Sends so many flows at a steady rate, and their contexts; returns when all are sent. */
    void run(final long flows, final double perSecond) {
        final long begin = System.nanoTime();
        while (sent < flows || !contexts.isEmpty()) {
            final long now = System.nanoTime();
            final long due = Math.min(flows, Math.round((now - begin) / SECOND * perSecond));
            if (due > sent) {
                send(due, now);
            }
            while (!contexts.isEmpty() && contextsDue.element() <= now) {
                contextsDue.remove();
                producer.sendBody(TO, contexts(contexts.remove()));
            }
            LockSupport.parkNanos(TICK_NANOS);
        }
    }

    private void send(final long due, final long now) {
        final List<FlowRecord> firsts = new ArrayList<>();
        for (long i = sent; i < due; i++) {
            firsts.add(record(i, FlowRecord.Stage.FIRST, FlowRecord.End.DEPTH));
        }
        sent = due;
        final FlowBatch after =
                producer.requestBody(
                        TO, FlowBatch.of(firsts).withVerdicts(i -> verdict), FlowBatch.class);
        final long[] waiting =
                IntStream.range(0, after.size())
                        .filter(i -> !after.verdict(i).isFinal())
                        .mapToObj(i -> after.record(i).id().uid().substring(PREFIX.length()))
                        .mapToLong(Long::parseLong)
                        .toArray();
        refused += after.size() - waiting.length;
        if (waiting.length > 0) {
            contexts.add(waiting);
            contextsDue.add(now + CONTEXT_AFTER_NANOS);
        }
    }

    private static FlowBatch contexts(final long[] numbers) {
        return FlowBatch.of(
                LongStream.of(numbers)
                        .mapToObj(
                                number ->
                                        record(
                                                number,
                                                FlowRecord.Stage.CONTEXT,
                                                FlowRecord.End.TIMEOUT))
                        .toList());
    }

    /** How many flows were refused at once. */
    long refused() {
        return refused;
    }

    private static FlowRecord record(
            final long number, final FlowRecord.Stage stage, final FlowRecord.End end) {
        return new FlowRecord(
                new FlowId("benchmark", PREFIX + number),
                new FlowTuple(
                        Transport.TCP,
                        "192.0.2." + number % 256,
                        1024 + (int) (number % 60_000),
                        "10.1." + number / 256 % 256 + "." + number % 256,
                        (int) (number % 1024)),
                "",
                1_700_000_000_000_000L + number,
                stage,
                end,
                new Packets.Builder().add(0, true, SYN.length, SYN, 0, SYN.length).build(),
                0);
    }

    /** IPv4 and TCP without options; addresses and ports, which no tier reads, are 0. */
    private static byte[] syn() {
        final byte[] packet = new byte[40];
        packet[0] = 0x45;
        packet[3] = 40;
        packet[8] = 64;
        packet[9] = 6;
        packet[32] = 0x50;
        packet[33] = 2;
        packet[34] = 4;
        return packet;
    }
}
