/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.model.Bundle;
import io.serveflow.model.TierSpec;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The bundle that comes with the project. */
class ShippedBundleTest {

    private static final Path SERVICE =
            Path.of(System.getProperty("serveflow.root")).resolve("models").resolve("service");

    private static final long MOST_BYTES = 8L << 20;

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
            assertThat(SERVICE.resolve(Training.CARD))
                    .content()
                    .contains(
                            bundle.manifest().labels().stream()
                                    .map(label -> "| " + label + " | ")
                                    .toList());
        }
    }
}
