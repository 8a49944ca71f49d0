/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writers that are killed, and writers without room: no verdict is lost, no line is torn. */
class KilledWriterTest {

    private static final int KILLS = 8;
    private static final int BATCHES = 500;
    private static final int ENOUGH_TO_BE_AT_WORK = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir private Path parent;
    private Path folder;
    private Path answers;
    private Process process;

    @BeforeEach
    void createFolder() throws IOException {
        folder = Files.createDirectory(parent.resolve("verdicts"));
        answers = Files.createFile(parent.resolve("answered"));
    }

    @AfterEach
    void endProcess() {
        process.destroyForcibly().onExit().join();
    }

    @Test
    void shouldLoseNoVerdictThatWasAcknowledged() throws Exception {
        for (int kill = 0; kill < KILLS; kill++) {
            final int before = answered().cardinality();
            begin(List.of(), "?maxFileBytes=2000000");
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(10))
                    .until(
                            () ->
                                    answered().cardinality() >= before + ENOUGH_TO_BE_AT_WORK
                                            || !process.isAlive());
            process.destroyForcibly().onExit().join();

            assertAllThere();
        }
        begin(List.of(), "?maxFileBytes=2000000");
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        assertThat(answered().cardinality()).isEqualTo(BATCHES);
        assertAllThere();
        assertThat(WrittenFiles.areWhole(folder)).isTrue();
    }

    /** The limit of a file's size stands for a disk that is full, and is lifted as one is freed. */
    @Test
    void shouldHoldWhatTheDiskHasNoRoomForAndWriteItOnceWhenThereIsRoom() throws Exception {
        begin(
                List.of("bash", "-c", "ulimit -S -f 1000; exec \"$@\"", "bash"),
                "?backoffMin=10&backoffMax=50&maxFileBytes=1000000000");
        await().atMost(PATIENCE).until(() -> Files.readString(log()).contains("File too large"));
        final int held = answered().cardinality();
        assertThat(held).isBetween(1, BATCHES - 1);
        assertThat(WrittenFiles.areWhole(folder)).isTrue();

        assertThat(
                        new ProcessBuilder(
                                        "prlimit",
                                        "--pid",
                                        Long.toString(process.pid()),
                                        "--fsize=unlimited")
                                .start()
                                .waitFor())
                .isZero();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        assertThat(answered().cardinality()).isEqualTo(BATCHES);
        final List<String> written = WrittenFiles.uids(folder);
        assertThat(written).hasSize(BATCHES * WritingProcess.FLOWS);
        assertThat(new HashSet<>(written)).hasSize(BATCHES * WritingProcess.FLOWS);
        assertThat(
                        Files.readAllLines(log()).stream()
                                .filter(line -> line.contains("File too large")))
                .hasSize(1);
    }

    private void assertAllThere() throws IOException {
        final Set<String> written = new HashSet<>(WrittenFiles.uids(folder));
        assertThat(answered().stream())
                .allMatch(
                        batch ->
                                IntStream.range(
                                                batch * WritingProcess.FLOWS,
                                                (batch + 1) * WritingProcess.FLOWS)
                                        .allMatch(i -> written.contains("C" + i)));
    }

    /** As a source does, beginning with the first batch that was not acknowledged. */
    private void begin(final List<String> before, final String options) throws IOException {
        final List<String> command = new ArrayList<>(before);
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dlogback.configurationFile=logback-writing.xml",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WritingProcess.class.getName(),
                        "serveflow-file:" + folder + options,
                        answers.toString(),
                        Integer.toString(answered().nextClearBit(0)),
                        Integer.toString(BATCHES)));
        process =
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()))
                        .start();
    }

    private Path log() {
        return parent.resolve("log");
    }

    /** The numbers of the batches, but for a last one that is not whole. */
    private BitSet answered() throws IOException {
        final String text = Files.readString(answers, StandardCharsets.US_ASCII);
        final BitSet answered = new BitSet(BATCHES);
        text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .forEach(number -> answered.set(Integer.parseInt(number)));
        return answered;
    }
}
