/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.camel.file.FailingDisk.Call;
import io.serveflow.camel.support.WrongOptionException;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Ledger.Entry;
import io.serveflow.verdict.AnsweredFlows;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files of verdicts: what becomes of them as they grow, get old, and after a crash. */
class RotatedFilesTest {

    private static final long BYTES = 1_000;
    private static final long AGE_MILLIS = 60_000;

    private final Ledger ledger = new Ledger();
    private final AtomicLong nanos = new AtomicLong();
    private final FailingDisk disk = new FailingDisk();
    @TempDir private Path folder;

    @Test
    void shouldBeginNoFileBeforeThereIsALine() throws IOException {
        open(0, 0).close();

        assertThat(WrittenFiles.in(folder)).isEmpty();
    }

    @Test
    void shouldBeginAnotherFileWhenOneIsLarge() throws IOException {
        try (RotatedFiles files = open(0, 0)) {
            for (int i = 0; i < 5; i++) {
                files.append(line(i, 400), 0);
            }
        }

        assertThat(WrittenFiles.in(folder))
                .extracting(file -> Files.size(file))
                .containsExactly(800L, 800L, 400L);
        assertThat(WrittenFiles.lines(folder)).hasSize(5);
    }

    @Test
    void shouldKeepLinesThatCameTogetherInOneFile() throws IOException {
        try (RotatedFiles files = open(0, 0)) {
            files.append(line(1, 400), 0);
            files.append(line(2, 2_000), 0);
            files.append(line(3, 400), 0);
        }

        assertThat(WrittenFiles.in(folder))
                .extracting(file -> Files.size(file))
                .containsExactly(400L, 2_000L, 400L);
    }

    @Test
    void shouldCountEveryFileThatIsLeftWithoutAnFsync() throws IOException {
        try (RotatedFiles files =
                new Opened(folder, ledger, false).open(disk, 0, 0, new AtomicLong())) {
            for (int i = 0; i < 5; i++) {
                files.append(line(i, 400), 0);
            }
        }

        assertThat(WrittenFiles.in(folder)).hasSize(3);
        assertThat(ledger.byDetail(Entry.SINK_FILES)).containsEntry(RotatedFiles.BEGUN, 3L);
    }

    @Test
    void shouldLeaveAFileThatIsOldThoughNothingComes() throws IOException {
        try (RotatedFiles files = open(0, 0)) {
            files.append(line(1, 100), 0);
            nanos.addAndGet(Duration.ofMillis(AGE_MILLIS).toNanos());
            files.leaveWhenOld();
            files.append(line(2, 100), 0);
        }

        assertThat(WrittenFiles.in(folder)).hasSize(2);
    }

    @Test
    void shouldWriteElsewhereWhenTheFileIsGone() throws IOException {
        try (RotatedFiles files = open(0, 0)) {
            files.append(line(1, 100), 0);
            Files.delete(WrittenFiles.in(folder).get(0));
            files.append(line(2, 100), 0);
        }

        assertThat(WrittenFiles.lines(folder)).hasSize(1);
    }

