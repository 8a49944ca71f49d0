/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class ErrorSentenceTest {

    @Test
    void shouldSayWhatTheInnermostCauseSays() {
        assertThat(
                        ErrorSentence.of(
                                new IllegalStateException(
                                        "cannot start", new IOException("the port is taken"))))
                .isEqualTo("the port is taken");
    }

    @Test
    void shouldSayWhatOurOwnExceptionSays() {
        assertThat(
                        ErrorSentence.of(
                                new IllegalStateException(
                                        "route failed",
                                        new OwnException(
                                                "bundle x lacks bundle.json",
                                                new IOException("no such file")))))
                .isEqualTo("bundle x lacks bundle.json");
    }

    @Test
    void shouldMakeASentenceOfAFileThatIsNotThere() {
        assertThat(ErrorSentence.of(new UncheckedIOException(new NoSuchFileException("/x/y.pcap"))))
                .isEqualTo("there is no file or folder /x/y.pcap");
    }

    @Test
    void shouldStayOnOneLine() {
        assertThat(ErrorSentence.of(new IOException("first line\nsecond line")))
                .isEqualTo("first line");
    }

    @Test
    void shouldNameAnErrorThatSaysNothing() {
        assertThat(ErrorSentence.of(new IllegalStateException()))
                .isEqualTo("IllegalStateException");
    }

    private static final class OwnException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private OwnException(final String message, final Throwable cause) {
            super(message, cause);
        }
    }
}
