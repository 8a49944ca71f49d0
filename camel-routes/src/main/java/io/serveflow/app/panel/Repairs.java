/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The final verdicts that no longer stand, since a repaired one supersedes each.
 *
 * <p>No aggregation leaves a document out because another one names it. So the names are gathered
 * first, and each search leaves them out; where there are more than {@value #MOST}, the first
 * verdicts count and the repaired ones do not.
 *
 * @param areAll whether there are no others
 * @param superseded ids of the documents
 */
record Repairs(boolean areAll, List<String> superseded) {

    /** Most ids that a search carries, each of 40 characters. */
    static final int MOST = 10_000;

    static final Repairs NONE = new Repairs(true, List.of());

    /** Where it cannot be found out. */
    static final Repairs UNKNOWN = new Repairs(false, List.of());

    private static final String SUPERSEDED = "superseded";

    Repairs {
        superseded = List.copyOf(superseded);
    }

    /** The search for the repaired verdicts of a scope, whatever the label that each has now. */
    static ObjectNode search(final Scope scope, final Reading reading) {
        final ObjectNode search = PanelQuery.withoutHits();
        final ArrayNode filters = search.putObject("query").putObject("bool").putArray("filter");
        filters.add(Dashboards.REPAIRED.query(reading));
        scope.ofAnyLabel().addTo(filters);
        search.putObject("aggs")
                .putObject(SUPERSEDED)
                .putObject("terms")
                .put("field", "serveflow.supersedes")
                .put("size", MOST)
                // Most final verdicts have this field; without the hint all of their values are
                // numbered first.
                .put("execution_hint", "map");
        return search;
    }

    /** What the answer to that search says. */
    static Repairs of(final JsonNode answer) {
        final JsonNode found = answer.path("aggregations").path(SUPERSEDED);
        final List<String> ids = new ArrayList<>();
        found.path("buckets").forEach(bucket -> ids.add(bucket.path("key").asText()));
        return new Repairs(found.path("sum_other_doc_count").asLong() == 0, ids);
    }

    /** The verdicts that stand: one of each flow, task and bundle. */
    ObjectNode standing(final Reading reading) {
        if (!areAll || superseded.isEmpty()) {
            return Filter.is(Dashboards.STAGE, "final").query(reading);
        }
        final ObjectNode query = JsonNodeFactory.instance.objectNode();
        final ObjectNode both = query.putObject("bool");
        both.putArray("filter")
                .add(Filter.is(Dashboards.STAGE, "final", "repaired").query(reading));
        final ArrayNode ids =
                both.putArray("must_not").addObject().putObject("ids").putArray("values");
        superseded.forEach(ids::add);
        return query;
    }
}
