/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cases;

import io.serveflow.testing.kafka.LocalKafka;
import io.serveflow.testing.kafka.SharedKafka;
import io.serveflow.testing.samples.SharedTraffic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Inputs that lie beside the repository; without them the tests are left out. */
@EnabledIf("io.serveflow.testing.samples.SharedTraffic#casesPresent")
@ExtendWith(SharedKafka.class)
class HandedCasesTest {

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

    static Stream<SurprisingInput> all() {
        return SurprisingInput.ofKind("handed", SharedTraffic.cases());
    }

    static Stream<SurprisingInput> ofLines() {
        return all().filter(input -> !input.isCapture());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void shouldClassify(final SurprisingInput input) throws Exception {
        Rightness.assertClassified(input, classify);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ofLines")
    void shouldFollow(final SurprisingInput input) throws Exception {
        Rightness.assertRouted(input, routes.tailed(input));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ofLines")
    void shouldReadFromKafka(final SurprisingInput input) throws Exception {
        Rightness.assertRouted(input, routes.fromKafka(input));
    }
}
