/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import com.fasterxml.jackson.databind.JsonNode;
import io.serveflow.app.terminal.PlainText;
import java.util.Optional;

/** What an answer of Elasticsearch lacks, though its status is 200. */
final class PartialAnswer {

    private static final int LONGEST_REASON = 200;

    private PartialAnswer() {}

    /** A sentence on it; empty where the answer is whole. */
    static Optional<String> fault(final VerdictStore.Index index, final JsonNode answer) {
        final long failed = answer.at("/_shards/failed").asLong();
        if (failed > 0) {
            return Optional.of(
                    "Not all of it: "
                            + failed
                            + " of "
                            + answer.at("/_shards/total").asLong()
                            + " shards of "
                            + index.pattern()
                            + " gave no answer"
                            + reason(answer));
        }
        return answer.path("timed_out").asBoolean()
                ? Optional.of(
                        "Not all of it: " + index.server() + " ran out of time; narrow the search")
                : Optional.empty();
    }

    private static String reason(final JsonNode answer) {
        final String reason = PlainText.of(answer.at("/_shards/failures/0/reason/reason").asText());
        if (reason.isEmpty()) {
            return "";
        }
        return " ("
                + (reason.length() > LONGEST_REASON
                        ? reason.substring(0, LONGEST_REASON) + "..."
                        : reason)
                + ")";
    }
}
