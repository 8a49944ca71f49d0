/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.sensor.capture.CaptureReader;
import io.serveflow.sensor.line.ByteOrderMark;
import io.serveflow.sensor.line.LineBeginnings;
import io.serveflow.sensor.line.LineReader;
import io.serveflow.sensor.line.UnpackedInput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The lines in some bytes, cut the plain way, to compare what {@link LineReader} makes of them. */
final class FuzzedLog {

    /** Less than readers ask for at once; what they get must not depend on that. */
    private static final int PIECE = 61;

    private final LineBeginnings beginnings = SensorFormats.installed().beginnings();
    private final byte[] bytes;
    private final List<Line> lines = new ArrayList<>();

    private FuzzedLog(final byte[] bytes) {
        this.bytes = bytes;
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                add(start, i, true);
                start = i + 1;
            }
        }
        add(start, bytes.length, false);
    }

    /** The lines of a log, gzip-compressed or not; empty if it cannot be unpacked. */
    static FuzzedLog of(final Path file) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (UnpackedInput in = UnpackedInput.open(file)) {
            final byte[] piece = new byte[PIECE];
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                bytes.write(piece, 0, n);
            }
        } catch (final IOException e) {
            // Whoever reads the file is refused too, and that is looked at.
        }
        return new FuzzedLog(bytes.toByteArray());
    }

    int length() {
        return bytes.length;
    }

    /** Whether the bytes are no lines, but begin as a capture does. */
    boolean isCapture() {
        return CaptureReader.isMagic(Arrays.copyOf(bytes, Math.min(4, bytes.length)));
    }

    /** Whether what may be a line of its own begins within one. */
    boolean hasLinesInLines() {
        return lines.stream()
                .anyMatch(line -> beginnings.next(bytes, line.start + 1, line.end) != line.end);
    }

    /** Where the lines that are not empty begin. */
    List<Long> offsets() {
        return lines.stream().map(Line::offset).toList();
    }

    /** Where those begin that a TSV log has for headers. */
    List<Long> headers() {
        return lines.stream().filter(this::isHeader).map(Line::offset).toList();
    }

    /** A line that is blank, or nothing but a byte order mark, says as little as a header does. */
    private boolean isHeader(final Line line) {
        int blanks = line.start;
        while (blanks < line.end && (bytes[blanks] == ' ' || bytes[blanks] == '\t')) {
            blanks++;
        }
        if (blanks == line.end) {
            return true;
        }
        final int from = ByteOrderMark.behind(bytes, line.start, line.end);
        return from == line.end || bytes[from] == '#';
    }

    /**
     * Gives the lines to a stream as one who follows a log does, with time between them; each in an
     * array of its own, as what stands around a line must not show.
     */
    void writeTo(final SensorStream stream, final long microsBetween) {
        for (final Line line : lines) {
            stream.elapse(microsBetween);
            final byte[] own = Arrays.copyOfRange(bytes, line.start, line.end);
            if (own.length > SensorStream.MAX_LINE_BYTES) {
                stream.tooLong(own, 0, SensorStream.MAX_LINE_BYTES, line.start);
            } else if (line.ended) {
                stream.line(own, 0, own.length, line.start);
            } else {
                stream.unterminated(own, 0, own.length, line.start);
            }
        }
    }

    private void add(final int start, final int newline, final boolean ended) {
        final int end = newline > start && bytes[newline - 1] == '\r' ? newline - 1 : newline;
        if (end > start) {
            lines.add(new Line(start, end, ended));
        }
    }

    private record Line(int start, int end, boolean ended) {

        long offset() {
            return start;
        }
    }
}
