/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.serveflow.feature.FeatureSpec;
import io.serveflow.flow.FlowRecord;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.training.NotedListener;
import io.serveflow.training.data.DataKind;
import io.serveflow.training.data.Dataset;
import io.serveflow.training.data.Folds;
import io.serveflow.training.data.LabelSource;
import io.serveflow.training.data.LabelledCaptures;
import io.serveflow.training.data.LabelledFlow;
import io.serveflow.training.score.Answers;
import io.serveflow.training.score.Evaluation;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What names are worth, on captures of today's clients. */
class NamesResultTest {

    private static final Path FOLDER = ProjectFiles.path("samples/today");
    private static final FeatureSpec HANDSHAKE = new FeatureSpec("handshake", 1, 10, Set.of());

    private static List<LabelledFlow> named;

    @BeforeAll
    static void read() {
        final LabelledCaptures samples =
                LabelSource.captures(FOLDER.resolve("labels.csv"), FOLDER.resolve("captures"))
                        .read("lab", List.of(HANDSHAKE), new NotedListener());
        named =
                samples.flows().stream()
                        .filter(flow -> flow.label().equals("web_tls"))
                        .limit(4)
                        .toList();
    }

    @Test
    void shouldTellWhichLabelsRestOnAName() {
        final NamesResult result =
                result(List.of("TLS", "TLS", "TLS.Film", "TLS.Shop"), 0, 0, 1, 0);

        assertThat(result.parts())
                .extracting(NamesResult.Part::words, NamesResult.Part::flows)
                .contains(
                        tuple("have a label that rests on a name", 1),
                        tuple("have one that rests on the protocol", 3));
    }

    @Test
    void shouldCountTheFlowsThatAskForAHost() {
        final NamesResult result = result(List.of("", "", "", ""), 0, 1, 0, 1);

        assertThat(result.parts().get(0).flows()).isEqualTo(4);
        assertThat(result.parts().get(1).flows()).isZero();
    }

    @Test
    void shouldCompareTheCascadeWithTheTable() {
        final NamesResult result = result(List.of("", "", "", ""), 0, 1, 0, 1);

        assertThat(result.parts().get(0).cascade()).isOne();
        assertThat(result.parts().get(0).table()).isLessThan(1);
        assertThat(result.table().accuracy()).isEqualTo(result.parts().get(0).table());
    }

    @Test
    void shouldCutPacketsToWhatSensorsKeep() {
        final FlowRecord flow = named.get(0).context();

        final FlowRecord cut = cut(1).apply(flow);

        assertThat(cut.packets().count()).isEqualTo(flow.packets().count());
        for (int i = 0; i < cut.packets().count(); i++) {
            assertThat(cut.packets().end(i) - cut.packets().start(i)).isLessThanOrEqualTo(128);
            assertThat(cut.packets().length(i)).isEqualTo(flow.packets().length(i));
        }
        assertThat(cut.handshake()).isEmpty();
    }

    @Test
    void shouldLeaveACutRecordWhatTheSensorSays() {
        final FlowRecord cut = cut(0).apply(named.get(0).context());

        assertThat(cut.handshake()).isPresent();
        assertThat(cut.handshake().get().name()).isNotEmpty();
    }

    @Test
    void shouldBeAboutTiersThatReadTheHandshake() {
        assertThat(NamesResult.isOf(HANDSHAKE)).isTrue();
        assertThat(NamesResult.isOf(new FeatureSpec("header+payload", 1, 10, Set.of()))).isFalse();
    }

    private static UnaryOperator<FlowRecord> cut(final int number) {
        return NamesResult.cuts(10).get(number).cut();
    }

    private static NamesResult result(final List<String> applications, final int... labels) {
        final Dataset data =
                new Dataset(
                        named.stream().map(LabelledFlow::context).toList(),
                        labels,
                        applications,
                        List.of("a", "b", "c", "d"),
                        List.of("a", "b", "c", "d"),
                        List.of("first", "second"),
                        new Folds(2, new int[] {0, 0, 1, 1}),
                        new LabelledCaptures.Counts(4, 0, 0, 1, 0, 0, 0, 0, 0),
                        DataKind.CAPTURES);
        final Answers right = Answers.sure(labels);
        return NamesResult.of(
                data,
                right,
                10,
                Evaluation.of(labels, right.predicted(), right.confidence(), 2),
                List.of());
    }
}
