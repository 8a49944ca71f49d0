/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/**
 * A document of {@code elastic-templates/}, or the ingest pipeline of {@code security-onion/}, that
 * Elasticsearch keeps under a path of its API: what it is to be, and what one that is there already
 * is.
 */
public final class ElasticResource {

    /** What stands in each resource of ours under {@value #OWNER}. */
    public static final String OURS = "serveflow";

    /** The field that says who made a resource. */
    public static final String OWNER = "managed_by";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What servers add of their own to what they return. */
    private static final Set<String> ADDED_BY_SERVERS =
            Set.of(
                    "created_date",
                    "created_date_millis",
                    "modified_date",
                    "modified_date_millis",
                    "transient_metadata");

    /** What the descriptions of resources say that were made before there was an owner. */
    private static final List<String> EARLIER =
            List.of("ServeFlow verdict", "ServeFlow data streams", "Verdicts of ServeFlow");

    /** What names the policy. */
    private static final ElasticResource LIFECYCLE =
            new ElasticResource(
                    "component/serveflow-lifecycle.json",
                    "_component_template/serveflow-lifecycle",
                    Needs.LIFECYCLE);

    private final String file;
    private final String path;
    private final Needs needs;

    /** What a server has to have, so that it can keep a resource. */
    public enum Needs {
        NOTHING,
        /** Index lifecycle management. */
        LIFECYCLE,
        /** The processors of an ingest pipeline. */
        INGEST,
        /** Users and roles. */
        SECURITY
    }

    /** How what is there stands to what is to be there. */
    public enum Standing {
        /** It is what it is to be. */
        CURRENT,
        /**
         * An earlier version of it, or somebody has changed what is not for operators to choose.
         */
        OUTDATED,
        /** An operator has chosen otherwise: how long verdicts are kept is nobody else's choice. */
        CHOSEN,
        /** Somebody else made it. */
        FOREIGN
    }

    /** What a server has under the paths of its API. */
    @FunctionalInterface
    public interface Presence {

        /** What it answers for a path without a slash before it; empty if there is nothing. */
        Optional<JsonNode> at(String path) throws IOException;
    }

    private ElasticResource(final String file, final String path, final Needs needs) {
        this.file = file;
        this.path = path;
        this.needs = needs;
    }

    /** The templates and the lifecycle policy, each behind those that it names. */
    public static List<ElasticResource> templates() {
        return List.of(
                new ElasticResource("ilm-policy.json", "_ilm/policy/serveflow", Needs.LIFECYCLE),
                LIFECYCLE,
                new ElasticResource(
                        "component/serveflow-mappings.json",
                        "_component_template/serveflow-mappings",
                        Needs.NOTHING),
                new ElasticResource(
                        "index-template.json", "_index_template/serveflow", Needs.NOTHING));
    }

    /** What Malcolm's OpenSearch knows: no lifecycle of Elasticsearch, no flattened fields. */
    public static List<ElasticResource> templatesOfMalcolm() {
        return List.of(
                new ElasticResource(
                        "malcolm/index-template.json",
                        "_index_template/serveflow-malcolm",
                        Needs.NOTHING));
    }

    /** The ingest pipeline for verdicts that an agent brings as lines of a file. */
    public static ElasticResource pipeline() {
        return new ElasticResource(
                "ingest-pipeline.json", "_ingest/pipeline/serveflow", Needs.INGEST);
    }

    /** The role with the rights that storing verdicts needs. */
    public static ElasticResource role() {
        return new ElasticResource("role.json", "_security/role/serveflow_writer", Needs.SECURITY);
    }

    /** The path below the server's address, such as {@code _index_template/serveflow}. */
    public String path() {
        return path;
    }

    /** The last part of the path. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** What the server has to have. */
    public Needs needs() {
        return needs;
    }

    /** What is to be there; a copy of the caller's own. */
    public JsonNode body() {
        try (InputStream in = ElasticResource.class.getResourceAsStream("templates/" + file)) {
            return JSON.readTree(Objects.requireNonNull(in, file));
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot read templates/" + file, e);
        }
    }

    /** The part of an answer to GET that has the form of {@link #body}. */
    public JsonNode in(final JsonNode answer) {
        return switch (kind()) {
            case "_component_template" -> answer.at("/component_templates/0/component_template");
            case "_index_template" -> answer.at("/index_templates/0/index_template");
            case "_ilm" ->
                    JSON.createObjectNode().set("policy", answer.path(name()).path("policy"));
            default -> answer.path(name());
        };
    }

