/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.ledger.Ledger.Entry;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ReasonTest {

    private static final Map<Entry, String> METRICS =
            Map.of(
                    Entry.FELL_BACK, "serveflow_fell_back_total",
                    Entry.HANDED_BACK, "serveflow_handed_back_total",
                    Entry.RETRIED, "serveflow_retried_total",
                    Entry.DEAD_LETTERED, "serveflow_dead_letters_total",
                    Entry.BUNDLES_REFUSED, "serveflow_bundles_refused_total",
                    Entry.CANARY_ROLLBACKS, "serveflow_canary_rollbacks_total",
                    Entry.SHADOW_SKIPPED, "serveflow_shadow_skipped_total",
                    Entry.DROPPED, "serveflow_dropped_total",
                    Entry.REPAIR_DROPPED, "serveflow_repair_dropped_total",
                    Entry.ENRICH_MISSED, "serveflow_enrich_missed_total");

    private static final Pattern CODE = Pattern.compile("`(?!serveflow_)([a-z]+(?:_\\w+)*)`");

    /** One status is an example of all. */
    private static final Pattern STATUS = Pattern.compile("index_\\d{3}");

    @ParameterizedTest
    @EnumSource(
            value = Entry.class,
            names = {
                "FELL_BACK",
                "HANDED_BACK",
                "RETRIED",
                "DEAD_LETTERED",
                "DROPPED",
                "BUNDLES_REFUSED",
                "REPAIR_DROPPED",
                "CANARY_ROLLBACKS",
                "SHADOW_SKIPPED",
                "ENRICH_MISSED"
            })
    void shouldListTheSameReasonsOnThePageOfTheMetrics(final Entry entry) throws IOException {
        assertThat(reasonsOfThePage(METRICS.get(entry)))
                .isEqualTo(
                        Arrays.stream(Reason.values())
                                .filter(reason -> reason.isOf(entry))
                                .map(Reason::code)
                                .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void shouldHaveEachCodeOnce() {
        assertThat(Reason.values()).extracting(Reason::code).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeCountedUnderEntriesThatHaveReasons(final Reason reason) {
        assertThat(Entry.values()).filteredOn(reason::isOf).isSubsetOf(METRICS.keySet());
    }

    @ParameterizedTest
    @EnumSource
    void shouldSayWhatHappened(final Reason reason) {
        assertThat(reason.sentence()).isNotBlank().doesNotEndWith(".");
    }

    @Test
    void shouldCountUnderTheCode() {
        final Ledger ledger = new Ledger();
        ledger.add(Entry.DROPPED, Reason.LINE_FAILED, 2);
        assertThat(ledger.byDetail(Entry.DROPPED)).isEqualTo(Map.of("line_failed", 2L));
    }

    @Test
    void shouldKnowTheReasonsOfTheIndex() {
        assertThat(Reason.isOfIndex(Reason.ofIndex(403))).isTrue();
        assertThat(Reason.isOfIndex(Reason.INDEX_FAILURE_STORE.code())).isTrue();
        assertThat(Reason.isOfIndex(Reason.SLOW_ROUTE_FAILED.code())).isFalse();
    }

    private static Set<String> reasonsOfThePage(final String metric) throws IOException {
        final String row =
                Files.readAllLines(ProjectFiles.path("docs/reference/metrics.md")).stream()
                        .filter(line -> line.startsWith("| `" + metric))
                        .findFirst()
                        .orElseThrow();
        return CODE.matcher(row.substring(row.indexOf("| counter |")))
                .results()
                .map(found -> found.group(1))
                .map(code -> STATUS.matcher(code).matches() ? Reason.INDEX_STATUS.code() : code)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
