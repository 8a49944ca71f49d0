/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.ledger;

import java.util.Objects;

/**
 * Something that came in and could not be used, with enough to find it, understand it and feed it
 * in again.
 *
 * @param source file, topic or index that it came from or was meant for
 * @param offset byte offset of a line, packet number of a capture, or -1 where neither applies
 * @param reason a short fixed word that is counted, such as {@code bad_json}
 * @param detail one sentence for people
 * @param payload the line or document itself, cut to a sensible length; empty for binary input
 */
public record DeadLetter(String source, long offset, String reason, String detail, String payload) {

    public DeadLetter {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(detail, "detail");
        Objects.requireNonNull(payload, "payload");
    }
}
