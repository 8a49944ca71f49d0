/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.serveflow.ledger.DeadLetterReplay;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TakenRepairsTest {

    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-11-29T10:11:12.345678Z"), ZoneOffset.UTC);

    @TempDir private Path folder;
    private Path store;

    @BeforeEach
    void name() {
        store = folder.resolve("repair.ndjson");
    }

    @Test
    void shouldTakeNothingWhereNothingIs() throws Exception {
        assertThat(TakenRepairs.take(store, CLOCK)).isEmpty();
        assertThat(TakenRepairs.take(folder.resolve("no/folder"), CLOCK)).isEmpty();
        Files.createFile(store);
        assertThat(TakenRepairs.take(store, CLOCK)).isEmpty();
        assertThat(TakenRepairs.left(store)).isEmpty();
        assertThat(TakenRepairs.bytes(store)).isZero();
    }

    @Test
    void shouldLeaveWhatStaysAndPutAsideWhatCannotBeAsked() throws Exception {
        Files.writeString(store, "\n  \na\n\nbb\r\nc c\nd\nlast");
        Files.writeString(folder.resolve("repair.ndjson.remaining"), "old\n");
        try (TakenRepairs taken = TakenRepairs.take(store, CLOCK).orElseThrow()) {
            assertThat(taken.file().getFileName())
                    .hasToString("repair.ndjson.repairing-20261129T101112.345Z");
            assertThat(store).doesNotExist();
            final List<TakenLine> lines = all(taken);
            assertThat(lines.stream().map(TakenRepairsTest::text))
                    .containsExactly("a", "bb\r", "c c", "d", "last");
            taken.putAside(lines.get(1));
            taken.putAside(lines.get(4));
            taken.stays(lines.get(2));
            taken.finish();

            assertThat(taken.hasStaying()).isTrue();
            assertThat(taken.file()).hasContent("c c");
            assertThat(taken.remaining()).hasContent("old\nbb\r\nlast\n");
        }
        assertThat(folder).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void shouldPutTheRestBeforeWhatWasAskedAbout() throws Exception {
        Files.writeString(store, "1\n2\n3\n4");
        try (TakenRepairs taken = TakenRepairs.take(store, CLOCK).orElseThrow()) {
            taken.stays(taken.next().orElseThrow());
            taken.next();
            taken.restStays();
            taken.finish();

            assertThat(Files.readString(taken.file())).isEqualTo("3\n4\n1\n");
        }
    }

    /** As on a full disk, where an empty file stayed. */
    @Test
    void shouldLeaveNoFileOfARepairThatCannotBeEnded() throws Exception {
        Files.writeString(store, "1\n2\n");
        final TakenRepairs taken = TakenRepairs.take(store, CLOCK).orElseThrow();
        taken.stays(taken.next().orElseThrow());
        taken.close();

        assertThatThrownBy(taken::finish)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("all lines are still in " + taken.file());

        assertThat(folder).isDirectoryContaining("glob:**repairing-*Z");
        assertThat(folder).isDirectoryNotContaining("glob:**.new");
        assertThat(taken.file()).hasContent("1\n2");
    }

    @Test
    void shouldTakeWhatABrokenOffRepairHasLeftBeforeWhatIsNew() throws Exception {
        Files.writeString(store, "first\n");
        TakenRepairs.take(store, CLOCK).orElseThrow().close();
        Files.writeString(store, "second\n");
        Files.writeString(folder.resolve("repair.ndjson.repairing-20261129T101112.345Z.new"), "x");

        final List<TakenRepairs> taken = new ArrayList<>(TakenRepairs.left(store));
        assertThat(taken).hasSize(1);
        taken.add(TakenRepairs.take(store, CLOCK).orElseThrow());

        assertThat(text(taken.get(0).next().orElseThrow())).isEqualTo("first");
        assertThat(text(taken.get(1).next().orElseThrow())).isEqualTo("second");
        assertThat(TakenRepairs.bytes(store)).isEqualTo(13);
        for (final TakenRepairs one : taken) {
            one.finish();
            one.close();
        }
        assertThat(folder).isEmptyDirectory();
    }

    /** What is left of a file that was itself named to be repaired, or of other programs. */
    @Test
    void shouldTakeOnlyWhatWasTakenOfTheStore() throws Exception {
        final String taken = "repair.ndjson.repairing-20261129T101112.345Z";
        for (final String ending : List.of(".remaining", ".refused", ".lock", ".new", "~", ".gz")) {
            Files.writeString(folder.resolve(taken + ending), "other\n");
        }
        Files.writeString(folder.resolve("repair.ndjson.repairing-soon"), "other\n");
        Files.writeString(folder.resolve("other-" + taken), "other\n");
        Files.writeString(folder.resolve(taken + "-2"), "second\n");
        Files.writeString(folder.resolve(taken), "first\n");

        assertThat(TakenRepairs.bytes(store)).isEqualTo(13);
        final List<TakenRepairs> all = TakenRepairs.left(store);

        assertThat(all).hasSize(2);
        assertThat(text(all.get(0).next().orElseThrow())).isEqualTo("first");
        assertThat(text(all.get(1).next().orElseThrow())).isEqualTo("second");
        for (final TakenRepairs one : all) {
            one.close();
        }
    }

    @Test
    void shouldTakeAFileByTheNameThatItWasTakenUnder() throws Exception {
        Files.writeString(store, "new\n");
        final Path named = folder.resolve("repair.ndjson.repairing-20261129T101112.345Z");
        Files.writeString(named, "a\nb\n");

        assertThat(TakenRepairs.bytes(named)).isEqualTo(4);
        assertThat(TakenRepairs.take(named, CLOCK)).isEmpty();
        final List<TakenRepairs> all = TakenRepairs.left(named);

        assertThat(all).hasSize(1);
        try (TakenRepairs taken = all.get(0)) {
            assertThat(taken.file()).isEqualTo(named);
            assertThat(taken.remaining()).hasFileName("repair.ndjson.remaining");
            taken.stays(taken.next().orElseThrow());
            taken.finish();
        }
        assertThat(named).hasContent("a");
        assertThat(store).hasContent("new");
    }

    @Test
    void shouldLetOneRepairAtATimeHaveAStore() throws Exception {
        final Path taken = folder.resolve("repair.ndjson.repairing-20261129T101112.345Z");
        try (RepairLock one = RepairLock.take(store).orElseThrow();
                RepairLock ofOther = RepairLock.take(folder.resolve("other")).orElseThrow()) {
            assertThat(one).isNotSameAs(ofOther);
            assertThat(RepairLock.take(store)).isEmpty();
            assertThat(RepairLock.take(taken)).isEmpty();
        }
        RepairLock.take(taken).orElseThrow().close();
        assertThat(folder.resolve("repair.ndjson.lock")).isEmptyFile();
    }

    @Test
    void shouldWaitForWhoAddsTheLastLine() throws Exception {
        Files.writeString(store, "a\n");
        try (RandomAccessFile adding = new RandomAccessFile(store.toFile(), "rw")) {
            final FileLock lock = adding.getChannel().lock();
            final CompletableFuture<TakenRepairs> taking =
                    CompletableFuture.supplyAsync(this::take);
            await().until(() -> Files.notExists(store));
            adding.seek(2);
            adding.writeBytes("b\n");
            lock.release();

            try (TakenRepairs taken = taking.get()) {
                assertThat(all(taken).stream().map(TakenRepairsTest::text))
                        .containsExactly("a", "b");
            }
        }
    }

    private TakenRepairs take() {
        try {
            return TakenRepairs.take(store, CLOCK).orElseThrow();
        } catch (final IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldKeepRefusedLettersBehindATornOne() throws Exception {
        Files.writeString(store, "a\n");
        Files.writeString(folder.resolve("repair.ndjson.refused"), "torn");
        try (TakenRepairs taken = TakenRepairs.take(store, CLOCK).orElseThrow()) {
            assertThat(taken.keepRefused(letters(""))).isFalse();
            assertThat(taken.keepRefused(letters("letter\n"))).isTrue();

            assertThat(taken.refused()).hasContent("torn\nletter\n");
        }
    }

    @Test
    void shouldKeepNoRefusedLetterInAFileThatIsReplayed() throws Exception {
        Files.writeString(store, "a\n");
        final Path refused = folder.resolve("repair.ndjson.refused");
        Files.writeString(refused, "old\n");
        try (DeadLetterReplay replay = DeadLetterReplay.hold(refused, CLOCK);
                TakenRepairs taken = TakenRepairs.take(store, CLOCK).orElseThrow()) {
            assertThat(replay.remaining()).doesNotExist();

            assertThatThrownBy(() -> taken.keepRefused(letters("letter\n")))
                    .hasMessage(
                            "%s could not be written (another process uses it); all lines are"
                                            .formatted(refused)
                                    + " still in "
                                    + taken.file());
            assertThat(refused).hasContent("old\n");
        }
    }

    private static InputStream letters(final String letters) {
        return new ByteArrayInputStream(letters.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldGiveNoTextOfALineThatIsTooLongForAFlow() throws Exception {
        final String longest = "x".repeat((4 << 20) + 1);
        Files.writeString(store, longest + "\nb\n");
        try (TakenRepairs taken = TakenRepairs.take(store, CLOCK).orElseThrow()) {
            final TakenLine line = taken.next().orElseThrow();
            assertThat(line.text()).isEmpty();
            assertThat(text(taken.next().orElseThrow())).isEqualTo("b");
            taken.putAside(line);
            taken.finish();

            assertThat(taken.remaining()).hasSize(longest.length() + 1L);
        }
    }

    @Test
    void shouldHaveAllLinesStillWhereWhatRemainsCannotBeWritten() throws Exception {
        Files.writeString(store, "a\nb\n");
        Files.createDirectory(folder.resolve("repair.ndjson.remaining"));
        try (TakenRepairs taken = TakenRepairs.take(store, CLOCK).orElseThrow()) {
            taken.putAside(taken.next().orElseThrow());

            assertThatThrownBy(taken::finish)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("all lines are still in " + taken.file());
            assertThat(taken.file()).hasContent("a\nb\n");
        }
    }

    private static List<TakenLine> all(final TakenRepairs taken) throws IOException {
        final List<TakenLine> lines = new ArrayList<>();
        Optional<TakenLine> line = taken.next();
        while (line.isPresent()) {
            lines.add(line.get());
            line = taken.next();
        }
        return lines;
    }

    private static String text(final TakenLine line) {
        return new String(line.text().orElseThrow(), StandardCharsets.UTF_8);
    }
}
