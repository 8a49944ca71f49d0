/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which documents are meant, as a query of Elasticsearch and as the same in KQL. */
public sealed interface Filter {

    /** The query of Elasticsearch. */
    ObjectNode query(Reading reading);

    /** The same in the query language of Kibana. */
    String kql();

    /** The fields that it asks. */
    Stream<String> fields();

    /** Documents of which a field has one of some values. */
    static Filter is(final String field, final String... values) {
        return new Is(field, List.of(values));
    }

    /** Documents of which a number is less than a bound. */
    static Filter below(final String field, final double bound) {
        return new Below(field, bound);
    }

    /** Documents that another filter leaves out. */
    static Filter not(final Filter filter) {
        return new Not(filter);
    }

    /** Documents that all filters let through. */
    static Filter all(final Filter... filters) {
        return new All(List.of(filters));
    }

    /** Documents that one filter or more let through. */
    static Filter any(final Filter... filters) {
        return new Any(List.of(filters));
    }

    /** Documents of one of our datasets, such as {@code prediction}. */
    static Filter dataset(final String name) {
        return new Dataset(name);
    }

    /** Documents of one of our datasets, which Malcolm names after their provider. */
    record Dataset(String name) implements Filter {

        private static final String OURS = "serveflow";
        private static final String FIELD = "event.dataset";

        @Override
        public ObjectNode query(final Reading reading) {
            return switch (reading.profile()) {
                case ECS -> inEcs().query(reading);
                case MALCOLM -> all(is("event.provider", OURS), is(FIELD, name)).query(reading);
            };
        }

        private Filter inEcs() {
            return is(FIELD, OURS + "." + name);
        }

        @Override
        public String kql() {
            return inEcs().kql();
        }

        @Override
        public Stream<String> fields() {
            return Stream.of(FIELD);
        }
    }

    /** Verdicts that stand. */
    static Filter standing() {
        return new Standing();
    }

    /**
     * Verdicts that stand, one of each flow, task and bundle. Kibana cannot tell which of them a
     * repaired one supersedes; there it is the first final verdict of each flow.
     */
    record Standing() implements Filter {

        @Override
        public ObjectNode query(final Reading reading) {
            return reading.repairs().standing(reading);
        }

        @Override
        public String kql() {
            return is(Dashboards.STAGE, "final").kql();
        }

        @Override
        public Stream<String> fields() {
            return Stream.of(Dashboards.STAGE);
        }
    }

    /** One of some values. */
    record Is(String field, List<String> values) implements Filter {

        /** What KQL takes without quotes on fields of any type. */
        private static final Pattern PLAIN = Pattern.compile("true|false|[0-9]+");

        public Is {
            values = List.copyOf(values);
            if (values.isEmpty()) {
                throw new IllegalArgumentException("a filter on " + field + " needs a value");
            }
        }

        @Override
        public ObjectNode query(final Reading reading) {
            final ObjectNode query = JsonNodeFactory.instance.objectNode();
            final ArrayNode any = query.putObject("terms").putArray(field);
            values.forEach(any::add);
            return query;
        }

        @Override
        public String kql() {
            final String any = values.stream().map(Is::quoted).collect(Collectors.joining(" or "));
            return field + " : " + (values.size() == 1 ? any : "(" + any + ")");
        }

        private static String quoted(final String value) {
            return PLAIN.matcher(value).matches() ? value : '"' + value + '"';
        }

        @Override
        public Stream<String> fields() {
            return Stream.of(field);
        }
    }

    /** A number less than a bound. */
    record Below(String field, double bound) implements Filter {

        @Override
        public ObjectNode query(final Reading reading) {
            final ObjectNode query = JsonNodeFactory.instance.objectNode();
            query.putObject("range").putObject(field).put("lt", bound);
            return query;
        }

        @Override
        public String kql() {
            return field + " < " + bound;
        }

        @Override
        public Stream<String> fields() {
            return Stream.of(field);
        }
    }

    /** What a filter leaves out. */
    record Not(Filter filter) implements Filter {

        @Override
        public ObjectNode query(final Reading reading) {
            final ObjectNode query = JsonNodeFactory.instance.objectNode();
            query.putObject("bool").putArray("must_not").add(filter.query(reading));
            return query;
        }

        @Override
        public String kql() {
            return "not " + nested(filter);
        }

        @Override
        public Stream<String> fields() {
            return filter.fields();
        }
    }

    /** What all let through. */
    record All(List<Filter> filters) implements Filter {

        public All {
            filters = List.copyOf(filters);
        }

        @Override
        public ObjectNode query(final Reading reading) {
            return bool("filter", filters, reading);
        }

        @Override
        public String kql() {
            return joined(filters, " and ");
        }

        @Override
        public Stream<String> fields() {
            return filters.stream().flatMap(Filter::fields);
        }
    }

    /** What one or more let through. */
    record Any(List<Filter> filters) implements Filter {

        public Any {
            filters = List.copyOf(filters);
        }

        @Override
        public ObjectNode query(final Reading reading) {
            final ObjectNode query = bool("should", filters, reading);
            ((ObjectNode) query.get("bool")).put("minimum_should_match", 1);
            return query;
        }

        @Override
        public String kql() {
            return joined(filters, " or ");
        }

        @Override
        public Stream<String> fields() {
            return filters.stream().flatMap(Filter::fields);
        }
    }

    private static ObjectNode bool(
            final String clause, final List<Filter> filters, final Reading reading) {
        final ObjectNode query = JsonNodeFactory.instance.objectNode();
        final ArrayNode clauses = query.putObject("bool").putArray(clause);
        filters.forEach(filter -> clauses.add(filter.query(reading)));
        return query;
    }

    private static String joined(final List<Filter> filters, final String word) {
        return filters.stream().map(Filter::nested).collect(Collectors.joining(word));
    }

    private static String nested(final Filter filter) {
        return filter instanceof All || filter instanceof Any
                ? "(" + filter.kql() + ")"
                : filter.kql();
    }
}
