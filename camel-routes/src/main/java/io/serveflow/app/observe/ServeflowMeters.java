/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.serveflow.candidate.CandidateListener;
import io.serveflow.candidate.CandidateScores;
import io.serveflow.drift.Divergence;
import io.serveflow.drift.DriftReport;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundles;
import io.serveflow.remote.server.InferenceServer;
import io.serveflow.remote.server.ServedCounts;
import io.serveflow.verdict.Verdict.BundleRef;
import io.serveflow.verdict.VerdictStage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The meters that an operator sees; {@code docs/reference/metrics.md} is their contract.
 *
 * <p>Counters are the ledger's own counts, read when somebody scrapes, so that both always agree
 * and counting costs nothing more.
 */
public final class ServeflowMeters implements Ledger.Observer, Bundles.Listener, CandidateListener {

    private static final List<Ledger.Entry> WITHOUT_DETAIL =
            List.of(
                    Ledger.Entry.FLOWS,
                    Ledger.Entry.SUPERSEDED,
                    Ledger.Entry.REPAIR_STORED,
                    Ledger.Entry.SENT,
                    Ledger.Entry.INDEXED,
                    Ledger.Entry.DUPLICATES,
                    Ledger.Entry.UNSYNCED,
                    Ledger.Entry.RETURNED);

