/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.feature.FeatureSpec;
import io.serveflow.feature.Mask;
import io.serveflow.training.TrainingOptions.Testing;
import io.serveflow.training.TrainingOptions.Tiers;
import io.serveflow.training.bundle.About;
import io.serveflow.training.data.LabelSource;
import io.serveflow.training.data.Split;
import io.serveflow.training.score.Objective;
import io.serveflow.training.tier.TierPlan;
import io.serveflow.training.tier.TierTrainer;
import io.serveflow.training.trees.TreeSettings;
import io.serveflow.training.trees.TreeTrainer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrainingOptionsTest {

    private static final Path PATH = Path.of("x");
    private static final TierTrainer TREES = new TreeTrainer(new TreeSettings(1, 1, 1, 1, 0, 0, 0));

    private final TrainingOptions options =
            TrainingOptions.defaults("service", PATH, PATH, Path.of("out"));

    @Test
    void shouldPlanTheTiersOfThePaper() {
        assertThat(options.tiers().plans())
                .extracting(TierPlan::name)
                .containsExactly("fastest", "fast", "slow");
        assertThat(options.tiers().plans())
                .extracting(tier -> tier.features().packets())
                .containsExactly(1, 1, 10);
        assertThat(options.testing().folds()).isEqualTo(5);
    }

    @Test
    void shouldTakeSmallerStepsTheMoreRoundsThereAre() {
        assertThat(List.of("a=header:2:6", "a=header:2:7", "a=header:2:30", "a=header:2:31"))
                .extracting(stated -> Families.TREES.plan(stated).trainer().settings())
                .extracting(settings -> ((TreeSettings) settings).learningRate())
                .containsExactly(0.5, 0.25, 0.25, 0.07);
    }

    @Test
    void shouldMaskThePortsOfEveryTier() {
        assertThat(options.withoutPorts().tiers().plans())
                .allSatisfy(tier -> assertThat(tier.features().mask()).contains(Mask.PORTS));
    }

    @Test
    void shouldChangeTheRoundsOfBoostedTiersOnly() {
        assertThat(options.withRounds(7).tiers().plans())
                .extracting(tier -> tier.trainer().rounds())
                .containsExactly(7, 7, 7);
    }

    @Test
    void shouldNameAllOptionsThatDoNotFit() {
        assertThatThrownBy(
                        () ->
                                new TrainingOptions(
                                        new About("", "a b", "1", ""),
                                        LabelSource.captures(PATH, PATH),
                                        PATH,
                                        new Testing(1, Split.GROUP, 0),
                                        new Tiers(List.of(), false),
                                        Objective.DEFAULT,
                                        1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "--task must be 1 to 64 letters, digits, '.', '_' or '-', was ''; --name"
                                + " must be 1 to 64 letters, digits, '.', '_' or '-', was 'a b';"
                                + " --folds must be 3 to 20, was 1; tiers must be 1 to 4, were 0");
    }

    @Test
    void shouldReadATierInOneWord() {
        final TierPlan tier = Families.TREES.plan("fast=header+payload:2:80");
        assertThat(tier.name()).isEqualTo("fast");
        assertThat(tier.features().encoder()).isEqualTo("header+payload");
        assertThat(tier.features().packets()).isEqualTo(2);
        assertThat(tier.trainer().rounds()).isEqualTo(80);
    }

    @Test
    void shouldTellHowATierIsStated() {
        assertThatThrownBy(() -> Families.TREES.plan("fast=header"))
                .hasMessage(
                        "a tier is stated as NAME=ENCODER:PACKETS:ROUNDS, such as"
                                + " fast=header+payload:1:20, was 'fast=header'");
        assertThatThrownBy(() -> Families.TREES.plan("fast=wishes:1:10"))
                .hasMessageContaining("'wishes' is unknown");
    }

    @Test
    void shouldRefuseCandidatesOfWhichNoneReadsOnePacket() {
        assertThatThrownBy(
                        () ->
                                options.withCandidates(
                                        List.of(Families.TREES.plan("slow=header:10:150"))))
                .hasMessage("a candidate at least must read one packet");
    }

    @Test
    void shouldRefuseTiersOfOneName() {
        final TierPlan tier =
                new TierPlan("one", new FeatureSpec("nprint", 1, 1, Set.of()), TREES, "cpu", 0);
        assertThatThrownBy(() -> options.withTiers(List.of(tier, tier)))
                .hasMessage("tiers must have different names");
    }

    @Test
    void shouldShowOnlyTheMaskedFieldsThatAreAskedFor() {
        final TrainingOptions options =
                TrainingOptions.defaults("service", Path.of("l"), Path.of("c"), Path.of("o"))
                        .withTiers(List.of(Families.TREES.plan("fast=nprint:1:8")))
                        .unmasked(Set.of(Mask.IP_ID));

        assertThat(options.tiers().plans().get(0).features().mask())
                .containsExactlyInAnyOrder(Mask.ADDRESSES, Mask.CHECKSUMS, Mask.SEQ_ACK);
    }

    @Test
    void shouldNameAllTreeSettingsThatDoNotFit() {
        assertThatThrownBy(() -> new TreeSettings(0, 6, 2, Double.NaN, 1, 1, 0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rounds must be 1")
                .hasMessageContaining("learningRate must be")
                .hasMessageContaining("columns must be");
    }
}
