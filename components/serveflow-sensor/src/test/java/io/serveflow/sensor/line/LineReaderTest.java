/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LineReaderTest {

    private static final int LIMIT = 8;

    private record Seen(LineReader.Line line, String text, long offset) {}

    @Test
    void shouldGiveLinesWithTheirOffsets() throws IOException {
        assertThat(read("ab\nc\n", LIMIT, 100)).containsExactly(whole("ab", 0), whole("c", 3));
    }

    @Test
    void shouldPassOverEmptyLines() throws IOException {
        assertThat(read("\n\r\n\nab\n\n", LIMIT, 100)).containsExactly(whole("ab", 4));
    }

    @Test
    void shouldTolerateCarriageReturns() throws IOException {
        assertThat(read("a\rb\r\nc\r\n", LIMIT, 100))
                .containsExactly(whole("a\rb", 0), whole("c", 5));
    }

    @Test
    void shouldSayThatTheLastLineHasNoNewline() throws IOException {
        assertThat(read("ab\ncd", LIMIT, 100))
                .containsExactly(whole("ab", 0), new Seen(LineReader.Line.UNTERMINATED, "cd", 3));
    }

    @Test
    void shouldGoOnBehindALineThatIsTooLong() throws IOException {
        assertThat(read("123456789012345678901234567890\nab\n", LIMIT, 100))
                .containsExactly(
                        new Seen(LineReader.Line.TOO_LONG, "12345678", 0), whole("ab", 31));
    }

    @Test
    void shouldReadALineOfExactlyTheLimit() throws IOException {
        assertThat(read("12345678\r\n12345678\n123456789\n12345678", LIMIT, 100))
                .containsExactly(
                        whole("12345678", 0),
                        whole("12345678", 10),
                        new Seen(LineReader.Line.TOO_LONG, "12345678", 19),
                        new Seen(LineReader.Line.UNTERMINATED, "12345678", 29));
    }

    @Property
    void shouldGiveTheSameLinesWhateverTheChunks(
            @ForAll("texts") final String text,
            @ForAll @IntRange(min = 1, max = 12) final int chunk)
            throws IOException {
        assertThat(read(text, LIMIT, chunk)).isEqualTo(split(text));
    }

    /** Texts of short and long lines with all line ends, at and around the limit. */
    @Provide
    Arbitrary<String> texts() {
        final Arbitrary<String> line =
                Arbitraries.strings().withChars('a', 'b', '\r').ofMaxLength(2 * LIMIT + 6);
        return line.list()
                .ofMaxSize(8)
                .flatMap(
                        lines ->
                                Arbitraries.of("\n", "\r\n", "\n\n")
                                        .list()
                                        .ofSize(lines.size())
                                        .flatMap(
                                                ends ->
                                                        Arbitraries.of(true, false)
                                                                .map(
                                                                        last ->
                                                                                joined(
                                                                                        lines, ends,
                                                                                        last))));
    }

    private static String joined(
            final List<String> lines, final List<String> ends, final boolean terminated) {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            text.append(lines.get(i));
            if (terminated || i < lines.size() - 1) {
                text.append(ends.get(i));
            }
        }
        return text.toString();
    }

    /** What the reader should give, said the slow way. */
    private static List<Seen> split(final String text) {
        final List<Seen> seen = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            final int newline = text.indexOf('\n', start);
            final int end = newline < 0 ? text.length() : newline;
            String line = text.substring(start, end);
            if (line.endsWith("\r")) {
                line = line.substring(0, line.length() - 1);
            }
            if (line.length() > LIMIT) {
                seen.add(new Seen(LineReader.Line.TOO_LONG, line.substring(0, LIMIT), start));
            } else if (!line.isEmpty()) {
                seen.add(
                        new Seen(
                                newline < 0 ? LineReader.Line.UNTERMINATED : LineReader.Line.WHOLE,
                                line,
                                start));
            }
            start = end + 1;
        }
        return seen;
    }

    private static Seen whole(final String text, final long offset) {
        return new Seen(LineReader.Line.WHOLE, text, offset);
    }

    private static List<Seen> read(final String text, final int limit, final int chunk)
            throws IOException {
        final List<Seen> seen = new ArrayList<>();
        try (LineReader reader = new LineReader(new Chunks(text, chunk), limit)) {
            LineReader.Line line = reader.next();
            while (line != LineReader.Line.NONE) {
                seen.add(
                        new Seen(
                                line,
                                new String(
                                        reader.buffer(),
                                        reader.start(),
                                        reader.end() - reader.start(),
                                        StandardCharsets.US_ASCII),
                                reader.offset()));
                line = reader.next();
            }
            assertThat(reader.next()).isEqualTo(LineReader.Line.NONE);
        }
        return seen;
    }

    /** A stream that gives few bytes at a time. */
    private static final class Chunks extends InputStream {

        private final ByteArrayInputStream bytes;
        private final int chunk;

        Chunks(final String text, final int chunk) {
            this.bytes = new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
            this.chunk = chunk;
        }

        @Override
        public int read() {
            return bytes.read();
        }

        @Override
        public int read(final byte[] to, final int from, final int length) {
            return bytes.read(to, from, Math.min(length, chunk));
        }
    }
}
