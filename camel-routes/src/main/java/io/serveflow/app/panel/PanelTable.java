/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a panel shows.
 *
 * @param rows values of the buckets, then of the measures; of a time its milliseconds since the
 *     epoch; null where there is none
 */
public record PanelTable(List<List<JsonNode>> rows) {

    public PanelTable {
        rows = List.copyOf(rows);
    }

    /** Puts the rows into the answer to a browser. */
    void writeTo(final ObjectNode answer) {
        final ArrayNode all = answer.putArray("rows");
        rows.forEach(row -> all.addArray().addAll(row));
    }
}
