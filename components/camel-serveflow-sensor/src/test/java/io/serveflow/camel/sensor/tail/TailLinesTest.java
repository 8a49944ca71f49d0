/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.serveflow.ledger.DeadLetter;
import io.serveflow.sensor.SensorStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines that are torn, too long or no records, at each place where that happens. */
class TailLinesTest {

    @TempDir private Path folder;
    private Path log;

    @BeforeEach
    void begin() {
        log = folder.resolve("serveflow.log");
    }

    @Test
    void shouldKeepATornLineUntilItIsComplete() throws Exception {
        final String line = NumberedLines.json(1);
        NumberedLines.append(log, NumberedLines.json(0) + line.substring(0, 50));
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(0, 1);
            NumberedLines.append(log, line.substring(50, 100));
            NumberedLines.append(log, line.substring(100) + NumberedLines.json(2));

            tail.awaitExactly(0, 3);
            assertThat(tail.letters).isEmpty();
        }
    }

    @Test
    void shouldReadATornLineThatIsCompletedAfterARestart() throws Exception {
        final String line = NumberedLines.json(1);
        NumberedLines.append(log, NumberedLines.json(0) + line.substring(0, 50));
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(0, 1);
        }
        NumberedLines.append(log, line.substring(50));
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(1, 2);
            assertThat(tail.letters).isEmpty();
        }
    }

    @Test
    void shouldReadTheLastLineOfAFinishedFileThoughItHasNoLineEnd() throws Exception {
        NumberedLines.append(log, NumberedLines.json(0, 5) + NumberedLines.json(5).strip());
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(0, 5);
            Files.move(log, folder.resolve("serveflow.log.1"));

            tail.awaitExactly(0, 6);
        }
    }

    @Test
    void shouldDeadLetterTheTornLastLineOfAFinishedFile() throws Exception {
        NumberedLines.append(log, NumberedLines.json(0, 5));
        final long offset = Files.size(log);
        NumberedLines.append(log, NumberedLines.json(5).substring(0, 60));
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(0, 5);
            Files.move(log, folder.resolve("serveflow.log.1"));
            NumberedLines.append(log, 6, 7);

            await().untilAsserted(
                            () ->
                                    assertThat(tail.letters)
                                            .extracting(DeadLetter::reason, DeadLetter::offset)
                                            .containsExactly(tuple("torn_line", offset)));
            await().until(() -> tail.uids().contains("C6"));
        }
    }

    @Test
    void shouldDeadLetterABadLineWithItsOffsetInItsFile() throws Exception {
        NumberedLines.append(log, 0, 3);
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(0, 3);
            Files.move(log, folder.resolve("serveflow.log.1"));
            NumberedLines.append(log, 3, 4);
            final long offset = Files.size(log);
            NumberedLines.append(log, "no record\n" + NumberedLines.json(4));

            tail.awaitExactly(0, 5);
            final DeadLetter letter = tail.letters.get(0);
            assertThat(letter.source()).isEqualTo(log.toString());
            assertThat(letter.offset()).isEqualTo(offset);
            assertThat(letter.reason()).isEqualTo("bad_json");
            assertThat(letter.payload()).isEqualTo("no record");
        }
    }

    @Test
    void shouldDeadLetterTheBeginningOfALineThatIsTooLongAndGoOnBehindIt() throws Exception {
        NumberedLines.append(log, 0, 3);
        final long offset = Files.size(log);
        final String part = "x".repeat(SensorStream.MAX_LINE_BYTES / 2);
        try (Tail tail = Tail.start(log)) {
            for (int i = 0; i < 5; i++) {
                NumberedLines.append(log, part);
            }
            NumberedLines.append(log, "\n" + NumberedLines.json(3, 6));

            tail.awaitExactly(0, 6);
            assertThat(tail.letters)
                    .extracting(DeadLetter::reason, DeadLetter::offset)
                    .isEqualTo(List.of(tuple("line_too_long", offset)));
        }
    }

    @Test
    void shouldReadLinesThatEndWithCarriageReturnAndLineFeed() throws Exception {
        NumberedLines.append(log, NumberedLines.json(0, 3).replace("\n", "\r\n"));
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(0, 3);
            assertThat(tail.letters).isEmpty();
        }
    }

    @Test
    void shouldSendNoMoreRecordsAtOnceThanABatchMayHold() throws Exception {
        NumberedLines.append(log, 0, 1_000);
        try (Tail tail = Tail.start(folder, log.toString(), "batchSize=100")) {
            tail.awaitExactly(0, 1_000);
            assertThat(tail.deliveries).isEqualTo(10);
        }
    }
}
