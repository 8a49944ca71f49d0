/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.line;

import io.serveflow.ledger.DeadLetter;

/**
 * Says why a line of a sensor is of no use; thrown often enough that it carries no stack trace.
 *
 * <p>Sources keep such a line as a dead letter under {@link #reason()} and go on. Where the body of
 * a message is read, as by {@code SensorMessage} and by the component {@code serveflow:}, it names
 * the {@link #number()} of the line, and a route can catch it: {@code
 * onException(BadLineException.class)}. {@code FlowRecordReader} throws it as the cause of an
 * {@link IllegalArgumentException}.
 */
public final class BadLineException extends Exception {

    private static final long serialVersionUID = 1L;

    /** The fixed words under which dead letters are counted. */
    public static final String BAD_JSON = "bad_json";

    public static final String BAD_TSV = "bad_tsv";
    public static final String MISSING_FIELD = "missing_field";
    public static final String BAD_FIELD = "bad_field";
    public static final String UNKNOWN_FORMAT = "unknown_format";

    private static final int MAX_SHOWN = 80;

    private final String reason;
    private final long number;

    /**
     * @param reason the word under which dead letters are counted: one of those of this class
     * @param sentence says what is wrong
     */
    public BadLineException(final String reason, final String sentence) {
        this(reason, 0, sentence);
    }

    private BadLineException(final String reason, final long number, final String sentence) {
        super(sentence, null, false, false);
        this.reason = reason;
        this.number = number;
    }

    /** What a dead letter says of a line of a message, or of a capture, which has packets. */
    public static BadLineException of(final DeadLetter letter, final boolean line) {
        return new BadLineException(
                letter.reason(),
                letter.offset(),
                (line ? "line " + letter.offset() + ": " : "")
                        + letter.detail()
                        + " ("
                        + letter.reason()
                        + ")");
    }

    public static BadLineException missing(final String field) {
        return new BadLineException(MISSING_FIELD, "field '" + field + "' is missing");
    }

    /** A field whose value does not say what it should. */
    public static BadLineException bad(
            final String field, final String value, final String expected) {
        return new BadLineException(
                BAD_FIELD,
                "field '" + field + "' is '" + shown(value) + "'; it must be " + expected);
    }

    /** A value in a sentence, cut to what can be read at a glance. */
    public static String shown(final String value) {
        return value.length() <= MAX_SHOWN ? value : value.substring(0, MAX_SHOWN) + "...";
    }

    /**
     * The word under which it is counted: {@code bad_json}, {@code bad_tsv}, {@code missing_field},
     * {@code bad_field}, {@code unknown_format}, or in a message any of a dead letter's, such as
     * {@code torn_line}, {@code line_too_long}, {@code bad_gzip} or {@code truncated_capture}.
     */
    public String reason() {
        return reason;
    }

    /**
     * Which line of its message it is, or which packet of a capture, from 1; 0 where a line is read
     * on its own.
     */
    public long number() {
        return number;
    }
}
