/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.flow.FlowRecord;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.line.LineBeginnings;
import io.serveflow.sensor.line.LinePrefix;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/**
 * A format of lines: what identifies a line of it, and what decodes it. One class that implements
 * it is all that another format needs.
 *
 * <p>Lines are JSON objects, detected by their keys; or rows below header lines that begin with a
 * number sign, detected by the names of their columns; or whatever stands behind a {@link
 * #prefix()}. Its objects are asked for every line that is not like the one before and must be
 * quick. They are used by several threads at once and keep no state; the decoders that they open
 * do.
 */
public non-sealed interface LineFormat extends SensorFormat {

    /** What a line is called in a sentence, such as {@code an event of Suricata's EVE log}. */
    default String lineTitle() {
        return "a line of " + title();
    }

    /** The keys that identify a JSON object of this format. */
    LineSignature signature();

    /** What stands before each line, or may stand there; empty for nothing. */
    default Optional<LinePrefix> prefix() {
        return Optional.empty();
    }

    /**
     * How lines begin, as in {@link LineBeginnings}: where one begins inside another, that one was
     * broken off. Empty if they have no beginning that is never inside another.
     */
    default List<String> beginnings() {
        return List.of();
    }

    /**
     * Whether rows below header lines may be of this format. Every such format is given the header
     * lines, whichever has the rows.
     */
    default boolean hasHeaders() {
        return false;
    }

    /** Whether rows of columns of such names, in TSV as Zeek writes it, are of this format. */
    default boolean readsColumns(final List<String> columns) {
        return false;
    }

    /** The logs of the same sensor that are right and of no use; empty if there are none. */
    default Optional<OtherLogs> otherLogs() {
        return Optional.empty();
    }

    /**
     * Whether a log of that name may be of this format, also a rotated part of it: the name of a
     * file, an ingest pipeline or the path of a filter, each of which a site may change. It is only
     * a hint; what a line is, its keys say.
     */
    default boolean isNamed(final String log) {
        return false;
    }

    /**
     * Whether the lines of a log of that name are of connections that go on, which a final record
     * follows, so that they are skipped.
     *
     * @param name may be a path, of which the last part counts
     */
    default boolean isInterimLog(final String name) {
        return false;
    }

    /** Reads single lines, where each is a whole flow; empty where it is not. */
    default Optional<RecordDecoder> recordDecoder(final String observer) {
        return Optional.empty();
    }

    /**
     * Writes records as lines of this format; empty if nothing does.
     *
     * @param observer whether the lines name the sensor
     */
    default Optional<FlowRecordWriter> writer(final OutputStream out, final boolean observer) {
        return Optional.empty();
    }

    /** Opens a decoder for the lines of one sensor. */
    LineDecoder open(DecoderContext context);

    /**
     * The other logs of a sensor.
     *
     * @param key a key that their lines have too, so that an object with it which no signature
     *     identifies is of one of them
     * @param title what one is called in a sentence
     */
    record OtherLogs(String key, String title) {}

    /** Reads a single line that is a flow record. Not safe for use by more than one thread. */
    @FunctionalInterface
    interface RecordDecoder {

        /**
         * The record that a line holds.
         *
         * @throws BadLineException if it holds none
         */
        FlowRecord read(byte[] bytes, int start, int end) throws BadLineException;
    }
}
