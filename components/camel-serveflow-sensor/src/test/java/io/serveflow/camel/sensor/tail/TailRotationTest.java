/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are rotated, in each way there is, while they are followed. */
class TailRotationTest {

    @TempDir private Path folder;
    private Path log;

    @BeforeEach
    void begin() throws IOException {
        log = folder.resolve("serveflow.log");
        NumberedLines.append(log, 0, 10);
    }

    @Test
    void shouldGoOnInTheNewFileWhenTheOldOneIsRenamed() throws Exception {
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(0, 10);
            NumberedLines.append(log, 10, 20);
            Files.move(log, folder.resolve("serveflow.log.1"));
            NumberedLines.append(log, 20, 30);

            tail.awaitExactly(0, 30);
        }
    }

    @Test
    void shouldReadWhatTheSensorStillWritesToTheRenamedFile() throws Exception {
        try (Tail tail = Tail.start(folder, log.toString(), "finishDelay=60000");
                BufferedWriter sensor = Files.newBufferedWriter(log, StandardOpenOption.APPEND)) {
            Files.move(log, folder.resolve("serveflow.log.1"));
            NumberedLines.append(log, 10, 20);
            tail.awaitExactly(0, 20);
            sensor.write(NumberedLines.json(20, 30));
            sensor.flush();

            tail.awaitExactly(0, 30);
        }
    }

    @Test
    void shouldReadAllFilesHoweverOftenTheyAreRotatedBetweenTwoLooks() throws Exception {
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(0, 10);
            for (int rotation = 1; rotation < 30; rotation++) {
                for (int older = rotation; older > 1; older--) {
                    Files.move(
                            folder.resolve("serveflow.log." + (older - 1)),
                            folder.resolve("serveflow.log." + older));
                }
                Files.move(log, folder.resolve("serveflow.log.1"));
                NumberedLines.append(log, rotation * 10, rotation * 10 + 10);
            }

            await().untilAsserted(
                            () ->
                                    assertThat(tail.uids())
                                            .containsExactlyInAnyOrderElementsOf(
                                                    NumberedLines.uids(0, 300)));
        }
    }

    @Test
    void shouldReadTheCopyOnWhereItHasReadTheTruncatedFileTo() throws Exception {
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(0, 10);
            for (int rotation = 1; rotation < 10; rotation++) {
                NumberedLines.append(log, rotation * 20 - 10, rotation * 20);
                Files.copy(
                        log,
                        folder.resolve("serveflow.log." + rotation),
                        StandardCopyOption.REPLACE_EXISTING);
                truncate();
                NumberedLines.append(log, rotation * 20, rotation * 20 + 10);
            }

            await().untilAsserted(
                            () ->
                                    assertThat(tail.uids())
                                            .containsExactlyInAnyOrderElementsOf(
                                                    NumberedLines.uids(0, 190)));
            assertThat(tail.dropped()).isEmpty();
        }
    }

    /** It read all of the file twice: once from the copy, as a file of its own. */
    @Test
    void shouldReadAFileOnceWhoseCopyItSeesBeforeItKnowsTheFile() throws Exception {
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(0, 10);
            tail.suspend();
            Files.copy(log, folder.resolve("serveflow.log.1"));
            truncate();
            NumberedLines.append(log, 10, 40);
            Files.copy(log, folder.resolve("serveflow.log.2"));
            tail.resume();
            tail.awaitExactly(0, 40);

            NumberedLines.append(log, 40, 50);
            tail.awaitExactly(0, 50);
            Files.copy(log, folder.resolve("serveflow.log.2"), StandardCopyOption.REPLACE_EXISTING);
            truncate();
            NumberedLines.append(log, 50, 60);

            tail.awaitExactly(0, 60);
        }
    }

    /** As where a capture is played once more by a sensor that gives flows the same ids. */
    @Test
    void shouldReadANewFileThatBeginsAsTheOneThatWasRotated() throws Exception {
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(0, 10);
            NumberedLines.append(log, 10, 40);
            tail.awaitExactly(0, 40);
            Files.move(log, folder.resolve("serveflow.log.1"));
            NumberedLines.append(log, 0, 50);

            await().untilAsserted(
                            () ->
                                    assertThat(tail.uids().subList(40, tail.uids().size()))
                                            .containsExactlyElementsOf(NumberedLines.uids(0, 50)));
        }
    }

    @Test
    void shouldNoticeThatAFileWasTruncatedAndHasGrownBeyondItsPosition() throws Exception {
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(0, 10);
            tail.suspend();
            truncate();
            NumberedLines.append(log, 100, 150);
            tail.resume();

            await().untilAsserted(
                            () ->
                                    assertThat(tail.uids())
                                            .containsAll(NumberedLines.uids(100, 150))
                                            .doesNotHaveDuplicates());
            assertThat(tail.letters).isEmpty();
        }
    }

    @Test
    void shouldReadAFileThatReplacedOneThatWasDeleted() throws Exception {
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(0, 10);
            Files.delete(log);
            NumberedLines.append(log, 10, 20);

            tail.awaitExactly(0, 20);
            assertThat(tail.dropped()).isEmpty();
        }
    }

    @Test
    void shouldReadTheEndOfAFileThatWasDeletedBeforeItsEndWasRead() throws Exception {
        try (Tail tail = Tail.start(folder, log.toString(), "pollDelay=300")) {
            tail.awaitExactly(0, 10);
            NumberedLines.append(log, 10, 20);
            Files.delete(log);

            tail.awaitExactly(0, 20);
            assertThat(tail.dropped()).isEmpty();
        }
    }

    @Test
    void shouldFollowAFileThatWasReplacedByAnEmptyOne() throws Exception {
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(0, 10);
            final Path empty = Files.createFile(folder.resolve("next"));
            Files.move(empty, log, StandardCopyOption.REPLACE_EXISTING);
            await().until(() -> positions().contains("\"fingerprint_bytes\":0"));
            NumberedLines.append(log, 10, 20);

            tail.awaitExactly(0, 20);
        }
    }

    @Test
    void shouldFollowALinkToWhereItPointsNow() throws Exception {
        final Path spool = Files.createDirectories(folder.resolve("spool/worker-1"));
        final Path next = Files.createDirectories(folder.resolve("spool/worker-2"));
        final Path current = folder.resolve("current");
        NumberedLines.append(spool.resolve("serveflow.log"), 0, 10);
        Files.createSymbolicLink(current, spool);
        try (Tail tail = Tail.start(folder, current.resolve("serveflow.log").toString(), "")) {
            tail.awaitExactly(0, 10);
            NumberedLines.append(next.resolve("serveflow.log"), 10, 20);
            final Path link = Files.createSymbolicLink(folder.resolve("link"), next);
            Files.move(link, current, StandardCopyOption.REPLACE_EXISTING);

            tail.awaitExactly(0, 20);
        }
    }

    @Test
    void shouldReadTheFilesOfADatedLogOneAfterTheOther() throws Exception {
        final String glob = folder.resolve("eve-*.json").toString();
        NumberedLines.append(folder.resolve("eve-2026-11-22-10:00.json"), 0, 10);
        try (Tail tail = Tail.start(folder, glob, "")) {
            tail.awaitExactly(0, 10);
            NumberedLines.append(folder.resolve("eve-2026-11-22-10:00.json"), 10, 20);
            NumberedLines.append(folder.resolve("eve-2026-11-22-11:00.json"), 20, 30);
            NumberedLines.append(folder.resolve("eve-2026-11-22-12:00.json"), 30, 40);

            tail.awaitExactly(0, 40);
        }
    }

    @Test
    void shouldReadSeveralFilesThatGrowAtTheSameTime() throws Exception {
        try (Tail tail = Tail.start(folder, folder.resolve("worker-*.log").toString(), "")) {
            for (int round = 0; round < 20; round++) {
                for (int worker = 0; worker < 5; worker++) {
                    final int from = (round * 5 + worker) * 10;
                    NumberedLines.append(
                            folder.resolve("worker-" + worker + ".log"), from, from + 10);
                }
            }

            await().untilAsserted(
                            () ->
                                    assertThat(tail.uids())
                                            .containsExactlyInAnyOrderElementsOf(
                                                    NumberedLines.uids(0, 1000)));
        }
    }

    @Test
    void shouldWaitForAFileThatIsNotThereYet() throws Exception {
        final Path later = folder.resolve("new/serveflow.log");
        try (Tail tail = Tail.start(folder, later.toString(), "")) {
            Files.createDirectory(later.getParent());
            NumberedLines.append(later, 0, 10);

            tail.awaitExactly(0, 10);
        }
    }

    @Test
    void shouldReadOnlyWhatComesWhenItStartsAtTheEnd() throws Exception {
        NumberedLines.append(log, NumberedLines.json(10).substring(0, 20));
        try (Tail tail = Tail.start(folder, log.toString(), "startAt=end")) {
            NumberedLines.append(log, NumberedLines.json(10).substring(20));
            NumberedLines.append(log, 11, 20);
            Files.move(log, folder.resolve("serveflow.log.1"));
            NumberedLines.append(log, 20, 30);

            tail.awaitExactly(10, 30);
        }
    }

    @Test
    void shouldLeaveAloneWhatWasRotatedAwayBeforeItBegan() throws Exception {
        Files.move(log, folder.resolve("serveflow.log.1"));
        NumberedLines.append(log, 10, 20);
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(10, 20);
            Files.move(folder.resolve("serveflow.log.1"), folder.resolve("serveflow.log.2"));
            Files.move(log, folder.resolve("serveflow.log.1"));
            NumberedLines.append(log, 20, 30);

            tail.awaitExactly(10, 30);
        }
    }

    private void truncate() throws IOException {
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
    }

    private String positions() throws IOException {
        return Files.readString(Tail.positionFile(folder));
    }
}
