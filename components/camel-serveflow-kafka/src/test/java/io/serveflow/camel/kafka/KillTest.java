/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serveflow.testing.kafka.LocalKafka;
import io.serveflow.testing.kafka.SensorLines;
import io.serveflow.testing.kafka.SharedKafka;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Readers that are killed while others join and leave: no line is lost. */
@ExtendWith(SharedKafka.class)
class KillTest {

    private static final String TOPIC = "killed";
    private static final int PARTITIONS = 6;
    private static final int KILLS = 5;
    private static final int LINES = 100_000;
    private static final int LINES_A_KILL = LINES / KILLS;
    private static final int ENOUGH_TO_BE_AT_WORK = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final LocalKafka kafka;
    private final List<Reader> readers = new ArrayList<>();

    @TempDir private Path outputs;

    KillTest(final LocalKafka kafka) {
        this.kafka = kafka;
    }

    @Test
    void shouldLoseNoLineOfReadersThatAreKilled() throws Exception {
        kafka.topic(TOPIC, PARTITIONS);
        final Reader[] pair = {begin(), begin()};
        for (int kill = 0; kill < KILLS; kill++) {
            final Reader victim = pair[kill % 2];
            final int before = victim.count();
            produce(kill * LINES_A_KILL, (kill + 1) * LINES_A_KILL);
            await().atMost(PATIENCE).until(() -> victim.count() > before + ENOUGH_TO_BE_AT_WORK);
            if (kill % 3 == 2) {
                joinAndLeave();
            }
            victim.kill();

            assertNothingCommittedWithoutAnAnswer();
            pair[kill % 2] = begin();
        }
        await().atMost(PATIENCE).until(() -> answered().cardinality() == LINES);
        for (final Reader reader : pair) {
            reader.stop();
        }

        assertNothingCommittedWithoutAnAnswer();
        assertThat(answered().nextClearBit(0)).isEqualTo(LINES);
    }

    /** One that joins while the others read, reads too, and leaves in order. */
    private void joinAndLeave() throws Exception {
        final Reader guest = begin();
        await().atMost(PATIENCE).until(guest::isMember);
        guest.stop();
        assertNothingCommittedWithoutAnAnswer();
    }

    /** The lines of a partition ascend, so its offsets tell their numbers. */
    private void assertNothingCommittedWithoutAnAnswer() {
        final Map<TopicPartition, Long> committed = kafka.committed(TOPIC);
        final BitSet answered = answered();
        committed.forEach(
                (id, end) ->
                        assertThat(IntStream.range(0, end.intValue()))
                                .as("offsets of %s below the committed %d", id, end)
                                .allMatch(
                                        offset ->
                                                answered.get(
                                                        offset * PARTITIONS + id.partition())));
    }

    private BitSet answered() {
        final BitSet all = new BitSet(LINES);
        readers.forEach(reader -> all.or(reader.answered()));
        return all;
    }

    private void produce(final int from, final int to) throws Exception {
        final List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<String, byte[]> producer = kafka.producer()) {
            for (int i = from; i < to; i++) {
                final String uid = "C" + i;
                sent.add(
                        producer.send(
                                new ProducerRecord<>(
                                        TOPIC,
                                        i % PARTITIONS,
                                        uid,
                                        LocalKafka.bytes(SensorLines.first(uid)))));
            }
        }
        for (final Future<RecordMetadata> one : sent) {
            one.get();
        }
    }

    private Reader begin() throws IOException {
        final Reader reader = new Reader(outputs.resolve("reader-" + readers.size()));
        readers.add(reader);
        return reader;
    }

    @AfterEach
    void endReaders() {
        readers.forEach(Reader::kill);
    }

    /** A process that reads, and what it has written. */
    private final class Reader {

        private final Path output;
        private final Process process;
        private final BitSet answered = new BitSet(LINES);
        private int count;
        private long position;

        private Reader(final Path output) throws IOException {
            this.output = output;
            Files.createFile(output);
            process =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Xmx128m",
                                    "-XX:+UseSerialGC",
                                    "-XX:TieredStopAtLevel=1",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    KilledReader.class.getName(),
                                    KafkaRoute.address(
                                            kafka,
                                            TOPIC
                                                    + "?groupId="
                                                    + TOPIC
                                                    + "&clientId="
                                                    + output.getFileName()
                                                    + "&maxPollRecords=50&sessionTimeoutMs=1000"),
                                    output.toString())
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
        }

        /** How many lines it has acknowledged, some perhaps more than once. */
        private int count() {
            read();
            return count;
        }

        private BitSet answered() {
            read();
            return answered;
        }

        /** Takes in what was written since, but for a last line that is not whole. */
        private void read() {
            try (InputStream in = Files.newInputStream(output)) {
                in.skipNBytes(position);
                final String more = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
                final String whole = more.substring(0, more.lastIndexOf('\n') + 1);
                position += whole.length();
                whole.lines()
                        .mapToInt(uid -> Integer.parseInt(uid.substring(1)))
                        .forEach(
                                number -> {
                                    answered.set(number);
                                    count++;
                                });
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private boolean isMember() {
            return kafka.members(TOPIC).stream()
                    .anyMatch(member -> member.startsWith(output.getFileName().toString()));
        }

        private void stop() throws IOException, InterruptedException {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        }

        private void kill() {
            process.destroyForcibly().onExit().join();
        }
    }
}
