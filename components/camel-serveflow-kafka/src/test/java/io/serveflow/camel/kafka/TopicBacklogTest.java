/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.serveflow.testing.kafka.LocalKafka;
import io.serveflow.testing.kafka.SharedKafka;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A topic that is sent to without waiting, and read up to its end, with a real Kafka. */
@Timeout(120)
@ExtendWith(SharedKafka.class)
class TopicBacklogTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Slow enough for what there is to read to last, and quick enough for a member of a group. */
    private static final Duration LOOK = Duration.ofMillis(20);

    private final LocalKafka kafka;
    private final String topic = "backlog-" + UUID.randomUUID();
    private final DefaultCamelContext context = new DefaultCamelContext();

    TopicBacklogTest(final LocalKafka kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void start() {
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void shouldGiveWhatWasSentUpToTheEndOfItsBegin() throws Exception {
        kafka.topic(topic, 3);
        send(lines(0, 40));
        try (TopicBacklog backlog = joined()) {
            send(lines(40, 50));

            assertThat(rest(backlog)).containsExactlyInAnyOrderElementsOf(lines(0, 40));
            backlog.commit(Map.of());
        }
        assertThat(look()).isEqualTo(new TopicBacklog.Standing(10, 0, false));
        try (TopicBacklog backlog = joined()) {
            assertThat(rest(backlog)).containsExactlyInAnyOrderElementsOf(lines(40, 50));
        }
    }

    @Test
    void shouldGiveAgainWhatIsNotCommitted() throws Exception {
        kafka.topic(topic, 1);
        send(lines(0, 10));
        try (TopicBacklog backlog = joined()) {
            rest(backlog);
            backlog.commit(Map.of(0, 4L));
        }
        try (TopicBacklog backlog = joined()) {
            assertThat(rest(backlog)).isEqualTo(lines(4, 10));
        }
        assertThat(kafka.committed(topic)).isEqualTo(Map.of(new TopicPartition(topic, 0), 4L));
    }

    @Test
    void shouldCommitOnlyWhatWasGiven() throws Exception {
        kafka.topic(topic, 1);
        send(lines(0, 10));
        try (TopicBacklog backlog = joined()) {
            backlog.next();
            backlog.commit(Map.of());
        }
        assertThat(look().records()).isEqualTo(9);
    }

    @Test
    void shouldSayThatSomebodyReads() throws Exception {
        kafka.topic(topic, 2);
        assertThat(look()).isEqualTo(new TopicBacklog.Standing(0, 0, false));
        try (TopicBacklog backlog = joined()) {
            assertThat(look().read()).isTrue();
            assertThat(backlog.next()).isEmpty();
        }
        assertThat(look().read()).isFalse();
    }

    /** Of two that begin at once. */
    @Test
    void shouldShareThePartitionsWithAnotherOne() throws Exception {
        kafka.topic(topic, 2);
        send(lines(0, 400));
        final ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            final List<Future<List<String>>> readers =
                    List.of(threads.submit(this::readAll), threads.submit(this::readAll));
            final List<String> committed = new ArrayList<>();
            for (final Future<List<String>> reader : readers) {
                committed.addAll(reader.get());
            }

            assertThat(committed).containsExactlyInAnyOrderElementsOf(lines(0, 400));
            assertThat(look()).isEqualTo(new TopicBacklog.Standing(0, 0, false));
        } finally {
            threads.shutdownNow();
        }
    }

    /** The lines that this one commits. */
    private List<String> readAll() throws IOException {
        final Optional<TopicBacklog> joined = TopicBacklog.join(settings());
        if (joined.isEmpty()) {
            return List.of();
        }
        try (TopicBacklog backlog = joined.get()) {
            final List<TopicBacklog.Line> given = given(backlog);
            backlog.commit(Map.of());
            return given.stream().filter(backlog::has).map(TopicBacklogTest::text).toList();
        }
    }

    @Test
    void shouldNotHaveALineOfAPartitionThatAnotherOneHadMeanwhile() throws Exception {
        kafka.topic(topic, 2);
        send(lines(0, 2_000));
        try (TopicBacklog backlog = joined()) {
            final Map<Integer, TopicBacklog.Line> first = new HashMap<>();
            while (first.size() < 2) {
                final TopicBacklog.Line line = backlog.next().orElseThrow();
                first.putIfAbsent(line.partition(), line);
            }
            assertThat(first.values()).allMatch(backlog::has);

            final TopicBacklog.Line lost = first.get(lendAPartition(backlog));

            assertThat(backlog.has(lost)).isFalse();
            backlog.commit(Map.of());
            assertThat(look().records()).isPositive();
        }
    }

    @Test
    void shouldCountWhatExpiredOnceThoughThePartitionComesBack() throws Exception {
        kafka.topic(topic, 2);
        send(lines(0, 2_000));
        for (int i = 0; i < 2; i++) {
            kafka.commit(topic, new TopicPartition(topic, i), 2);
            kafka.expire(new TopicPartition(topic, i), 5);
        }
        try (TopicBacklog backlog = joined()) {
            lendAPartition(backlog);

            assertThat(backlog.expired()).isEqualTo(6);
        }
    }

    /** Has another member read a line and leave; returns of which partition that was. */
    private int lendAPartition(final TopicBacklog lender) throws Exception {
        final ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            final Future<Integer> other =
                    thread.submit(
                            () -> {
                                try (TopicBacklog backlog = joined()) {
                                    return backlog.next().orElseThrow().partition();
                                }
                            });
            await().atMost(PATIENCE)
                    .pollInterval(LOOK)
                    .until(() -> lender.next().isPresent() && other.isDone());
            final TopicPartition lent = new TopicPartition(topic, other.get());
            final Optional<Long> before = Optional.ofNullable(kafka.committed(topic).get(lent));
            await().atMost(PATIENCE)
                    .pollInterval(LOOK)
                    .until(
                            () -> {
                                lender.next();
                                lender.commit(Map.of());
                                return !before.equals(
                                        Optional.ofNullable(kafka.committed(topic).get(lent)));
                            });
            return lent.partition();
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void shouldCountWhatExpiredBeforeItWasRead() throws Exception {
        kafka.topic(topic, 1);
        send(lines(0, 10));
        kafka.commit(topic, new TopicPartition(topic, 0), 2);
        kafka.expire(new TopicPartition(topic, 0), 5);

        assertThat(look()).isEqualTo(new TopicBacklog.Standing(5, 3, false));
        try (TopicBacklog backlog = joined()) {
            assertThat(rest(backlog)).isEqualTo(lines(5, 10));
            assertThat(backlog.expired()).isEqualTo(3);
        }
    }

    /** Where Kafka has forgotten it, as after a week, it cannot be known how many were read. */
    @Test
    void shouldCountAllThatExpiredWhereNothingWasCommitted() throws Exception {
        kafka.topic(topic, 2);
        send(lines(0, 10));
        kafka.expire(new TopicPartition(topic, 0), 5);
        kafka.expire(new TopicPartition(topic, 1), 2);

        assertThat(look()).isEqualTo(new TopicBacklog.Standing(3, 7, false));
        try (TopicBacklog backlog = joined()) {
            assertThat(rest(backlog)).isEqualTo(List.of("line 5", "line 7", "line 9"));
            backlog.commit(Map.of());
            assertThat(backlog.expired()).isEqualTo(7);
        }
        assertThat(look()).isEqualTo(new TopicBacklog.Standing(0, 0, false));
    }

    /** As where the topic was made anew. */
    @Test
    void shouldBeginAnewWhereTheOffsetIsBehindTheEnd() throws Exception {
        kafka.topic(topic, 1);
        send(lines(0, 10));
        kafka.commit(topic, new TopicPartition(topic, 0), 50);
        kafka.expire(new TopicPartition(topic, 0), 5);

        assertThat(look()).isEqualTo(new TopicBacklog.Standing(5, 5, false));
        try (TopicBacklog backlog = joined()) {
            assertThat(rest(backlog)).isEqualTo(lines(5, 10));
            assertThat(backlog.expired()).isEqualTo(5);
        }
    }

    @Test
    void shouldSayThatThereIsNoSuchTopic() {
        assertThatThrownBy(this::look)
                .isInstanceOf(IOException.class)
                .hasMessage("Kafka at " + kafka.brokers() + " has no topic " + topic);
    }

    @Test
    void shouldNameTheOptionWhereTheCertificateOfABrokerIsNotTrusted() {
        final ServeflowKafkaConfiguration untrusting = settings();
        untrusting.setBrokers(kafka.mutualBrokers());
        untrusting.setSecurityProtocol("SSL");

        assertThatThrownBy(() -> TopicBacklog.look(untrusting))
                .hasMessageContaining("the certificate of a broker is not trusted")
                .hasMessageEndingWith("sslTruststoreLocation");
    }

    @Test
    void shouldRefuseAtOnceWhatNoBrokerIsKnownFor() throws Exception {
        final ServeflowKafkaConfiguration away = settings();
        away.setBrokers("127.0.0.1:1");
        try (TopicSender sender = new TopicSender(context, away)) {
            assertThat(sender.start(1)).isFalse();

            assertThatThrownBy(() -> sender.send(bytes("a")).getNow(null))
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .hasMessage(
                            "Kafka at 127.0.0.1:1 has not said yet where the topic "
                                    + topic
                                    + " is");
        }
    }

    @Test
    void shouldSayWhyItIsNotKnownWhereTheTopicIs() throws Exception {
        final ServeflowKafkaConfiguration untrusting = settings();
        untrusting.setBrokers(kafka.mutualBrokers());
        untrusting.setSecurityProtocol("SSL");
        try (TopicSender sender = new TopicSender(context, untrusting)) {
            assertThat(sender.start(1)).isFalse();

            await().atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThatThrownBy(() -> sender.send(bytes("a")).getNow(null))
                                            .cause()
                                            .hasMessageStartingWith("Kafka at ")
                                            .hasMessageContaining(
                                                    " is (the certificate of a broker is not"
                                                            + " trusted ("));
        }
    }

    @Test
    void shouldAskTheBrokersOfTheSettingsAgainWhereThoseKnownAreGone() throws Exception {
        kafka.topic(topic, 1);
        final int elsewhere = LocalKafka.freePort();
        final ServeflowKafkaConfiguration both = settings();
        both.setBrokers(kafka.brokers() + ",127.0.0.1:" + elsewhere);
        try (TopicSender sender = new TopicSender(context, both, Duration.ofSeconds(1))) {
            assertThat(sender.start(PATIENCE.toMillis())).isTrue();
            kafka.kill();
            kafka.moveTo(elsewhere);
            kafka.start();

            await().atMost(PATIENCE)
                    .until(() -> sender.send(bytes("a")).handle((done, e) -> e == null).get());
        }
        assertThat(look().records()).isPositive();
    }

    @Test
    void shouldKeepTheTimeOfARecord() throws Exception {
        kafka.topic(topic, 1);
        final long time = System.currentTimeMillis() - 3_600_000;
        try (TopicSender sender = new TopicSender(context, settings())) {
            assertThat(sender.start(PATIENCE.toMillis())).isTrue();
            sender.send(bytes("a"), OptionalLong.of(time)).get();
        }
        try (TopicBacklog backlog = joined()) {
            assertThat(backlog.next().orElseThrow().timestamp()).hasValue(time);
        }
    }

    @Test
    void shouldSendWhenTheBrokerIsBack() throws Exception {
        kafka.topic(topic, 1);
        try (TopicSender sender = new TopicSender(context, settings())) {
            assertThat(sender.start(PATIENCE.toMillis())).isTrue();
            kafka.kill();
            final CompletableFuture<Void> sent = sender.send(bytes("a"));
            assertThat(sent).isNotDone();

            kafka.start();

            await().atMost(PATIENCE).until(sent::isDone);
            assertThat(sent).isCompleted();
        }
        assertThat(look().records()).isEqualTo(1);
    }

    @Test
    void shouldRefuseWhatThereIsNoRoomFor() throws Exception {
        kafka.topic(topic, 1);
        try (TopicSender sender = new TopicSender(context, settings())) {
            sender.start(PATIENCE.toMillis());
            kafka.hold();
            assertThat(sender.send(bytes("a"))).isNotDone();
            final byte[] large = new byte[1_000_000];
            final List<CompletableFuture<Void>> sent =
                    IntStream.range(0, 40).mapToObj(i -> sender.send(large)).toList();

            assertThat(sent)
                    .filteredOn(CompletableFuture::isDone)
                    .hasSizeBetween(1, 39)
                    .allSatisfy(
                            refused ->
                                    assertThatThrownBy(refused::join)
                                            .cause()
                                            .isInstanceOfSatisfying(
                                                    TopicSender.RefusedException.class,
                                                    e -> assertThat(e.isFull()).isTrue()));
            kafka.start();
        }
    }

    private ServeflowKafkaConfiguration settings() {
        final ServeflowKafkaConfiguration settings = new ServeflowKafkaConfiguration();
        settings.setBrokers(kafka.brokers());
        settings.setTopic(topic);
        settings.setGroupId(topic);
        // So that members hear soon of each other.
        settings.setMaxPollRecords(1);
        settings.setHeartbeatIntervalMs(100);
        return settings;
    }

    private TopicBacklog.Standing look() throws IOException, InterruptedException {
        return TopicBacklog.look(settings());
    }

    private TopicBacklog joined() throws IOException {
        return TopicBacklog.join(settings()).orElseThrow();
    }

    private static List<String> rest(final TopicBacklog backlog) throws IOException {
        return given(backlog).stream().map(TopicBacklogTest::text).toList();
    }

    private static List<TopicBacklog.Line> given(final TopicBacklog backlog) throws IOException {
        final List<TopicBacklog.Line> lines = new ArrayList<>();
        Optional<TopicBacklog.Line> line = backlog.next();
        while (line.isPresent()) {
            lines.add(line.get());
            line = backlog.next();
        }
        return lines;
    }

    private static String text(final TopicBacklog.Line line) {
        return new String(line.value(), StandardCharsets.UTF_8);
    }

    private static List<String> lines(final int from, final int to) {
        return IntStream.range(from, to).mapToObj(i -> "line " + i).toList();
    }

    private static byte[] bytes(final String line) {
        return LocalKafka.bytes(line);
    }

    /** One after the other to the partitions. */
    private void send(final List<String> lines) throws Exception {
        try (KafkaProducer<String, byte[]> producer = kafka.producer()) {
            final int partitions = producer.partitionsFor(topic).size();
            for (int i = 0; i < lines.size(); i++) {
                producer.send(
                        new ProducerRecord<>(topic, i % partitions, null, bytes(lines.get(i))));
            }
        }
    }
}
