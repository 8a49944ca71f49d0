/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.terminal.PlainText;
import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.verdict.HostDocument;
import io.serveflow.verdict.HostVerdict;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.Verdict.LabelProbability;
import io.serveflow.verdict.VerdictWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** Prints verdicts, as a table for people or as one document a line for programs. */
final class VerdictOutput implements AutoCloseable {

    /** The forms that can be printed. */
    enum Form {
        table,
        ndjson
    }

    private static final String HOST_ROW = "%-39s %-9s %-20s %6s %7s %-27s %-27s %s%n";
    private static final String ROW = "%-27s %-5s %-46s %-46s %-9s %-16s %6s  %-8s %7s%n";

    private final Form form;
    private final PrintWriter out;
    private final VerdictWriter documents = new VerdictWriter();
    private boolean empty = true;

    VerdictOutput(final Form form, final PrintWriter out) {
        this.form = form;
        this.out = out;
    }

    /** Prints the verdict of each row. */
    void write(final FlowBatch flows) {
        for (int i = 0; i < flows.size(); i++) {
            switch (form) {
                case table -> row(flows.record(i), flows.verdict(i));
                case ndjson ->
                        out.println(
                                text(
                                        documents
                                                .write(
                                                        flows.record(i),
                                                        flows.verdict(i),
                                                        Instant.now())
                                                .json()));
            }
        }
    }

    /** Prints what each host is, below the verdicts on flows. */
    void write(final List<HostVerdict> hosts) {
        if (form == Form.table && !hosts.isEmpty()) {
            out.printf(
                    (empty ? "" : "%n") + HOST_ROW,
                    "HOST",
                    "TASK",
                    "LABEL",
                    "CONF",
                    "FLOWS",
                    "FIRST FLOW",
                    "LAST FLOW",
                    "RUNNER-UP");
        }
        for (final HostVerdict host : hosts) {
            switch (form) {
                case table -> row(host);
                case ndjson -> out.println(text(HostDocument.json(host, Instant.now())));
            }
        }
    }

    private void row(final HostVerdict host) {
        final LabelProbability second = host.top().get(1);
        out.printf(
                HOST_ROW,
                PlainText.of(host.host()),
                host.bundle().task(),
                PlainText.of(host.label()),
                String.format(Locale.ROOT, "%.3f", host.confidence()),
                host.flows(),
                Instant.EPOCH.plus(host.firstMicros(), ChronoUnit.MICROS),
                Instant.EPOCH.plus(host.lastMicros(), ChronoUnit.MICROS),
                String.format(
                        Locale.ROOT,
                        "%s %.3f",
                        PlainText.of(second.label()),
                        second.probability()));
    }

    private void row(final FlowRecord flow, final Verdict verdict) {
        if (empty) {
            out.printf(
                    ROW,
                    "START",
                    "PROTO",
                    "SOURCE",
                    "DESTINATION",
                    "TASK",
                    "LABEL",
                    "CONF",
                    "TIER",
                    "PACKETS");
            empty = false;
        }
        final FlowTuple tuple = flow.tuple();
        out.printf(
                ROW,
                Instant.EPOCH.plus(flow.startMicros(), ChronoUnit.MICROS),
                tuple.transport().sensorName(),
                PlainText.of(tuple.originator()) + " " + tuple.originatorPort(),
                PlainText.of(tuple.responder()) + " " + tuple.responderPort(),
                verdict.bundle().task(),
                PlainText.of(verdict.label()),
                String.format(Locale.ROOT, "%.3f", verdict.confidence()),
                verdict.tier(),
                verdict.packets());
    }

    /**
     * A document as a line. JSON escapes what is below U+0020; DEL, C1 and U+2028, which terminals
     * and some programs take for more than letters, are escaped here, and stay the same to JSON.
     */
    private static String text(final byte[] json) {
        return PlainText.of(new String(json, StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        out.flush();
    }
}
