/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.part;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowRecord;
import io.serveflow.testing.samples.ProjectFiles;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlowsTest {

    private static final Path CAPTURES = ProjectFiles.captures();

    @Test
    void shouldGiveBothRecordsOfAFlow() {
        final Flows flows = Flows.draw(CAPTURES, 100);
        assertThat(flows.first())
                .hasSize(100)
                .extracting(FlowRecord::stage)
                .containsOnly(FlowRecord.Stage.FIRST);
        assertThat(flows.context())
                .hasSize(100)
                .extracting(FlowRecord::stage)
                .containsOnly(FlowRecord.Stage.CONTEXT);
        assertThat(flows.context())
                .extracting(FlowRecord::id)
                .containsExactlyElementsOf(flows.first().stream().map(FlowRecord::id).toList());
    }

    @Test
    void shouldRepeatFlowsUnderOtherIds() {
        final Flows flows = Flows.draw(CAPTURES.resolve("ntp.pcap"), 100);
        assertThat(flows.first()).extracting(FlowRecord::id).doesNotHaveDuplicates();
        assertThat(flows.first().get(32).packets()).isEqualTo(flows.first().get(0).packets());
    }

    @Test
    void shouldMakeBatchesOfAllRecords() {
        final List<FlowBatch> batches =
                Flows.batches(Flows.draw(CAPTURES.resolve("ntp.pcap"), 100).first(), 32);
        assertThat(batches).extracting(FlowBatch::size).containsExactly(32, 32, 32, 4);
    }
}
