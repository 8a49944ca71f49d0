/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.serveflow.app.panel.Bucket.Ranges;
import io.serveflow.app.panel.Bucket.Time;
import io.serveflow.app.panel.Bucket.Values;
import io.serveflow.app.panel.Measure.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A panel as a search of Elasticsearch with aggregations, and what comes back as rows. */
final class PanelQuery {

    /** The row of documents with values that no other row has. */
    static final String OTHERS = "other";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** The aggregation of all documents of the panel. */
    private static final String SHOWN = "shown";

    /** The same without the first bucket, from which the documents of other values follow. */
    private static final String WHOLE = "whole";

    private static final String LATEST = "latest";
    private static final String TIMEOUT = "10s";

    /** What Elasticsearch counts distinct values exactly up to, about. */
    private static final int PRECISION = 3000;

    private final Panel panel;
    private final Reading reading;

    PanelQuery(final Panel panel, final Reading reading) {
        this.panel = panel;
        this.reading = reading;
    }

    /** A search for aggregations, bounded in time. */
    static ObjectNode withoutHits() {
        return JSON.objectNode()
                .put("size", 0)
                .put("timeout", TIMEOUT)
                .put("track_total_hits", false);
    }

    /**
     * The body of the search.
     *
     * @param interval how long the stretches of time are
     */
    ObjectNode search(final Scope scope, final Duration interval) {
        final ObjectNode search = withoutHits();
        final ArrayNode filters = search.putObject("query").putObject("bool").putArray("filter");
        filters.add(panel.filter().query(reading));
        scope.addTo(filters);
        final ObjectNode aggregations = search.putObject("aggs");
        everything(aggregations, SHOWN, 0, interval);
        if (panel.hasOthers()) {
            everything(aggregations, WHOLE, 1, interval);
        }
        return search;
    }

    /** All documents, so that their number is in the answer as that of any bucket. */
    private void everything(
            final ObjectNode aggregations,
            final String name,
            final int depth,
            final Duration interval) {
        final ObjectNode all = aggregations.putObject(name);
        all.putObject("filter").putObject("match_all");
        level(all, depth, interval);
    }

    private void level(final ObjectNode parent, final int depth, final Duration interval) {
        final ObjectNode nested = JSON.objectNode();
        if (depth < panel.buckets().size()) {
            final Bucket bucket = panel.buckets().get(depth);
            final ObjectNode made = nested.putObject("b" + depth);
            if (bucket instanceof Time time) {
                made.putObject("date_histogram")
                        .put("field", time.field())
                        .put("fixed_interval", interval.toMillis() + "ms")
                        .put("min_doc_count", 1);
            } else if (bucket instanceof Values values) {
                terms(made, values);
                measure(made, values.order().measure());
            } else if (bucket instanceof Ranges ranges) {
                ranges(made, ranges);
            }
            level(made, depth + 1, interval);
        } else {
            for (int i = 0; i < panel.measures().size(); i++) {
                measure(parent, i);
            }
        }
        if (!nested.isEmpty()) {
            aggregationsOf(parent).setAll(nested);
        }
    }

    private static ObjectNode aggregationsOf(final ObjectNode parent) {
        return parent.withObjectProperty("aggs");
    }

    private void terms(final ObjectNode made, final Values values) {
        final ObjectNode terms = made.putObject("terms");
        terms.put("field", values.field()).put("size", values.size());
        final Measure first = panel.measures().get(values.order().measure());
        final String by = first.countsAll() ? "_count" : "m" + values.order().measure();
        final ArrayNode order = terms.putArray("order");
        order.addObject().put(by, values.order().ascending() ? "asc" : "desc");
        order.addObject().put("_key", "asc");
    }

    private static void ranges(final ObjectNode made, final Ranges ranges) {
        final ObjectNode range = made.putObject("range");
        range.put("field", ranges.field());
        final ArrayNode list = range.putArray("ranges");
        for (int i = 0; i < ranges.bounds().size(); i++) {
            final ObjectNode one = list.addObject();
            one.put("key", ranges.name(i)).put("from", ranges.bounds().get(i));
            if (i + 1 < ranges.bounds().size()) {
                one.put("to", ranges.bounds().get(i + 1));
            }
        }
    }

