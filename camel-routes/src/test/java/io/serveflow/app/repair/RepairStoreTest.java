/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.ledger.Ledger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepairStoreTest {

    @TempDir private Path folder;

    private final Ledger ledger = new Ledger();
    private final AtomicLong nanos = new AtomicLong();

    @Test
    void shouldKeepLinesInAFileThatItsOwnerAloneReads() throws IOException {
        try (RepairStore store = store("deeper/repair.ndjson", 1_000)) {
            assertThat(folder.resolve("deeper")).doesNotExist();
            add(store, "one", "two");

            final Path file = folder.resolve("deeper/repair.ndjson");
            assertThat(Files.readAllLines(file)).containsExactly("one", "two");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(store.bytes()).hasValue(8);
        }
        assertThat(ledger.total(Ledger.Entry.REPAIR_STORED)).isEqualTo(2);
        assertThat(ledger.total(Ledger.Entry.REPAIR_DROPPED)).isZero();
    }

    @Test
    void shouldKeepNoMoreBytesThanItMay() throws IOException {
        try (RepairStore store = store("repair.ndjson", 8)) {
            add(store, "one", "longer than all", "two", "six");
        }

        assertThat(Files.readAllLines(folder.resolve("repair.ndjson")))
                .containsExactly("one", "two");
        assertThat(ledger.byDetail(Ledger.Entry.REPAIR_DROPPED))
                .isEqualTo(Map.of("repair_store_full", 2L));
    }

    @Test
    void shouldKeepNothingWhereItMayKeepNothing() {
        try (RepairStore store = store("repair.ndjson", 0)) {
            add(store, "one");
        }

        assertThat(folder.resolve("repair.ndjson")).doesNotExist();
        assertThat(ledger.byDetail(Ledger.Entry.REPAIR_DROPPED))
                .isEqualTo(Map.of("repair_store_full", 1L));
    }

    @Test
    void shouldGoOnInANewFileWhenItsOwnIsTaken() throws Exception {
        try (RepairStore store = store("repair.ndjson", 1_000)) {
            add(store, "one");
            try (TakenRepairs taken = take()) {
                add(store, "two");

                assertThat(text(taken.next())).isEqualTo("one");
                assertThat(taken.next()).isEmpty();
                taken.finish();
            }
            add(store, "three");
        }

        assertThat(Files.readAllLines(folder.resolve("repair.ndjson")))
                .containsExactly("two", "three");
        assertThat(folder).isDirectoryNotContaining("glob:**repairing*");
    }

    @Test
    void shouldCountWhatIsTakenUntilItIsRepaired() throws Exception {
        try (RepairStore store = store("repair.ndjson", 8)) {
            add(store, "one", "two");
            try (TakenRepairs taken = take()) {
                add(store, "six");
                assertThat(store.bytes()).hasValue(8);
                taken.finish();
            }
            add(store, "not yet looked");
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
            add(store, "ten");
        }

        assertThat(Files.readAllLines(folder.resolve("repair.ndjson"))).containsExactly("ten");
        assertThat(ledger.byDetail(Ledger.Entry.REPAIR_DROPPED))
                .isEqualTo(Map.of("repair_store_full", 2L));
    }

    @Test
    void shouldLeaveALineThatACrashCutALineOfItsOwn() throws IOException {
        Files.writeString(folder.resolve("repair.ndjson"), "whole\ncut");
        try (RepairStore store = store("repair.ndjson", 1_000)) {
            add(store, "one", "two");
        }

        assertThat(Files.readAllLines(folder.resolve("repair.ndjson")))
                .containsExactly("whole", "cut", "one", "two");
    }

    @Test
    void shouldCountWhatCannotBeWritten() throws IOException {
        Files.createDirectory(folder.resolve("repair.ndjson"));
        try (RepairStore store = store("repair.ndjson", 1_000)) {
            add(store, "one");
            Files.delete(folder.resolve("repair.ndjson"));
            add(store, "two");
        }

        assertThat(Files.readAllLines(folder.resolve("repair.ndjson"))).containsExactly("two");
        assertThat(ledger.byDetail(Ledger.Entry.REPAIR_DROPPED))
                .isEqualTo(Map.of("repair_store_failed", 1L));
    }

    @Test
    void shouldHaveEveryLineOnceHoweverOftenItsFileIsTakenMeanwhile() throws Exception {
        final int lines = 2_000;
        final CountDownLatch begun = new CountDownLatch(1);
        final List<String> repaired = new ArrayList<>();
        try (RepairStore store = store("repair.ndjson", 1_000_000)) {
            final Thread writer =
                    new Thread(
                            () -> {
                                for (int i = 0; i < lines; i++) {
                                    add(store, "line " + i);
                                    begun.countDown();
                                }
                            });
            writer.start();
            begun.await();
            while (writer.isAlive()) {
                takeAll(repaired);
            }
            writer.join();
            takeAll(repaired);
        }

        assertThat(ledger.total(Ledger.Entry.REPAIR_STORED)).isEqualTo(lines);
        assertThat(repaired).doesNotHaveDuplicates().hasSize(lines);
    }

    private void takeAll(final List<String> lines) throws Exception {
        final Optional<TakenRepairs> all =
                TakenRepairs.take(folder.resolve("repair.ndjson"), Clock.systemUTC());
        if (all.isPresent()) {
            try (TakenRepairs taken = all.get()) {
                Optional<TakenLine> line = taken.next();
                while (line.isPresent()) {
                    lines.add(text(line));
                    line = taken.next();
                }
                taken.finish();
            }
        }
    }

    private TakenRepairs take() throws Exception {
        return TakenRepairs.take(folder.resolve("repair.ndjson"), Clock.systemUTC()).orElseThrow();
    }

    private RepairStore store(final String file, final long maxBytes) {
        return new RepairStore(folder.resolve(file), maxBytes, ledger, nanos::get);
    }

    private static void add(final RepairStore store, final String... lines) {
        for (final String line : lines) {
            store.add((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String text(final Optional<TakenLine> line) {
        return new String(line.orElseThrow().text().orElseThrow(), StandardCharsets.UTF_8);
    }
}
