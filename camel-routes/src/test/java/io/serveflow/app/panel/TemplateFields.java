/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The fields of the shipped templates with their types. */
final class TemplateFields {

    private final Map<String, String> types = new HashMap<>();

    private TemplateFields() {}

    static TemplateFields read() throws IOException {
        final TemplateFields fields = new TemplateFields();
        fields.add(
                "",
                new JsonMapper()
                        .readTree(
                                ProjectFiles.path(
                                                "elastic-templates/component/serveflow-mappings.json")
                                        .toFile())
                        .at("/template/mappings/properties"));
        return fields;
    }

    private void add(final String prefix, final JsonNode properties) {
        properties
                .properties()
                .forEach(
                        field -> {
                            final String name = prefix + field.getKey();
                            if (field.getValue().has("properties")) {
                                add(name + ".", field.getValue().get("properties"));
                            } else {
                                types.put(name, field.getValue().path("type").asText());
                            }
                        });
    }

    boolean has(final String field) {
        return types.containsKey(field);
    }

    String type(final String field) {
        return types.getOrDefault(field, "missing");
    }
}
