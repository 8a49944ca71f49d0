/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A reader that is killed again and again while the log is rotated: every line is acknowledged at
 * least once, and no position is ever ahead of that.
 */
class TailKillTest {

    private static final int LINES = 200_000;
    private static final int KILLS = 5;
    private static final int LINES_A_FILE = 2_500;
    private static final int MOST_BYTES_A_RUN = 300_000;
    private static final int LINES_A_TICK = 25;
    private static final long TICK_NANOS = 1_000_000;

    private final long seed = Long.getLong("serveflow.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final AtomicInteger allowed = new AtomicInteger();

    @TempDir private Path folder;
    private Path positionFile;
    private Path answers;
    private Path output;
    private final BitSet answered = new BitSet();
    private long answersRead;
    private Optional<Process> reader = Optional.empty();

    @AfterEach
    void end() {
        reader.ifPresent(Process::destroyForcibly);
    }

    @ParameterizedTest
    @EnumSource
    void shouldAcknowledgeEveryLineHoweverOftenItIsKilled(final RotatingLog.Style style)
            throws Exception {
        killAndRestart(style, 0);
    }

    @Test
    void shouldNotForgetLinesWhoseFlowsWaitForTheSlowTierWhenItIsKilled() throws Exception {
        killAndRestart(RotatingLog.Style.RENAME, 300);
    }

    private void killAndRestart(final RotatingLog.Style style, final int slowMillis)
            throws Exception {
        positionFile = folder.resolve("positions.json");
        answers = Files.createFile(folder.resolve("answers"));
        output = folder.resolve("output");
        try (RotatingLog log = new RotatingLog(folder, style)) {
            start(log, slowMillis);
            await().until(() -> Files.exists(positionFile));
            final CompletableFuture<Void> sensor = CompletableFuture.runAsync(() -> write(log));
            for (int kill = 1; kill <= KILLS; kill++) {
                allowed.set(LINES / (KILLS + 1) * kill);
                final long moment = Files.size(answers) + random.nextInt(MOST_BYTES_A_RUN);
                await().pollInterval(Duration.ofMillis(1))
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> Files.size(answers) > moment || isIdle(log));
                reader.orElseThrow().destroyForcibly().waitFor();
                checkThatPositionsAreNotAhead(log);
                start(log, slowMillis);
            }
            allowed.set(LINES);
            sensor.get(60, TimeUnit.SECONDS);
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () ->
                                    assertThat(answered().cardinality())
                                            .as("lines acknowledged, seed %d", seed)
                                            .isEqualTo(LINES));
            reader.orElseThrow().getOutputStream().close();
            assertThat(reader.orElseThrow().waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(output).content().as("seed %d", seed).endsWith("dropped {}\n");
            checkThatPositionsAreNotAhead(log);
        }
    }

    /** Whether the reader has acknowledged all that the sensor may write for now. */
    private boolean isIdle(final RotatingLog log) throws IOException {
        return answered().cardinality() >= allowed.get();
    }

    private void write(final RotatingLog log) {
        try {
            for (int number = 0; number < LINES; number++) {
                while (number >= allowed.get() || number % LINES_A_TICK == 0) {
                    LockSupport.parkNanos(TICK_NANOS);
                    if (number < allowed.get()) {
                        break;
                    }
                }
                if (number > 0 && number % LINES_A_FILE == 0) {
                    log.rotate(number);
                }
                log.write(number);
            }
        } catch (final IOException e) {
            throw new CompletionException(e);
        }
    }

    private void start(final RotatingLog log, final int slowMillis) throws IOException {
        reader =
                Optional.of(
                        new ProcessBuilder(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-XX:TieredStopAtLevel=1",
                                        "-XX:+UseSerialGC",
                                        "-Xshare:auto",
                                        "-cp",
                                        System.getProperty(
                                                "surefire.test.class.path",
                                                System.getProperty("java.class.path")),
                                        KilledReader.class.getName(),
                                        log.uri(positionFile),
                                        answers.toString(),
                                        String.valueOf(slowMillis))
                                .redirectErrorStream(true)
                                .redirectOutput(
                                        ProcessBuilder.Redirect.appendTo(
                                                new File(output.toString())))
                                .start());
    }

    private void checkThatPositionsAreNotAhead(final RotatingLog log) throws IOException {
        answered();
        try (PositionFile file = PositionFile.open(positionFile, log.follows())) {
            for (final FilePosition position : file.read().orElseThrow().files()) {
                if (position.offset() > 0) {
                    final RotatingLog.Part part = log.part(position.fingerprint());
                    final int behind = part.first() + part.linesBefore(position.offset());
                    assertThat(answered.nextClearBit(part.first()))
                            .as("first line without answer, %s, seed %d", position, seed)
                            .isGreaterThanOrEqualTo(behind);
                }
            }
        }
    }

    /** The lines that are acknowledged so far; what a kill tore in the file does not count. */
    private BitSet answered() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(answers.toFile(), "r")) {
            final byte[] bytes = new byte[(int) (file.length() - answersRead)];
            file.seek(answersRead);
            file.readFully(bytes);
            final String text = new String(bytes, StandardCharsets.US_ASCII);
            final int end = text.lastIndexOf('\n') + 1;
            for (final String line : text.substring(0, end).split("\n")) {
                if (line.startsWith("C") && line.endsWith(";")) {
                    answered.set(Integer.parseInt(line.substring(1, line.length() - 1)));
                }
            }
            answersRead += end;
            return answered;
        }
    }
}
