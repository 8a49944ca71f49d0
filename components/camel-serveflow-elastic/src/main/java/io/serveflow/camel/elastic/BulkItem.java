/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import java.util.Objects;

/**
 * What became of one document of a bulk request.
 *
 * @param reason a short fixed word that is counted, such as {@code index_429}; empty if it is
 *     stored
 * @param message why it is not stored, as the part of a sentence that follows the name of the
 *     server
 * @param detail what the server said, for its dead letter
 * @param unsure whether the server may have stored it all the same
 */
record BulkItem(Outcome outcome, String reason, String message, String detail, boolean unsure) {

    /** A document that was created. */
    static final BulkItem CREATED = new BulkItem(Outcome.CREATED, "", "", "", false);

    /** A document whose id was there already. */
    static final BulkItem DUPLICATE = new BulkItem(Outcome.DUPLICATE, "", "", "", false);

    /** The end of a document, or why it has none yet. */
    enum Outcome {
        CREATED,
        /** Stored by an earlier try. */
        DUPLICATE,
        /** Wrong itself: refused wherever and whenever it is sent. */
        REJECTED,
        /** Not taken until time, or somebody who can change the server, cures that. */
        HELD,
        /** Not taken until {@link DocumentStore#prepare} has made what the destination lacks. */
        UNPREPARED,
        /** Not taken, for a reason that says neither; whether others are taken shows which. */
        UNKNOWN
    }

    BulkItem {
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(detail, "detail");
    }

    /** A document that becomes a dead letter. */
    static BulkItem rejected(final String reason, final String detail) {
        return new BulkItem(Outcome.REJECTED, reason, "", detail, false);
    }
}
