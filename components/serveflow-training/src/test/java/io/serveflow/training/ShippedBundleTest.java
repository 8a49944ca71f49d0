/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serveflow.feature.Mask;
import io.serveflow.model.Bundle;
import io.serveflow.model.TierSpec;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.training.bundle.ModelCard;
import io.serveflow.training.data.ClassMap;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bundles that come with the project. */
class ShippedBundleTest {

    private static final Path SERVICE = ProjectFiles.bundle("service");

    private static final Path MODELS = SERVICE.getParent();

    private static final long MOST_BYTES = 8L << 20;
    private static final long MOST_BYTES_OF_BUNDLE = 4L << 20;

    @Test
    void shouldLoadAndGiveItsGoldenAnswers() {
        try (Bundle bundle = Bundle.load(SERVICE)) {
            assertThat(bundle.manifest().task()).isEqualTo("service");
            assertThat(bundle.manifest().tiers())
                    .extracting(TierSpec::name)
                    .containsExactly("fastest", "fast", "slow");
        }
    }

    @Test
    void shouldBeSmallEnoughForARepository() {
        try (Bundle bundle = Bundle.load(SERVICE)) {
            assertThat(bundle.manifest().files().keySet())
                    .allSatisfy(
                            file ->
                                    assertThat(SERVICE.resolve(file).toFile().length())
                                            .isLessThan(MOST_BYTES));
        }
    }

    @Test
    void shouldUseEveryTier() {
        try (Bundle bundle = Bundle.load(SERVICE)) {
            assertThat(bundle.manifest().metrics().at("/cascade/decidedBy"))
                    .hasSize(3)
                    .allSatisfy(share -> assertThat(share.asDouble()).isGreaterThan(0.02));
        }
    }

    @Test
    void shouldTellOfEveryLabelInItsCard() {
        try (Bundle bundle = Bundle.load(SERVICE)) {
            assertThat(SERVICE.resolve(ModelCard.FILE))
                    .content()
                    .contains(
                            bundle.manifest().labels().stream()
                                    .map(label -> "| " + label + " | ")
                                    .toList());
        }
    }

    @Test
    void shouldShipABundleThatSeesNoPorts() {
        try (Bundle bundle = Bundle.load(MODELS.resolve("service-noports"))) {
            assertThat(bundle.manifest().task()).isEqualTo("service");
            assertThat(bundle.manifest().tiers())
                    .allSatisfy(tier -> assertThat(tier.features().mask()).contains(Mask.PORTS));
        }
    }

    @Test
    void shouldShipABundleWhoseHostsVote() {
        try (Bundle bundle = Bundle.load(MODELS.resolve("device"))) {
            assertThat(bundle.manifest().labels()).hasSize(25);
            assertThat(bundle.manifest().vote()).isPresent();
        }
    }

    /** What the models page promises, so that a bundle that does not keep it is not shipped. */
    @ParameterizedTest
    @CsvSource({
        "service, 0.88, 0.69",
        "service-noports, 0.64, 0.45",
        "device, 0.72, 0.69",
        "vpn, 0.80, 0.78"
    })
    void shouldHaveMeasuredWhatItPromises(
            final String name, final double accuracy, final double macroF1) {
        try (Bundle bundle = Bundle.load(MODELS.resolve(name))) {
            final JsonNode metrics = bundle.manifest().metrics();
            assertThat(metrics.at("/part").asText()).isEqualTo("out-of-fold");
            assertThat(metrics.at("/slowOnly/accuracy").asDouble()).isGreaterThan(accuracy);
            assertThat(metrics.at("/slowOnly/macroF1").asDouble()).isGreaterThan(macroF1);
            assertThat(metrics.at("/cascade/macroF1").asDouble())
                    .isGreaterThan(metrics.at("/slowOnly/macroF1").asDouble() - 0.01);
            assertThat(metrics.at("/cascade/ece").asDouble()).isLessThan(0.05);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vpn", "qoe", "qoe-platform"})
    void shouldLoadTheBundlesThatReadFurther(final String name) {
        try (Bundle bundle = Bundle.load(MODELS.resolve(name))) {
            assertThat(bundle.manifest().task()).isEqualTo(name);
            assertThat(
                            bundle.manifest().files().keySet().stream()
                                    .mapToLong(
                                            f -> MODELS.resolve(name).resolve(f).toFile().length())
                                    .sum())
                    .isLessThan(MOST_BYTES_OF_BUNDLE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vpn", "qoe", "qoe-platform"})
    void shouldBeTrainedOnTheClassesThatAreWrittenDown(final String name) {
        final ClassMap classes =
                ClassMap.read(
                        MODELS.resolve("classes").resolve(name + ".csv"), new NotedListener());
        try (Bundle bundle = Bundle.load(MODELS.resolve(name))) {
            assertThat(bundle.manifest().labels())
                    .containsExactlyInAnyOrderElementsOf(Set.copyOf(classes.classes().values()));
        }
    }
}
