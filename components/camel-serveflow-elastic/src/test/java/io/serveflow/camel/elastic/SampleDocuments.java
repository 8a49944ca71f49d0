/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import io.serveflow.flow.FlowRecord;
import io.serveflow.verdict.AnsweredFlows;
import io.serveflow.verdict.VerdictDocument;
import java.util.List;
import java.util.stream.IntStream;

/** The documents of {@link AnsweredFlows}. */
final class SampleDocuments {

    private SampleDocuments() {}

    static IndexDocument document(final FlowRecord flow) {
        return new IndexDocument(
                VerdictDocument.id(flow, AnsweredFlows.verdict()),
                VerdictDocument.json(flow, AnsweredFlows.verdict(), AnsweredFlows.CREATED),
                flow.startMicros() / 1_000);
    }

    /** Those of {@link AnsweredFlows#batch}. */
    static List<IndexDocument> documents(final int from, final int to) {
        return IntStream.range(from, to).mapToObj(i -> document(AnsweredFlows.flow(i))).toList();
    }
}
