/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import io.serveflow.app.repair.RepairLine;
import io.serveflow.app.repair.RepairLines;
import io.serveflow.app.repair.TakenLine;
import io.serveflow.app.repair.TakenLines;
import io.serveflow.app.terminal.ErrorSentence;
import io.serveflow.batch.FlowBatch;
import io.serveflow.camel.ServeflowConstants;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import io.serveflow.remote.client.RemoteException;
import io.serveflow.verdict.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;

/**
 * Asks the slow tiers once more about flows that they had no answer for, by the routes that ask
 * them of all flows, and stores the verdicts, each of which supersedes the one that stood.
 *
 * <p>A flow may be asked about as often as somebody likes, and its verdict is stored once: the
 * document has the same id whenever it is made. Not safe for use by more than one thread.
 */
public final class Repair implements AutoCloseable {

    private static final int BATCH = 256;

    /** So many batches asked about without one answer, one after the other: the tier is away. */
    private static final int AWAY = 3;

    /** How soon a tier is asked again whose servers are all left alone for a while. */
    private static final Duration LOOK = Duration.ofMillis(100);

    /** How often at most; a minute, after which the batch counts as any that has no answer. */
    private static final int LOOKS = 600;

    /** Of lines with which nothing can be asked, so many are named. */
    private static final int NAMED = 5;

    private final RouteApplication application;
    private final ProducerTemplate template;
    private final LongConsumer progress;
    private final SortedMap<String, Tally> tallies = new TreeMap<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private final Map<String, List<Kept>> pending = new LinkedHashMap<>();
    private final InputStream letters;
    private long aside;
    private long refused;
    private long alertsDropped;
    private int unanswered;
    private final Map<Path, Long> refusals = new LinkedHashMap<>();
    private long filed;

    /** What became of the flows of one task. */
    public static final class Tally {
        private long flows;
        private long repaired;
        private long revised;
        private long left;

        /** How many there were. */
        public long flows() {
            return flows;
        }

        /** How many have a verdict of the slow tier now. */
        public long repaired() {
            return repaired;
        }

        /** How many of these have another label than before. */
        public long revised() {
            return revised;
        }

        /** How many were asked about without an answer that is stored, and stay. */
        public long left() {
            return left;
        }
    }

    /** A flow with the line that it stands in. */
    private record Kept(TakenLine line, RepairLine flow) {}

    /**
     * @param application has been started, with a file of dead letters of its own, out of which
     *     they are added to {@link TakenLines#refused()}
     * @param progress called with the bytes of each line
     * @throws IOException if that file cannot be read
     */
    public Repair(final RouteApplication application, final LongConsumer progress)
            throws IOException {
        this.application = Objects.requireNonNull(application, "application");
        this.progress = Objects.requireNonNull(progress, "progress");
        this.letters = Files.newInputStream(Path.of(application.setting("serveflow.deadLetters")));
        this.template = application.context().createProducerTemplate();
    }

    /**
     * Repairs flows; those that have a verdict of the slow tier then are given up, and what
     * Elasticsearch refused of these is in {@link TakenLines#refused()}. All others are left as
     * soon as the tier has no answer batch after batch.
     *
     * @return whether flows are left
     * @throws IOException if they cannot be read, or a file not be written; the flows that were not
     *     settled before are where they were then
     */
    public boolean repair(final TakenLines from) throws IOException, InterruptedException {
        if (hasGivenUp()) {
            return true;
        }
        Optional<TakenLine> line = from.next();
        while (line.isPresent()) {
            progress.accept(line.get().length());
            take(from, line.get());
            settle(from);
            line = hasGivenUp() ? Optional.empty() : from.next();
        }
        sendAll(from);
        if (hasGivenUp()) {
            from.restStays();
        }
        keepRefused(from);
        from.finish();
        return from.hasStaying();
    }

