/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.batch.FlowBatch;
import io.serveflow.batch.Receipt;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowRecord.Stage;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadRecordsTest {

    private final Receipt receipt = Receipt.held(() -> {});
    private final ReadRecords records = new ReadRecords(uid -> uid.equals("awaited"));

    @Test
    void shouldHaveNothingToSendAtFirst() {
        assertThat(records.isEmpty()).isTrue();
        assertThat(records.batches(receipt)).isEmpty();
    }

    @Test
    void shouldSendFirstRecordsBeforeTheOthersEachInTheOrderRead() throws IOException {
        final List<FlowRecord> read = Samples.inTurn();
        read.forEach(records);

        final List<FlowBatch> batches = records.batches(receipt);

        assertThat(batches)
                .extracting(FlowBatch::stage)
                .containsExactly(Stage.FIRST, Stage.CONTEXT);
        for (final FlowBatch batch : batches) {
            final List<FlowRecord> ofStage =
                    read.stream().filter(record -> record.stage() == batch.stage()).toList();
            assertThat(batch.size()).isEqualTo(ofStage.size());
            for (int i = 0; i < batch.size(); i++) {
                assertThat(batch.record(i)).isSameAs(ofStage.get(i));
            }
        }
        assertThat(records.size()).isEqualTo(20);
    }

    @Test
    void shouldSendNoEmptyBatch() throws IOException {
        Samples.ntp(Stage.CONTEXT, 3).forEach(records);

        assertThat(records.batches(receipt))
                .extracting(FlowBatch::stage)
                .containsExactly(Stage.CONTEXT);
    }

    @Test
    void shouldGiveAllBatchesTheReceipt() throws IOException {
        Samples.inTurn().forEach(records);

        assertThat(records.batches(receipt))
                .hasSize(2)
                .allSatisfy(batch -> assertThat(batch.receipt()).isSameAs(receipt));
    }

    @Test
    void shouldBeginAgainWhenCleared() throws IOException {
        Samples.inTurn().forEach(records);
        records.clear();
        assertThat(records.isEmpty()).isTrue();
        assertThat(records.batches(receipt)).isEmpty();

        Samples.ntp(Stage.FIRST, 2).forEach(records);

        assertThat(records.size()).isEqualTo(2);
        assertThat(records.batches(receipt)).hasSize(1);
    }

    @Test
    void shouldKeepSentBatchesWhenCleared() throws IOException {
        Samples.ntp(Stage.FIRST, 2).forEach(records);
        final FlowBatch sent = records.batches(receipt).get(0);

        records.clear();

        assertThat(sent.size()).isEqualTo(2);
        assertThat(sent.record(1).stage()).isEqualTo(Stage.FIRST);
    }

    @Test
    void shouldWantTheContextsOfFlowsThatWereNotAskedAboutYet() throws IOException {
        final FlowRecord first = Samples.ntp(Stage.FIRST, 1).get(0);
        assertThat(records.wants(first.id().uid())).isFalse();
        records.accept(first);
        assertThat(records.wants(first.id().uid())).isTrue();

        records.clear();

        assertThat(records.wants(first.id().uid())).isFalse();
        assertThat(records.wants("awaited")).isTrue();
    }
}
