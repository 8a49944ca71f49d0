/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

class DeadLetterFileTest {

    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-11-22T10:15:30.123456Z"), ZoneOffset.UTC);

    private final Ledger ledger = new Ledger();

    @TempDir private Path folder;

    @Test
    void shouldWriteOneJsonLineALetter() throws IOException {
        final Path file = folder.resolve("dead.ndjson");
        try (DeadLetterFile letters = new DeadLetterFile(file, ledger, CLOCK, 0)) {
            letters.accept(new DeadLetter("a.log", 4711, "bad_json", "it says \"no\"", "{\n"));
        }
        assertThat(file)
                .hasContent(
                        "{\"ts\":\"2026-11-22T10:15:30.123456Z\",\"source\":\"a.log\",\"offset\":4711,\"reason\":\"bad_json\",\"detail\":\"it"
                            + " says"
                            + " \\\"no\\\"\",\"format\":\"\",\"observer\":\"\",\"bytes\":2,\"payload\":\"{\\n"
                            + "\"}\n");
    }

    @Test
    void shouldKeepWhatAReplayNeeds() throws IOException {
        final Path file = folder.resolve("dead.ndjson");
        try (DeadLetterFile letters = new DeadLetterFile(file, ledger)) {
            letters.accept(
                    new DeadLetter("eve.json", 7, "bad_json", "d", "{\"a\":1}", "eve", "s1", 7));
        }
        final JsonNode letter = json(Files.readString(file));
        assertThat(letter.get("format").asText()).isEqualTo("eve");
        assertThat(letter.get("observer").asText()).isEqualTo("s1");
        assertThat(letter.get("bytes").asLong()).isEqualTo(7);
    }

    @Test
    @EnabledIf("hasOwners")
    void shouldBeReadableByItsOwnerAlone() throws IOException {
        final Path file = folder.resolve("dead.ndjson");
        new DeadLetterFile(file, ledger).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void shouldCreateTheFoldersAboveIt() throws IOException {
        final Path file = folder.resolve("a/b/dead.ndjson");
        try (DeadLetterFile letters = new DeadLetterFile(file, ledger)) {
            letters.accept(letter("x"));
        }
        assertThat(Files.readAllLines(file)).hasSize(1);
    }

    @Test
    void shouldAppendToWhatIsThere() throws IOException {
        final Path file = folder.resolve("dead.ndjson");
        for (int i = 0; i < 2; i++) {
            try (DeadLetterFile letters = new DeadLetterFile(file, ledger)) {
                letters.accept(letter("x"));
            }
        }
        assertThat(Files.readAllLines(file)).hasSize(2);
    }

    @Test
    void shouldNotContinueALineThatACrashLeftUnfinished() throws IOException {
        final Path file = folder.resolve("dead.ndjson");
        Files.writeString(file, "{\"ts\":\"2026-");
        try (DeadLetterFile letters = new DeadLetterFile(file, ledger)) {
            letters.accept(letter("first"));
            letters.accept(letter("second"));
        }
        final List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).isEqualTo("{\"ts\":\"2026-");
        assertThat(json(lines.get(1)).get("payload").asText()).isEqualTo("first");
    }

    @Test
    void shouldCutAPayloadBetweenCharacters() throws IOException {
        final Path file = folder.resolve("dead.ndjson");
        final String payload = "a" + "\u00e9".repeat(DeadLetterFile.MAX_PAYLOAD_BYTES);
        try (DeadLetterFile letters = new DeadLetterFile(file, ledger)) {
            letters.accept(letter(payload));
        }
        final String kept = json(Files.readString(file)).get("payload").asText();
        assertThat(payload).startsWith(kept);
        assertThat(kept.getBytes(StandardCharsets.UTF_8))
                .hasSize(DeadLetterFile.MAX_PAYLOAD_BYTES - 1);
    }

    @Test
    void shouldKeepALetterWhoseTextIsNoUnicode() throws IOException {
        final Path file = folder.resolve("dead.ndjson");
        try (DeadLetterFile letters = new DeadLetterFile(file, ledger)) {
            letters.accept(letter("half a pair: \ud83d."));
        }
        assertThat(json(Files.readString(file)).get("payload").asText())
                .isEqualTo("half a pair: ?.");
    }

    @Test
    void shouldCountByReason() throws IOException {
        try (DeadLetterFile letters = new DeadLetterFile(folder.resolve("dead.ndjson"), ledger)) {
            letters.accept(new DeadLetter("a", 0, "bad_json", "d", "p"));
            letters.accept(new DeadLetter("a", 1, "bad_json", "d", "p"));
            letters.accept(new DeadLetter("a", 2, "bad_field", "d", "p"));
        }
        assertThat(ledger.byDetail(Ledger.Entry.DEAD_LETTERED))
                .isEqualTo(Map.of("bad_json", 2L, "bad_field", 1L));
    }

