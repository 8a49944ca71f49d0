/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import java.util.Objects;

/**
 * What Elasticsearch says of one document of a bulk request.
 *
 * @param diverted whether it went to a failure store instead of its data stream
 * @param error why it was not taken
 */
record BulkItem(int status, boolean diverted, ServerError error) {

    /** A document that was taken. */
    static final BulkItem CREATED = new BulkItem(201, false, ServerError.NONE);

    BulkItem {
        Objects.requireNonNull(error, "error");
    }

    /** Whether a document of this id was there already. */
    boolean isDuplicate() {
        return status == 409
                && (error.type().isEmpty() || error.type().startsWith("version_conflict"));
    }
}
