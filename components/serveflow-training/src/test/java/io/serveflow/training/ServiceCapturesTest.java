/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.model.Bundle;
import io.serveflow.model.BundleManifest;
import io.serveflow.testing.samples.SharedTraffic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** From real captures to a bundle, where the labelled traffic is at hand. */
@EnabledIf("atHand")
class ServiceCapturesTest {

    private static final Path DATA = SharedTraffic.folder().resolve("svc");

    @TempDir private Path folder;

    static boolean atHand() {
        return Files.isRegularFile(DATA.resolve("labels.csv"));
    }

    @Test
    void shouldTrainOnSomeOfTheCaptures() throws IOException {
        final NotedListener heard = new NotedListener();
        final BundleManifest manifest =
                new Training(
                                TrainingOptions.defaults(
                                                "service",
                                                everyEighthGroup(),
                                                DATA.resolve("pcap"),
                                                folder.resolve("bundle"))
                                        .withRounds(3),
                                heard,
                                Clock.systemUTC(),
                                System::nanoTime)
                        .run();
        try (Bundle bundle = Bundle.load(folder.resolve("bundle"))) {
            assertThat(bundle.manifest()).isEqualTo(manifest);
        }
        assertThat(manifest.training().at("/data/rowsWithoutFlow").asInt())
                .isLessThan(manifest.training().at("/data/labelRows").asInt() / 50);
        assertThat(manifest.metrics().at("/cascade/accuracy").asDouble())
                .isGreaterThan(manifest.metrics().at("/majority/accuracy").asDouble() + 0.2);
    }

    private Path everyEighthGroup() throws IOException {
        final List<String> lines =
                Files.readAllLines(DATA.resolve("labels.csv"), StandardCharsets.UTF_8);
        final List<String> kept = new ArrayList<>(List.of(lines.get(0)));
        for (final String line : lines.subList(1, lines.size())) {
            if (line.split(",")[11].hashCode() % 8 == 0) {
                kept.add(line);
            }
        }
        return Files.write(folder.resolve("labels.csv"), kept);
    }
}
