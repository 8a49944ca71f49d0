/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One picture or table: documents that a filter lets through, put into rows by buckets, each row
 * with its measures.
 *
 * @param id stable, unique over all dashboards
 * @param help a sentence that says what is seen
 * @param width in columns of Kibana's grid, of which there are {@value #COLUMNS}
 * @param height in rows of that grid
 */
public record Panel(
        String id,
        String title,
        String help,
        Kind kind,
        Filter filter,
        List<Bucket> buckets,
        List<Measure> measures,
        int width,
        int height) {

    /** How wide Kibana's grid is. */
    public static final int COLUMNS = 48;

    /** How rows are shown. */
    public enum Kind {
        /** One number. */
        METRIC,
        /** Bars: stacked over time where there is a bucket of time, else one a row. */
        BAR,
        /** Lines over time, one for each measure. */
        LINE,
        /** A table. */
        TABLE,
        /** A field of colours by two buckets. */
        HEAT;

        /** The name as it stands in JSON. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Panel {
        buckets = List.copyOf(buckets);
        measures = List.copyOf(measures);
        if (measures.isEmpty() || width < 1 || width > COLUMNS || height < 1) {
            throw new IllegalArgumentException(
                    "panel " + id + " needs a measure, a height, and a width of 1 to " + COLUMNS);
        }
        if (!buckets.isEmpty()
                && buckets.get(0) instanceof Bucket.Values values
                && values.others()
                && !(measures.size() == 1 && measures.get(0).countsAll())) {
            throw new IllegalArgumentException(
                    "panel " + id + ": the rest of the documents can only be counted");
        }
    }

    /** The fields that it needs. */
    public Stream<String> fields() {
        return Stream.of(
                        filter.fields(),
                        buckets.stream().map(Bucket::field),
                        measures.stream().flatMap(Measure::fields))
                .flatMap(fields -> fields)
                .distinct();
    }

    /** Whether it is of votes on hosts, and not of flows. */
    boolean isOfHosts() {
        return filter instanceof Filter.Dataset dataset && dataset.name().equals("host");
    }

    /** Whether there is a row for the documents that have other values in the first bucket. */
    boolean hasOthers() {
        return !buckets.isEmpty()
                && buckets.get(0) instanceof Bucket.Values values
                && values.others();
    }
}