    @Test
    void shouldRefuseALetterWhenClosed() throws IOException {
        final DeadLetterFile letters = new DeadLetterFile(folder.resolve("dead.ndjson"), ledger);
        letters.close();
        assertThatThrownBy(() -> letters.accept(letter("x")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("bad_json, a.log at offset 7")
                .hasMessageContaining("dead.ndjson")
                .hasMessageContaining("the file is closed");
        assertThat(ledger.total(Ledger.Entry.DEAD_LETTERED)).isZero();
    }

    @Test
    @EnabledIf("hasFullDevice")
    void shouldRefuseALetterWhenTheDiskIsFull() throws IOException {
        try (DeadLetterFile letters = new DeadLetterFile(Path.of("/dev/full"), ledger)) {
            assertThatThrownBy(() -> letters.accept(letter("x")))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("/dev/full")
                    .hasMessageEndingWith(": No space left on device; see that its disk has room");
        }
        assertThat(ledger.total(Ledger.Entry.DEAD_LETTERED)).isZero();
    }

    @Test
    void shouldDropAndCountLettersThatDoNotFit() throws IOException {
        final Path file = folder.resolve("dead.ndjson");
        try (DeadLetterFile letters = new DeadLetterFile(file, ledger, CLOCK, 0)) {
            letters.accept(letter("x"));
        }
        final long one = Files.size(file);
        try (DeadLetterFile letters = new DeadLetterFile(file, ledger, CLOCK, 2 * one)) {
            letters.accept(letter("y"));
            letters.accept(letter("z"));
            assertThat(Files.size(file)).isEqualTo(2 * one);

            Files.write(file, new byte[0]);
            letters.accept(letter("u"));
        }

        assertThat(Files.readAllLines(file)).singleElement().asString().contains("\"u\"");
        assertThat(ledger.total(Ledger.Entry.DEAD_LETTERED)).isEqualTo(3);
        assertThat(ledger.byDetail(Ledger.Entry.DROPPED)).isEqualTo(Map.of("bad_json", 1L));
    }

    @Test
    void shouldBoundTheFileThatItWritesToThoughAnotherHasItsName() throws IOException {
        final Path file = folder.resolve("dead.ndjson");
        final Path moved = folder.resolve("moved.ndjson");
        try (DeadLetterFile letters = new DeadLetterFile(file, ledger, CLOCK, 400)) {
            letters.accept(letter("x"));
            Files.move(file, moved);
            letters.accept(letter("y"));
            letters.accept(letter("z"));
            Files.write(file, new byte[1_000]);
            letters.accept(letter("u"));
        }

        assertThat(Files.size(moved)).isBetween(200L, 400L);
        assertThat(ledger.total(Ledger.Entry.DEAD_LETTERED) + ledger.total(Ledger.Entry.DROPPED))
                .isEqualTo(4);
        assertThat(ledger.total(Ledger.Entry.DEAD_LETTERED)).isPositive();
        assertThat(ledger.total(Ledger.Entry.DROPPED)).isPositive();
    }

    @Test
    void shouldStayOpenWhenItsWriterIsInterrupted() throws IOException {
        final Path file = folder.resolve("dead.ndjson");
        try (DeadLetterFile letters = new DeadLetterFile(file, ledger)) {
            Thread.currentThread().interrupt();
            letters.accept(letter("x"));
            assertThat(Thread.interrupted()).isTrue();
            letters.accept(letter("y"));
        }
        assertThat(Files.readAllLines(file)).hasSize(2);
    }

    @Test
    void shouldKeepLinesWholeWhenManyThreadsWrite() throws Exception {
        final Path file = folder.resolve("dead.ndjson");
        final int threads = 4;
        final int each = 200;
        try (DeadLetterFile letters = new DeadLetterFile(file, ledger)) {
            final ExecutorService executor = Executors.newFixedThreadPool(threads);
            for (int t = 0; t < threads; t++) {
                executor.execute(
                        () -> {
                            for (int i = 0; i < each; i++) {
                                letters.accept(letter("x".repeat(i)));
                            }
                        });
            }
            executor.shutdown();
            assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(Files.readAllLines(file))
                .hasSize(threads * each)
                .allSatisfy(line -> assertThat(json(line).get("reason").asText()).isNotEmpty());
        assertThat(ledger.total(Ledger.Entry.DEAD_LETTERED)).isEqualTo(threads * each);
    }

    static boolean hasOwners() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }

    static boolean hasFullDevice() {
        return Files.exists(Path.of("/dev/full"));
    }

    private static DeadLetter letter(final String payload) {
        return new DeadLetter("a.log", 7, "bad_json", "the line is no JSON object", payload);
    }

    private static JsonNode json(final String line) throws IOException {
        return new ObjectMapper().readTree(line);
    }
}
