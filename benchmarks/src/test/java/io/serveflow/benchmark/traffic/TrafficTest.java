/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowRecord;
import io.serveflow.sensor.FlowRecordReader;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TrafficTest {

    private static final Path CAPTURES = ProjectFiles.captures();

    private static Traffic traffic;

    @BeforeAll
    static void readCaptures() throws IOException {
        traffic = Traffic.read(CAPTURES, 10);
    }

    @Test
    void shouldGiveTwoLinesOfEachFlowTheFirstOneFirst() {
        final List<FlowRecord> records = records(traffic.feed(0, 5_000, 0, 1));

        assertThat(records).hasSize(10_000);
        final Set<String> begun = new HashSet<>();
        for (final FlowRecord record : records) {
            if (record.stage() == FlowRecord.Stage.FIRST) {
                assertThat(begun.add(record.id().uid())).isTrue();
            } else {
                assertThat(begun).contains(record.id().uid());
            }
        }
        assertThat(begun).hasSize(5_000);
    }

    @Test
    void shouldNumberFlowsInTheOrderInWhichTheyBegin() {
        final List<Long> numbers =
                records(traffic.feed(7, 3_000, 0, 1)).stream()
                        .filter(record -> record.stage() == FlowRecord.Stage.FIRST)
                        .map(record -> Uid.number(record.id().uid()))
                        .toList();

        assertThat(numbers).hasSize(3_000).isSorted().startsWith(7L).endsWith(3_006L);
    }

    @Test
    void shouldMixFlowsOfAllCaptures() {
        final List<FlowRecord> records = records(traffic.feed(0, traffic.flows(), 0, 1));

        int alone = 0;
        for (int i = 0; i + 1 < records.size(); i++) {
            alone += records.get(i).id().equals(records.get(i + 1).id()) ? 1 : 0;
        }
        assertThat(alone).isLessThan(traffic.flows() / 2);
        assertThat(traffic.mostOpen()).isBetween(2L, (long) traffic.flows());
    }

    @Test
    void shouldPartFlowsAmongThreadsWithAllTheirLines() {
        final List<FlowRecord> parts = new ArrayList<>();
        for (int part = 0; part < 3; part++) {
            final List<FlowRecord> records = records(traffic.feed(0, 2_000, part, 3));
            assertThat(uids(records)).hasSize(records.size() / 2);
            parts.addAll(records);
        }

        assertThat(parts).hasSize(4_000);
        assertThat(uids(parts)).hasSize(2_000);
    }

    @Test
    void shouldLetTimePassFromRoundToRound() {
        final List<FlowRecord> records = records(traffic.feed(0, 2L * traffic.flows(), 0, 1));

        assertThat(records.get(records.size() / 2).startMicros())
                .isGreaterThan(records.get(records.size() / 2 - 1).startMicros() - 20_000_000);
        assertThat(records.stream().map(FlowRecord::startMicros).distinct().count())
                .isGreaterThan(traffic.flows());
    }

    @Test
    void shouldGiveOutOnlyLinesThatAreWrittenWhileSoManyFlowsHaveBegun() {
        final Feed feed = traffic.feed(0, 5_000, 0, 1);
        final Chunk chunk = feed.chunk();

        assertThat(feed.fill(chunk, 1)).isTrue();
        assertThat(chunk.begins()).isEqualTo(1);
        assertThat(feed.fill(chunk, 1)).isTrue();
        assertThat(chunk.lines()).isZero();
        assertThat(feed.fill(chunk, 10)).isTrue();
        assertThat(chunk.begins()).isEqualTo(9);
        assertThat(records(feed)).hasSizeGreaterThan(9_900);
        assertThat(feed.fill(chunk, 5_000)).isFalse();
    }

    @Test
    void shouldKnowWhichFlowsBeginBeforeAContextLine() {
        long begun = -1;
        for (final FlowRecord record : records(traffic.feed(0, 3L * traffic.flows(), 0, 1))) {
            final long number = Uid.number(record.id().uid());
            if (record.stage() == FlowRecord.Stage.FIRST) {
                begun = number;
            } else {
                assertThat(traffic.contextAfter(number)).isEqualTo(begun);
            }
        }
    }

    @Test
    void shouldLetContextsComeLater() {
        final Traffic later = traffic.withContextsLater(4_000);
        final List<FlowRecord> records = records(later.feed(0, 6_000, 0, 1));

        assertThat(records).hasSize(12_000);
        assertThat(records.subList(0, 4_000))
                .allMatch(record -> record.stage() == FlowRecord.Stage.FIRST);
        assertThat(uids(records)).hasSize(6_000);
        assertThat(later.mostOpen()).isGreaterThan(4_000);
    }

    private static List<FlowRecord> records(final Feed feed) {
        final FlowRecordReader reader = new FlowRecordReader("test");
        final List<FlowRecord> records = new ArrayList<>();
        final Chunk chunk = feed.chunk();
        while (feed.fill(chunk)) {
            for (int i = 0; i < chunk.lines(); i++) {
                records.add(reader.read(chunk.bytes(), chunk.start(i), chunk.end(i)));
            }
        }
        return records;
    }

    private static Set<String> uids(final List<FlowRecord> records) {
        return records.stream().map(record -> record.id().uid()).collect(Collectors.toSet());
    }
}
