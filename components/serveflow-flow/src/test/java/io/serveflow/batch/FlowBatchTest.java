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

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.TestFlows;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.VerdictStage;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FlowBatchTest {

    private static final String SERVICE = "service";

    @Test
    void shouldPartCertainFromUncertainRows() {
        final FlowBatch batch =
                batch("a", "b", "c")
                        .withVerdicts(
                                SERVICE,
                                new Verdict[] {
                                    verdict("fastest", VerdictStage.FINAL, "dns", 0.1),
                                    provisional(0.7),
                                    null
                                });

        assertThat(batch.certain().size()).isEqualTo(1);
        assertThat(batch.certain().record(0).id().uid()).isEqualTo("a");
        assertThat(batch.uncertain().size()).isEqualTo(2);
    }

    @Test
    void shouldNotChangeWhenALaterTierAnswers() {
        final FlowBatch batch = batch("a", "b").withVerdicts(i -> provisional(0.7));

        final FlowBatch answered =
                batch.uncertain()
                        .withVerdicts(i -> verdict("fast", VerdictStage.FINAL, "mail", 0.2));

        assertThat(answered.certain().size()).isEqualTo(2);
        assertThat(batch.uncertain().size()).isEqualTo(2);
        assertThat(batch.verdict(1).tier()).isEqualTo("fast");
        assertThat(batch.verdict(1).isFinal()).isFalse();
    }

    @Test
    void shouldJoinBatchesWithTheVerdictsOfAllTheirTasks() {
        final FlowBatch one = batch("a", "b").withVerdicts(i -> provisional(0.7));
        final FlowBatch other =
                batch("c").withVerdicts("device", new Verdict[] {provisional(0.5)}).asGivenOut();

        final FlowBatch joined = FlowBatch.joined(List.of(one, other));

        assertThat(joined.size()).isEqualTo(3);
        assertThat(joined.record(2).id().uid()).isEqualTo("c");
        assertThat(joined.tasks()).containsExactly(SERVICE, "device");
        assertThat(joined.hasVerdict(0)).isFalse();
        assertThat(joined.hasGivenOut(2)).isTrue();
        assertThat(joined.of(SERVICE).verdict(1).uncertainty()).isEqualTo(0.7);
        assertThat(joined.of(SERVICE).hasVerdict(2)).isFalse();
    }

    @Test
    void shouldKeepTheVerdictsOfEachTask() {
        final FlowBatch batch =
                batch("a", "b")
                        .withVerdicts(i -> provisional(0.7))
                        .withVerdicts("device", new Verdict[] {null, provisional(0.5)});

        assertThat(batch.tasks()).containsExactly(SERVICE, "device");
        assertThat(batch.task()).contains("device");
        assertThat(batch.hasVerdict(0)).isFalse();
        assertThat(batch.of(SERVICE).verdict(0).uncertainty()).isEqualTo(0.7);
        assertThat(batch.of(SERVICE).tasks()).containsExactly("device", SERVICE);
        assertThat(batch.of("qoe").hasVerdict(0)).isFalse();
    }

    @Test
    void shouldSelectTheVerdictsOfAllTasks() {
        final FlowBatch part =
                batch("a", "b", "c")
                        .withVerdicts(i -> i == 1 ? provisional(0.7) : standing(i))
                        .withVerdicts(
                                "device",
                                new Verdict[] {provisional(0.1), provisional(0.2), standing(2)})
                        .of(SERVICE)
                        .uncertain();

        assertThat(part.size()).isEqualTo(1);
        assertThat(part.record(0).id().uid()).isEqualTo("b");
        assertThat(part.of("device").verdict(0).uncertainty()).isEqualTo(0.2);
    }

    @Test
    void shouldHaveGivenOutNothingWhereNoTierWasAsked() {
        assertThat(FlowBatch.empty(FlowRecord.Stage.FIRST).asGivenOut().isEmpty()).isTrue();
        assertThat(batch("a").asGivenOut().hasGivenOut(0)).isFalse();
    }

    @Test
    void shouldKeepWhatWasGivenOutBesideLaterVerdicts() {
        final FlowBatch batch =
                batch("a", "b")
                        .withVerdicts(i -> provisional(0.7))
                        .asGivenOut()
                        .withVerdicts(i -> provisional(0.3));

        assertThat(batch.verdict(0).uncertainty()).isEqualTo(0.3);
        assertThat(batch.givenOut(0).uncertainty()).isEqualTo(0.7);
        assertThat(batch("a").hasGivenOut(0)).isFalse();
    }

    private static FlowBatch batch(final String... uids) {
        return FlowBatch.of(Stream.of(uids).map(TestFlows::first).toList());
    }

    private static Verdict standing(final int i) {
        return verdict("fastest", VerdictStage.FINAL, "dns", i / 10.0);
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
