/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.terminal.PlainText;
import io.serveflow.ledger.Ledger.Entry;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The account of an instance at one moment, for people and for programs. */
final class LedgerView {

    /** What is shown though it is 0, since that is what somebody looks for. */
    private static final Set<Entry> ALWAYS =
            EnumSet.of(
                    Entry.EVENTS,
                    Entry.FLOWS,
                    Entry.VERDICTS,
                    Entry.INDEXED,
                    Entry.DROPPED,
                    Entry.RETRIED,
                    Entry.FELL_BACK,
                    Entry.DEAD_LETTERED);

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

    private final JsonNode status;
    private final boolean lost;

    private LedgerView(final JsonNode status, final boolean lost) {
        this.status = status;
        this.lost = lost;
    }

    /**
     * @param status as the console of the instance gives it
     */
    static LedgerView of(final JsonNode status) {
        return new LedgerView(status, false);
    }

    /** The same where something has been without an end for so long that it is lost. */
    LedgerView lost() {
        return new LedgerView(status, true);
    }

    /** Whether something has neither an end nor a place where it waits, and that lasts. */
    boolean isLost() {
        return lost;
    }

    /** How much has no end and does not wait. */
    long open() {
        long open = 0;
        for (final JsonNode line : status.path("account")) {
            open += line.path("open").asLong();
        }
        return open;
    }

    /** How many more ends there are than beginnings, over all lines. */
    private long surplus() {
        long surplus = 0;
        for (final JsonNode line : status.path("account")) {
            surplus += line.path("surplus").asLong();
        }
        return surplus;
    }

    /** Whether the sink takes nothing, so that what is before it waits. */
    private boolean isHeldUp() {
        return status.at("/held/documents").asLong() > 0;
    }

    /**
     * The numbers, and {@code balances}: {@code yes}, {@code open}, {@code surplus} or {@code no}.
     */
    ObjectNode json() {
        final ObjectNode json = new JsonMapper().createObjectNode();
        for (final String name :
                List.of("version", "time", "since", "sink", "index", "ledger", "account")) {
            json.set(name, status.path(name));
        }
        json.set("pending", status.path("pending"));
        json.set("held", status.path("held"));
        if (status.hasNonNull("unaccounted")) {
            json.set("unaccounted", status.path("unaccounted"));
        }
        json.put("balances", balances());
        return json;
    }

    private String balances() {
        if (lost) {
            return "no";
        }
        if (open() > 0 || isHeldUp()) {
            return "open";
        }
        return surplus() > 0 ? "surplus" : "yes";
    }

    /** The account as a table. */
    void print(final URI console, final PrintWriter out) {
        out.printf(
                "ServeFlow %s at %s, %s, %s%n%n",
                PlainText.of(status.path("version").asText()),
                console,
                PlainText.of(sink()),
                PlainText.of(status.path("time").asText()));
        for (final Entry entry : Entry.values()) {
            final long total = total(entry);
            if (total == 0 && !ALWAYS.contains(entry)) {
                continue;
            }
            out.printf("%-44s %14d%n", entry.id(), total);
            details(entry)
                    .forEach(
                            (detail, count) -> {
                                if (!detail.isEmpty()) {
                                    out.printf("  %-42s %14d%n", PlainText.of(detail), count);
                                }
                            });
        }
        out.printf(
                "%-44s %14d%n", "waiting for a context or a tier", status.path("pending").asLong());
        out.printf(
                "%-44s %14d%n%n",
                status.path("sink").asText().equals("file")
                        ? "held for files"
                        : "held for Elasticsearch",
                status.at("/held/documents").asLong());
        printAccount(out);
        out.flush();
    }

    /** Where documents go, as a part of a sentence. */
    private String sink() {
        return switch (status.path("sink").asText()) {
            case "file" -> "files in " + status.path("elasticsearch").asText();
            case "none" -> "which stores no verdicts";
            default -> "data stream " + status.path("index").asText();
        };
    }

    private void printAccount(final PrintWriter out) {
        for (final JsonNode line : status.path("account")) {
            final long surplus = line.path("surplus").asLong();
            out.printf(
                    "%-16s %d begun, %d ended, %d wait, %d open%s%n",
                    PlainText.of(line.path("what").asText()),
                    line.path("begun").asLong(),
                    line.path("ended").asLong(),
                    line.path("waiting").asLong(),
                    line.path("open").asLong(),
                    surplus > 0
                            ? "; %d more ends than beginnings, which may hide as many without one"
                                    .formatted(surplus)
                            : "");
        }
        if (status.hasNonNull("unaccounted")) {
            out.printf(
                    "flows are not accounted for: %s%n",
                    PlainText.of(status.path("unaccounted").asText()));
        }
        if (lost) {
            out.printf(
                    "The account does not balance: %d have neither an end nor a place where they"
                            + " wait.%n",
                    open());
        } else if (open() > 0) {
            out.printf("The account is open: %d are under way.%n", open());
        } else if (surplus() > 0) {
            out.printf(
                    "The account has %d more ends than beginnings; nothing is open.%n", surplus());
        } else {
            out.printf("The account balances.%n");
        }
        if (isHeldUp()) {
            out.printf(
                    "The sink has taken nothing for %.0f s; what is held is sent when it does.%n",
                    status.at("/held/seconds").asDouble());
        }
    }

    /** One line with what has changed, or that nothing has. */
    void printChanges(final LedgerView before, final PrintWriter out) {
        final List<String> changes = new ArrayList<>();
        boolean again = !status.path("since").equals(before.status.path("since"));
        for (final Entry entry : Entry.values()) {
            final Map<String, Long> was = before.details(entry);
            for (final Map.Entry<String, Long> now : details(entry).entrySet()) {
                final long change = now.getValue() - was.getOrDefault(now.getKey(), 0L);
                again |= change < 0;
                if (change != 0) {
                    changes.add(name(entry, now.getKey()) + " +" + change);
                }
            }
            again |= total(entry) < before.total(entry);
        }
        if (again) {
            out.println(time() + "  the counts have begun again: the instance was restarted");
        } else {
            out.println(
                    time()
                            + "  "
                            + (changes.isEmpty() ? "nothing new" : String.join("  ", changes))
                            + waits());
        }
        out.flush();
    }

    private static String name(final Entry entry, final String detail) {
        return detail.isEmpty() ? entry.id() : entry.id() + "{" + PlainText.of(detail) + "}";
    }

    private String waits() {
        final long pending = status.path("pending").asLong();
        final long held = status.at("/held/documents").asLong();
        return (pending > 0 ? "  waiting " + pending : "")
                + (held > 0 ? "  held " + held : "")
                + (open() > 0 ? "  under way " + open() : "");
    }

    private String time() {
        try {
            return TIME.format(Instant.parse(status.path("time").asText()));
        } catch (final DateTimeParseException e) {
            return TIME.format(Instant.now());
        }
    }

    private long total(final Entry entry) {
        return status.path("ledger").path(entry.id()).path("total").asLong();
    }

    private Map<String, Long> details(final Entry entry) {
        final Map<String, Long> details = new TreeMap<>();
        status.path("ledger")
                .path(entry.id())
                .path("by")
                .properties()
                .forEach(count -> details.put(count.getKey(), count.getValue().asLong()));
        return details;
    }
}
