/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleManifest;
import io.serveflow.training.bundle.ModelCard;
import io.serveflow.training.data.LabelSource;
import io.serveflow.training.evaluation.BundleEvaluation;
import io.serveflow.training.evaluation.EvaluationOptions;
import io.serveflow.training.evaluation.EvaluationReport;
import io.serveflow.training.tier.TierPlan;
import io.serveflow.training.trees.TreeSettings;
import io.serveflow.training.trees.TreeTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vote from training to a bundle and its evaluation. */
class VoteTrainingTest {

    private static final int WINDOW = 300;

    @TempDir private Path folder;

    private final NotedListener heard = new NotedListener();

    @Test
    void shouldKnowHostsBetterThanFlows() throws IOException {
        final BundleManifest manifest = training(devices()).withVote(WINDOW).run();

        assertThat(manifest.vote())
                .hasValueSatisfying(rule -> assertThat(rule.windowSeconds()).isEqualTo(WINDOW));
        try (Bundle bundle = Bundle.load(folder.resolve("bundle"))) {
            assertThat(bundle.manifest()).isEqualTo(manifest);
        }
        final JsonNode vote = manifest.metrics().at("/vote");
        assertThat(vote.at("/unit").asText()).isEqualTo("capture");
        assertThat(vote.at("/votes").asInt()).isEqualTo(60);
        assertThat(vote.at("/flowsPerVote").asInt()).isEqualTo(9);
        assertThat(vote.at("/hosts/votes").asInt()).isEqualTo(60);
        assertThat(vote.at("/accuracy").asDouble())
                .isGreaterThan(manifest.metrics().at("/cascade/accuracy").asDouble() + 0.1);
        assertThat(vote.at("/byFlows/0/accuracy").asDouble())
                .isLessThan(vote.at("/accuracy").asDouble());
        assertThat(vote.at("/compared"))
                .extracting(entry -> entry.get("way").asText())
                .contains("product", "mean", "majority");
        assertThat(folder.resolve("bundle").resolve(ModelCard.FILE))
                .content()
                .contains("## Hosts", "windows of 300 seconds", "| **all flows** |")
                .doesNotContain("%s");
    }

    @Test
    void shouldHaveNoVoteUnlessAskedForOne() throws IOException {
        final BundleManifest manifest = training(devices()).run();

        assertThat(manifest.vote()).isEmpty();
        assertThat(manifest.metrics().has("vote")).isFalse();
        assertThat(folder.resolve("bundle").resolve(ModelCard.FILE))
                .content()
                .doesNotContain("## Hosts");
    }

    @Test
    void shouldEvaluateTheVoteOfABundleAndShowIt() throws IOException {
        final TestCaptures captures = devices();
        training(captures).withVote(WINDOW).run();

        final EvaluationReport report = evaluate(captures);

        final JsonNode vote = new JsonMapper().readTree(report.json()).get("vote");
        assertThat(vote.at("/votes").asInt()).isEqualTo(60);
        assertThat(vote.at("/accuracy").asDouble()).isGreaterThan(0.85);
        assertThat(report.summary()).contains("of the 60 captures (9 flows each)");

        final PageText page = PageText.of(report.html());
        final List<List<String>> rows = page.table("hosts", 0);
        assertThat(rows)
                .extracting(row -> row.get(0))
                .containsExactly(
                        "flows that vote",
                        "the first",
                        "the first 3",
                        "the first 5",
                        "the first 10",
                        "all");
        for (int n = 0; n < 4; n++) {
            assertScores(rows.get(1 + n), vote.at("/hosts/byFlows/" + n), vote.at("/byFlows/" + n));
        }
        assertScores(rows.get(5), vote.at("/hosts"), vote);
        assertThat(page.text())
                .contains(
                        String.format(
                                Locale.ROOT,
                                "Votes are right about %.1f\u00a0%% of the 60 hosts",
                                100 * vote.at("/hosts/accuracy").asDouble()))
                .contains("within a window of 300 seconds");
    }

    /** Three decimals of what has four in the JSON. */
    private static void assertScores(
            final List<String> row, final JsonNode hosts, final JsonNode captures) {
        assertThat(row).hasSize(7);
        int cell = 1;
        for (final JsonNode node : List.of(hosts, captures)) {
            for (final String name : List.of("accuracy", "macroF1", "ece")) {
                assertThat(Double.parseDouble(row.get(cell++)))
                        .as(name)
                        .isCloseTo(node.get(name).asDouble(), within(0.000_56));
            }
        }
    }

    private EvaluationReport evaluate(final TestCaptures captures) {
        return new BundleEvaluation(
                        new EvaluationOptions(
                                folder.resolve("bundle"),
                                LabelSource.captures(captures.labels(), captures.folder()),
                                1),
                        heard,
                        System::nanoTime)
                .run();
    }

    private TestCaptures devices() throws IOException {
        return TestCaptures.devices(Files.createDirectories(folder.resolve("captures")), 60, 1);
    }

    private Training training(final TestCaptures captures) {
        final TierPlan only =
                new TierPlan(
                        "only",
                        new FeatureSpec("header", 1, 1, Set.of()),
                        new TreeTrainer(new TreeSettings(5, 2, 0.3, 1, 1, 1, 0)),
                        "cpu",
                        0);
        return new Training(
                TrainingOptions.defaults(
                                "device",
                                captures.labels(),
                                captures.folder(),
                                folder.resolve("bundle"))
                        .withTiers(List.of(only)),
                heard,
                Clock.systemUTC(),
                System::nanoTime);
    }
}
