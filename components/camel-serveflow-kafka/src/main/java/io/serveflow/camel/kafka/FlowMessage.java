/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import io.serveflow.flow.FlowRecord;
import io.serveflow.verdict.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A flow record on its way from one process to another: what {@link FlowMessageWriter} makes a
 * Kafka record of, and {@link FlowMessageReader} reads.
 *
 * <p>The value is the sensor record as a JSON line, with its observer. Headers say the rest:
 *
 * <ul>
 *   <li>{@code serveflow-version}: 1; a higher one is refused.
 *   <li>{@code serveflow-read}: when the first process read the record, microseconds since the
 *       epoch.
 *   <li>{@code serveflow-verdict}: a verdict that a better tier is to follow, as JSON; one for each
 *       task. First records have at least one, context records none.
 * </ul>
 *
 * @param verdicts one a task
 */
record FlowMessage(FlowRecord record, List<Verdict> verdicts) {

    static final String VERSION = "serveflow-version";
    static final String READ = "serveflow-read";
    static final String VERDICT = "serveflow-verdict";

    /** The version that is written. */
    static final int CURRENT = 1;

    FlowMessage {
        verdicts = List.copyOf(verdicts);
    }

    /** The key of a flow, by which all its records are in one partition. */
    static byte[] key(final FlowRecord record) {
        return (record.id().observer() + '|' + record.id().uid()).getBytes(StandardCharsets.UTF_8);
    }
}
