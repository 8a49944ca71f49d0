/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.serveflow.candidate.CandidateScores;
import io.serveflow.ledger.Ledger;
import io.serveflow.verdict.Verdict.BundleRef;
import io.serveflow.verdict.VerdictStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The names are a contract: each is written out here as Prometheus gets it. */
class ServeflowMetersTest {

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ServeflowMeters meters = new ServeflowMeters(registry);
    private final Ledger ledger = new Ledger(meters);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EVENTS        | zeek                  | serveflow_events_total{source=\"zeek\"}",
                "FLOWS         | ''                    | serveflow_flows_total",
                "SKIPPED       | not_ip                |"
                        + " serveflow_skipped_total{reason=\"not_ip\"}",
                "EVICTED       | flow_table_full       |"
                        + " serveflow_evicted_total{reason=\"flow_table_full\"}",
                "SUPERSEDED    | ''                    | serveflow_superseded_total",
                "DEAD_LETTERED | bad_json              |"
                        + " serveflow_dead_letters_total{reason=\"bad_json\"}",
                "DROPPED       | expired               |"
                        + " serveflow_dropped_total{reason=\"expired\"}",
                "ESCALATED     | service/fast-slow     |"
                        + " serveflow_escalated_total{hop=\"fast-slow\",task=\"service\"}",
                "FELL_BACK     | service/no_context    |"
                        + " serveflow_fell_back_total{reason=\"no_context\",task=\"service\"}",
                "CPU_FALLBACKS | service/slow          |"
                        + " serveflow_cpu_fallbacks_total{task=\"service\",tier=\"slow\"}",
                "BUNDLE_SWAPS  | service               |"
                        + " serveflow_bundle_swaps_total{task=\"service\"}",
                "BUNDLES_REFUSED | service/bundle_unsigned |"
                    + " serveflow_bundles_refused_total{reason=\"bundle_unsigned\",task=\"service\"}",
                "VERDICTS      | service/slow/final    |"
                    + " serveflow_verdicts_total{stage=\"final\",task=\"service\",tier=\"slow\"}",
                "HOST_VERDICTS | device                |"
                        + " serveflow_host_verdicts_total{task=\"device\"}",
                "INDEXED       | ''                    | serveflow_indexed_total",
                "DUPLICATES    | ''                    | serveflow_duplicates_total",
                "RETRIED       | unreachable           |"
                        + " serveflow_retried_total{reason=\"unreachable\"}"
            })
    void shouldPublishACountOfTheLedger(
            final Ledger.Entry entry, final String detail, final String name) {
        ledger.add(entry, detail, 2);
        ledger.add(entry, detail, 3);

        assertThat(registry.scrape().lines()).contains(name + " 5.0");
    }

    @Test
    void shouldPublishADetailThatAppearsAfterAScrape() {
        ledger.add(Ledger.Entry.DROPPED, "expired", 1);
        assertThat(registry.scrape()).contains("serveflow_dropped_total{reason=\"expired\"} 1.0");

        ledger.add(Ledger.Entry.DROPPED, "queue_full", 2);
        assertThat(registry.scrape())
                .contains("serveflow_dropped_total{reason=\"expired\"} 1.0")
                .contains("serveflow_dropped_total{reason=\"queue_full\"} 2.0");
    }

    @Test
    void shouldBeginWithTheCountsThatHaveNoDetail() {
        meters.begin(ledger);

        assertThat(registry.scrape().lines())
                .contains(
                        "serveflow_flows_total 0.0",
                        "serveflow_superseded_total 0.0",
                        "serveflow_indexed_total 0.0",
                        "serveflow_duplicates_total 0.0");
    }

    @Test
    void shouldPublishLatencyAsAHistogramByTaskAndStage() {
        meters.latency("service", VerdictStage.PROVISIONAL).record(90, TimeUnit.MICROSECONDS);
        meters.latency("service", VerdictStage.FINAL).record(16, TimeUnit.MILLISECONDS);
        meters.latency("service", VerdictStage.FINAL).record(61, TimeUnit.SECONDS);
        meters.latency("device", VerdictStage.FINAL).record(1, TimeUnit.SECONDS);

        assertThat(registry.scrape().lines())
                .contains(
                        "# TYPE serveflow_latency_seconds histogram",
                        "serveflow_latency_seconds_bucket{stage=\"provisional\",task=\"service\",le=\"1.0E-4\"}"
                            + " 1",
                        "serveflow_latency_seconds_bucket{stage=\"final\",task=\"service\",le=\"0.01\"}"
                            + " 0",
                        "serveflow_latency_seconds_bucket{stage=\"final\",task=\"service\",le=\"0.016\"}"
                            + " 1",
                        "serveflow_latency_seconds_bucket{stage=\"final\",task=\"service\",le=\"60.0\"}"
                            + " 1",
                        "serveflow_latency_seconds_bucket{stage=\"final\",task=\"service\",le=\"+Inf\"}"
                            + " 2",
                        "serveflow_latency_seconds_count{stage=\"final\",task=\"service\"} 2",
                        "serveflow_latency_seconds_sum{stage=\"final\",task=\"service\"} 61.016",
                        "serveflow_latency_seconds_count{stage=\"final\",task=\"device\"} 1");
    }

    @Test
    void shouldPublishTheSlowQueueAsItIsAtTheScrape() {
        final AtomicInteger flows = new AtomicInteger(3);
        meters.slowQueue(flows::get);
        flows.set(4);

        assertThat(registry.scrape().lines()).contains("serveflow_slow_queue 4.0");
    }

    @Test
    void shouldPublishHowFarTheSlowTierIsBehind() {
        meters.slowLoad(() -> 1.5, () -> 0.25);

        assertThat(registry.scrape().lines())
                .contains("serveflow_slow_delay_seconds 1.5", "serveflow_slow_threshold 0.25");
    }

    @Test
    void shouldPublishHowABundleInTheShadowDoes() {
        final CandidateScores scores = new CandidateScores();
        final BundleRef candidate = new BundleRef("lab", "1.2.0", "service", "0a1b");
        meters.opened(candidate, "fast", scores);
        scores.add(true, 0.75);
        scores.add(false, 0.25);
        scores.addCost(2, 4_000_000_000L);

        assertThat(registry.scrape().lines())
                .contains(
                        "serveflow_shadow_agreement{task=\"service\",tier=\"fast\"} 0.5",
                        "serveflow_shadow_confidence{task=\"service\",tier=\"fast\"} 0.5",
                        "serveflow_shadow_calibration_error{task=\"service\",tier=\"fast\"} 0.25",
                        "serveflow_shadow_cost_seconds{task=\"service\",tier=\"fast\"} 2.0");
        meters.closed(candidate, "fast");
        assertThat(registry.scrape()).doesNotContain("serveflow_shadow");
    }

    @Test
    void shouldPublishTheBundlesInUse() {
        meters.bundle(new BundleRef("lab", "1.2.0", "service", "0a1b"));

        assertThat(registry.scrape().lines())
                .contains(
                        "serveflow_bundle_info{sha256=\"0a1b\",task=\"service\",version=\"1.2.0\"}"
                                + " 1");
    }
}
