/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages of the Camel components against the options that the components really have. */
class ComponentPagesTest {

    private static final Path COMPONENTS =
            Path.of(System.getProperty("serveflow.root")).resolve("components");

    /** Options that every Camel component has, which Camel's own documentation explains. */
    private static final Set<String> CAMELS_OWN =
            Set.of(
                    "autowiredEnabled",
                    "bridgeErrorHandler",
                    "configuration",
                    "exceptionHandler",
                    "exchangePattern",
                    "healthCheckConsumerEnabled",
                    "healthCheckProducerEnabled",
                    "lazyStartProducer");

    @ParameterizedTest
    @MethodSource("catalogs")
    void shouldExplainEveryOption(final Path catalog) throws IOException {
        final JsonNode component = new JsonMapper().readTree(catalog.toFile());
        final String page = Files.readString(page(component.at("/component/scheme").asText()));

        final List<String> options = new ArrayList<>();
        component.get("properties").fieldNames().forEachRemaining(options::add);
        component.get("componentProperties").fieldNames().forEachRemaining(options::add);
        options.removeAll(CAMELS_OWN);

        assertThat(options).isNotEmpty().allSatisfy(option -> assertThat(page).contains(option));
    }

    static List<Path> catalogs() throws IOException {
        return find("/src/generated/resources/META-INF/io/serveflow/", ".json");
    }

    private static Path page(final String scheme) throws IOException {
        return find("/src/main/docs/", "/" + scheme + "-component.adoc").get(0);
    }

    private static List<Path> find(final String folder, final String end) throws IOException {
        try (Stream<Path> files = Files.walk(COMPONENTS)) {
            return files.filter(file -> file.toString().contains(folder))
                    .filter(file -> file.toString().endsWith(end))
                    .toList();
        }
    }
}
