/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import io.serveflow.app.settings.Settings;
import io.serveflow.camel.elastic.IndexProfile;
import java.io.IOException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.ResponseException;

/**
 * Looks at what verdicts and alerts are to be stored in: whether it is there or would be made as it
 * should, whether the pipelines that it names are there, and whether it can be written to.
 *
 * <p>All of it is asked with the cluster privilege {@code monitor} alone, which the key has that
 * {@code ./serveflow install elastic} makes.
 */
final class IndexChecks {

    private static final String INDEX = "index";
    private static final String PIPELINE = "pipeline";
    private static final String WRITING = "writing";

    /** The block that a full disk sets on an index, and the ones that somebody sets. */
    private static final String FLOOD = "12";

    private static final Map<String, String> BLOCKS =
            Map.of("4", "closed", "5", "index.blocks.read_only", "8", "index.blocks.write");

    private static final Map<String, String> BLOCKS_OF_ALL =
            Map.of("6", "cluster.blocks.read_only", "13", "cluster.blocks.read_only_allow_delete");

    private static final String FREE =
            "free disk space, and it goes on by itself; where the block was set by hand, take"
                    + " index.blocks.read_only_allow_delete away";

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyMMdd").withZone(ZoneOffset.UTC);

    private final Settings settings;
    private final Clock clock;
    private final ServerAnswers server;
    private final boolean isOfDays;

    /**
     * @param clock tells which day's index is written to
     */
    IndexChecks(final Settings settings, final Clock clock, final ServerAnswers server) {
        this.settings = settings;
        this.clock = clock;
        this.server = server;
        this.isOfDays = settings.text("serveflow.index.profile").equals(IndexProfile.MALCOLM.id());
    }

    /**
     * Something that documents are stored in.
     *
     * @param setting that names it
     * @param state of it and of its indices, as the server has it
     */
    private record Destination(String setting, String name, JsonNode state) {

        /** A data stream of the name. */
        private JsonNode stream() {
            return state.at("/metadata/data_stream/data_stream").path(name);
        }

        /** The settings of an index, by their flat names. */
        private JsonNode settings(final String index) {
            return state.at("/metadata/indices").path(index).path("settings");
        }

        private boolean isIndex() {
            return state.at("/metadata/indices").has(name);
        }

        private boolean isAlias() {
            return state.at("/metadata/indices")
                    .valueStream()
                    .flatMap(index -> index.path("aliases").valueStream())
                    .anyMatch(alias -> alias.asText().equals(name));
        }
    }

    /**
     * What was found.
     *
     * @throws IOException if the server is not reached any more, or fails
     */
    List<Finding> examine() throws IOException {
        final List<Finding> findings = new ArrayList<>();
        try {
            final List<Destination> destinations = destinations();
            final Set<String> written = new LinkedHashSet<>();
            final Set<String> pipelines = new TreeSet<>();
            for (final Destination one : destinations) {
                final Optional<CoveringTemplate> template =
                        CoveringTemplate.of(isOfDays ? today(one.name()) : one.name(), server);
                findings.add(isOfDays ? days(one, template) : stream(one, template));
                template.map(CoveringTemplate::pipelines).ifPresent(pipelines::addAll);
                newest(one)
                        .ifPresent(
                                index -> {
                                    written.add(index);
                                    pipelines.addAll(
                                            CoveringTemplate.pipelines(one.settings(index)));
                                });
            }
            if (!pipelines.isEmpty()) {
                findings.add(pipelines(pipelines));
            }
            findings.addAll(writing(written));
        } catch (final ResponseException e) {
            if (!Set.of(400, 403, 404, 405).contains(ServerAnswers.status(e))) {
                throw e;
            }
            findings.add(
                    Finding.skipped(
                            INDEX,
                            "it answered "
                                    + ServerAnswers.status(e)
                                    + " to "
                                    + e.getResponse().getRequestLine().getUri().split("\\?")[0]
                                    + ", so that what verdicts are stored in cannot be looked at"));
        }
        return findings;
    }

    private List<Destination> destinations() throws IOException {
        final List<String> names = new ArrayList<>(List.of("serveflow.index"));
        if (!settings.alerts().isEmpty()) {
            names.add("serveflow.alerts.index");
        }
        final List<Destination> destinations = new ArrayList<>();
        for (final String setting : names) {
            final String name = settings.text(setting);
            final Request request =
                    new Request("GET", "/_cluster/state/metadata/" + name + (isOfDays ? "-*" : ""));
            request.addParameter("ignore_unavailable", "true");
            request.addParameter("allow_no_indices", "true");
            request.addParameter("expand_wildcards", "all");
            request.addParameter("flat_settings", "true");
            request.addParameter(
                    "filter_path",
                    "metadata.indices.*.settings,metadata.indices.*.aliases,metadata.data_stream");
            destinations.add(new Destination(setting, name, server.read(request)));
        }
        return destinations;
    }

    private Finding stream(final Destination one, final Optional<CoveringTemplate> template) {
        if (one.isIndex() || one.isAlias()) {
            return Finding.failed(
                    INDEX,
                    "there is "
                            + (one.isIndex() ? "an index " : "an alias ")
                            + one.name()
                            + " where the data stream should be, from before there was a template",
                    "reindex or delete it, or choose another name in " + one.setting());
        }
        if (!one.stream().isMissingNode()) {
            return Finding.ok(INDEX, "the data stream " + one.name() + " is there");
        }
        if (template.isPresent() && !template.get().makesStream()) {
            return Finding.failed(
                    INDEX,
                    "the template "
                            + template.get().name()
                            + " is for "
                            + one.name()
                            + ", and makes an index and no data stream",
                    otherName(one));
        }
        if (template.isEmpty()) {
            return isOurs(one.name())
                    ? Finding.skipped(
                            INDEX, one.name() + " is made with its first document, by the template")
                    : Finding.failed(
                            INDEX,
                            "there is no data stream "
                                    + one.name()
                                    + " and no template that makes one",
                            otherName(one));
        }
        return template.get().isOurs()
                ? Finding.ok(INDEX, one.name() + " is made with its first document")
                : Finding.warning(
                        INDEX,
                        one.name()
                                + " would be made by the template "
                                + template.get().name()
                                + ", whose fields are not those of ServeFlow",
                        otherName(one));
    }

