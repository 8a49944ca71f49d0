/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.flow.IpAddress;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * To which documents all panels are narrowed: what somebody who looks at them has chosen.
 *
 * @param label of flows and hosts; one that ends in an asterisk means all that begin like it
 * @param address of a host, or a network in CIDR notation
 * @param task of which the verdicts are
 * @param from the first time that counts
 * @param to the last time that counts
 * @param window what these are the ends of, where nobody gave them
 */
public record Scope(
        Optional<String> label,
        Optional<String> address,
        Optional<String> task,
        Optional<Instant> from,
        Optional<Instant> to,
        Window window) {

    /** All documents. */
    public static final Scope ALL =
            new Scope(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Window.ALL);

    private static final int LONGEST_NAME = 128;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");
    private static final int LONGEST_ADDRESS = 45;

    /**
     * Reads what a request says.
     *
     * @param parameters by name: label, host, task, and last, or from and to; empty ones are left
     *     out
     * @param usual how far back, where the request does not say
     * @throws IllegalArgumentException with a sentence that names the parameter, if one is wrong
     */
    public static Scope of(
            final Map<String, String> parameters, final Window usual, final Instant now) {
        final Optional<Instant> from = text(parameters, "from").map(given -> time("from", given));
        final Optional<Instant> to = text(parameters, "to").map(given -> time("to", given));
        final Optional<Window> last = text(parameters, "last").map(Scope::window);
        final boolean bounded = from.isPresent() || to.isPresent();
        if (bounded && last.isPresent()) {
            throw new IllegalArgumentException(
                    "last is given with from or to; give last, or from and to");
        }
        if (from.isPresent() && to.isPresent() && from.get().isAfter(to.get())) {
            throw new IllegalArgumentException(
                    "from is " + from.get() + ", which is after to, " + to.get());
        }
        final Window window = bounded ? Window.ALL : last.orElse(usual);
        return new Scope(
                text(parameters, "label").map(label -> name("label", label)),
                text(parameters, "host").map(Scope::network),
                text(parameters, "task").map(task -> name("task", task)),
                from.or(() -> window.duration().map(now::minus)),
                to.or(() -> window.duration().map(length -> now)),
                window);
    }

    private static Window window(final String word) {
        return Window.named(word)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "last is no window; it can be "
                                                + String.join(", ", Window.ids())));
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
        final int most = bits(address);
        if (most < 0 || slash >= 0 && !isLength(value.substring(slash + 1), most)) {
            throw new IllegalArgumentException(
                    "host is no IPv4 or IPv6 address such as 10.0.0.5, and no network such as"
                            + " 10.0.0.0/8");
        }
        return value;
    }

    /** How many bits an address has; fewer than none if it is no literal. No name is resolved. */
    private static int bits(final String address) {
        if (address.length() > LONGEST_ADDRESS) {
            return -1;
        }
        try {
            return IpAddress.parse(address).length * Byte.SIZE;
        } catch (final IllegalArgumentException e) {
            return -1;
        }
    }

    private static boolean isLength(final String text, final int most) {
        return text.matches("[0-9]{1,3}") && Integer.parseInt(text) <= most;
    }

    /** The same without a label, by which the verdicts on one flow may differ. */
    Scope ofAnyLabel() {
        return new Scope(Optional.empty(), address, task, from, to, window);
    }

    /** The same of one task. */
    Scope of(final String one) {
        return new Scope(label, address, Optional.of(one), from, to, window);
    }

    /** The same of all tasks. */
    Scope ofAnyTask() {
        return new Scope(label, address, Optional.empty(), from, to, window);
    }

    /** The same of all time. */
    Scope ofAnyTime() {
        return new Scope(label, address, task, Optional.empty(), Optional.empty(), Window.ALL);
    }

    /** The time in words. */
    String time() {
        if (window != Window.ALL) {
            return window.words();
        }
        return from.map(start -> "from " + start).orElse("")
                + (from.isPresent() && to.isPresent() ? " " : "")
                + to.map(end -> "to " + end).orElse("");
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
