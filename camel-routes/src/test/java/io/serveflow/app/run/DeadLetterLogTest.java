/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterFile;
import io.serveflow.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What the log of the application says of dead letters. */
class DeadLetterLogTest {

    @Test
    void shouldSayOfTheFirstDeadLetterOfEachReason(@TempDir final Path folder) throws IOException {
        final Logger log = (Logger) LoggerFactory.getLogger(DeadLetterFile.class);
        final ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        final Level before = log.getLevel();
        log.setLevel(Level.WARN);
        log.addAppender(said);
        try (DeadLetterFile file =
                new DeadLetterFile(folder.resolve("dead.ndjson"), new Ledger())) {
            file.accept(letter(7, "bad_json"));
            file.accept(letter(8, "bad_json"));
            file.accept(letter(9, "torn_line"));
        } finally {
            log.detachAppender(said);
            log.setLevel(before);
        }

        assertThat(said.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .satisfiesExactly(
                        first ->
                                assertThat(first)
                                        .contains("bad_json, eve.json at offset 7", "dead.ndjson"),
                        second -> assertThat(second).contains("torn_line, eve.json at offset 9"));
    }

    private static DeadLetter letter(final long offset, final String reason) {
        return new DeadLetter("eve.json", offset, reason, "it is broken", "{");
    }
}
