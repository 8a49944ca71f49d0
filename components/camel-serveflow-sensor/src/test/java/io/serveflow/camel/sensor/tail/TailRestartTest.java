/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.testing.samples.Gzip;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read after a stop, in which the log was rotated, packed, moved or lost. */
class TailRestartTest {

    /** So long that a flow's record is complete only when all its packets came. */
    private static final String PATIENT = "wait=60000";

    @TempDir private Path folder;
    private Path log;

    @BeforeEach
    void writeTenLines() throws Exception {
        log = folder.resolve("serveflow.log");
        NumberedLines.append(log, 0, 10);
    }

    private void readSoFar(final String options) throws Exception {
        try (Tail tail = Tail.start(folder, log.toString(), options)) {
            tail.awaitExactly(0, 10);
        }
    }

    @Test
    void shouldGoOnWhereEverythingWasAcknowledged() throws Exception {
        readSoFar("");
        NumberedLines.append(log, 10, 20);
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(10, 20);
        }
    }

    @Test
    void shouldReadTheRestOfAPredecessorThatWasPackedMeanwhile() throws Exception {
        readSoFar("");
        NumberedLines.append(log, 10, 20);
        pack(log, folder.resolve("serveflow.log.1.gz"));
        NumberedLines.append(log, 20, 30);
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(10, 30);
        }
    }

    @Test
    void shouldReadTheRestOfAPredecessorThatWasPackedToAnotherFolder() throws Exception {
        final String rotated = "rotated=" + folder.resolve("logs/*/serveflow.*.log.gz");
        readSoFar(rotated);
        NumberedLines.append(log, 10, 20);
        final Path day = Files.createDirectories(folder.resolve("logs/2026-11-22"));
        pack(log, day.resolve("serveflow.10:00:00-11:00:00.log.gz"));
        NumberedLines.append(log, 20, 30);
        pack(log, day.resolve("serveflow.11:00:00-12:00:00.log.gz"));
        NumberedLines.append(log, 30, 40);
        try (Tail tail = Tail.start(folder, log.toString(), rotated)) {
            tail.awaitExactly(10, 40);
        }
    }

    @Test
    void shouldReadAllFilesThatWereRotatedMeanwhileOldestFirst() throws Exception {
        readSoFar("");
        NumberedLines.append(log, 10, 20);
        Files.move(log, folder.resolve("serveflow.log.3"));
        NumberedLines.append(folder.resolve("serveflow.log.2"), 20, 30);
        NumberedLines.append(folder.resolve("serveflow.log.1"), 30, 40);
        for (int number = 1; number <= 3; number++) {
            Files.setLastModifiedTime(
                    folder.resolve("serveflow.log." + number),
                    FileTime.from(Instant.now().minusSeconds(number)));
        }
        NumberedLines.append(log, 40, 50);
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(10, 50);
        }
    }

    @Test
    void shouldReadTheCopyOnWhenTheFileWasTruncatedAndHasGrownBeyondItsPositionMeanwhile()
            throws Exception {
        readSoFar("");
        NumberedLines.append(log, 10, 20);
        Files.copy(log, folder.resolve("serveflow.log.1"));
        Files.write(log, NumberedLines.json(20, 100).getBytes());
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(10, 100);
            assertThat(tail.dropped()).isEmpty();
        }
    }

    /**
     * Which inode a new file gets is the file system's choice, and other processes take some; a
     * file that is overwritten in place has for certain the inode of what it held before.
     */
    @Test
    void shouldNotTakeAnotherFileForTheOneThatHadItsInode() throws Exception {
        readSoFar("");
        NumberedLines.append(log, 10, 20);
        Files.write(folder.resolve("serveflow.log.1.gz"), Gzip.packed(Files.readAllBytes(log)));
        Files.write(log, NumberedLines.json(20, 60).getBytes());
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(10, 60);
        }
    }

    @Test
    void shouldCountAFileThatWentBeforeItsEndWasRead() throws Exception {
        readSoFar("");
        NumberedLines.append(log, 10, 20);
        Files.delete(log);
        NumberedLines.append(log, 20, 30);
        try (Tail tail = Tail.start(folder, log.toString(), "searchTime=100")) {
            tail.awaitExactly(20, 30);
            await().untilAsserted(
                            () -> assertThat(tail.dropped()).isEqualTo(Map.of("rotated_away", 1L)));
        }
        try (Tail tail = Tail.start(folder, log.toString(), "searchTime=100")) {
            NumberedLines.append(log, 30, 40);
            tail.awaitExactly(30, 40);
            assertThat(tail.dropped()).isEmpty();
        }
    }

    @Test
    void shouldReadAPredecessorThatIsFoundOnlyLater() throws Exception {
        final String rotated = "rotated=" + folder.resolve("archive/*.gz");
        readSoFar(rotated);
        NumberedLines.append(log, 10, 20);
        final Path elsewhere = folder.resolve("elsewhere");
        Files.move(log, elsewhere);
        NumberedLines.append(log, 20, 30);
        try (Tail tail = Tail.start(folder, log.toString(), rotated)) {
            tail.awaitExactly(20, 30);
            Files.createDirectory(folder.resolve("archive"));
            pack(elsewhere, folder.resolve("archive/1.gz"));

            await().untilAsserted(
                            () ->
                                    assertThat(tail.uids().subList(10, tail.uids().size()))
                                            .containsExactlyElementsOf(NumberedLines.uids(10, 20)));
            assertThat(tail.dropped()).isEmpty();
        }
    }

    @Test
    void shouldNotReadAFileAgainThatIsPackedAfterItWasRead() throws Exception {
        readSoFar("");
        Files.move(log, folder.resolve("serveflow.log.1"));
        NumberedLines.append(log, 10, 20);
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(10, 20);
            pack(folder.resolve("serveflow.log.1"), folder.resolve("serveflow.log.1.gz"));
            NumberedLines.append(log, 20, 30);
            tail.awaitExactly(10, 30);
        }
        NumberedLines.append(log, 30, 40);
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(30, 40);
        }
    }

    @Test
    void shouldReadThePackedFileOnWhenItIsComplete() throws Exception {
        readSoFar("");
        NumberedLines.append(log, 10, 2_000);
        final Path packed = folder.resolve("serveflow.log.1.gz");
        pack(log, packed);
        final byte[] whole = Files.readAllBytes(packed);
        Files.write(packed, Arrays.copyOf(whole, whole.length / 2));
        try (Tail tail = Tail.start(folder, log.toString(), "finishDelay=60000")) {
            await().until(() -> tail.records.size() > 100);
            Files.write(packed, whole);

            tail.awaitExactly(10, 2_000);
            assertThat(tail.letters).isEmpty();
        }
    }

    @Test
    void shouldDeadLetterWhatIsMissingOfAPackedFile() throws Exception {
        readSoFar("");
        NumberedLines.append(log, 10, 2_000);
        final Path packed = folder.resolve("serveflow.log.1.gz");
        pack(log, packed);
        final byte[] whole = Files.readAllBytes(packed);
        Files.write(packed, Arrays.copyOf(whole, whole.length / 2));
        try (Tail tail = Tail.start(log)) {
            await().untilAsserted(
                            () ->
                                    assertThat(tail.letters)
                                            .extracting(DeadLetter::reason)
                                            .containsExactly("torn_line", "bad_gzip"));
        }
    }

    @Test
    void shouldReadTheRowsOfATsvLogByTheHeaderAtItsStart() throws Exception {
        final Path tsv = folder.resolve("tsv.log");
        NumberedLines.append(tsv, NumberedLines.TSV_HEADER + NumberedLines.tsv(0));
        try (Tail tail = Tail.start(tsv)) {
            tail.awaitExactly(0, 1);
        }
        NumberedLines.append(tsv, NumberedLines.tsv(1) + NumberedLines.tsv(2));
        try (Tail tail = Tail.start(tsv)) {
            tail.awaitExactly(1, 3);
            assertThat(tail.letters).isEmpty();
        }
    }

    @Test
    void shouldReadPacketsAgainOfFlowsThatWereNotCompleteWhenItStopped() throws Exception {
        final List<String> lines = sampleOfSuricata();
        final Path whole = Files.write(folder.resolve("whole.json"), lines);
        NumberedLines.append(whole, "{no event}\n");
        final Tail once = Tail.start(folder.resolve("1"), whole.toString(), PATIENT);
        await().until(() -> once.letters.size() == 1);
        once.close();
        final Set<String> complete = contexts(once);
        final Path eve = folder.resolve("eve.json");
        Files.write(eve, lines.subList(0, lines.size() / 2));
        final Set<String> contexts = new HashSet<>();
        try (Tail tail = Tail.start(folder.resolve("2"), eve.toString(), PATIENT)) {
            await().until(() -> contexts(tail).size() > 10);
            contexts.addAll(contexts(tail));
        }
        assertThat(contexts).isNotEmpty().hasSizeLessThan(complete.size());
        Files.move(eve, folder.resolve("eve.json.1"));
        Files.write(eve, lines.subList(lines.size() / 2, lines.size()));
        try (Tail tail = Tail.start(folder.resolve("2"), eve.toString(), PATIENT)) {
            await().untilAsserted(
                            () -> {
                                contexts.addAll(contexts(tail));
                                assertThat(contexts).containsAll(complete);
                            });
        }
    }

    private static List<String> sampleOfSuricata() throws IOException {
        return Gzip.text(ProjectFiles.eve("bittorrent")).lines().toList();
    }

    /** The flows of which ten packets came, with their packets. */
    private static Set<String> contexts(final Tail tail) {
        return tail.records.stream()
                .filter(record -> record.stage() == FlowRecord.Stage.CONTEXT)
                .filter(record -> record.end() == FlowRecord.End.DEPTH)
                .map(record -> record.id() + " " + record.packets().hashCode())
                .collect(Collectors.toSet());
    }

    private static void pack(final Path file, final Path to) throws IOException {
        Files.write(to, Gzip.packed(Files.readAllBytes(file)));
        Files.delete(file);
    }
}
