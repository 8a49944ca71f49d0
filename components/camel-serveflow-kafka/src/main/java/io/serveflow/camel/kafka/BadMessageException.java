/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

/** Says why a Kafka record is no flow record; thrown often enough that it has no stack trace. */
final class BadMessageException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String reason;

    /**
     * @param reason the word under which dead letters are counted
     * @param sentence says what is wrong
     */
    BadMessageException(final String reason, final String sentence) {
        super(sentence, null, false, false);
        this.reason = reason;
    }

    /** The word under which dead letters are counted. */
    String reason() {
        return reason;
    }
}
