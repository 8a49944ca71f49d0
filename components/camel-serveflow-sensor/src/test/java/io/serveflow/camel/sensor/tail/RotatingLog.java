/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import io.serveflow.testing.samples.Gzip;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A log of numbered lines that is rotated in some style, and what was written to each of its files.
 */
final class RotatingLog implements Closeable {

    /** How many files that were rotated away are kept: all, as this tests no loss. */
    private static final int KEPT = 100;

    /** How a log is rotated. */
    enum Style {
        /** As logrotate does: renamed, then the sensor opens a new file; numbers count up. */
        RENAME,
        /** As logrotate does for programs that do not open their log again. */
        COPY_AND_TRUNCATE,
        /** As Suricata does: each file has a date in its name. */
        DATED,
        /** As zeekctl does: renamed, packed to another folder, deleted. */
        PACKED
    }

    private final Path folder;
    private final Style style;
    private final List<Part> parts = new ArrayList<>();
    private OutputStream out;
    private int rotations;

    RotatingLog(final Path folder, final Style style) throws IOException {
        this.folder = folder;
        this.style = style;
        Files.createDirectories(archive());
        open(0);
    }

    /** The source that follows it. */
    String uri(final Path positionFile) {
        final String from =
                switch (style) {
                    case RENAME, COPY_AND_TRUNCATE -> file() + "?";
                    case DATED -> folder.resolve("eve-*.json") + "?";
                    case PACKED -> file() + "?rotated=" + folder.resolve("archive-*/*.gz") + "&";
                };
        return "serveflow-tail:" + from + "positionFile=" + positionFile;
    }

    /** What it follows, as the position file names it. */
    String follows() {
        return (style == Style.DATED ? folder.resolve("eve-*.json") : file()).toString();
    }

    private Path file() {
        return style == Style.DATED
                ? folder.resolve("eve-2026-11-22-%06d.json".formatted(rotations))
                : folder.resolve("serveflow.log");
    }

    private Path rotated(final int number) {
        return folder.resolve("serveflow.log." + number);
    }

    private Path archive() {
        return folder.resolve("archive-2026-11-22");
    }

    /** Writes the next line. */
    synchronized void write(final int number) throws IOException {
        final byte[] line = NumberedLines.json(number).getBytes(StandardCharsets.US_ASCII);
        parts.get(parts.size() - 1).add(line);
        out.write(line);
    }

    /** Rotates it; the next line is that of this number. */
    synchronized void rotate(final int next) throws IOException {
        rotations++;
        if (style != Style.COPY_AND_TRUNCATE) {
            out.close();
        }
        switch (style) {
            case RENAME -> {
                makeRoom();
                Files.move(file(), rotated(1));
                open(next);
            }
            case COPY_AND_TRUNCATE -> {
                makeRoom();
                Files.copy(file(), rotated(1));
                parts.add(new Part(next));
                try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
                    channel.truncate(0);
                }
            }
            case DATED -> open(next);
            case PACKED -> {
                final Path moved = folder.resolve("moved." + rotations);
                Files.move(file(), moved);
                open(next);
                final Path packed = archive().resolve("serveflow." + rotations + ".log.gz");
                Files.write(packed, Gzip.packed(Files.readAllBytes(moved)));
                Files.delete(moved);
            }
        }
    }

    private void makeRoom() throws IOException {
        Files.deleteIfExists(rotated(KEPT));
        for (int older = KEPT; older > 1; older--) {
            if (Files.exists(rotated(older - 1))) {
                Files.move(rotated(older - 1), rotated(older));
            }
        }
    }

    private void open(final int next) throws IOException {
        out = new FileOutputStream(file().toFile(), true);
        parts.add(new Part(next));
    }

    /** The number of the first line of the file that begins so. */
    synchronized Part part(final Fingerprint fingerprint) {
        return parts.stream()
                .filter(part -> fingerprint.fits(part.beginning.toByteArray()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no file begins as " + fingerprint));
    }

    @Override
    public synchronized void close() throws IOException {
        out.close();
    }

    /** What one of its files held or holds. */
    static final class Part {

        private final int first;
        private final List<Integer> ends = new ArrayList<>();
        private final ByteArrayOutputStream beginning = new ByteArrayOutputStream();
        private int length;

        private Part(final int first) {
            this.first = first;
        }

        private void add(final byte[] line) {
            final int room = Fingerprint.MAX_BYTES - beginning.size();
            beginning.write(line, 0, Math.min(room, line.length));
            length += line.length;
            ends.add(length);
        }

        /** The number of its first line. */
        int first() {
            return first;
        }

        /** How many of its lines end at an offset or before it. */
        int linesBefore(final long offset) {
            int lines = 0;
            while (lines < ends.size() && ends.get(lines) <= offset) {
                lines++;
            }
            return lines;
        }
    }
}