    @Test
    void shouldGiveFilesThePermissionsThatAreSet() throws IOException {
        try (RotatedFiles files = open(0, 0)) {
            files.append(line(1, 100), 0);
        }

        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(WrittenFiles.in(folder).get(0))))
                .isEqualTo("rw-r-----");
    }

    @Test
    void shouldKeepAsManyFilesAsAreSet() throws IOException {
        try (RotatedFiles files = open(2, 0)) {
            for (int i = 0; i < 5; i++) {
                files.append(line(i, 1_000), 0);
            }
        }

        assertThat(WrittenFiles.lines(folder))
                .extracting(one -> one.charAt(0))
                .containsExactly('3', '4');
        assertThat(ledger.byDetail(Entry.SINK_FILES))
                .isEqualTo(Map.of(RotatedFiles.BEGUN, 5L, RotatedFiles.REMOVED, 3L));
    }

    @Test
    void shouldKeepAsManyBytesAsAreSetAndNoFilesOfOthers() throws IOException {
        final Path other = Files.writeString(folder.resolve("serveflow-notes.ndjson"), "{}\n");
        try (RotatedFiles files = open(0, 2_500)) {
            for (int i = 0; i < 6; i++) {
                files.append(line(i, 1_000), 0);
            }
        }

        assertThat(WrittenFiles.in(folder)).hasSize(4).contains(other);
    }

    @Test
    void shouldCutOffWhatACrashLeftOfALine() throws IOException {
        final Path file = write("whole\nwhole too\n{\"torn");

        open(0, 0).close();

        assertThat(file).hasContent("whole\nwhole too\n");
        assertThat(ledger.byDetail(Entry.SINK_FILES)).isEqualTo(Map.of(RotatedFiles.REPAIRED, 1L));
    }

    @Property(tries = 200)
    void shouldCutOffNoWholeLineHoweverLongTheTornOneIs(
            @ForAll @IntRange(max = 3) final int whole,
            @ForAll @IntRange(max = 300_000) final int torn)
            throws IOException {
        final Path here = Files.createTempDirectory("serveflow-torn");
        final Path file = here.resolve("serveflow-20261130T000000Z-0001.ndjson");
        final String kept = "a line of some length\n".repeat(whole);
        Files.writeString(file, kept + "x".repeat(torn));

        new Opened(here, new Ledger()).open().close();

        if (whole == 0 && torn > 0) {
            assertThat(file).doesNotExist();
        } else {
            assertThat(file).hasContent(kept);
        }
        Files.deleteIfExists(file);
        Files.delete(here.resolve(".serveflow.lock"));
        Files.delete(here);
    }

    @Test
    void shouldCutOffTheZerosThatAPowerFailureLeaves() throws IOException {
        final Path file = write("whole\n");
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(10_000);
            out.seek(9_000);
            out.write("behind\n".getBytes(StandardCharsets.UTF_8));
        }

        open(0, 0).close();

        assertThat(file).hasContent("whole\n");
    }

    @Test
    void shouldGiveNoNameASecondTime() throws IOException {
        final Path before = write("before\n");
        try (RotatedFiles files = open(0, 0)) {
            files.append(line(1, 100), 0);
        }

        assertThat(before).hasContent("before\n");
        assertThat(WrittenFiles.in(folder)).hasSize(2).startsWith(before);
    }

    /** As documents from Kafka do that were written and not acknowledged before a crash. */
    @Test
    void shouldGoOnInTheLastFileWhereTheNextOneWouldBeginAlike() throws IOException {
        for (int i = 0; i < 2; i++) {
            try (RotatedFiles files = open(0, 0)) {
                files.append(line(1, 300), 0);
            }
        }
        assertThat(WrittenFiles.in(folder)).hasSize(1);
        assertThat(firstLetters()).containsExactly('1', '1');

        try (RotatedFiles files = open(0, 0)) {
            files.append(line(2, 300), 0);
        }
        assertThat(WrittenFiles.in(folder)).hasSize(2);
    }

    @Test
    void shouldSayThatTheFolderIsMissing() {
        final Path missing = folder.resolve("missing");

        assertThatThrownBy(() -> new Opened(missing, ledger).open())
                .isInstanceOf(WrongOptionException.class)
                .hasMessageStartingWith(
                        "serveflow-file: folder is "
                                + missing
                                + ", and there is no such folder; make")
                .hasMessageContaining("install -d");
    }

    @Test
    void shouldSayThatTheFolderIsAFile() throws IOException {
        final Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> new Opened(file, ledger).open())
                .isInstanceOf(WrongOptionException.class)
                .hasMessageContaining("which is a file; name a folder");
    }

    @Test
    void shouldLetNobodyElseWriteFilesOfTheName() throws IOException {
        try (RotatedFiles files = open(0, 0)) {
            assertThatThrownBy(() -> open(0, 0))
                    .isInstanceOf(WrongOptionException.class)
                    .hasMessageContaining("give each a name or a folder of its own");
            files.append(line(1, 100), 0);
        }
        open(0, 0).close();
    }

    @Test
    void shouldTakeBackWhatAFailedSyncWasToBring() throws IOException {
        try (RotatedFiles files = open(0, 0)) {
            files.append(line(1, 100), 0);
            files.sync();
            files.append(line(2, 100), 0);
            disk.fail(Call.SYNC, 1);

            assertThatThrownBy(files::sync).isInstanceOf(UnsyncedException.class);

            assertThat(files.position()).isEqualTo(100);
            assertThat(firstLetters()).containsExactly('1');
            files.append(line(2, 100), 0);
        }
        assertThat(firstLetters()).containsExactly('1', '2');
        assertThat(WrittenFiles.in(folder)).hasSize(2);
    }

    /** An agent that knows files by how they begin would never read the later one. */
    @Test
    void shouldLeaveNoFileThatBeginsAsTheNextOne() throws IOException {
        try (RotatedFiles files = open(0, 0)) {
            disk.fail(Call.SYNC, 5);
            for (int i = 0; i < 5; i++) {
                files.append(line(1, 100), 0);
                assertThatThrownBy(files::sync).isInstanceOf(UnsyncedException.class);
                assertThat(files.position()).isZero();
                assertThat(WrittenFiles.in(folder)).hasSize(1);
            }
            files.append(line(1, 100), 0);
            files.sync();

            assertThat(WrittenFiles.in(folder)).hasSize(1);
        }
        assertThat(firstLetters()).containsExactly('1');
    }

    @Test
    void shouldRemoveNoOldFileForOneThatTheDiskDoesNotTake() throws IOException {
        try (RotatedFiles files = open(2, 0)) {
            files.append(line(1, 1_000), 0);
            files.append(line(2, 1_000), 0);
            files.sync();
            disk.fail(Call.SYNC);
            for (int i = 0; i < 3; i++) {
                files.append(line(3, 1_000), 0);
                assertThatThrownBy(files::sync).isInstanceOf(UnsyncedException.class);
            }
            assertThat(firstLetters()).startsWith('1', '2');

            disk.heal();
            files.append(line(3, 1_000), 0);
            files.sync();
        }
        assertThat(firstLetters()).containsExactly('2', '3');
    }

    @Test
    void shouldWriteNothingBeforeWhatWasTakenBackIsGone() throws IOException {
        try (RotatedFiles files = open(0, 0)) {
            files.append(line(1, 100), 0);
            files.sync();
            files.append(line(2, 100), 0);
            disk.fail(Call.SYNC, 1);
            disk.fail(Call.CUT, 2);
            assertThatThrownBy(files::sync).isInstanceOf(UnsyncedException.class);

            assertThatThrownBy(() -> files.append(line(2, 100), 0)).isInstanceOf(IOException.class);

            assertThat(firstLetters()).containsExactly('1', '2');
            files.append(line(2, 100), 0);
        }
        assertThat(firstLetters()).containsExactly('1', '2');
    }

    @Test
    void shouldTakeBackWhatIsUnsyncedWhereALineCannotBeCutOff() throws IOException {
        try (RotatedFiles files = open(0, 0)) {
            files.append(line(1, 100), 0);
            disk.fail(Call.WRITE, 1);
            disk.fail(Call.TRUNCATE, 1);

            assertThatThrownBy(() -> files.append(line(2, 100), 0))
                    .isInstanceOf(UnsyncedException.class);

            assertThat(files.position()).isZero();
            files.append(line(1, 100), 0);
            files.append(line(2, 100), 0);
        }
        assertThat(firstLetters()).containsExactly('1', '2');
        assertThat(WrittenFiles.in(folder)).hasSize(1);
    }

    @Test
    void shouldKeepWhatIsAcknowledgedThoughItsSyncFails() throws IOException {
        try (RotatedFiles files = open(0, 0)) {
            files.append(line(1, 100), 0);
            files.keep(7);
            files.append(line(2, 100), 0);
            disk.fail(Call.SYNC, 1);

            assertThatThrownBy(files::sync)
                    .isInstanceOfSatisfying(
                            UnsyncedException.class,
                            e -> assertThat(e.acknowledged()).isEqualTo(7));

            assertThat(files.position()).isEqualTo(100);
        }
        assertThat(firstLetters()).containsExactly('1');
        assertThat(ledger.total(Entry.UNSYNCED)).isEqualTo(7);
    }

    @ParameterizedTest
    @EnumSource(names = {"SET_PERMISSIONS", "SYNC_FOLDER"})
    void shouldLeaveNoEmptyFilesWhereNoneCanBeBegun(final Call call) throws IOException {
        disk.fail(call, 5);
        try (RotatedFiles files = open(0, 0)) {
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> files.append(line(1, 100), 0))
                        .isInstanceOf(IOException.class);
                assertThat(WrittenFiles.in(folder)).hasSizeLessThan(2);
            }
            files.append(line(1, 100), 0);

            assertThat(WrittenFiles.in(folder)).hasSize(1);
        }
        assertThat(ledger.byDetail(Entry.SINK_FILES)).isEqualTo(Map.of(RotatedFiles.BEGUN, 1L));
    }

    @Test
    void shouldBeginNoThirdFileWhereNoneCanBeRemoved() throws IOException {
        disk.fail(Call.SYNC);
        disk.fail(Call.DELETE);
        try (RotatedFiles files = open(0, 0)) {
            files.append(line(1, 100), 0);
            assertThatThrownBy(files::sync).isInstanceOf(UnsyncedException.class);
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> files.append(line(1, 100), 0))
                        .isInstanceOf(IOException.class);
            }

            assertThat(WrittenFiles.in(folder)).hasSize(2);
            disk.heal();
        }
        assertThat(WrittenFiles.in(folder)).isEmpty();
    }

    private List<Character> firstLetters() throws IOException {
        return WrittenFiles.lines(folder).stream().map(one -> one.charAt(0)).toList();
    }

    private Path write(final String text) throws IOException {
        return Files.writeString(
                folder.resolve("serveflow-20991231T235959Z-0001.ndjson"),
                text,
                StandardOpenOption.CREATE_NEW);
    }

    private RotatedFiles open(final int maxFiles, final long maxTotalBytes) throws IOException {
        return new Opened(folder, ledger).open(disk, maxFiles, maxTotalBytes, nanos);
    }

    private record Opened(Path folder, Ledger ledger, boolean synced) {

        private Opened(final Path folder, final Ledger ledger) {
            this(folder, ledger, true);
        }

        private RotatedFiles open() throws IOException {
            return open(new SystemDisk(), 0, 0, new AtomicLong());
        }

        private RotatedFiles open(
                final Disk disk,
                final int maxFiles,
                final long maxTotalBytes,
                final AtomicLong nanos)
                throws IOException {
            return RotatedFiles.open(
                    new RotatedFiles.Options(
                            folder,
                            "serveflow",
                            BYTES,
                            AGE_MILLIS,
                            maxFiles,
                            maxTotalBytes,
                            PosixFilePermissions.fromString("rw-r-----"),
                            synced),
                    disk,
                    Clock.fixed(AnsweredFlows.CREATED, ZoneOffset.UTC),
                    nanos::get,
                    ledger);
        }
    }

    /** A line of so many bytes with its end, which begins with a digit. */
    private static byte[] line(final int i, final int bytes) {
        return (i + "x".repeat(bytes - 2) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
