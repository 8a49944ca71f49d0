/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Of which tasks there are documents, and from when.
 *
 * @param whole the time of all documents; empty where there are none
 * @param spans by task
 */
record Extent(Optional<TimeSpan> whole, SortedMap<String, TimeSpan> spans) {

    private static final int MOST_TASKS = 50;
    private static final String TASKS = "tasks";
    private static final String FROM = "from";
    private static final String TO = "to";

    Extent {
        spans = Collections.unmodifiableSortedMap(new TreeMap<>(spans));
    }

    /** The search for it, whatever task the scope is narrowed to. */
    static ObjectNode search(final Scope scope) {
        final ObjectNode search = PanelQuery.withoutHits();
        scope.ofAnyTask().addTo(search.putObject("query").putObject("bool").putArray("filter"));
        final ObjectNode aggregations = search.putObject("aggs");
        putEnds(aggregations);
        final ObjectNode tasks = aggregations.putObject(TASKS);
        tasks.putObject("terms")
                .put("field", "serveflow.task")
                .put("size", MOST_TASKS)
                .putObject("order")
                .put("_key", "asc");
        putEnds(tasks.putObject("aggs"));
        return search;
    }

    private static void putEnds(final ObjectNode aggregations) {
        aggregations.putObject(FROM).putObject("min").put("field", "@timestamp");
        aggregations.putObject(TO).putObject("max").put("field", "@timestamp");
    }

    /** What the answer to that search says. */
    static Extent of(final JsonNode answer) {
        final JsonNode found = answer.path("aggregations");
        final SortedMap<String, TimeSpan> spans = new TreeMap<>();
        found.path(TASKS)
                .path("buckets")
                .forEach(
                        task ->
                                ends(task)
                                        .ifPresent(
                                                span ->
                                                        spans.put(
                                                                task.path("key").asText(), span)));
        return new Extent(ends(found), spans);
    }

    private static Optional<TimeSpan> ends(final JsonNode aggregations) {
        final JsonNode from = aggregations.path(FROM).path("value");
        final JsonNode to = aggregations.path(TO).path("value");
        return from.isNumber()
                ? Optional.of(new TimeSpan(from.asLong(), to.asLong()))
                : Optional.empty();
    }

    /**
     * The task that is shown where nobody has chosen one, as otherwise each flow would count once
     * for each; empty where there are not several.
     *
     * @param own the tasks of this process, of which the first wins
     */
    Optional<String> preselected(final List<String> own) {
        if (spans.size() < 2) {
            return Optional.empty();
        }
        return own.stream()
                .filter(spans::containsKey)
                .findFirst()
                .or(() -> Optional.of(spans.firstKey()));
    }

    /** The time of the documents of a task, or of all. */
    Optional<TimeSpan> span(final Optional<String> task) {
        return task.isPresent() ? task.map(((Map<String, TimeSpan>) spans)::get) : whole;
    }
}
