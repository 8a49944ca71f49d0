/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoldenFlowsTest {

    private final List<FlowRecord> records = GoldenFlows.records(10);

    @Test
    void shouldGiveBothRecordsOfEachFlow() {
        assertThat(records).hasSize(34);
        assertThat(records.stream().filter(r -> r.stage() == FlowRecord.Stage.FIRST)).hasSize(17);
        assertThat(records.stream().filter(r -> r.stage() == FlowRecord.Stage.CONTEXT)).hasSize(17);
    }

    @Test
    void shouldEndContextsInEveryWay() {
        assertThat(records)
                .extracting(FlowRecord::end)
                .contains(FlowRecord.End.DEPTH, FlowRecord.End.TIMEOUT);
    }

    @Test
    void shouldUseAddressesSetAsideForDocumentation() {
        assertThat(records)
                .allSatisfy(
                        record ->
                                assertThat(
                                                List.of(
                                                        record.tuple().originator(),
                                                        record.tuple().responder()))
                                        .isSubsetOf(
                                                "192.0.2.1",
                                                "203.0.113.1",
                                                "2001:db8::1",
                                                "2001:db8::2"));
    }

    @Test
    void shouldBeTheSamePacketsEveryTime() {
        assertThat(GoldenFlows.records(10))
                .extracting(FlowRecord::packets)
                .isEqualTo(records.stream().map(FlowRecord::packets).toList());
    }
}
