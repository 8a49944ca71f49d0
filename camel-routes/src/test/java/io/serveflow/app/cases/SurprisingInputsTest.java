/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cases;

import io.serveflow.testing.kafka.LocalKafka;
import io.serveflow.testing.kafka.SharedKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Inputs as real sensors, shippers and tunnels write them, with values found without looking here.
 */
@ExtendWith(SharedKafka.class)
class SurprisingInputsTest {

    @TempDir private static Path folder;
    private static ClassifiedInput classify;
    private static RoutedInputs routes;

    @BeforeAll
    static void startRoutes(final LocalKafka kafka) throws IOException {
        classify = new ClassifiedInput(folder);
        routes = new RoutedInputs(ofLines().toList(), folder, kafka);
    }

    @AfterAll
    static void stopRoutes() {
        routes.close();
    }

    static Stream<SurprisingInput> ofOneFile() {
        return SurprisingInput.ofAllKinds().filter(input -> input.glob().isEmpty());
    }

    static Stream<SurprisingInput> ofLinesInOneFile() {
        return ofLines().filter(input -> input.glob().isEmpty());
    }

    static Stream<SurprisingInput> ofLines() {
        return SurprisingInput.ofAllKinds()
                .filter(input -> !input.isCapture() && input.setting("strict").isEmpty());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ofOneFile")
    void shouldClassify(final SurprisingInput input) throws Exception {
        Rightness.assertClassified(input, classify);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ofLines")
    void shouldFollow(final SurprisingInput input) throws Exception {
        Rightness.assertRouted(input, routes.tailed(input));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ofLinesInOneFile")
    void shouldReadFromKafka(final SurprisingInput input) throws Exception {
        Rightness.assertRouted(input, routes.fromKafka(input));
    }
}