    /**
     * Upper bounds of the latency buckets. Between them lie one packet's inference, the 16 ms that
     * an evaluation reports, and the 10 s and 15 s that sensor and join wait for packets.
     */
    private static final Duration[] LATENCIES = {
        Duration.ofNanos(100_000),
        Duration.ofNanos(250_000),
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(16),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(15),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60)
    };

    private final MeterRegistry registry;
    private final Map<BundleRef, Gauge> inUse = new ConcurrentHashMap<>();
    private final Map<String, List<Gauge>> shadows = new ConcurrentHashMap<>();

    public ServeflowMeters(final MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * Opens the counts that need no detail, so that they are there as 0 before the first event: a
     * rate over a counter that appears with its first event misses that event.
     */
    public void begin(final Ledger ledger) {
        WITHOUT_DETAIL.forEach(entry -> ledger.add(entry, 0));
    }

    @Override
    public void opened(final Ledger.Entry entry, final String detail, final Number count) {
        final Counted counted = counted(entry);
        FunctionCounter.builder("serveflow." + counted.name(), count, Number::doubleValue)
                .description(counted.description())
                .tags(counted.tags(detail))
                .register(registry);
    }

    private static Counted counted(final Ledger.Entry entry) {
        return switch (entry) {
            case EVENTS -> new Counted("events", "Records and lines that came in", "source");
            case FLOWS -> new Counted("flows", "Flows seen");
            case SKIPPED -> new Counted("skipped", "Packets and lines about no flow", "reason");
            case UNKNOWN_VALUES ->
                    new Counted("unknown.values", "Values that cannot be meant", "reason");
            case EVICTED -> new Counted("evicted", "Flows that a full table ended", "reason");
            case SUPERSEDED -> new Counted("superseded", "Context records that nobody needed");
            case DEAD_LETTERED -> new Counted("dead.letters", "Dead letters kept", "reason");
            case DROPPED -> new Counted("dropped", "Events and verdicts given up", "reason");
            case ESCALATED ->
                    new Counted("escalated", "Flows sent to a better tier", "task", "hop");
            case FELL_BACK ->
                    new Counted(
                            "fell.back",
                            "Flows that fell back to their earlier verdict",
                            "task",
                            "reason");
            case REPAIR_STORED ->
                    new Counted("repair.stored", "Flows kept to ask the slow tier again");
            case REPAIR_DROPPED ->
                    new Counted(
                            "repair.dropped",
                            "Flows that the slow tier cannot be asked about again",
                            "reason");
            case CPU_FALLBACKS ->
                    new Counted(
                            "cpu.fallbacks",
                            "Starts of a tier on the CPU because its device is missing",
                            "task",
                            "tier");
            case BUNDLE_SWAPS ->
                    new Counted("bundle.swaps", "Bundles replaced while in use", "task");
            case CANARY_FLOWS ->
                    new Counted("canary.flows", "Flows that a canary has answered", "task", "tier");
            case CANARY_ROLLBACKS ->
                    new Counted(
                            "canary.rollbacks",
                            "Canaries that give no verdict any more",
                            "task",
                            "reason");
            case SHADOW_FLOWS ->
                    new Counted(
                            "shadow.flows", "Flows that the shadow has scored too", "task", "tier");
            case SHADOW_DISAGREED ->
                    new Counted(
                            "shadow.disagreed",
                            "Flows to which the shadow gives another label",
                            "task",
                            "tier");
            case SHADOW_SKIPPED ->
                    new Counted(
                            "shadow.skipped",
                            "Flows that the shadow did not score",
                            "task",
                            "reason");
            case BUNDLES_REFUSED ->
                    new Counted(
                            "bundles.refused",
                            "Bundles that were not taken into use",
                            "task",
                            "reason");
            case HANDED_BACK ->
                    new Counted(
                            "handed.back",
                            "Flows that are read again after a stop or by others",
                            "reason");
            case VERDICTS -> new Counted("verdicts", "Verdicts given out", "task", "tier", "stage");
            case HOST_VERDICTS ->
                    new Counted("host.verdicts", "Verdicts on hosts given out", "task");
            case ALERTS -> new Counted("alerts", "Alerts given out", "severity");
            case FORWARDED ->
                    new Counted("forwarded", "Records and documents that Kafka has taken", "topic");
            case ENRICHED ->
                    new Counted("enriched", "Records that left with their verdict", "stage");
            case ENRICH_MISSED ->
                    new Counted("enrich.missed", "Records that left without a verdict", "reason");
            case SENT -> new Counted("sent", "Documents and records brought to a sink or topic");
            case INDEXED -> new Counted("indexed", "Verdict documents that the index has");
            case DUPLICATES ->
                    new Counted("duplicates", "Indexed documents that were there already");
            case UNSYNCED ->
                    new Counted("unsynced", "Acknowledged documents whose fsync failed later");
            case RETURNED -> new Counted("returned", "Documents and records to be sent again");
            case SINK_FILES ->
                    new Counted("sink.files", "Files of verdicts begun, repaired, removed", "done");
            case RETRIED -> new Counted("retried", "Requests that were tried again", "reason");
            case HELD_BACK ->
                    new Counted("held.back", "Times that reading stopped for the route", "source");
        };
    }

    /** What measures how long after its flow's first packet a verdict comes. */
    Timer latency(final String task, final VerdictStage stage) {
        return Timer.builder("serveflow.latency")
                .description("First packet of the flow to verdict")
                .tag("task", task)
                .tag("stage", stage.id())
                .serviceLevelObjectives(LATENCIES)
                .register(registry);
    }

    /** Publishes how many flows wait for their context or for the slow tier. */
    public void slowQueue(final IntSupplier flows) {
        Gauge.builder("serveflow.slow.queue", flows::getAsInt)
                .description("Flows that wait for their context or for the slow tier")
                .register(registry);
    }

    /** Publishes how far the slow tier is behind, and from which uncertainty on it is asked. */
    public void slowLoad(final DoubleSupplier delaySeconds, final DoubleSupplier threshold) {
        Gauge.builder("serveflow.slow.delay", delaySeconds::getAsDouble)
                .description("How long flows that are ready are expected to wait for the slow tier")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder("serveflow.slow.threshold", threshold::getAsDouble)
                .description("Uncertainty from which on flows are taken at that delay")
                .register(registry);
    }

    /** Publishes how many bytes of flows wait to be repaired. */
    public void repairStore(final LongSupplier bytes) {
        Gauge.builder("serveflow.repair.bytes", bytes::getAsLong)
                .description("Bytes of flows that wait for ./serveflow repair")
                .register(registry);
    }

    /** Publishes how many documents are held for the sink, and for how long already. */
    public void held(final LongSupplier documents, final DoubleSupplier seconds) {
        Gauge.builder("serveflow.held.documents", documents::getAsLong)
                .description("Verdict documents held because the sink does not take them")
                .register(registry);
        Gauge.builder("serveflow.held", seconds::getAsDouble)
                .description("For how long documents have been held without a break")
                .baseUnit("seconds")
                .register(registry);
    }

    /**
     * Publishes what a server has scored for other processes with a model.
     *
     * @param server kept by the caller: this holds it weakly, as meters hold what they read
     */
    public void served(final String model, final InferenceServer server) {
        final Served served = new Served(model, server);
        served.count("requests", "Requests scored for other processes", ServedCounts::requests);
        served.count("rows", "Flows scored for other processes", ServedCounts::rows);
        served.count("batches", "Batches in which flows were scored", ServedCounts::batches);
        served.count("refused", "Requests for which there was no room", ServedCounts::refused);
        served.count("given.up", "Requests that clients gave up", ServedCounts::givenUp);
        served.count("failed", "Requests that could not be scored", ServedCounts::failed);
    }

    /** Counts the requests that a server had no memory for. */
    public void receiving(final InferenceServer server) {
        FunctionCounter.builder(
                        "serveflow.worker.refused.unread", server, InferenceServer::refusedUnread)
                .description("Requests refused while they came in, for want of memory")
                .register(registry);
    }

    /** The counts of a model that a server has. */
    private final class Served {

        private final String model;
        private final InferenceServer server;

        private Served(final String model, final InferenceServer server) {
            this.model = model;
            this.server = server;
        }

        private void count(
                final String what,
                final String description,
                final ToDoubleFunction<ServedCounts> count) {
            final String name = model;
            FunctionCounter.builder(
                            "serveflow.worker." + what,
                            server,
                            counting -> count.applyAsDouble(counting.counts(name)))
                    .description(description)
                    .tag("model", name)
                    .register(registry);
        }
    }

    /** Publishes how many flows of a task are compared with the reference of its bundle. */
    void driftFlows(final String task, final LongSupplier flows) {
        Gauge.builder("serveflow.drift.flows", flows::getAsLong)
                .description("Flows in the window that is compared with the bundle's reference")
                .tag("task", task)
                .register(registry);
    }

    /**
     * Publishes how far a distribution has drifted.
     *
     * @param distance none while there are too few flows, which is published as no number
     */
    void drift(
            final String task,
            final String distribution,
            final Supplier<Optional<DriftReport.Distance>> distance) {
        final Tags tags = Tags.of("task", task, "distribution", distribution);
        Gauge.builder("serveflow.drift.psi", () -> number(distance.get(), Divergence::psi))
                .description("Population stability index against the bundle's reference")
                .tags(tags)
                .register(registry);
        Gauge.builder("serveflow.drift.js", () -> number(distance.get(), Divergence::js))
                .description("Jensen-Shannon distance to the bundle's reference")
                .tags(tags)
                .register(registry);
    }

    private static double number(
            final Optional<DriftReport.Distance> distance,
            final ToDoubleFunction<Divergence> part) {
        return distance.map(DriftReport.Distance::divergence)
                .map(part::applyAsDouble)
                .orElse(Double.NaN);
    }

    @Override
    public void opened(final Bundles.Generation generation) {
        bundle(generation.ref());
        for (final VerdictStage stage : VerdictStage.values()) {
            latency(generation.task(), stage);
        }
    }

    @Override
    public void retired(final Bundles.Generation generation) {
        Optional.ofNullable(inUse.remove(generation.ref())).ifPresent(registry::remove);
    }

    @Override
    public void opened(final BundleRef candidate, final String tier, final CandidateScores scores) {
        shadow(candidate, tier, "agreement", "Share of flows with the same label", scores)
                .accept(CandidateScores.Report::agreement);
        shadow(candidate, tier, "confidence", "Mean confidence of the shadow", scores)
                .accept(CandidateScores.Report::confidence);
        shadow(
                        candidate,
                        tier,
                        "calibration.error",
                        "Distance of the shadow's confidence from how often it agrees",
                        scores)
                .accept(CandidateScores.Report::calibrationError);
        shadow(candidate, tier, "cost.seconds", "What an answer of the shadow costs", scores)
                .accept(CandidateScores.Report::secondsPerFlow);
    }

    private Consumer<ToDoubleFunction<CandidateScores.Report>> shadow(
            final BundleRef candidate,
            final String tier,
            final String name,
            final String description,
            final CandidateScores scores) {
        return part ->
                shadows.computeIfAbsent(
                                candidate.task() + "/" + tier, task -> new CopyOnWriteArrayList<>())
                        .add(
                                Gauge.builder(
                                                "serveflow.shadow." + name,
                                                () -> part.applyAsDouble(scores.report()))
                                        .description(description)
                                        .tags("task", candidate.task(), "tier", tier)
                                        .register(registry));
    }

    @Override
    public void closed(final BundleRef candidate, final String tier) {
        Optional.ofNullable(shadows.remove(candidate.task() + "/" + tier))
                .ifPresent(gauges -> gauges.forEach(registry::remove));
    }

    /** Publishes that a bundle is in use. */
    void bundle(final BundleRef bundle) {
        // The ending makes it an info in the Prometheus registry, whose value is always 1.
        inUse.put(
                bundle,
                Gauge.builder("serveflow.bundle.info", () -> 1)
                        .description("Bundles in use")
                        .tags(
                                Tags.of(
                                        "task",
                                        bundle.task(),
                                        "version",
                                        bundle.version(),
                                        "sha256",
                                        bundle.sha256()))
                        .register(registry));
    }

    /** The counter that an entry of the ledger is published as; a detail gives its tags. */
    private record Counted(String name, String description, List<String> keys) {

        private Counted(final String name, final String description, final String... keys) {
            this(name, description, List.of(keys));
        }

        /** The values are parted by slashes; one key takes the detail whole. */
        private Tags tags(final String detail) {
            if (keys.isEmpty()) {
                return Tags.empty();
            }
            final String[] values = detail.split("/", keys.size());
            Tags tags = Tags.empty();
            for (int i = 0; i < keys.size(); i++) {
                tags = tags.and(keys.get(i), i < values.length ? values[i] : "");
            }
            return tags;
        }
    }
}
