/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serveflow.camel.kafka.ServeflowKafkaConfiguration;
import io.serveflow.camel.kafka.TopicBacklog;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.kafka.LocalKafka;
import io.serveflow.testing.kafka.SharedKafka;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of lines of a topic that is repaired, and those that are kept, with a real Kafka.
 */
@Timeout(120)
@ExtendWith(SharedKafka.class)
class TakenRecordsTest {

    private final LocalKafka kafka;
    private final String topic = "taken-" + UUID.randomUUID();
    private final Ledger ledger = new Ledger();
    private final DefaultCamelContext context = new DefaultCamelContext();

    @TempDir private Path folder;
    private RepairTopic repairs;

    TakenRecordsTest(final LocalKafka kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void open() throws Exception {
        kafka.topic(topic, 1);
        context.start();
        repairs = new RepairTopic(topic, kafka.brokers(), ledger, System::nanoTime);
        repairs.open(context, new ServeflowKafkaConfiguration(), 0);
    }

    @AfterEach
    void close() {
        repairs.close();
        context.stop();
    }

    @Test
    void shouldSendWhatStaysToTheEndWithTheTimeThatItHas() throws Exception {
        final long time = System.currentTimeMillis() - 3_600_000;
        send(time, "a", "b", "c");
        try (TopicBacklog backlog = joined()) {
            final TakenRecords taken = taken(backlog);
            taken.stays(all(taken).get(1));
            taken.settle();

            assertThat(taken.hasStaying()).isTrue();
        }
        assertThat(committed()).isEqualTo(3);
        try (TopicBacklog backlog = joined()) {
            final TopicBacklog.Line again = backlog.next().orElseThrow();
            assertThat(again.value()).isEqualTo(LocalKafka.bytes("b"));
            assertThat(again.timestamp()).hasValue(time);
            assertThat(backlog.next()).isEmpty();
        }
    }

    @Test
    void shouldLeaveWhatStaysWhereItIsAtTheEnd() throws Exception {
        send("a", "b", "c");
        try (TopicBacklog backlog = joined()) {
            final TakenRecords taken = taken(backlog);
            taken.stays(all(taken).get(1));
            taken.finish();
        }
        assertThat(committed()).isEqualTo(1);
        assertThat(left()).containsExactly("b", "c");
    }

    @Test
    void shouldLeaveWhatWasNotTakenWhereItIs() throws Exception {
        send("a", "b", "c", "d");
        try (TopicBacklog backlog = joined()) {
            final TakenRecords taken = taken(backlog);
            taken.next();
            taken.putAside(taken.next().orElseThrow());
            taken.restStays();
            taken.finish();

            assertThat(taken.remaining()).hasContent("b");
        }
        assertThat(left()).containsExactly("c", "d");
    }

    @Test
    void shouldPutAsideOnceWhatNothingCanBeAskedWith() throws Exception {
        send("a", "b", "c", "d");
        try (TopicBacklog backlog = joined()) {
            final TakenRecords taken = taken(backlog);
            final List<TakenLine> lines = all(taken);
            assertThat(taken.place(lines.get(1))).isEqualTo("offset 1 of " + topic + "-0");
            taken.stays(lines.get(0));
            taken.putAside(lines.get(1));
            taken.putAside(lines.get(3));
            taken.finish();

            assertThat(taken.remaining())
                    .isEqualTo(folder.resolve(topic + ".remaining"))
                    .hasContent("b\nd\n");
        }
        assertThat(left()).containsExactly("a");
    }

    @Test
    void shouldGiveUpNoVerdictBeforeItsRefusalIsInAFile() throws Exception {
        send("a", "b");
        try (TopicBacklog backlog = joined()) {
            final TakenRecords taken = taken(backlog);
            taken.stays(all(taken).get(0));
            assertThat(taken.keepRefused(letters(""))).isFalse();
            assertThat(taken.keepRefused(letters("letter\n"))).isTrue();
            assertThat(taken.refused())
                    .isEqualTo(folder.resolve(topic + ".refused"))
                    .hasContent("letter\n");
            assertThat(kafka.committed(topic)).isEmpty();
            taken.finish();
        }
        assertThat(committed()).isEqualTo(2);
        assertThat(left()).containsExactly("a");
    }

    /** More than may wait for Kafka at once. */
    @Test
    void shouldSendMuchToTheEndPieceByPiece() throws Exception {
        final byte[] large = new byte[900_000];
        Arrays.fill(large, (byte) 'x');
        final int lines = 40;
        final String[] values = new String[lines];
        Arrays.fill(values, new String(large, StandardCharsets.US_ASCII));
        send(values);
        try (TopicBacklog backlog = joined()) {
            final TakenRecords taken = taken(backlog);
            taken.stays(taken.next().orElseThrow());
            assertThat(taken.isDue()).isFalse();
            all(taken).forEach(taken::stays);
            assertThat(taken.isDue()).isTrue();
            taken.settle();
            assertThat(taken.isDue()).isFalse();
        }
        assertThat(committed()).isEqualTo(lines);
        assertThat(left()).hasSize(lines);
    }

    /** It says nothing of how Kafka is. */
    @Test
    void shouldWaitForKafkaBehindALineThatIsTooLong() {
        repairs.keep(List.of(new byte[2 << 20])).join();
        assertThat(ledger.total(Ledger.Entry.REPAIR_DROPPED)).isOne();

        repairs.keep(List.of(LocalKafka.bytes("a\n"))).join();

        assertThat(ledger.total(Ledger.Entry.REPAIR_STORED)).isOne();
    }

    @Test
    void shouldNotWaitForKafkaWhileItIsBehind() throws Exception {
        kafka.hold();
        repairs.keep(List.of(LocalKafka.bytes("a\n"))).join();

        assertThat(repairs.keep(List.of(LocalKafka.bytes("b\n")))).isCompleted();

        kafka.start();
        repairs.close();
        assertThat(ledger.total(Ledger.Entry.REPAIR_STORED)).isEqualTo(2);
    }

    @Test
    void shouldEndItsCloseWhereItIsInterrupted() {
        kafka.hold();
        repairs.keep(List.of(LocalKafka.bytes("a\n")));
        Thread.currentThread().interrupt();

        repairs.close();

        assertThat(Thread.interrupted()).isTrue();
        // The client's own thread refuses what is left, for which an interrupted close does not
        // wait.
        await().untilAsserted(() -> assertThat(ledger.total(Ledger.Entry.REPAIR_DROPPED)).isOne());
    }

    private TopicBacklog joined() throws IOException {
        return TopicBacklog.join(repairs.settings(new ServeflowKafkaConfiguration())).orElseThrow();
    }

    private TakenRecords taken(final TopicBacklog backlog) {
        return new TakenRecords(repairs, backlog, folder.resolve("dead-letters.ndjson"));
    }

    private static List<TakenLine> all(final TakenRecords taken) throws IOException {
        final List<TakenLine> lines = new ArrayList<>();
        Optional<TakenLine> line = taken.next();
        while (line.isPresent()) {
            lines.add(line.get());
            line = taken.next();
        }
        return lines;
    }

    /** What the next repair is given. */
    private List<String> left() throws IOException {
        try (TopicBacklog backlog = joined()) {
            return all(taken(backlog)).stream()
                    .map(line -> new String(line.text().orElseThrow(), StandardCharsets.UTF_8))
                    .toList();
        }
    }

    private long committed() {
        return kafka.committed(topic).get(new TopicPartition(topic, 0));
    }

    private static InputStream letters(final String letters) {
        return new ByteArrayInputStream(LocalKafka.bytes(letters));
    }

    private void send(final String... lines) {
        send(System.currentTimeMillis(), lines);
    }

    private void send(final long time, final String... lines) {
        try (KafkaProducer<String, byte[]> producer = kafka.producer()) {
            for (final String line : lines) {
                producer.send(new ProducerRecord<>(topic, 0, time, null, LocalKafka.bytes(line)));
            }
        }
    }
}
