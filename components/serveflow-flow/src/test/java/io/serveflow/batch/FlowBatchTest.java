/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.batch;

import static io.serveflow.flow.TestFlows.context;
import static io.serveflow.flow.TestFlows.first;
import static io.serveflow.flow.TestFlows.provisional;
import static io.serveflow.flow.TestFlows.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.serveflow.verdict.VerdictStage;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlowBatchTest {

    @Test
    void shouldPartCertainFromUncertainRows() {
        final FlowBatch batch = FlowBatch.of(List.of(first("a"), first("b"), first("c")));
        batch.decide(0, verdict("fastest", VerdictStage.FINAL, "dns", 0.1));
        batch.decide(1, provisional(0.7));

        assertThat(batch.certain().size()).isEqualTo(1);
        assertThat(batch.certain().record(0).id().uid()).isEqualTo("a");
        assertThat(batch.uncertain().size()).isEqualTo(2);
    }

    @Test
    void shouldShowAVerdictOfAViewInTheWholeBatch() {
        final FlowBatch batch = FlowBatch.of(List.of(first("a"), first("b")));
        batch.decide(0, verdict("fastest", VerdictStage.FINAL, "dns", 0.1));
        batch.decide(1, provisional(0.7));

        batch.uncertain().decide(0, verdict("fast", VerdictStage.FINAL, "mail", 0.2));

        assertThat(batch.verdict(1).label()).isEqualTo("mail");
        assertThat(batch.certain().size()).isEqualTo(2);
    }

    @Test
    void shouldRefuseRecordsOfTwoStages() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FlowBatch.of(List.of(first("a"), context("a"))))
                .withMessageContaining("one stage");
    }

    @Test
    void shouldNameTheFlowThatHasNoVerdict() {
        assertThatIllegalStateException()
                .isThrownBy(() -> FlowBatch.of(first("a")).verdict(0))
                .withMessageContaining("uid=a");
    }
}
