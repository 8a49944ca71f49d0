/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * To which documents all panels are narrowed: what somebody who looks at them has chosen.
 *
 * @param label of flows and hosts; one that ends in an asterisk means all that begin like it
 * @param address of a host, or a network in CIDR notation
 * @param task of which the verdicts are
 * @param from the first time that counts
 * @param to the last time that counts
 */
public record Scope(
        Optional<String> label,
        Optional<String> address,
        Optional<String> task,
        Optional<Instant> from,
        Optional<Instant> to) {

    /** All documents. */
    public static final Scope ALL =
            new Scope(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    private static final int LONGEST_NAME = 128;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");
    private static final Pattern IPV4 =
            Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");

    /** Hexadecimal with colons: what is asked of the JDK then is never a name. */
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F.]*:[0-9a-fA-F:.]*");

    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;

    /**
     * Reads what a request says.
     *
     * @param parameters by name: label, host, task, from, to; empty ones are left out
     * @throws IllegalArgumentException with a sentence that names the parameter, if one is wrong
     */
    public static Scope of(final Map<String, String> parameters) {
        final Scope scope =
                new Scope(
                        text(parameters, "label").map(label -> name("label", label)),
                        text(parameters, "host").map(Scope::network),
                        text(parameters, "task").map(task -> name("task", task)),
                        text(parameters, "from").map(from -> time("from", from)),
                        text(parameters, "to").map(to -> time("to", to)));
        if (scope.from.isPresent()
                && scope.to.isPresent()
                && scope.from.get().isAfter(scope.to.get())) {
            throw new IllegalArgumentException(
                    "from is " + scope.from.get() + ", which is after to, " + scope.to.get());
        }
        return scope;
    }

    private static Optional<String> text(final Map<String, String> parameters, final String name) {
        return Optional.ofNullable(parameters.get(name))
                .map(String::strip)
                .filter(t -> !t.isEmpty());
    }

    private static String name(final String parameter, final String value) {
        if (value.length() > LONGEST_NAME || value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    parameter
                            + " has "
                            + value.length()
                            + " characters; it can have "
                            + LONGEST_NAME
                            + ", none of them a control character");
        }
        return value;
    }

    private static Instant time(final String parameter, final String value) {
        try {
            final Instant time = Instant.parse(value);
            if (time.isBefore(Instant.EPOCH) || time.isAfter(LATEST)) {
                throw new DateTimeException("out of bounds");
            }
            return time;
        } catch (final DateTimeException e) {
            throw new IllegalArgumentException(
                    parameter
                            + " is no time from 1970 to 9999 such as 2026-11-22T21:26:31Z; give"
                            + " date, time and Z",
                    e);
        }
    }

    private static String network(final String value) {
        final int slash = value.indexOf('/');
        final String address = slash < 0 ? value : value.substring(0, slash);
        final int most =
                IPV4.matcher(address).matches() ? IPV4_BITS : isIpv6(address) ? IPV6_BITS : -1;
        if (most < 0 || slash >= 0 && !isLength(value.substring(slash + 1), most)) {
            throw new IllegalArgumentException(
                    "host is no IPv4 or IPv6 address such as 10.0.0.5, and no network such as"
                            + " 10.0.0.0/8");
        }
        return value;
    }

    private static boolean isIpv6(final String address) {
        if (address.length() > 45 || !IPV6.matcher(address).matches()) {
            return false;
        }
        try {
            InetAddress.getByName(address);
            return true;
        } catch (final UnknownHostException e) {
            return false;
        }
    }

    private static boolean isLength(final String text, final int most) {
        return text.matches("[0-9]{1,3}") && Integer.parseInt(text) <= most;
    }

    /** Adds the queries that narrow a search to these documents. */
    void addTo(final ArrayNode filters) {
        label.ifPresent(
                value ->
                        filters.add(
                                value.endsWith("*")
                                        ? clause(
                                                "prefix",
                                                "serveflow.label",
                                                value.substring(0, value.length() - 1))
                                        : clause("term", "serveflow.label", value)));
        task.ifPresent(value -> filters.add(clause("term", "serveflow.task", value)));
        address.ifPresent(
                value -> {
                    final ObjectNode any = filters.addObject().putObject("bool");
                    any.put("minimum_should_match", 1);
                    any.putArray("should")
                            .add(clause("term", "source.ip", value))
                            .add(clause("term", "destination.ip", value))
                            .add(clause("term", "host.ip", value));
                });
        if (from.isPresent() || to.isPresent()) {
            final ObjectNode range = filters.addObject().putObject("range").putObject("@timestamp");
            range.put("format", "strict_date_optional_time");
            from.ifPresent(time -> range.put("gte", time.toString()));
            to.ifPresent(time -> range.put("lte", time.toString()));
        }
    }

    private static ObjectNode clause(final String query, final String field, final String value) {
        final ObjectNode clause = JsonNodeFactory.instance.objectNode();
        clause.putObject(query).put(field, value);
        return clause;
    }
}