    /** Where the tier is given up, lines stay where they are. */
    private void settle(final TakenLines from) throws IOException, InterruptedException {
        if (hasGivenUp() || !from.isDue()) {
            return;
        }
        sendAll(from);
        if (!hasGivenUp()) {
            keepRefused(from);
            from.settle();
        }
    }

    private void sendAll(final TakenLines from) throws InterruptedException {
        for (final Map.Entry<String, List<Kept>> task : pending.entrySet()) {
            send(from, task.getKey(), task.getValue());
        }
        pending.clear();
    }

    private void keepRefused(final TakenLines from) throws IOException {
        final long before = filed;
        if (from.keepRefused(letters)) {
            filed = refused;
            refusals.merge(from.refused(), filed - before, Long::sum);
        }
    }

    private void take(final TakenLines from, final TakenLine line) throws InterruptedException {
        final RepairLine flow;
        try {
            flow =
                    RepairLine.decode(
                            line.text()
                                    .orElseThrow(
                                            () ->
                                                    new IllegalArgumentException(
                                                            "it is longer than that of any flow")));
        } catch (final IllegalArgumentException e) {
            putAside(from, line, e.getMessage());
            return;
        }
        final String task = flow.stood().bundle().task();
        final List<Kept> flows = pending.computeIfAbsent(task, name -> new ArrayList<>());
        flows.add(new Kept(line, flow));
        if (flows.size() >= BATCH) {
            send(from, task, flows);
            flows.clear();
        }
    }

    private void putAside(final TakenLines from, final TakenLine line, final String why) {
        from.putAside(line);
        aside++;
        if (aside <= NAMED) {
            notes.add(
                    "the line at %s is in %s now: %s"
                            .formatted(from.place(line), from.remaining(), why));
        }
    }

    private void send(final TakenLines from, final String task, final List<Kept> flows)
            throws InterruptedException {
        if (flows.isEmpty()) {
            return;
        }
        final Tally tally = tallies.computeIfAbsent(task, name -> new Tally());
        tally.flows += flows.size();
        if (!application.asksOnContext(task)) {
            notes.add(
                    "no bundle in use has a tier that is asked about the task "
                            + task
                            + " on context records; name one in serveflow.bundles");
            tally.left += flows.size();
            flows.forEach(flow -> from.stays(flow.line));
            return;
        }
        final long leftBefore = tally.left;
        final Optional<FlowBatch> answered = ask(task, flows);
        final BitSet repaired = answered.map(this::store).orElseGet(BitSet::new);
        for (int i = 0; i < flows.size(); i++) {
            final TakenLine line = flows.get(i).line;
            if (repaired.get(i)) {
                tally.repaired++;
                tally.revised += answered.orElseThrow().verdict(i).revised() ? 1 : 0;
            } else if (answered.isPresent() && isTooShort(answered.get().verdict(i))) {
                putAside(from, line, Reason.RECORD_TOO_SHORT.sentence());
            } else {
                tally.left++;
                from.stays(line);
            }
        }
        if (!repaired.isEmpty()) {
            unanswered = 0;
        } else if (tally.left > leftBefore) {
            unanswered++;
        }
    }

    private static boolean isTooShort(final Verdict verdict) {
        return verdict.reason().equals(Reason.RECORD_TOO_SHORT.code());
    }

    /** The flows with what the tiers say of them; empty if these could not even be asked. */
    private Optional<FlowBatch> ask(final String task, final List<Kept> flows)
            throws InterruptedException {
        final FlowBatch asked =
                FlowBatch.of(flows.stream().map(kept -> kept.flow.context()).toList())
                        .withVerdicts(i -> flows.get(i).flow.stood())
                        .asGivenOut()
                        .withVerdicts(i -> flows.get(i).flow.open());
        Exchange exchange = send(Cascades.onContext(task), task, asked);
        for (int i = 0; i < LOOKS && isUnasked(exchange) && !application.awaitEnd(LOOK); i++) {
            exchange = send(Cascades.onContext(task), task, asked);
        }
        if (!exchange.isFailed()
                && exchange.getMessage().getBody() instanceof FlowBatch answered
                && answered.hasRecordsOf(asked)) {
            return Optional.of(answered.of(task));
        }
        notes.add(
                "the tiers of the task "
                        + task
                        + " could not be asked: "
                        + (exchange.isFailed()
                                ? ErrorSentence.of(exchange.getException())
                                : "their routes gave other flows back"));
        return Optional.empty();
    }

