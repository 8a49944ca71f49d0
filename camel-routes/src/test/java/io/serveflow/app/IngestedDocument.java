/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What an ingest pipeline makes of a document, for the few processors that ours has: the server of
 * the tests has none. A processor or condition that is not known here is a failure.
 */
final class IngestedDocument {

    private static final JsonMapper JSON = new JsonMapper();

    private static final Map<String, Predicate<ObjectNode>> CONDITIONS =
            Map.of(
                    "ctx.message != null",
                    document -> document.hasNonNull("message"),
                    "(ctx.observer?.name == null || ctx.observer.name == 'serveflow')"
                            + " && ctx.agent?.name != null",
                    document ->
                            document.at("/observer/name").asText("serveflow").equals("serveflow")
                                    && document.at("/agent/name").isTextual());

    private final JsonNode pipeline;

    IngestedDocument(final JsonNode pipeline) {
        this.pipeline = pipeline;
    }

    /** The document that is stored. */
    ObjectNode of(final ObjectNode shipped) throws IOException {
        final ObjectNode document = shipped.deepCopy();
        for (final JsonNode step : pipeline.get("processors")) {
            final Map.Entry<String, JsonNode> processor = step.properties().iterator().next();
            if (!processor.getValue().has("if")
                    || CONDITIONS.get(processor.getValue().get("if").asText()).test(document)) {
                apply(processor.getKey(), processor.getValue(), document);
            }
        }
        return document;
    }

    private static void apply(final String kind, final JsonNode options, final ObjectNode document)
            throws IOException {
        switch (kind) {
            case "remove" -> options.get("field").forEach(field -> document.remove(field.asText()));
            case "json" -> {
                require(options.path("add_to_root").asBoolean());
                require(options.path("add_to_root_conflict_strategy").asText().equals("merge"));
                merge(
                        document,
                        JSON.readTree(document.get(options.get("field").asText()).asText()));
            }
            case "set" -> {
                final String[] path = options.get("field").asText().split("\\.");
                document.withObject("/" + path[0])
                        .set(
                                path[1],
                                options.has("copy_from")
                                        ? document.at(
                                                "/"
                                                        + options.get("copy_from")
                                                                .asText()
                                                                .replace('.', '/'))
                                        : options.get("value"));
            }
            // Of Security Onion; it adds places and networks of addresses.
            case "pipeline" -> require(options.path("name").asText().equals("common"));
            default -> throw new IllegalArgumentException("no such processor here: " + kind);
        }
    }

    private static void require(final boolean known) {
        if (!known) {
            throw new IllegalArgumentException("the pipeline has changed, and this has not");
        }
    }

    /** As Elasticsearch merges what it has read into a document. */
    private static void merge(final ObjectNode into, final JsonNode from) {
        from.properties()
                .forEach(
                        field -> {
                            final JsonNode there = into.get(field.getKey());
                            if (there instanceof ObjectNode object && field.getValue().isObject()) {
                                merge(object, field.getValue());
                            } else {
                                into.set(field.getKey(), field.getValue());
                            }
                        });
    }
}
