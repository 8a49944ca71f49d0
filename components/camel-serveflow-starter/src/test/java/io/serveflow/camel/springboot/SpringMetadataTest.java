/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The metadata of options for editors, against the options that the components have. */
class SpringMetadataTest {

    private static final Path METADATA =
            Path.of("src/main/resources/META-INF/spring-configuration-metadata.json");
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern CAPITAL = Pattern.compile("([A-Z])");

    @Test
    void shouldDescribeEveryOptionOfEveryComponent() throws IOException {
        final String expected =
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(metadata()) + '\n';
        final Path fresh = Files.writeString(Path.of("target", "metadata.json"), expected);

        assertThat(Files.exists(METADATA) ? Files.readString(METADATA) : "")
                .as("%s; where options have changed, copy %s over it", METADATA, fresh)
                .isEqualTo(expected);
    }

    private static ObjectNode metadata() throws IOException {
        final Map<String, ObjectNode> properties = new TreeMap<>();
        for (final Path catalog : catalogs()) {
            final JsonNode component = JSON.readTree(catalog.toFile());
            final String prefix =
                    "camel.component." + component.at("/component/scheme").asText() + '.';
            component
                    .get("componentProperties")
                    .properties()
                    .forEach(
                            option ->
                                    properties.put(
                                            prefix + kebab(option.getKey()),
                                            property(
                                                    prefix + kebab(option.getKey()),
                                                    option.getValue())));
        }
        final ObjectNode metadata = JSON.createObjectNode();
        final ArrayNode list = metadata.putArray("properties");
        properties.values().forEach(list::add);
        return metadata;
    }

    private static ObjectNode property(final String name, final JsonNode option) {
        final ObjectNode property = JSON.createObjectNode();
        property.put("name", name);
        property.put("type", boxed(option.get("javaType").asText()));
        property.put("description", option.get("description").asText());
        if (option.has("defaultValue")) {
            property.set("defaultValue", option.get("defaultValue"));
        }
        return property;
    }

    private static String boxed(final String javaType) {
        return switch (javaType) {
            case "boolean" -> "java.lang.Boolean";
            case "int" -> "java.lang.Integer";
            case "long" -> "java.lang.Long";
            case "double" -> "java.lang.Double";
            default -> javaType;
        };
    }

    private static String kebab(final String name) {
        return CAPITAL.matcher(name).replaceAll(found -> '-' + found.group().toLowerCase());
    }

    private static List<Path> catalogs() throws IOException {
        try (Stream<Path> files = Files.walk(ProjectFiles.path("components"))) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .filter(
                            file ->
                                    file.toString()
                                            .contains(
                                                    "/src/generated/resources/META-INF/io/serveflow/"))
                    .sorted()
                    .toList();
        }
    }
}
