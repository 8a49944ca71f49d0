/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.serveflow.camel.elastic.ElasticResource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.ResponseException;

/**
 * The index template by which an index or data stream would be made.
 *
 * @param makesStream whether it makes data streams
 * @param isOurs whether its fields are those of ServeFlow
 * @param pipelines that it names, itself or by its components
 */
record CoveringTemplate(String name, boolean makesStream, boolean isOurs, Set<String> pipelines) {

    private static final List<String> PIPELINES = List.of("default_pipeline", "final_pipeline");

    /** The word for no pipeline. */
    private static final String NONE = "_none";

    /**
     * That of the highest priority whose patterns match a name; empty if none does.
     *
     * @throws IOException if the server does not say
     */
    static Optional<CoveringTemplate> of(final String name, final ServerAnswers server)
            throws IOException {
        JsonNode highest = MissingNode.getInstance();
        for (final JsonNode one :
                server.read(new Request("GET", "/_index_template")).path("index_templates")) {
            final JsonNode template = one.path("index_template");
            if (covers(template.path("index_patterns"), name)
                    && (highest.isMissingNode() || priority(one) > priority(highest))) {
                highest = one;
            }
        }
        return highest.isMissingNode() ? Optional.empty() : Optional.of(read(highest, server));
    }

    private static long priority(final JsonNode template) {
        return template.at("/index_template/priority").asLong();
    }

    private static CoveringTemplate read(final JsonNode found, final ServerAnswers server)
            throws IOException {
        final JsonNode template = found.path("index_template");
        final boolean ours =
                template.path("_meta")
                                .path(ElasticResource.OWNER)
                                .asText()
                                .equals(ElasticResource.OURS)
                        || template.path("composed_of")
                                .valueStream()
                                .anyMatch(one -> one.asText().equals("serveflow-mappings"));
        return new CoveringTemplate(
                found.path("name").asText(),
                template.has("data_stream"),
                ours,
                pipelinesOf(template, server));
    }

    /** What comes later wins, the template itself last. */
    private static Set<String> pipelinesOf(final JsonNode template, final ServerAnswers server)
            throws IOException {
        final Map<String, String> named = new TreeMap<>();
        for (final JsonNode component : template.path("composed_of")) {
            try {
                add(
                        server.read(
                                        new Request(
                                                "GET",
                                                "/_component_template/" + component.asText()))
                                .at("/component_templates/0/component_template/template/settings"),
                        named);
            } catch (final ResponseException e) {
                // A template may name one that is not there, which says nothing then.
                if (ServerAnswers.status(e) != 404) {
                    throw e;
                }
            }
        }
        add(template.at("/template/settings"), named);
        return without(named);
    }

    /** The pipelines that the settings of an index name, by their flat names or not. */
    static Set<String> pipelines(final JsonNode settings) {
        final Map<String, String> named = new TreeMap<>();
        add(settings, named);
        return without(named);
    }

    private static void add(final JsonNode settings, final Map<String, String> named) {
        for (final String one : PIPELINES) {
            Stream.of(
                            settings.path("index." + one),
                            settings.path("index").path(one),
                            settings.path(one))
                    .filter(JsonNode::isTextual)
                    .forEach(said -> named.put(one, said.asText()));
        }
    }

    private static Set<String> without(final Map<String, String> named) {
        final Set<String> pipelines = new TreeSet<>(named.values());
        pipelines.remove(NONE);
        return pipelines;
    }

    /** A star stands for any characters, also for none. */
    private static boolean covers(final JsonNode patterns, final String name) {
        return patterns.valueStream()
                .map(JsonNode::asText)
                .anyMatch(pattern -> name.matches(expression(pattern)));
    }

    private static String expression(final String pattern) {
        return Stream.of(pattern.split("\\*", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*"));
    }
}
