/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Why a request failed as a whole, and what is to be done about it: nothing that somebody can cure,
 * here or at the server, makes its documents dead letters.
 *
 * @param reason a short fixed word that is counted, such as {@code index_429}
 * @param message what happened, as the part of a sentence that follows the name of the server
 * @param unsure whether the server may have taken documents of the request all the same
 * @param unprepared whether {@link DocumentStore#prepare} may make what is missing
 */
record RequestFailure(
        Remedy remedy, String reason, String message, boolean unsure, boolean unprepared) {

    private static final int MESSAGE_CHARACTERS = 300;
    private static final Pattern BLANKS_AND_CONTROLS = Pattern.compile("[\\s\\p{Cntrl}]+");

    /** What is to be done about a failed request. */
    enum Remedy {
        /** Send it again later. */
        RETRY,
        /**
         * Send it again later, and in halves if that breaks off too: a server that finds a request
         * too large may close the connection before its answer can be read.
         */
        RETRY_SMALLER,
        /**
         * Send it again later, and in halves while others are taken, until the document that the
         * server cannot deal with is alone.
         */
        ISOLATE,
        /** Send it in two halves. */
        SPLIT
    }

    RequestFailure {
        Objects.requireNonNull(remedy, "remedy");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(message, "message");
    }

    /** A text of the server on one line of bounded length, without control characters. */
    static String oneLine(final String text) {
        final String line =
                BLANKS_AND_CONTROLS.matcher(String.valueOf(text)).replaceAll(" ").strip();
        return line.length() <= MESSAGE_CHARACTERS
                ? line
                : line.substring(0, MESSAGE_CHARACTERS) + "...";
    }
}
