/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
        assertThat(TakenRepairs.hasAny(store)).isFalse();
    }

    @Test
    void shouldLeaveWhatStaysAndPutAsideWhatCannotBeAsked() throws Exception {
        Files.writeString(store, "\n  \na\n\nbb\r\nc c\nd\nlast");
        Files.writeString(folder.resolve("repair.ndjson.remaining"), "old\n");
        try (TakenRepairs taken = TakenRepairs.take(store, CLOCK).get(0)) {
            assertThat(taken.file().getFileName())
                    .hasToString("repair.ndjson.repairing-20261129T101112.345Z");
            assertThat(store).doesNotExist();
            final List<TakenRepairs.Line> lines = all(taken);
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
        try (TakenRepairs taken = TakenRepairs.take(store, CLOCK).get(0)) {
            taken.stays(taken.next().orElseThrow());
            taken.next();
            taken.restStays(taken.next().orElseThrow());
            taken.finish();

            assertThat(Files.readString(taken.file())).isEqualTo("3\n4\n1\n");
        }
    }

    @Test
    void shouldTakeWhatABrokenOffRepairHasLeftBeforeWhatIsNew() throws Exception {
        Files.writeString(store, "first\n");
        TakenRepairs.take(store, CLOCK).get(0).close();
        Files.writeString(store, "second\n");
        Files.writeString(folder.resolve("repair.ndjson.repairing-20261129T101112.345Z.new"), "x");

        final List<TakenRepairs> taken = TakenRepairs.take(store, CLOCK);

        assertThat(taken).hasSize(2);
        assertThat(text(taken.get(0).next().orElseThrow())).isEqualTo("first");
        assertThat(text(taken.get(1).next().orElseThrow())).isEqualTo("second");
        assertThat(TakenRepairs.bytes(store)).isEqualTo(13);
        for (final TakenRepairs one : taken) {
            one.finish();
            one.close();
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shouldNotTakeWhatAnotherRepairHas() throws Exception {
        Files.writeString(store, "first\n");
        try (TakenRepairs taken = TakenRepairs.take(store, CLOCK).get(0)) {
            assertThat(TakenRepairs.take(store, CLOCK)).isEmpty();
            assertThat(TakenRepairs.hasAny(store)).isTrue();
            assertThat(text(taken.next().orElseThrow())).isEqualTo("first");
        }
    }

    @Test
    void shouldGiveNoTextOfALineThatIsTooLongForAFlow() throws Exception {
        final String longest = "x".repeat((4 << 20) + 1);
        Files.writeString(store, longest + "\nb\n");
        try (TakenRepairs taken = TakenRepairs.take(store, CLOCK).get(0)) {
            final TakenRepairs.Line line = taken.next().orElseThrow();
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
        try (TakenRepairs taken = TakenRepairs.take(store, CLOCK).get(0)) {
            taken.putAside(taken.next().orElseThrow());

            assertThatThrownBy(taken::finish)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("all lines are still in " + taken.file());
            assertThat(taken.file()).hasContent("a\nb\n");
        }
    }

    private static List<TakenRepairs.Line> all(final TakenRepairs taken) throws IOException {
        final List<TakenRepairs.Line> lines = new ArrayList<>();
        Optional<TakenRepairs.Line> line = taken.next();
        while (line.isPresent()) {
            lines.add(line.get());
            line = taken.next();
        }
        return lines;
    }

    private static String text(final TakenRepairs.Line line) {
        return new String(line.text().orElseThrow(), StandardCharsets.UTF_8);
    }
}
