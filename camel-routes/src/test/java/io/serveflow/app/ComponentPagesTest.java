/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The pages of the Camel components and what tools find of these, against the options that they
 * really have. This writes the tables of the pages: {@code mvn test -pl camel-routes -am
 * -Dtest=ComponentPagesTest -Dsurefire.failIfNoSpecifiedTests=false
 * -DargLine=-Dserveflow.write=true}.
 */
class ComponentPagesTest {

    private static final Path COMPONENTS = ProjectFiles.path("components");

    private static final String OPTIONS_BEGIN =
            "[width=\"100%\",cols=\"2,5,^1,2\",options=\"header\"]\n|===\n"
                    + "| Name | Description | Default | Type\n";
    private static final String HEADERS_BEGIN =
            "[width=\"100%\",cols=\"3,5,2\",options=\"header\"]\n|===\n"
                    + "| Name | Description | Type\n";
    private static final String TABLE_END = "|===\n";

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
    void shouldShowTheTablesOfTheCatalog(final Path catalog) throws IOException {
        final JsonNode component = new JsonMapper().readTree(catalog.toFile());
        final Path file = page(component.at("/component/scheme").asText());
        final String page = Files.readString(file);
        String made = put("options", options(component), page);
        if (component.has("headers")) {
            made = put("headers", headers(component), made);
        }
        if (Boolean.getBoolean("serveflow.write")) {
            Files.writeString(file, made);
            return;
        }

        assertThat(page)
                .as("%s; with -DargLine=-Dserveflow.write=true this test writes the tables", file)
                .isEqualTo(made);
    }

    /** A page with a table between the markers that Camel's own pages have. */
    private static String put(final String what, final String table, final String page) {
        final String start = "// component " + what + ": START\n";
        final String end = "// component " + what + ": END\n";
        assertThat(page).contains(start).contains(end);
        return page.substring(0, page.indexOf(start) + start.length())
                + table
                + page.substring(page.indexOf(end));
    }

    private static String options(final JsonNode component) {
        final JsonNode endpoint = component.get("properties");
        final StringBuilder table = new StringBuilder(OPTIONS_BEGIN);
        endpoint.properties().forEach(option -> row(option.getKey(), option.getValue(), table));
        final StringBuilder others = new StringBuilder();
        component.get("componentProperties").properties().stream()
                .filter(option -> !endpoint.has(option.getKey()))
                .forEach(option -> row(option.getKey(), option.getValue(), others));
        return table
                + TABLE_END
                + "\nOf the component alone:\n\n"
                + OPTIONS_BEGIN
                + others
                + TABLE_END;
    }

    private static void row(final String name, final JsonNode option, final StringBuilder table) {
        if (CAMELS_OWN.contains(name)) {
            return;
        }
        final String label = option.path("label").asText();
        table.append("| *").append(name).append('*');
        table.append(label.isEmpty() ? "" : " (" + label.replace(",", ", ") + ")");
        table.append(" | ").append(option.path("required").asBoolean() ? "*Required* " : "");
        table.append(sentence(option));
        if (option.has("enum")) {
            final List<String> values = new ArrayList<>();
            option.get("enum").forEach(value -> values.add("`" + value.asText() + "`"));
            table.append(" One of ").append(String.join(", ", values)).append('.');
        }
        table.append(" | ").append(escaped(option.path("defaultValue").asText()));
        table.append(" | ").append(type(option)).append('\n');
    }

    private static String type(final JsonNode option) {
        final String kind = option.path("type").asText();
        if (kind.equals("enum") || kind.equals("duration")) {
            return kind;
        }
        final String type = option.path("javaType").asText();
        return type.substring(type.lastIndexOf('.') + 1);
    }

    private static String headers(final JsonNode component) {
        final StringBuilder table = new StringBuilder(HEADERS_BEGIN);
        component
                .get("headers")
                .properties()
                .forEach(
                        header ->
                                table.append("| ")
                                        .append(header.getKey())
                                        .append(" | ")
                                        .append(sentence(header.getValue()))
                                        .append(" | ")
                                        .append(type(header.getValue()))
                                        .append('\n'));
        return table + TABLE_END;
    }

    private static String sentence(final JsonNode described) {
        final String text = escaped(described.path("description").asText());
        return text.endsWith(".") ? text : text + ".";
    }

    /** A text that AsciiDoc shows as it is. */
    private static String escaped(final String text) {
        return text.replace("|", "\\|").replaceAll("\\{(\\w+)}", "\\\\{$1}");
    }

    /** Tools find the components of others by this list in their jars. */
    @Test
    void shouldListTheComponentsOfEachJar() throws IOException {
        for (final Path catalog : catalogs()) {
            final Path module = catalog.subpath(0, COMPONENTS.getNameCount() + 1);
            final String scheme =
                    new JsonMapper().readTree(catalog.toFile()).at("/component/scheme").asText();
            final Properties list = new Properties();
            try (Reader reader =
                    Files.newBufferedReader(
                            Path.of("/")
                                    .resolve(module)
                                    .resolve(
                                            "target/classes/META-INF/services/org/apache/camel/"
                                                    + "component.properties"))) {
                list.load(reader);
            }

            assertThat(list.getProperty("components").split(" ")).contains(scheme);
            assertThat(list.getProperty("artifactId")).isEqualTo(module.getFileName().toString());
        }
    }

    /** Those of lines, which the sources read that ask for one. */
    @Test
    void shouldListTheValuesWhereAFormatIsAskedFor() throws IOException {
        final List<String> formats = new ArrayList<>(List.of("auto"));
        SensorFormats.installed().lines().forEach(lines -> formats.add(lines.id()));
        int asked = 0;
        for (final Path catalog : catalogs()) {
            final JsonNode format =
                    new JsonMapper().readTree(catalog.toFile()).at("/properties/format");
            if (!format.isMissingNode()) {
                asked++;
                final List<String> values = new ArrayList<>();
                format.path("enum").forEach(value -> values.add(value.asText()));
                assertThat(values).as(catalog.toString()).isEqualTo(formats);
            }
        }
        assertThat(asked).isEqualTo(3);
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