    private static String otherName(final Destination one) {
        return "let "
                + one.setting()
                + " begin with logs-serveflow-, or logs-serveflow.alerts-, or make a template with"
                + " data_stream and a higher priority for it";
    }

    /** What the shipped template is for. */
    private static boolean isOurs(final String name) {
        return name.startsWith("logs-serveflow-") || name.startsWith("logs-serveflow.alerts-");
    }

    private Finding days(final Destination one, final Optional<CoveringTemplate> template) {
        final String today = today(one.name());
        if (template.filter(covering -> !covering.makesStream()).isPresent()) {
            return Finding.ok(
                    INDEX,
                    "the template " + template.get().name() + " is for indices such as " + today);
        }
        if (template.isEmpty() && one.name().startsWith(IndexProfile.MALCOLM_NAMES)) {
            return Finding.skipped(INDEX, today + " is made with the first document of the day");
        }
        return Finding.failed(
                INDEX,
                template.isEmpty()
                        ? "no template is for " + today + ", which would have guessed types"
                        : "the template "
                                + template.get().name()
                                + " makes data streams of the name "
                                + today,
                "let "
                        + one.setting()
                        + " begin with "
                        + IndexProfile.MALCOLM_NAMES
                        + ", or make a template for it");
    }

    private String today(final String name) {
        return name + "-" + DAY.format(clock.instant());
    }

    /** The index that documents of now go to. */
    private Optional<String> newest(final Destination one) {
        if (isOfDays) {
            final String today = today(one.name());
            return Optional.of(today).filter(one.state().at("/metadata/indices")::has);
        }
        final JsonNode indices = one.stream().path("indices");
        return indices.isEmpty()
                ? Optional.empty()
                : Optional.of(indices.get(indices.size() - 1).path("index_name").asText());
    }

    private Finding pipelines(final Set<String> named) throws IOException {
        final Request request = new Request("GET", "/_cluster/state/metadata");
        request.addParameter("filter_path", "metadata.ingest.pipeline.id");
        final Set<String> missing = new TreeSet<>(named);
        server.read(request)
                .at("/metadata/ingest/pipeline")
                .forEach(pipeline -> missing.remove(pipeline.path("id").asText()));
        return missing.isEmpty()
                ? Finding.ok(PIPELINE, String.join(", ", named) + ": there")
                : Finding.failed(
                        PIPELINE,
                        "the template or the index names the ingest pipeline "
                                + String.join(", ", missing)
                                + ", which is not there",
                        "make it, or take default_pipeline or final_pipeline out of the template"
                                + " and the settings of the index");
    }

    /** Whether the indices of now can be written to. */
    private List<Finding> writing(final Set<String> indices) throws IOException {
        final List<Finding> findings = new ArrayList<>();
        final JsonNode blocks =
                server.read(new Request("GET", "/_cluster/state/blocks")).path("blocks");
        BLOCKS_OF_ALL.forEach(
                (id, setting) -> {
                    if (blocks.path("global").has(id)) {
                        findings.add(
                                Finding.failed(
                                        WRITING,
                                        "nothing can be written to the cluster: " + setting,
                                        "take it away with PUT /_cluster/settings"));
                    }
                });
        for (final String index : indices) {
            final JsonNode of = blocks.path("indices").path(index);
            if (of.has(FLOOD)) {
                findings.add(
                        Finding.failed(
                                WRITING,
                                "the disk is full to the flood-stage watermark: "
                                        + index
                                        + " takes no documents",
                                FREE));
            }
            BLOCKS.forEach(
                    (id, setting) -> {
                        if (of.has(id)) {
                            findings.add(
                                    Finding.failed(
                                            WRITING,
                                            index + " takes no documents: " + setting,
                                            "take it away, or begin a new index with POST"
                                                    + " /NAME/_rollover"));
                        }
                    });
        }
        final long flooded =
                blocks.path("indices").valueStream().filter(one -> one.has(FLOOD)).count();
        if (findings.isEmpty() && flooded > 0) {
            findings.add(
                    Finding.warning(
                            WRITING,
                            "the disk of a node is full to the flood-stage watermark: "
                                    + flooded
                                    + " indices, not of ServeFlow, take no documents",
                            "free disk space before verdicts are refused too"));
        }
        for (final String index : indices) {
            if (isWithoutPrimary(index)) {
                findings.add(
                        Finding.failed(
                                WRITING,
                                index + " has no active primary shard",
                                "GET /_cluster/allocation/explain says why"));
            }
        }
        if (findings.isEmpty()) {
            findings.add(
                    Finding.ok(
                            WRITING,
                            indices.isEmpty()
                                    ? "nothing blocks it"
                                    : "nothing blocks " + String.join(", ", indices)));
        }
        return findings;
    }

    private boolean isWithoutPrimary(final String index) throws IOException {
        return server.read(new Request("GET", "/_cluster/health/" + index))
                .path("status")
                .asText()
                .equals("red");
    }
}
