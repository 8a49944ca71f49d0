/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.serveflow.drift.DriftMeter;
import io.serveflow.drift.ReferenceCounter;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Packets;
import io.serveflow.flow.Transport;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleJson;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.Bundles;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.Verdict.BundleRef;
import io.serveflow.verdict.VerdictStage;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

class DriftWatchTest {

    private static final BundleRef BUNDLE = new BundleRef("lab", "1", "service", "0a1b");
    private static final FlowRecord FLOW =
            new FlowRecord(
                    new FlowId("lab", "C1"),
                    new FlowTuple(Transport.UDP, "192.0.2.1", 50_000, "192.0.2.2", 53),
                    "",
                    0,
                    FlowRecord.Stage.FIRST,
                    FlowRecord.End.DEPTH,
                    new Packets.Builder().add(0, true, 60, new byte[60], 0, 60).build(),
                    0);

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Logger logger = (Logger) LoggerFactory.getLogger(DriftWatch.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private long nanos;

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
        logger.setLevel(Level.INFO);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    @Test
    void shouldPublishNoNumberBeforeThereAreEnoughFlows() throws IOException {
        final DriftWatch watch = watch();
        watch.open(BUNDLE);
        give(watch, "dns", 49);
        assertThat(registry.scrape().lines())
                .contains(
                        "serveflow_drift_flows{task=\"service\"} 49.0",
                        "serveflow_drift_psi{distribution=\"labels\",task=\"service\"} NaN",
                        "serveflow_drift_js{distribution=\"ttl\",task=\"service\"} NaN");
    }

    @Test
    void shouldPublishHowFarEachDistributionHasDrifted() throws IOException {
        final DriftWatch watch = watch();
        give(watch, "dns", 100);
        assertThat(registry.scrape().lines())
                .contains(
                        "serveflow_drift_flows{task=\"service\"} 90.0",
                        "serveflow_drift_psi{distribution=\"labels\",task=\"service\"} 0.0",
                        "serveflow_drift_js{distribution=\"labels\",task=\"service\"} 0.0",
                        "serveflow_drift_psi{distribution=\"ip-length\",task=\"service\"} 0.0");
        give(watch, "mail", 100);
        assertThat(registry.scrape().lines())
                .contains("serveflow_drift_js{distribution=\"labels\",task=\"service\"} 1.0");
    }

    @Test
    void shouldPublishNothingOfABundleWithoutReference() throws IOException {
        final DriftWatch watch = watch(Optional.of(service().withReference(Optional.empty())));
        watch.open(BUNDLE);
        give(watch, "dns", 100);
        assertThat(registry.scrape()).doesNotContain("drift");
        assertThat(watch.reports()).isEmpty();
        assertThat(new DriftHealthCheck(watch).call().getMessage())
                .contains("no bundle in use has a reference");
    }

    @Test
    void shouldLogOnceWhenItsStateChanges() throws IOException {
        final DriftWatch watch = watch();
        give(watch, "dns", 200);
        nanos += Duration.ofMinutes(2).toNanos();
        give(watch, "mail", 200);
        assertThat(lines.list)
                .extracting(ILoggingEvent::getLevel)
                .startsWith(Level.INFO)
                .endsWith(Level.WARN)
                .hasSize(2);
        assertThat(lines.list.get(0).getFormattedMessage())
                .startsWith("Task service: as trained: ");
        assertThat(lines.list.get(1).getFormattedMessage())
                .startsWith("Task service: drifted: labels PSI 0.")
                .contains("Jensen-Shannon 0.")
                .contains("./serveflow calibrate")
                .contains("./serveflow train");
    }

    @Test
    void shouldNotFloodTheLogWithAStateThatFlickers() throws IOException {
        final DriftWatch watch = watch();
        for (int i = 0; i < 20; i++) {
            give(watch, "dns", 100);
            give(watch, "mail", 100);
        }
        assertThat(lines.list).hasSize(1);
    }

    @Test
    void shouldStayUpAndReportDriftInItsHealth() throws IOException {
        final DriftWatch watch = watch();
        give(watch, "mail", 100);
        final DriftHealthCheck check = new DriftHealthCheck(watch);
        final HealthCheck.Result result = check.call();
        assertThat(result.getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(check.isReadiness()).isFalse();
        assertThat(check.isLiveness()).isFalse();
        assertThat(result.getMessage().orElseThrow()).startsWith("service: drifted: labels PSI ");
        assertThat(result.getDetails())
                .containsEntry("service.state", "moved")
                .containsEntry("service.flows", 90L)
                .containsEntry("service.labels.js", "1.0000")
                .containsEntry("service.ttl.psi", "0.0000");
    }

    @Test
    void shouldTellInItsHealthHowManyFlowsAreMissing() throws IOException {
        final DriftWatch watch = watch();
        give(watch, "mail", 3);
        assertThat(new DriftHealthCheck(watch).call().getMessage())
                .contains("service: too few flows to say: 3 of the 50 that are needed");
    }

    @Test
    void shouldMeasureABundleThatComesIntoUseAgainAfterALateVerdict() throws IOException {
        final AtomicReference<Optional<BundleManifest>> inUse = new AtomicReference<>(measured());
        final DriftWatch watch = watch(ref -> inUse.get());
        give(watch, "dns", 1);
        try (Bundle bundle = Bundle.load(ProjectFiles.bundle("service"))) {
            final Bundles.Generation generation = new Bundles.Generation("service", 1, bundle);
            watch.retired(generation);
            inUse.set(Optional.empty());
            give(watch, bundle.ref(), "dns", 1);
            inUse.set(Optional.of(bundle.manifest()));
            watch.opened(generation);

            give(watch, bundle.ref(), "dns", 5);
        }

        assertThat(watch.reports().get("service").flows()).isEqualTo(5);
    }

    /** A bundle that is loaded waits for whoever asks which are in use, and the other way round. */
    @Test
    @Timeout(30)
    void shouldNotHoldItsMeasuresWhileItAsksForABundle() throws Exception {
        final CountDownLatch asked = new CountDownLatch(1);
        final CountDownLatch opened = new CountDownLatch(1);
        final Optional<BundleManifest> manifest = measured();
        try (Bundle bundle = Bundle.load(ProjectFiles.bundle("service"))) {
            final DriftWatch watch =
                    watch(
                            ref -> {
                                asked.countDown();
                                try {
                                    opened.await();
                                } catch (final InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                                return manifest;
                            });
            final Thread late = new Thread(() -> give(watch, bundle.ref(), "dns", 1));
            late.start();
            asked.await();

            final Thread opening =
                    new Thread(() -> watch.opened(new Bundles.Generation("service", 1, bundle)));
            opening.start();
            opening.join(10_000);
            final boolean held = opening.isAlive();
            opened.countDown();
            late.join();
            opening.join();

            assertThat(held).isFalse();
        }
    }

    /** A watch over a bundle that was made with a thousand flows of DNS. */
    private DriftWatch watch() throws IOException {
        return watch(measured());
    }

    private static Optional<BundleManifest> measured() throws IOException {
        final BundleManifest service = service();
        final ReferenceCounter counter =
                new ReferenceCounter(service.labels().size(), service.tiers().size());
        for (int i = 0; i < 1_000; i++) {
            counter.add(FLOW, service.labels().indexOf("dns"), 0.9, 0);
        }
        return Optional.of(service.withReference(Optional.of(counter.reference())));
    }

    private DriftWatch watch(final Optional<BundleManifest> manifest) {
        return watch(ref -> manifest.filter(known -> ref.equals(BUNDLE)));
    }

    private DriftWatch watch(final Function<BundleRef, Optional<BundleManifest>> manifests) {
        return new DriftWatch(
                manifests,
                new DriftMeter.Options(100, 50),
                new ServeflowMeters(registry),
                () -> nanos);
    }

    private static BundleManifest service() throws IOException {
        return BundleJson.read(
                Files.readAllBytes(ProjectFiles.bundle("service").resolve(BundleJson.FILE)));
    }

    private static void give(final DriftWatch watch, final String label, final int flows) {
        give(watch, BUNDLE, label, flows);
    }

    private static void give(
            final DriftWatch watch, final BundleRef bundle, final String label, final int flows) {
        for (int i = 0; i < flows; i++) {
            watch.given(
                    FLOW,
                    new Verdict(
                            bundle,
                            "fastest",
                            VerdictStage.FINAL,
                            label,
                            0.9,
                            0.1,
                            "certain",
                            1,
                            new Verdict.Latency(0, 0, 0),
                            List.of()));
        }
    }
}
