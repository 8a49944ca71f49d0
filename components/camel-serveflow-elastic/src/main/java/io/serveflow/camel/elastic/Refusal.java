/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a document was not taken, and what would cure that: the document is held while somebody or
 * something else can, and is a dead letter only where it is wrong itself.
 *
 * <p>Types and reasons as Elasticsearch 8.19.9 and 9.5.3 give them; {@code IndexHoldsTest} has each
 * of them from a real server.
 *
 * @param message what is wrong and what cures it, as the part of a sentence that follows the name
 *     of the server
 */
record Refusal(Cure cure, String message) {

    /** What makes the server take the document. */
    enum Cure {
        /** Time alone, or whoever can change the server, its settings or our rights on it. */
        SERVER,
        /** The template of the data stream, which is missing. */
        TEMPLATE,
        /** Another document: this one is refused wherever and whenever it is sent. */
        DOCUMENT,
        /** An error that says neither; whether other documents are taken shows which it is. */
        UNKNOWN
    }

    private static final Pattern BLOCK =
            Pattern.compile("(?:index \\[([^\\]]*)\\] )?blocked by: \\[[A-Z_]+/(\\d+)/");

    private static final Pattern PIPELINE =
            Pattern.compile("pipeline with id \\[([^\\]]*)\\] does not exist");

    private static final Set<String> OF_DOCUMENTS =
            Set.of(
                    "document_parsing_exception",
                    "mapper_parsing_exception",
                    "strict_dynamic_mapping_exception",
                    "mapper_exception",
                    "parse_exception",
                    "parsing_exception",
                    "x_content_parse_exception",
                    "json_parse_exception",
                    "json_e_o_f_exception",
                    "number_format_exception",
                    "max_bytes_length_exceeded_exception",
                    "action_request_validation_exception");

    /** The words of an {@code illegal_argument_exception} that is about what is in the document. */
    private static final Pattern ABOUT_CONTENT =
            Pattern.compile("\\b(fields?|documents?|_id|terms?|timestamp|mapping|depth)\\b");

    Refusal {
        Objects.requireNonNull(cure, "cure");
        Objects.requireNonNull(message, "message");
    }

    /**
     * What a refusal means.
     *
     * @param status the status of the item or, where the whole request was refused, of the answer
     */
    static Refusal of(final int status, final ServerError error, final Destination to) {
        final String said = said(status, error);
        final String dataStream = to.name();
        return switch (error.type()) {
            case "cluster_block_exception" -> server(block(error) + said);
            case "index_closed_exception" ->
                    server(
                            "has closed the write index of "
                                    + dataStream
                                    + "; open it with POST /"
                                    + index(error, dataStream)
                                    + "/_open, or begin a new one with POST /"
                                    + dataStream
                                    + "/_rollover"
                                    + said);
            case "index_not_found_exception" ->
                    error.reason().contains("auto_create_index")
                            ? server(
                                    "has no data stream "
                                            + dataStream
                                            + " and may not make one; allow it in"
                                            + " action.auto_create_index, or make it with PUT"
                                            + " /_data_stream/"
                                            + dataStream
                                            + said)
                            : new Refusal(
                                    Cure.TEMPLATE,
                                    "has no data stream "
                                            + dataStream
                                            + " and no template that makes one; those of"
                                            + " ServeFlow, which ./serveflow install elastic or"
                                            + " installTemplates=true"
                                            + " (serveflow.elasticsearch.templates=true) installs,"
                                            + " are for names like logs-serveflow-so: choose such"
                                            + " a name, or make a template of your own"
                                            + said);
            case "resource_not_found_exception" ->
                    error.reason().contains("is not a data stream")
                            ? server(
                                    "has an index or alias of the name "
                                            + dataStream
                                            + " where the data stream should be; delete or rename"
                                            + " it, or choose another data stream"
                                            + said)
                            : server("lacks something that indexing needs" + said);
            case "security_exception" -> server(rights(status, to) + said);
            case "validation_exception" ->
                    error.reason().contains("shards")
                            ? server(
                                    "may hold no more shards; delete old indices, or raise"
                                            + " cluster.max_shards_per_node"
                                            + said)
                            : unknown(said);
            case "unavailable_shards_exception", "no_shard_available_action_exception" ->
                    server(
                            "has no active primary shard for "
                                    + dataStream
                                    + "; GET /_cluster/allocation/explain says why"
                                    + said);
            case "circuit_breaking_exception" ->
                    server(
                            "has too little memory for the request; it goes on by itself, or give"
                                    + " Elasticsearch more heap"
                                    + said);
            case "illegal_argument_exception" -> illegalArgument(error, said);
            default -> byStatus(status, error, said, to);
        };
    }

