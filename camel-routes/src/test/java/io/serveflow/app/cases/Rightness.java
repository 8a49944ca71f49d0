/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cases;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serveflow.ledger.Ledger;
import java.io.IOException;
import java.util.List;

/** What is asserted of an input, whichever way it was read. */
final class Rightness {

    private Rightness() {}

    /** By the command: the documents, what it says on stderr, its exit code. */
    static void assertClassified(final SurprisingInput input, final ClassifiedInput classify)
            throws IOException {
        final ClassifiedInput.Run run = classify.run(input);
        assertThat(input.difference(SeenFlows.of(run.documents())))
                .as("%s: %s", input, run.err())
                .isEmpty();
        assertThat(run.documents().stream().map(document -> document.at("/event/id").asText()))
                .as("%s: ids of documents", input)
                .doesNotHaveDuplicates();
        for (final String pattern : input.stderr()) {
            assertThat(run.err()).as(input.toString()).containsPattern(pattern);
        }
        if (!input.exit().isMissingNode()) {
            assertThat(run.exit()).as("%s: %s", input, run.err()).isEqualTo(input.exit().asInt());
        }
        if (input.fails()) {
            assertThat(run.exit()).as("%s: %s", input, run.err()).isNotZero();
        }
        if (input.hasSummaries()) {
            final List<JsonNode> records = SeenFlows.ofRecords(ClassifiedInput.records(input));
            assertThat(input.difference(records)).as(input.toString()).isEmpty();
        }
    }

    /** By a route: the records, and that no line was lost. */
    static void assertRouted(final SurprisingInput input, final RoutedInput routed) {
        assertThat(input.difference(SeenFlows.ofRecords(routed.records)))
                .as(input.toString())
                .isEmpty();
        assertThat(routed.letters).as(input.toString()).hasSize(input.deadLetters());
        if (!input.skipped().isMissingNode()) {
            assertThat(routed.ledger.total(Ledger.Entry.SKIPPED))
                    .as(routed.ledger.byDetail(Ledger.Entry.SKIPPED).toString())
                    .isEqualTo(input.skipped().asInt());
        }
    }
}
