/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.ledger;

import java.nio.charset.StandardCharsets;
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
 * @param format how to read the line: the name of a sensor's format, {@link #DOCUMENT}, or empty
 *     where that is not known
 * @param observer the sensor whose line it is; empty where that is not known
 * @param bytes how long line or document were before they were cut, in bytes
 */
public record DeadLetter(
        String source,
        long offset,
        String reason,
        String detail,
        String payload,
        String format,
        String observer,
        long bytes) {

    /** The format of a verdict document. */
    public static final String DOCUMENT = "document";

    public DeadLetter {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(detail, "detail");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(observer, "observer");
    }

    /** A letter with a whole payload of a format that is not known. */
    public DeadLetter(
            final String source,
            final long offset,
            final String reason,
            final String detail,
            final String payload) {
        this(source, offset, reason, detail, payload, "", "", length(payload));
    }

    /** A letter with a whole verdict document. */
    public static DeadLetter document(
            final String source, final String reason, final String detail, final String document) {
        return new DeadLetter(source, -1, reason, detail, document, DOCUMENT, "", length(document));
    }

    /** Whether the payload is all there was, byte for byte, and so can be fed in again. */
    public boolean isWhole() {
        return !payload.isEmpty() && length(payload) == bytes;
    }

    private static long length(final String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
