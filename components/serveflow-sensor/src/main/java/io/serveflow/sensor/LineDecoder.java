/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.sensor.line.BadLineException;
import java.util.OptionalLong;

/**
 * Turns the lines of one sensor format into flow records, which it gives to whom it was made with.
 *
 * <p>Lines come in the order in which the sensor wrote them. A decoder may keep what it has read of
 * a flow until the flow's record is complete; {@link #oldestHeld()} says from where on.
 */
public interface LineDecoder {

    /**
     * Takes a line, without its line end.
     *
     * @param position where the line stands in its source, ascending
     * @return whether the line says what time it is, as one with a packet does
     * @throws BadLineException if the line cannot be read; the decoder goes on with the next one
     */
    boolean line(byte[] bytes, int start, int end, long position) throws BadLineException;

    /**
     * Takes a line if it is in the very form in which the sensor writes those with packets, which
     * shows when it is read; if it is not, nothing has happened.
     *
     * @return whether it was taken; it says what time it is then
     * @throws BadLineException as {@link #line} does
     */
    default boolean plainLine(
            final byte[] bytes, final int start, final int end, final long position)
            throws BadLineException {
        return false;
    }

    /**
     * Takes a last line that no line end ended, and which may be cut off.
     *
     * @throws BadLineException if it is not surely whole
     */
    default void unterminated(
            final byte[] bytes, final int start, final int end, final long position)
            throws BadLineException {
        line(bytes, start, end, position);
    }

    /** Says that the following lines are of another file: a header above them no longer counts. */
    default void anotherFile() {}

    /** Lets time pass: microseconds since the latest line that said what time it is. */
    default void elapse(final long micros) {}

    /** Completes the records of all flows; no more lines come. */
    default void finish() {}

    /** The position of the oldest line of which a record is still to come; empty if none is. */
    default OptionalLong oldestHeld() {
        return OptionalLong.empty();
    }
}
