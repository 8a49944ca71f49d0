/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** Lines of Zeek's {@code serveflow} log in JSON as the rows that Zeek writes in its TSV form. */
final class ZeekTsvLines {

    private static final List<String> TEXTS =
            List.of(
                    "ts",
                    "uid",
                    "id.orig_h",
                    "id.orig_p",
                    "id.resp_h",
                    "id.resp_p",
                    "proto",
                    "community_id",
                    "stage",
                    "reason");
    private static final List<String> VECTORS =
            List.of("pkt_dt", "pkt_orig", "pkt_len", "pkt_data");

    private ZeekTsvLines() {}

    /** The header and a row a line. */
    static List<String> of(final List<String> json) {
        final List<String> rows = new ArrayList<>();
        rows.add("#separator \\x09");
        rows.add("#set_separator\t,");
        rows.add("#fields\t" + String.join("\t", TEXTS) + "\t" + String.join("\t", VECTORS));
        final ObjectMapper mapper = new ObjectMapper();
        for (final String line : json) {
            try {
                rows.add(row(mapper.readTree(line)));
            } catch (final JsonProcessingException e) {
                throw new IllegalArgumentException("a line is no JSON: " + line, e);
            }
        }
        return rows;
    }

    private static String row(final JsonNode line) {
        final StringJoiner row = new StringJoiner("\t");
        row.add(String.format(Locale.ROOT, "%.6f", line.get("ts").asDouble()));
        TEXTS.stream().skip(1).forEach(field -> row.add(line.get(field).asText()));
        for (final String vector : VECTORS) {
            final StringJoiner cell = new StringJoiner(",");
            line.get(vector).forEach(element -> cell.add(text(element)));
            row.add(cell.toString());
        }
        return row.toString();
    }

    private static String text(final JsonNode element) {
        if (element.isBoolean()) {
            return element.asBoolean() ? "T" : "F";
        }
        return element.isFloatingPointNumber()
                ? String.format(Locale.ROOT, "%.6f", element.asDouble())
                : element.asText();
    }
}
