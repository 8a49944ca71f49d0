/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.verdict;

import io.serveflow.flow.FlowRecord;
import java.time.Instant;

/**
 * The document of one verdict as Elasticsearch keeps it: ECS fields that let it stand beside the
 * sensor's own documents, and the {@code serveflow} object. Whoever writes many uses a {@link
 * VerdictWriter}.
 *
 * <p>The id follows from flow, task, bundle version and stage alone, so that indexing a replay with
 * op_type {@code create} changes nothing.
 *
 * <p>Confidences have six decimals: what a calibrated probability can bear, and a third of the
 * bytes.
 *
 * @see <a href="https://www.elastic.co/guide/en/ecs/current/index.html">Elastic Common Schema</a>
 */
public final class VerdictDocument {

    private VerdictDocument() {}

    /** The document id: SHA-1 in hexadecimal, 40 characters. */
    public static String id(final FlowRecord flow, final Verdict verdict) {
        return new VerdictWriter().id(flow, verdict);
    }

    /**
     * The document as JSON in UTF-8, on one line.
     *
     * @param created when the verdict was given
     */
    public static byte[] json(final FlowRecord flow, final Verdict verdict, final Instant created) {
        return new VerdictWriter().write(flow, verdict, created).json();
    }
}