    /** Whether no server was asked about any flow, as each failed too often a moment ago. */
    private static boolean isUnasked(final Exchange exchange) {
        return exchange.getProperty(ServeflowConstants.WITHOUT_ANSWER)
                        instanceof RemoteException why
                && why.kind() == RemoteException.Kind.OPEN
                && exchange.getMessage().getBody() instanceof FlowBatch batch
                && IntStream.range(0, batch.size())
                        .allMatch(row -> RepairLines.isUnanswered(batch, row));
    }

    /** Stores the verdicts of the flows that have one of a better tier; returns which these are. */
    private BitSet store(final FlowBatch answered) {
        final BitSet rows = new BitSet();
        for (int i = 0; i < answered.size(); i++) {
            rows.set(
                    i,
                    answered.verdict(i).isFinal()
                            && !RepairLines.isUnanswered(answered, i)
                            && !isTooShort(answered.verdict(i)));
        }
        if (rows.isEmpty()) {
            return rows;
        }
        final long returned = application.ledger().total(Ledger.Entry.RETURNED);
        final long dead = application.ledger().total(Ledger.Entry.DEAD_LETTERED);
        final long dropped = beyondTheRateOfAlerts();
        final Exchange exchange =
                send("direct:repaired", answered.task().orElseThrow(), answered.where(rows::get));
        refused += application.ledger().total(Ledger.Entry.DEAD_LETTERED) - dead;
        if (exchange.isFailed()) {
            notes.add("verdicts were not stored: " + ErrorSentence.of(exchange.getException()));
            return new BitSet();
        }
        if (application.ledger().total(Ledger.Entry.RETURNED) > returned) {
            return new BitSet();
        }
        alertsDropped += beyondTheRateOfAlerts() - dropped;
        return rows;
    }

    private long beyondTheRateOfAlerts() {
        return application
                .ledger()
                .byDetail(Ledger.Entry.DROPPED)
                .getOrDefault(Reason.ALERT_RATE.code(), 0L);
    }

    private Exchange send(final String uri, final String task, final FlowBatch flows) {
        return template.send(
                uri,
                exchange -> {
                    final Message message = exchange.getMessage();
                    message.setBody(flows);
                    message.setHeader(ServeflowConstants.TASK, task);
                    message.setHeader(ServeflowConstants.UNCERTAIN, true);
                });
    }

    /** Whether the tier has had no answer batch after batch, and is not asked any more. */
    public boolean hasGivenUp() {
        return unanswered >= AWAY;
    }

    /** What became of the flows so far, by task. */
    public SortedMap<String, Tally> tallies() {
        return tallies;
    }

    /** Sentences about what went wrong. */
    public List<String> notes() {
        final List<String> all = new ArrayList<>(notes);
        refusals.forEach(
                (file, verdicts) ->
                        all.add(
                                "Elasticsearch refused %d verdicts, which are in %s"
                                        .formatted(verdicts, file)));
        return List.copyOf(all);
    }

    /** How many lines were put aside, as nothing can be asked with them. */
    public long aside() {
        return aside;
    }

    /** How many verdicts became dead letters. */
    public long refused() {
        return refused;
    }

    /** How many alerts on verdicts that are stored were more than the minute may have. */
    public long alertsDropped() {
        return alertsDropped;
    }

    @Override
    public void close() throws IOException {
        template.close();
        letters.close();
    }
}
