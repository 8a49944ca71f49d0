/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class FlowRecordTest {

    @Test
    void shouldHavePacketsOrASummary() {
        final FlowRecord first = TestFlows.first("C1");
        assertThat(first.summary()).isEqualTo(FlowSummary.NONE);
        assertThat(TestFlows.summary("C1").packets()).isEqualTo(Packets.NONE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> record(first, FlowRecord.Stage.FIRST, Packets.NONE))
                .withMessageContaining("at least one packet");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> record(first, FlowRecord.Stage.SUMMARY, first.packets()))
                .withMessageContaining("a summary has no packets, was given 1");
    }

    @Test
    void shouldNotSummariseAFlowThatIsNotOver() {
        final FlowRecord first = TestFlows.first("C1");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new FlowRecord(
                                        first.id(),
                                        first.tuple(),
                                        first.communityId(),
                                        first.startMicros(),
                                        first.stage(),
                                        first.end(),
                                        first.packets(),
                                        0,
                                        TestFlows.summary("C1").summary()))
                .withMessageContaining("a record of packets has no summary");
    }

    @Test
    void shouldSayTheSameOfItsBeginningWhenReadAtAnotherTimeOrInATunnel() {
        final Optional<Handshake> asked =
                Optional.of(
                        new Handshake(
                                Handshake.Protocol.DNS,
                                "www.example.org",
                                false,
                                "",
                                Optional.empty()));
        final FlowRecord context = TestFlows.context("C1");
        assertThat(context.handshake()).isEmpty();
        assertThat(context.saying(asked).readAt(5).in(Optional.empty()).handshake())
                .isEqualTo(asked);
        assertThat(context.saying(asked).saying(Optional.empty())).isEqualTo(context);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestFlows.summary("C1").saying(asked))
                .withMessage("a summary says nothing of how the flow begins");
    }

    @Test
    void shouldRefuseNumbersThatNothingCounts() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FlowSummary(0, -2, 0, 0, 0, 0, 0, "", "", "", "", "", ""))
                .withMessage("originatorBytes must be at least 0, or -1 if it is unknown, was -2");
    }

    private static FlowRecord record(
            final FlowRecord like, final FlowRecord.Stage stage, final Packets packets) {
        return new FlowRecord(
                like.id(),
                like.tuple(),
                like.communityId(),
                like.startMicros(),
                stage,
                FlowRecord.End.END,
                packets,
                0);
    }
}