    /** Whether what is there, as {@link #in} has it, says what it is to say. */
    public boolean isCurrent(final JsonNode present) {
        return flatten(present).equals(flatten(body()));
    }

    /**
     * Whether what is there, as {@link #in} has it, was made by this product, in whatever version:
     * those before the field {@value #OWNER} are known by their description.
     */
    public boolean isOurs(final JsonNode present) {
        final JsonNode about =
                switch (kind()) {
                    case "_ilm" -> present.at("/policy/_meta");
                    case "_security" -> present.path("metadata");
                    default -> present.path("_meta");
                };
        final String description =
                about.path("description").asText(present.path("description").asText());
        return about.path(OWNER).asText().equals(OURS)
                || EARLIER.stream().anyMatch(description::contains);
    }

    /**
     * How what is there stands to what is to be there. A policy that somebody has put there anew,
     * and without our mark, is still the one that our templates name, if they are there.
     *
     * @param present as {@link #in} has it
     * @param server asked for what else is there
     * @throws IOException if the server cannot be asked
     */
    public Standing standing(final JsonNode present, final Presence server) throws IOException {
        if (!isOurs(present) && !(isPolicy() && isNamedByOurs(server))) {
            return Standing.FOREIGN;
        }
        if (isCurrent(present)) {
            return Standing.CURRENT;
        }
        return isPolicy() && !flatten(phases(present)).equals(flatten(phases(body())))
                ? Standing.CHOSEN
                : Standing.OUTDATED;
    }

    private static boolean isNamedByOurs(final Presence server) throws IOException {
        return server.at(LIFECYCLE.path).map(LIFECYCLE::in).filter(LIFECYCLE::isOurs).isPresent();
    }

    private boolean isPolicy() {
        return kind().equals("_ilm");
    }

    /**
     * What an operator has chosen, as the part of a sentence, where {@link #standing} is {@link
     * Standing#CHOSEN}.
     *
     * @param present as {@link #in} has it
     */
    public String chosen(final JsonNode present) {
        final String after = phases(present).at("/delete/min_age").asText();
        return "somebody has changed its phases, which stay as they are: verdicts are "
                + (after.isEmpty() ? "never deleted" : "deleted after " + after)
                + "; this version would set "
                + phases(body()).at("/delete/min_age").asText();
    }

    private static JsonNode phases(final JsonNode policy) {
        return policy.at("/policy/phases");
    }

    private String kind() {
        return path.substring(0, path.indexOf('/'));
    }

    /**
     * A document as path to value, all values as text, so that {@code "index.mode"} equals {@code
     * {"index": {"mode": ..}}} and the number 1 equals the text "1", as they do for the server. So
     * do privileges in another order.
     */
    private Map<String, String> flatten(final JsonNode document) {
        final Map<String, String> flat = new TreeMap<>();
        flatten("", document, flat);
        return flat;
    }

    private void flatten(final String at, final JsonNode node, final Map<String, String> flat) {
        if (node.isObject() && !node.isEmpty()) {
            for (final Map.Entry<String, JsonNode> field : node.properties()) {
                if (!isAdded(field.getKey(), field.getValue())) {
                    flatten(at + "." + field.getKey(), field.getValue(), flat);
                }
            }
        } else if (node.isArray()) {
            final List<JsonNode> items = items((ArrayNode) node);
            for (int i = 0; i < items.size(); i++) {
                flatten(at + "." + i, items.get(i), flat);
            }
        } else {
            flat.put(at, node.asText());
        }
    }

    private static boolean isAdded(final String field, final JsonNode value) {
        return ADDED_BY_SERVERS.contains(field)
                || field.equals("allow_restricted_indices") && !value.asBoolean();
    }

    private List<JsonNode> items(final ArrayNode array) {
        final List<JsonNode> items = StreamSupport.stream(array.spliterator(), false).toList();
        return needs == Needs.SECURITY && items.stream().allMatch(JsonNode::isTextual)
                ? items.stream().sorted((a, b) -> a.asText().compareTo(b.asText())).toList()
                : items;
    }

    @Override
    public String toString() {
        return path;
    }
}
