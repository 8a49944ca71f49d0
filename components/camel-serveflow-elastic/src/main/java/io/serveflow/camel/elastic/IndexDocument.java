/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A document on its way into a data stream, serialised once.
 *
 * @param id the {@code _id} to create it under, ASCII
 * @param json the document in UTF-8 on one line; shared, not copied, and not to be written to
 * @param startMillis a time before which it cannot have been made, such as the begin of its flow,
 *     milliseconds since the epoch
 */
record IndexDocument(String id, byte[] json, long startMillis) {

    /** What the bulk API's action line {@code {"create":{"_id":""}}} and two newlines add. */
    private static final int ACTION_BYTES = 25;

    IndexDocument {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(json, "json");
    }

    /** How many bytes of a bulk request it takes, before compression. */
    int wireBytes() {
        return ACTION_BYTES + id.length() + json.length;
    }

    /** The document as text. */
    String text() {
        return new String(json, StandardCharsets.UTF_8);
    }
}