    /** Whether a document of this refusal is to be sent again. */
    boolean isHeld() {
        return cure != Cure.DOCUMENT;
    }

    private static Refusal byStatus(
            final int status, final ServerError error, final String said, final Destination to) {
        if (OF_DOCUMENTS.contains(error.type())) {
            return new Refusal(Cure.DOCUMENT, "refused the document" + said);
        }
        return switch (status) {
            case 401, 403 -> server(rights(status, to) + said);
            case 404, 405, 410 ->
                    server(
                            "does not know the address; check urls, a proxy may lead elsewhere"
                                    + said);
            case 408, 429, 502, 503, 504 ->
                    server("is busy or not ready; it goes on by itself" + said);
            default -> unknown(said);
        };
    }

    private static Refusal illegalArgument(final ServerError error, final String said) {
        final Matcher pipeline = PIPELINE.matcher(error.reason());
        if (pipeline.find()) {
            return server(
                    "lacks the ingest pipeline "
                            + pipeline.group(1)
                            + "; make it, or take it out of the template's default_pipeline or"
                            + " final_pipeline"
                            + said);
        }
        return ABOUT_CONTENT.matcher(error.reason()).find()
                ? new Refusal(Cure.DOCUMENT, "refused the document" + said)
                : unknown(said);
    }

    private static Refusal server(final String message) {
        return new Refusal(Cure.SERVER, message);
    }

    private static Refusal unknown(final String said) {
        return new Refusal(
                Cure.UNKNOWN,
                "refused documents for a reason that is not known to be theirs; look into its log"
                        + said);
    }

    private static String rights(final int status, final Destination to) {
        return status == 401
                ? "does not accept the credentials; check username and password, or apiKey"
                : "does not let the user or API key create documents in "
                        + to.name()
                        + "; grant "
                        + to.rights()
                        + " on it";
    }

    /** The numbers of blocks are part of the reason and the same in all versions. */
    private static String block(final ServerError error) {
        final Matcher block = BLOCK.matcher(error.reason());
        if (!block.find()) {
            return "blocks writing; remove the block";
        }
        final String index = block.group(1);
        return switch (block.group(2)) {
            case "5" -> indexBlock("read_only", index);
            case "8" -> indexBlock("write", index);
            case "9" -> indexBlock("metadata", index);
            case "4" -> "has closed " + index + "; open it with POST /" + index + "/_open";
            case "6" -> clusterBlock("read_only");
            case "13" -> clusterBlock("read_only_allow_delete");
            case "12" ->
                    "has stopped writing to "
                            + index
                            + " because the disk is full to the flood-stage watermark; free disk"
                            + " space and it goes on by itself, or, where the block was set by"
                            + " hand, "
                            + remove("read_only_allow_delete", index);
            case "1", "2" ->
                    "has not recovered its state or has no master; see GET /_cluster/health";
            default -> "blocks writing to " + index + "; remove the block";
        };
    }

    private static String indexBlock(final String block, final String index) {
        return "has the block " + block + " on " + index + "; " + remove(block, index);
    }

    private static String remove(final String block, final String index) {
        return "remove it with PUT /" + index + "/_settings {\"index.blocks." + block + "\":null}";
    }

    private static String clusterBlock(final String block) {
        return "has the block "
                + block
                + " on the whole cluster; remove it with PUT /_cluster/settings"
                + " {\"persistent\":{\"cluster.blocks."
                + block
                + "\":null},\"transient\":{\"cluster.blocks."
                + block
                + "\":null}}";
    }

    private static String index(final ServerError error, final String dataStream) {
        return error.index().isEmpty() ? dataStream : error.index();
    }

    private static String said(final int status, final ServerError error) {
        // The reason of a shard that is not there ends with the documents that were for it.
        final int request = error.text().indexOf(", request: [");
        final String words = request < 0 ? error.text() : error.text().substring(0, request);
        return " ("
                + status
                + (error.text().isEmpty() ? "" : ", " + RequestFailure.oneLine(words))
                + ")";
    }
}
