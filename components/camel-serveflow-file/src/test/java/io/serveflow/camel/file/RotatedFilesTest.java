/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.camel.support.WrongOptionException;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Ledger.Entry;
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
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of verdicts: what becomes of them as they grow, get old, and after a crash. */
class RotatedFilesTest {

    private static final long BYTES = 1_000;
    private static final long AGE_MILLIS = 60_000;

    private final Ledger ledger = new Ledger();
    private final AtomicLong nanos = new AtomicLong();
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

    private Path write(final String text) throws IOException {
        return Files.writeString(
                folder.resolve("serveflow-20991231T235959Z-0001.ndjson"),
                text,
                StandardOpenOption.CREATE_NEW);
    }

    private RotatedFiles open(final int maxFiles, final long maxTotalBytes) throws IOException {
        return new Opened(folder, ledger).open(maxFiles, maxTotalBytes, nanos);
    }

    private record Opened(Path folder, Ledger ledger) {

        private RotatedFiles open() throws IOException {
            return open(0, 0, new AtomicLong());
        }

        private RotatedFiles open(
                final int maxFiles, final long maxTotalBytes, final AtomicLong nanos)
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
                            true),
                    Clock.fixed(SampleFlows.CREATED, ZoneOffset.UTC),
                    nanos::get,
                    ledger);
        }
    }

    /** A line of so many bytes with its end, which begins with a digit. */
    private static byte[] line(final int i, final int bytes) {
        return (i + "x".repeat(bytes - 2) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