    /** Adds the aggregation of a measure, where the number of documents is not enough. */
    private void measure(final ObjectNode parent, final int i) {
        final Measure measure = panel.measures().get(i);
        if (measure.countsAll()) {
            return;
        }
        final ObjectNode aggregations = aggregationsOf(parent);
        if (measure.operation() == Operation.LATEST) {
            latest(aggregations).add(measure.field().orElseThrow());
            return;
        }
        final ObjectNode one = JSON.objectNode();
        switch (measure.operation()) {
            case COUNT -> one.set("filter", measure.only().orElseThrow().query(reading));
            case DISTINCT -> of(one, "cardinality", measure).put("precision_threshold", PRECISION);
            case AVERAGE -> of(one, "avg", measure);
            case LEAST -> of(one, "min", measure);
            case GREATEST -> of(one, "max", measure);
            case PERCENTILE ->
                    of(one, "percentiles", measure)
                            .put("keyed", false)
                            .putArray("percents")
                            .add(measure.percent());
            default -> throw new IllegalStateException("measured above: " + measure);
        }
        aggregations.set("m" + i, one);
    }

    private static ObjectNode of(final ObjectNode one, final String name, final Measure measure) {
        return one.putObject(name).put("field", measure.field().orElseThrow());
    }

    /** One look at the latest document for all measures that take values of it. */
    private static ArrayNode latest(final ObjectNode aggregations) {
        if (aggregations.has(LATEST)) {
            return (ArrayNode) aggregations.at("/latest/top_hits/docvalue_fields");
        }
        final ObjectNode hits = aggregations.putObject(LATEST).putObject("top_hits");
        hits.put("size", 1).put("_source", false);
        hits.putArray("sort").addObject().put("@timestamp", "desc");
        return hits.putArray("docvalue_fields");
    }

    /** The rows in an answer to the search. */
    PanelTable table(final JsonNode answer) {
        final List<List<JsonNode>> rows = new ArrayList<>();
        final JsonNode shown = answer.path("aggregations").path(SHOWN);
        collect(shown, 0, List.of(), rows);
        if (panel.hasOthers()) {
            addOthers(answer.path("aggregations").path(WHOLE), rows);
        }
        return new PanelTable(rows);
    }

    private void collect(
            final JsonNode node,
            final int depth,
            final List<JsonNode> before,
            final List<List<JsonNode>> rows) {
        if (depth == panel.buckets().size()) {
            final List<JsonNode> row = new ArrayList<>(before);
            for (int i = 0; i < panel.measures().size(); i++) {
                row.add(value(node, i));
            }
            rows.add(row);
            return;
        }
        for (final JsonNode bucket : node.path("b" + depth).path("buckets")) {
            final List<JsonNode> keys = new ArrayList<>(before);
            keys.add(bucket.path("key"));
            collect(bucket, depth + 1, keys, rows);
        }
    }

    private JsonNode value(final JsonNode node, final int i) {
        final Measure measure = panel.measures().get(i);
        if (measure.countsAll()) {
            return node.path("doc_count");
        }
        final JsonNode found =
                switch (measure.operation()) {
                    case COUNT -> node.path("m" + i).path("doc_count");
                    case PERCENTILE -> node.path("m" + i).path("values").path(0).path("value");
                    case LATEST ->
                            node.path(LATEST)
                                    .at("/hits/hits/0/fields")
                                    .path(measure.field().orElseThrow())
                                    .path(0);
                    default -> node.path("m" + i).path("value");
                };
        return found.isMissingNode() ? NullNode.getInstance() : found;
    }

    /** What the whole has more than the rows that there are, by the buckets after the first. */
    private void addOthers(final JsonNode whole, final List<List<JsonNode>> rows) {
        final Map<List<JsonNode>, Long> counted = new HashMap<>();
        final int keys = panel.buckets().size();
        rows.forEach(row -> counted.merge(row.subList(1, keys), row.get(keys).asLong(), Long::sum));
        final List<List<JsonNode>> all = new ArrayList<>();
        collect(whole, 1, List.of(), all);
        for (final List<JsonNode> row : all) {
            final List<JsonNode> key = row.subList(0, keys - 1);
            final long rest = row.get(keys - 1).asLong() - counted.getOrDefault(key, 0L);
            if (rest > 0) {
                final List<JsonNode> other = new ArrayList<>();
                other.add(TextNode.valueOf(OTHERS));
                other.addAll(key);
                other.add(JSON.numberNode(rest));
                rows.add(other);
            }
        }
    }
}
