/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.ledger.DeadLetterReplay.Kept;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DeadLetterReplayTest {

    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-11-28T10:15:30Z"), ZoneOffset.UTC);
    private static final DeadLetter LINE =
            new DeadLetter("eve.json", 7, "bad_json", "d", "{\"b\":\"\u00e9\"}", "eve", "s1", 10);

    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("dead.ndjson");
    }

    @Test
    void shouldKeepTheNameOfAFileUntilItIsBegun() throws IOException {
        Files.writeString(file, "{}\n");

        DeadLetterReplay.hold(file, CLOCK).close();

        assertThat(file).exists();
        assertThat(Path.of(file + ".replaying")).doesNotExist();
    }

    @Test
    void shouldGiveOutLettersAsTheyWereKept() throws IOException {
        keep(LINE, DeadLetter.document("logs-x", "index_400", "d", "{}"));
        try (DeadLetterReplay replay = begun(file, CLOCK)) {
            assertThat(read(replay))
                    .extracting(kept -> kept.letter().orElseThrow())
                    .containsExactly(LINE, DeadLetter.document("logs-x", "index_400", "d", "{}"));
        }
        assertThat(LINE.isWhole()).isTrue();
    }

    @Test
    void shouldTellAPayloadThatWasCut() throws IOException {
        final String line = "x".repeat(DeadLetterFile.MAX_PAYLOAD_BYTES + 1);
        keep(new DeadLetter("a", 0, "r", "d", line), new DeadLetter("b", 0, "r", "d", "short"));
        Files.writeString(
                file,
                Files.readString(file)
                        + "{\"source\":\"old\",\"reason\":\"r\",\"payload\":\""
                        + "y".repeat(8192)
                        + "\"}\n{\"source\":\"old\",\"reason\":\"r\",\"payload\":\"z\"}\n");
        try (DeadLetterReplay replay = begun(file, CLOCK)) {
            assertThat(read(replay))
                    .extracting(kept -> kept.letter().orElseThrow().isWhole())
                    .containsExactly(false, true, false, true);
        }
    }

    @Test
    void shouldNotReplayTwice() throws IOException {
        keep(LINE);
        try (DeadLetterReplay replay = begun(file, CLOCK)) {
            read(replay);
            assertThat(replay.done())
                    .isEqualTo(folder.resolve("dead.ndjson.replayed-20261128T101530Z"))
                    .exists();
        }
        assertThatThrownBy(() -> begun(file, CLOCK)).hasMessageContaining("is no file");
    }

    @Test
    void shouldGoOnFromAReplayThatBrokeOff() throws IOException {
        keep(LINE);
        begun(file, CLOCK).close();
        keep(LINE, LINE);

        assertThatThrownBy(() -> begun(file, CLOCK)).hasMessageContaining("replay that file first");
        final Path broken = folder.resolve("dead.ndjson.replaying");
        try (DeadLetterReplay replay = begun(broken, CLOCK)) {
            assertThat(read(replay)).hasSize(1);
            replay.done();
        }
        try (DeadLetterReplay replay = begun(file, CLOCK)) {
            assertThat(read(replay)).hasSize(2);
        }
    }

    @Test
    void shouldKeepWhatCannotBeReplayedAsItWas() throws IOException {
        keep(LINE);
        Files.writeString(file, Files.readString(file) + "{\"ts\":\"torn");
        try (DeadLetterReplay replay = begun(file, CLOCK)) {
            replay.forEach(
                    kept -> {
                        if (kept.letter().isEmpty()) {
                            replay.remains(kept);
                        }
                    });
            replay.done();
            assertThat(replay.remaining()).hasContent("{\"ts\":\"torn");
        }
    }

    /** A disk that is always full. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldNameTheFilesWhereTheRestCannotBeKept() throws IOException {
        keep(LINE);
        Files.createSymbolicLink(Path.of(file + ".remaining"), Path.of("/dev/full"));
        try (DeadLetterReplay replay = begun(file, CLOCK)) {
            read(replay).forEach(replay::remains);

            assertThatThrownBy(replay::done)
                    .hasMessageContaining(file + ".remaining (No space left on device)")
                    .hasMessageContaining("replay " + file + ".replaying again")
                    .hasNoCause();
        }
        assertThat(Path.of(file + ".replaying")).exists();
    }

    @Test
    void shouldNotReplayAFileThatIsStillWrittenTo() throws IOException {
        try (DeadLetterFile open = new DeadLetterFile(file, new Ledger())) {
            open.accept(LINE);
            assertThatThrownBy(() -> begun(file, CLOCK))
                    .hasMessageContaining("still written to by a running process");
        }
        begun(file, CLOCK).close();
    }

    @Test
    void shouldNotGiveTheNameBackOverAFileThatAProcessHasOpen() throws IOException {
        keep(LINE);
        final DeadLetterReplay replay = begun(file, CLOCK);
        try (DeadLetterFile open = new DeadLetterFile(file, new Ledger())) {
            replay.giveBack();
            replay.close();
            open.accept(LINE);
        }

        assertThat(file).content().contains("bad_json");
        assertThat(Path.of(file + ".replaying")).content().contains("bad_json");
    }

    @Test
    void shouldGiveTheNameBackOverAFileThatWasLeftEmpty() throws IOException {
        keep(LINE);
        try (DeadLetterReplay replay = begun(file, CLOCK)) {
            new DeadLetterFile(file, new Ledger()).close();
            replay.giveBack();
        }

        assertThat(file).content().contains("bad_json");
        assertThat(Path.of(file + ".replaying")).doesNotExist();
    }

    private void keep(final DeadLetter... letters) throws IOException {
        try (DeadLetterFile open = new DeadLetterFile(file, new Ledger())) {
            List.of(letters).forEach(open::accept);
        }
    }

    private static List<Kept> read(final DeadLetterReplay replay) throws IOException {
        final List<Kept> all = new ArrayList<>();
        replay.forEach(all::add);
        return all;
    }

    private static DeadLetterReplay begun(final Path chosen, final Clock clock) throws IOException {
        final DeadLetterReplay replay = DeadLetterReplay.hold(chosen, clock);
        replay.begin();
        return replay;
    }
}
