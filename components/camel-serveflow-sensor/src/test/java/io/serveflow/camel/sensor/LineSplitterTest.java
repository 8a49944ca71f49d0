/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineSplitterTest {

    private static final int LIMIT = 6;

    private final List<String> seen = new ArrayList<>();
    private final LineSplitter splitter =
            new LineSplitter(
                    LIMIT,
                    new LineSplitter.Lines() {
                        @Override
                        public void line(
                                final byte[] bytes,
                                final int start,
                                final int end,
                                final long position) {
                            note("line", bytes, start, end, position);
                        }

                        @Override
                        public void tooLong(
                                final byte[] bytes,
                                final int start,
                                final int end,
                                final long position) {
                            note("long", bytes, start, end, position);
                        }

                        @Override
                        public void unterminated(
                                final byte[] bytes,
                                final int start,
                                final int end,
                                final long position) {
                            note("torn", bytes, start, end, position);
                        }
                    });

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 100})
    void shouldCutLinesWhereverTheInputIsCut(final int piece) {
        take("ab\n\r\n\nabcdef\nabcdef\r\nabcdefg\nabcdefg\r\nabcdefghijklmn\nx\nend", piece);
        splitter.end();

        assertThat(seen)
                .containsExactly(
                        "line 0 ab",
                        "line 3 ",
                        "line 5 ",
                        "line 6 abcdef",
                        "line 13 abcdef",
                        "long 21 abcdef",
                        "long 29 abcdef",
                        "long 38 abcdef",
                        "line 53 x",
                        "torn 55 end");
    }

    @Test
    void shouldGiveALineWhenItEnds() {
        take("abc", 3);
        assertThat(seen).isEmpty();

        take("\n", 1);

        assertThat(seen).containsExactly("line 0 abc");
    }

    @Test
    void shouldTellOfALineThatIsTooLongBeforeItEnds() {
        take("abcdefgh", 4);

        assertThat(seen).containsExactly("long 0 abcdef");
    }

    @Test
    void shouldHaveNothingLeftAfterALineEnd() {
        take("abc\n", 4);
        splitter.end();

        assertThat(seen).containsExactly("line 0 abc");
    }

    @Test
    void shouldNotGiveOutTheRestOfALineThatIsTooLong() {
        take("abcdefghijk", 4);
        splitter.end();

        assertThat(seen).containsExactly("long 0 abcdef");
    }

    private void take(final String text, final int piece) {
        for (int i = 0; i < text.length(); i += piece) {
            splitter.take(
                    text.substring(i, Math.min(text.length(), i + piece))
                            .getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void note(
            final String what,
            final byte[] bytes,
            final int start,
            final int end,
            final long position) {
        seen.add(
                what
                        + " "
                        + position
                        + " "
                        + new String(bytes, start, end - start, StandardCharsets.US_ASCII));
    }
}
