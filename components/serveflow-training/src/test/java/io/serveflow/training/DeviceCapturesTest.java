/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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

/** The vote on real devices, where the labelled traffic is at hand. */
@EnabledIf("atHand")
class DeviceCapturesTest {

    private static final Path DATA = SharedTraffic.folder().resolve("iotdev");

    @TempDir private Path folder;

    static boolean atHand() {
        return Files.isRegularFile(DATA.resolve("labels.csv"));
    }

    @Test
    void shouldKnowDevicesBetterByAllTheirFlowsThanByOne() throws IOException {
        final JsonNode metrics =
                new Training(
                                TrainingOptions.defaults(
                                                "device",
                                                everyEighthCapture(),
                                                DATA.resolve("pcap"),
                                                folder.resolve("bundle"))
                                        .withTiers(List.of(Families.TREES.plan("fast=header:1:3"))),
                                new NotedListener(),
                                Clock.systemUTC(),
                                System::nanoTime)
                        .withVote(600)
                        .run()
                        .metrics();

        assertThat(metrics.at("/vote/votes").asInt()).isGreaterThan(30);
        assertThat(metrics.at("/vote/accuracy").asDouble())
                .isGreaterThan(metrics.at("/cascade/accuracy").asDouble() + 0.05);
        assertThat(metrics.at("/vote/hosts/accuracy").asDouble())
                .isGreaterThan(metrics.at("/vote/hosts/byFlows/0/accuracy").asDouble());
    }

    private Path everyEighthCapture() throws IOException {
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
