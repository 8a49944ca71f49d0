/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.serveflow.batch.Receipt;
import io.serveflow.camel.sensor.Samples;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import io.serveflow.sensor.SensorStream;
import io.serveflow.testing.kafka.LocalKafka;
import io.serveflow.testing.kafka.SensorLines;
import io.serveflow.testing.kafka.SharedKafka;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.management.ObjectName;
import org.apache.camel.health.HealthCheck;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The source on a real broker. */
@ExtendWith(SharedKafka.class)
class ServeflowKafkaTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final LocalKafka kafka;
    private String topic;

    ServeflowKafkaTest(final LocalKafka kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void nameTopic(final TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName();
    }

    @Test
    void shouldSendOneBatchAPoll() throws Exception {
        kafka.topic(topic, 1);
        produce(0, uids(0, 40));

        try (KafkaRoute route = start("?maxPollRecords=10", batch -> {})) {
            await().atMost(PATIENCE).until(() -> route.uids().size() == 40);

            assertThat(route.uids()).isEqualTo(uids(0, 40));
            assertThat(route.batches).hasSize(4);
            assertThat(route.ledger.total(Ledger.Entry.EVENTS)).isEqualTo(40);
        }
    }

    @Test
    void shouldAskAboutFlowsBeforeTheirContextsAreOffered() throws Exception {
        kafka.topic(topic, 1);
        produceLines(
                0,
                SensorLines.first("C1"),
                SensorLines.context("C1"),
                SensorLines.first("C2"),
                SensorLines.context("C2"));
        final List<FlowRecord.Stage> stages = new CopyOnWriteArrayList<>();

        try (KafkaRoute route = start("", batch -> stages.add(batch.stage()))) {
            await().atMost(PATIENCE).until(() -> route.uids().size() == 4);

            assertThat(stages).containsExactly(FlowRecord.Stage.FIRST, FlowRecord.Stage.CONTEXT);
        }
    }

    @Test
    void shouldReadLinesAsShippersSendThem() throws Exception {
        kafka.topic(topic, 1);
        final String conn =
                "{\"ts\":1.5,\"uid\":\"C4\",\"id.orig_h\":\"192.0.2.1\",\"id.orig_p\":1,"
                        + "\"id.resp_h\":\"192.0.2.2\",\"id.resp_p\":2,\"proto\":\"tcp\","
                        + "\"duration\":%s,\"conn_state\":\"%s\"}";
        produceLines(
                0,
                "\ufeff" + SensorLines.first("C1"),
                "{\"file\":\"/logs/serveflow.2023-11-14.log\",\"message\":\""
                        + SensorLines.first("C2").strip().replace("\"", "\\\"")
                        + "\",\"source_type\":\"file\"}",
                "{\"log\":" + SensorLines.first("C3").strip() + ",\"date\":1.5}",
                "{\"conn_long\":" + conn.formatted("600.5", "S1") + "}",
                "{\"conn\":" + conn.formatted("-1.3e-05", "SF") + "}");
        final List<FlowRecord> records = new CopyOnWriteArrayList<>();

        try (KafkaRoute route =
                start(
                        "?observer=cluster",
                        batch -> {
                            for (int i = 0; i < batch.size(); i++) {
                                records.add(batch.record(i));
                            }
                        })) {
            await().atMost(PATIENCE).until(() -> records.size() == 4);

            assertThat(route.deadLetters).isEmpty();
            assertThat(records)
                    .extracting(record -> record.id().observer() + " " + record.id().uid())
                    .containsExactly("cluster C1", "cluster C2", "cluster C3", "cluster C4");
            assertThat(records.get(3).summary().state()).isEqualTo("SF");
            assertThat(route.ledger.byDetail(Ledger.Entry.SKIPPED))
                    .isEqualTo(Map.of("interim_record", 1L));
            assertThat(route.ledger.byDetail(Ledger.Entry.UNKNOWN_VALUES))
                    .isEqualTo(Map.of("negative_duration", 1L));
        }
    }

    @Test
    void shouldReadEachLineOfAValue() throws Exception {
        kafka.topic(topic, 1);
        produceLines(0, SensorLines.first("C1") + "\r\n" + SensorLines.first("C2") + "\n\n");
        produceLines(0, SensorLines.first("C3"));

        try (KafkaRoute route = start("", batch -> {})) {
            await().atMost(PATIENCE).until(() -> route.uids().size() == 3);

            assertThat(route.uids()).containsExactly("C1", "C2", "C3");
            assertThat(route.deadLetters).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "snappy", "lz4", "zstd"})
    void shouldReadCompressedRecords(final String compression) throws Exception {
        topic += compression;
        kafka.topic(topic, 1);
        try (KafkaProducer<String, byte[]> producer = kafka.producer(compression)) {
            uids(0, 20)
                    .forEach(
                            uid ->
                                    producer.send(
                                            new ProducerRecord<>(
                                                    topic,
                                                    LocalKafka.bytes(SensorLines.first(uid)))));
        }

        try (KafkaRoute route = start("", batch -> {})) {
            await().atMost(PATIENCE).until(() -> route.uids().size() == 20);

            assertThat(route.uids()).isEqualTo(uids(0, 20));
        }
    }

    @Test
    void shouldCountTombstonesAndGoOnBehindThem() throws Exception {
        kafka.topic(topic, 1);
        try (KafkaProducer<String, byte[]> producer = kafka.producer()) {
            producer.send(new ProducerRecord<>(topic, 0, "key", null));
        }

        try (KafkaRoute route = start("", batch -> {})) {
            await().atMost(PATIENCE).until(() -> committed(0) == 1);

            assertThat(route.ledger.byDetail(Ledger.Entry.SKIPPED)).containsEntry("tombstone", 1L);
        }
    }

    @Test
    void shouldDeadLetterWhatItCannotReadWithItsOffset() throws Exception {
        kafka.topic(topic, 1);
        produceLines(
                0,
                SensorLines.first("C0"),
                "{\"broken\":",
                "x".repeat(SensorStream.MAX_LINE_BYTES + 1),
                SensorLines.first("C3"));

        try (KafkaRoute route = start("", batch -> {})) {
            await().atMost(PATIENCE).until(() -> committed(0) == 4);

            assertThat(route.uids()).containsExactly("C0", "C3");
            assertThat(route.deadLetters)
                    .extracting(DeadLetter::source, DeadLetter::offset, DeadLetter::reason)
                    .containsExactly(
                            tuple("kafka:" + topic + "-0", 1L, "bad_json"),
                            tuple("kafka:" + topic + "-0", 2L, "line_too_long"));
        }
    }

    @Test
    void shouldCommitOnlyUpToTheLowestFlowWithoutAnAnswer() throws Exception {
        kafka.topic(topic, 1);
        produce(0, uids(0, 40));
        final List<Receipt> held = new CopyOnWriteArrayList<>();

        try (KafkaRoute route =
                start(
                        "?maxPollRecords=10",
                        batch -> {
                            if (KafkaRoute.uids(batch).contains("C15")) {
                                batch.receipt().hold();
                                held.add(batch.receipt());
                            }
                        })) {
            await().atMost(PATIENCE).until(() -> route.uids().size() == 40);
            /* Each of these polls could have committed what the ones before it brought. */
            for (int i = 40; i < 45; i++) {
                final int count = i + 1;
                produce(0, uids(i, count));
                await().atMost(PATIENCE).until(() -> route.uids().size() == count);
            }
            await().atMost(PATIENCE).until(() -> committed(0) == 10);

            held.forEach(Receipt::release);
            await().atMost(PATIENCE).until(() -> committed(0) == 45);
        }
    }

    @Test
    void shouldLeaveTheOffsetsOfPartitionsWhereNothingIsNew() throws Exception {
        kafka.topic(topic, 2);
        produce(0, uids(0, 3));
        produce(1, uids(3, 6));
        try (KafkaRoute route = start("", batch -> {})) {
            await().atMost(PATIENCE).until(() -> committed(0) == 3 && committed(1) == 3);
            assertThat(route.uids()).hasSize(6);
        }

        try (KafkaRoute route = start("", batch -> {})) {
            produce(0, uids(6, 7));
            await().atMost(PATIENCE).until(() -> committed(0) == 4);

            assertThat(committed(1)).isEqualTo(3);
            assertThat(route.uids()).containsExactly("C6");
        }
    }

    @Test
    void shouldNotCommitPastFlowsWhosePacketsStillCome() throws Exception {
        kafka.topic(topic, 1);
        final String alert = eveAlert();
        produceLines(
                0,
                alert.replace("EVENT", "stats"),
                alert.replace("EVENT", "alert"),
                alert.replace("EVENT", "stats"));

        try (KafkaRoute route = start("?format=eve&wait=60000", batch -> {})) {
            await().atMost(PATIENCE).until(() -> route.uids().size() == 1);
            produceLines(0, alert.replace("EVENT", "stats"));
            await().atMost(PATIENCE).until(() -> route.ledger.total(Ledger.Entry.SKIPPED) == 3);

            await().atMost(PATIENCE).until(() -> committed(0) == 1);
        }
    }

    @Test
    void shouldEndWaitsForPacketsWhenThePartitionIsQuiet() throws Exception {
        kafka.topic(topic, 1);
        produceLines(0, eveAlert().replace("EVENT", "alert"));

        try (KafkaRoute route = start("?format=eve&wait=100", batch -> {})) {
            await().atMost(PATIENCE).until(() -> route.batches.size() == 2);
            await().atMost(PATIENCE).until(() -> committed(0) == 1);
        }
    }

    @Test
    void shouldStayInTheGroupWhileTheRouteIsSlow() throws Exception {
        kafka.topic(topic, 1);
        produce(0, uids(0, 30));
        final CountDownLatch never = new CountDownLatch(1);
        final AtomicInteger calls = new AtomicInteger();

        try (KafkaRoute route =
                start(
                        "?maxPollRecords=10&sessionTimeoutMs=900&maxPollIntervalMs=900",
                        batch -> {
                            if (calls.incrementAndGet() == 1) {
                                never.await(3_000, TimeUnit.MILLISECONDS);
                            }
                        })) {
            await().atMost(PATIENCE).until(() -> committed(0) == 30);

            assertThat(route.uids()).isEqualTo(uids(0, 30));
        }
    }

    @Test
    void shouldSendAgainWhatTheRouteDidNotTake() throws Exception {
        kafka.topic(topic, 1);
        produce(0, uids(0, 5));
        final AtomicInteger calls = new AtomicInteger();

        try (KafkaRoute route =
                start(
                        "",
                        batch -> {
                            if (calls.incrementAndGet() <= 2) {
                                throw new IllegalStateException("not now");
                            }
                        })) {
            await().atMost(PATIENCE).until(() -> committed(0) == 5);

            assertThat(route.batches).containsExactly(uids(0, 5), uids(0, 5), uids(0, 5));
            assertThat(route.ledger.byDetail(Ledger.Entry.RETRIED))
                    .containsEntry(Reason.SOURCE_ROUTE_FAILED.code(), 2L);
        }
    }

    @Test
    void shouldBeDownWhileTheRouteDoesNotTakeABatch() throws Exception {
        kafka.topic(topic, 1);
        produce(0, uids(0, 1));
        final CountDownLatch taking = new CountDownLatch(1);

        try (KafkaRoute route =
                start(
                        "",
                        batch -> {
                            if (taking.getCount() > 0) {
                                throw new IllegalStateException("not now");
                            }
                        })) {
            await().atMost(PATIENCE)
                    .until(() -> String.valueOf(route.health().getMessage()).contains("not now"));
            taking.countDown();
            await().atMost(PATIENCE).until(() -> route.health().getState() == HealthCheck.State.UP);
        }
    }

    @Test
    void shouldCommitWhenItStops() throws Exception {
        kafka.topic(topic, 1);
        produce(0, uids(0, 5));

        try (KafkaRoute route = start("?commitIntervalMs=600000", batch -> {})) {
            await().atMost(PATIENCE).until(() -> route.uids().size() == 5);
        }

        assertThat(committed(0)).isEqualTo(5);
    }

    @Test
    void shouldWaitForAnswersWhenItStops() throws Exception {
        kafka.topic(topic, 1);
        produce(0, uids(0, 5));
        final List<Receipt> held = new CopyOnWriteArrayList<>();

        try (KafkaRoute route =
                start(
                        "",
                        batch -> {
                            batch.receipt().hold();
                            held.add(batch.receipt());
                        })) {
            await().atMost(PATIENCE).until(() -> route.uids().size() == 5);
            final CompletableFuture<Void> stopped = CompletableFuture.runAsync(route::close);
            await().atMost(PATIENCE).until(route::isStopping);
            held.forEach(Receipt::release);
            stopped.join();
        }

        assertThat(committed(0)).isEqualTo(5);
    }

    @Test
    void shouldStopWhileTheRouteFails() throws Exception {
        kafka.topic(topic, 1);
        produce(0, uids(0, 5));

        try (KafkaRoute route =
                start(
                        "?redeliveryDelay=60000",
                        batch -> {
                            throw new IllegalStateException("not now");
                        })) {
            await().atMost(PATIENCE)
                    .until(() -> String.valueOf(route.health().getMessage()).contains("not now"));
        }

        assertThat(committed(0)).isZero();
    }

    @Test
    void shouldLeaveWhatHasNoAnswerToTheNextOwner() throws Exception {
        kafka.topic(topic, 2);
        produce(0, List.of("P0"));
        produce(1, List.of("P1"));
        final CountDownLatch answer = new CountDownLatch(1);
        final CountDownLatch answerOfNext = new CountDownLatch(1);

        try (KafkaRoute first = start("?shutdownTimeout=100", batch -> answer.await())) {
            await().atMost(PATIENCE).until(() -> !first.uids().isEmpty());
            try (KafkaRoute second = start("", batch -> answerOfNext.await())) {
                await().atMost(PATIENCE).until(() -> !second.uids().isEmpty());
                final int moved = second.uids().contains("P0") ? 0 : 1;
                final int kept = 1 - moved;

                answer.countDown();
                await().atMost(PATIENCE).until(() -> committed(kept) == 1);
                produce(kept, List.of("later"));
                await().atMost(PATIENCE).until(() -> committed(kept) == 2);
                assertThat(committed(moved)).isZero();

                answerOfNext.countDown();
                await().atMost(PATIENCE).until(() -> committed(moved) == 1);
            } finally {
                answerOfNext.countDown();
            }
        } finally {
            answer.countDown();
        }
    }

    @Test
    void shouldCommitNothingForPartitionsThatItLost() throws Exception {
        kafka.topic(topic, 1);
        produce(0, List.of("C0"));
        final CountDownLatch answer = new CountDownLatch(1);
        final CountDownLatch answerAgain = new CountDownLatch(1);
        final AtomicInteger calls = new AtomicInteger();

        try (KafkaRoute route =
                start("", batch -> (calls.incrementAndGet() == 1 ? answer : answerAgain).await())) {
            await().atMost(PATIENCE).until(() -> route.uids().size() == 1);
            final String lost = memberId();
            try (Admin admin = kafka.admin()) {
                LocalKafka.get(
                        admin.removeMembersFromConsumerGroup(
                                        topic, new RemoveMembersFromConsumerGroupOptions())
                                .all());
            }
            await().atMost(PATIENCE).until(() -> !memberId().isEmpty() && !memberId().equals(lost));
            await().atMost(PATIENCE).until(() -> route.health().getState() == HealthCheck.State.UP);
            answer.countDown();

            await().atMost(PATIENCE).until(() -> route.uids().size() == 2);
            assertThat(committed(0)).isZero();

            answerAgain.countDown();
            await().atMost(PATIENCE).until(() -> committed(0) == 1);
        } finally {
            answer.countDown();
            answerAgain.countDown();
        }
    }

    @Test
    void shouldCountWhatExpiredBeforeItWasRead() throws Exception {
        kafka.topic(topic, 1);
        produce(0, uids(0, 10));
        kafka.commit(topic, partition(0), 2);
        kafka.expire(partition(0), 7);

        try (KafkaRoute route = start("", batch -> {})) {
            await().atMost(PATIENCE).until(() -> committed(0) == 10);

            assertThat(route.uids()).isEqualTo(uids(7, 10));
            assertThat(route.ledger.byDetail(Ledger.Entry.DROPPED))
                    .containsExactly(Map.entry(Reason.EXPIRED_IN_KAFKA.code(), 5L));
        }
    }

    @Test
    void shouldCountWhatExpiredOnlyOnceWhereNothingIsLeft() throws Exception {
        kafka.topic(topic, 1);
        produce(0, uids(0, 10));
        kafka.commit(topic, partition(0), 2);
        kafka.expire(partition(0), 10);

        try (KafkaRoute route = start("", batch -> {})) {
            await().atMost(PATIENCE).until(() -> committed(0) == 10);
            assertThat(route.ledger.total(Ledger.Entry.DROPPED)).isEqualTo(8);
        }
        produce(0, uids(10, 11));
        try (KafkaRoute route = start("", batch -> {})) {
            await().atMost(PATIENCE).until(() -> committed(0) == 11);
            assertThat(route.ledger.total(Ledger.Entry.DROPPED)).isZero();
        }
    }

    @Test
    void shouldReadATopicThatWasMadeAnewFromItsBeginning() throws Exception {
        kafka.topic(topic, 1);
        produce(0, uids(0, 3));
        kafka.commit(topic, partition(0), 100);

        try (KafkaRoute route = start("", batch -> {})) {
            await().atMost(PATIENCE).until(() -> committed(0) == 3);

            assertThat(route.uids()).isEqualTo(uids(0, 3));
        }
    }

    @Test
    void shouldBeginAtTheEndWhereConfigured() throws Exception {
        kafka.topic(topic, 1);
        produce(0, uids(0, 3));

        try (KafkaRoute route = start("?autoOffsetReset=latest", batch -> {})) {
            await().atMost(PATIENCE).until(() -> committed(0) == 3);
            produce(0, uids(3, 5));
            await().atMost(PATIENCE).until(() -> committed(0) == 5);

            assertThat(route.uids()).isEqualTo(uids(3, 5));
        }
    }

    @Test
    void shouldBeDownWithoutAnOffsetWhereItMustNotChooseOne() throws Exception {
        kafka.topic(topic, 1);
        produce(0, uids(0, 3));

        try (KafkaRoute route = start("?autoOffsetReset=none", batch -> {})) {
            await().atMost(PATIENCE)
                    .until(() -> String.valueOf(route.health().getMessage()).contains(topic));

            assertThat(route.health().getState()).isEqualTo(HealthCheck.State.DOWN);
            assertThat(route.uids()).isEmpty();
        }
    }

    @Test
    void shouldReadEveryContextUnlessAFlowIsInOnePartition() throws Exception {
        kafka.topic(topic, 1);
        produceLines(0, SensorLines.first("C1"));
        produceLines(0, SensorLines.context("C2"));

        try (KafkaRoute route =
                KafkaRoute.started(kafka, topic + "?groupId=apart", uid -> false, batch -> {})) {
            await().atMost(PATIENCE).until(() -> route.uids().size() == 2);
        }
        try (KafkaRoute route =
                KafkaRoute.started(
                        kafka,
                        topic + "?groupId=keyed&keyedByFlow=true",
                        uid -> false,
                        batch -> {})) {
            await().atMost(PATIENCE).until(() -> route.ledger.total(Ledger.Entry.SUPERSEDED) == 1);
            assertThat(route.uids()).containsExactly("C1");
        }
    }

    @Test
    void shouldReadWithSeveralConsumersTopicsOfAPattern() throws Exception {
        kafka.topic(topic + "-a", 2);
        kafka.topic(topic + "-b", 2);
        for (int i = 0; i < 2; i++) {
            send(topic + "-a", i, SensorLines.first("A" + i));
            send(topic + "-b", i, SensorLines.first("B" + i));
        }

        try (KafkaRoute route =
                KafkaRoute.started(
                        kafka,
                        topic + "-.?topicIsPattern=true&consumersCount=2&groupId=" + topic,
                        batch -> {})) {
            await().atMost(PATIENCE)
                    .until(() -> route.health().getDetails().get("partitions").equals(4));
            assertThat(route.health().getCheck().getId()).isEqualTo("consumer:kafka");
            await().atMost(PATIENCE).until(() -> route.uids().size() >= 4);

            assertThat(route.uids()).contains("A0", "A1", "B0", "B1");
        }
    }

    @Test
    void shouldReadThroughAListenerWithCertificateAndPassword() throws Exception {
        kafka.topic(topic, 1);
        produce(0, uids(0, 3));

        try (KafkaRoute route =
                start(
                        "?brokers=" + kafka.secureBrokers() + secure(LocalKafka.PASSWORD),
                        batch -> {})) {
            await().atMost(PATIENCE).until(() -> committed(0) == 3);

            assertThat(route.uids()).isEqualTo(uids(0, 3));
        }
    }

    @Test
    void shouldBeDownWithAWrongPassword() throws Exception {
        kafka.topic(topic, 1);

        try (KafkaRoute route =
                start("?brokers=" + kafka.secureBrokers() + secure("wrong"), batch -> {})) {
            await().atMost(PATIENCE)
                    .until(
                            () ->
                                    String.valueOf(route.health().getMessage())
                                            .contains("Authentication failed"));
        }
    }

    @Test
    void shouldBeLetInByScram() throws Exception {
        kafka.topic(topic, 1);
        kafka.addScramUser("another-password");
        produce(0, uids(0, 3));

        try (KafkaRoute route =
                start(
                        "?brokers="
                                + kafka.secureBrokers()
                                + "&securityProtocol=SASL_SSL&saslMechanism=SCRAM-SHA-512"
                                + "&saslJaasConfig=RAW(org.apache.kafka.common.security.scram"
                                + ".ScramLoginModule required username=\""
                                + LocalKafka.USER
                                + "\" password=\"another-password\";)"
                                + trust(),
                        batch -> {})) {
            await().atMost(PATIENCE).until(() -> committed(0) == 3);

            assertThat(route.uids()).isEqualTo(uids(0, 3));
        }
    }

    @Test
    void shouldBeLetInWithACertificateOfItsOwn() throws Exception {
        kafka.topic(topic, 1);
        produce(0, uids(0, 3));

        try (KafkaRoute route =
                start(
                        "?brokers="
                                + kafka.mutualBrokers()
                                + "&securityProtocol=SSL&sslKeystoreType=PKCS12&sslKeystoreLocation="
                                + kafka.keyStore()
                                + "&sslKeystorePassword="
                                + kafka.keyStorePassword()
                                + trust(),
                        batch -> {})) {
            await().atMost(PATIENCE).until(() -> committed(0) == 3);

            assertThat(route.uids()).isEqualTo(uids(0, 3));
        }
    }

    @Test
    void shouldNameTheOptionWhereBrokersAskForACertificate() throws Exception {
        kafka.topic(topic, 1);

        try (KafkaRoute route =
                start(
                        "?brokers=" + kafka.mutualBrokers() + "&securityProtocol=SSL" + trust(),
                        batch -> {})) {
            await().atMost(PATIENCE)
                    .until(
                            () ->
                                    String.valueOf(route.health().getMessage())
                                            .contains(
                                                    "name a key store with one in"
                                                            + " sslKeystoreLocation"));
        }
    }

    @Test
    void shouldNameTheOptionWhereTheCertificateOfABrokerIsNotTrusted() throws Exception {
        kafka.topic(topic, 1);

        try (KafkaRoute route =
                start("?brokers=" + kafka.mutualBrokers() + "&securityProtocol=SSL", batch -> {})) {
            await().atMost(PATIENCE)
                    .until(
                            () ->
                                    String.valueOf(route.health().getMessage())
                                            .contains(
                                                    "the certificate of a broker is not trusted"));
            assertThat(route.health().getMessage().orElseThrow())
                    .endsWith(
                            "name a file with the certificate of who signed it in"
                                    + " sslTruststoreLocation");
        }
    }

    @Test
    void shouldNotStartWithSettingsThatKafkaRefuses() {
        assertThatThrownBy(
                        () ->
                                start(
                                        "?securityProtocol=SSL&sslTruststoreType=PEM&sslTruststoreLocation=missing.pem",
                                        batch -> {}))
                .hasRootCauseMessage("missing.pem");
    }

    /** Kafka's client refuses to be made where this throws. */
    public static final class RefusesTheSecond implements ConsumerInterceptor<byte[], byte[]> {

        @Override
        public void configure(final Map<String, ?> configs) {
            if (configs.get(ConsumerConfig.CLIENT_ID_CONFIG).toString().endsWith("-1")) {
                throw new IllegalStateException("not a second one");
            }
        }

        @Override
        public ConsumerRecords<byte[], byte[]> onConsume(
                final ConsumerRecords<byte[], byte[]> records) {
            return records;
        }

        @Override
        public void onCommit(final Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void close() {}
    }

    @Test
    void shouldLeaveNothingOpenWhereTheSecondOfItsConsumersCannotBeMade() throws Exception {
        assertThatThrownBy(
                        () ->
                                start(
                                        "?consumersCount=2&clientId=leaving&additionalProperties.interceptor.classes="
                                                + RefusesTheSecond.class.getName(),
                                        batch -> {}))
                .hasRootCauseMessage("not a second one");

        assertThat(
                        ManagementFactory.getPlatformMBeanServer()
                                .queryNames(
                                        new ObjectName("kafka.consumer:type=app-info,id=leaving-*"),
                                        null))
                .isEmpty();
    }

    @Test
    void shouldStartAndBeDownWhereNoBrokerAnswers() throws Exception {
        try (KafkaRoute route = start("?brokers=127.0.0.1:1", batch -> {})) {
            assertThat(route.health().getState()).isEqualTo(HealthCheck.State.DOWN);
            assertThat(route.health().getMessage())
                    .contains(
                            "no broker of 127.0.0.1:1 has answered yet; it is read on when one"
                                    + " does");
        }
    }

    @Test
    void shouldStartAndSayInItsHealthThatNoBrokerHasAnAddress() throws Exception {
        try (KafkaRoute route = start("?brokers=no-such-host.invalid:9092", batch -> {})) {
            assertThat(route.health().getState()).isEqualTo(HealthCheck.State.DOWN);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(route.health().getMessage())
                                            .hasValueSatisfying(
                                                    message ->
                                                            assertThat(message)
                                                                    .startsWith(
                                                                            "Kafka at"
                                                                                + " no-such-host.invalid:9092"
                                                                                + " cannot be read:"
                                                                                + " ")
                                                                    .contains("resolvable")));
        }
    }

    @Test
    void shouldBeUpBeforeTheFirstHeartbeat() throws Exception {
        kafka.topic(topic, 1);
        produce(0, uids(0, 3));

        try (KafkaRoute route =
                start("?sessionTimeoutMs=30000&heartbeatIntervalMs=10000", batch -> {})) {
            await().atMost(PATIENCE).until(() -> route.uids().size() == 3);

            assertThat(route.health().getState()).isEqualTo(HealthCheck.State.UP);
        }
    }

    @Test
    void shouldReadOnAndCommitWhenTheBrokerIsBack() throws Exception {
        kafka.topic(topic, 1);
        produce(0, uids(0, 3));
        final CountDownLatch answer = new CountDownLatch(1);

        try (KafkaRoute route = start("?sessionTimeoutMs=1500", batch -> answer.await())) {
            await().atMost(PATIENCE).until(() -> route.uids().size() == 3);
            kafka.kill();
            answer.countDown();
            await().atMost(PATIENCE)
                    .until(
                            () ->
                                    route.ledger
                                            .byDetail(Ledger.Entry.RETRIED)
                                            .containsKey(Reason.KAFKA_COMMIT_FAILED.code()));
            await().atMost(PATIENCE)
                    .until(() -> route.health().getState() == HealthCheck.State.DOWN);
            assertThat(route.health().getMessage().orElseThrow())
                    .matches(
                            "no broker of "
                                    + kafka.brokers()
                                    + " has answered in the last [0-9]+ s; it is read on when one"
                                    + " does");

            kafka.start();
            await().atMost(PATIENCE).until(() -> committed(0) == 3);
            produce(0, uids(3, 5));
            await().atMost(PATIENCE).until(() -> committed(0) == 5);
            await().atMost(PATIENCE).until(() -> route.health().getState() == HealthCheck.State.UP);
        } finally {
            answer.countDown();
        }
    }

    private KafkaRoute start(final String parameters, final KafkaRoute.Taking taking)
            throws Exception {
        return KafkaRoute.started(
                kafka,
                topic + (parameters.isEmpty() ? "?" : parameters + "&") + "groupId=" + topic,
                taking);
    }

    private String secure(final String password) {
        return "&securityProtocol=SASL_SSL&saslMechanism=PLAIN&saslJaasConfig=RAW("
                + "org.apache.kafka.common.security.plain.PlainLoginModule required username=\""
                + LocalKafka.USER
                + "\" password=\""
                + password
                + "\";)"
                + trust();
    }

    private String trust() {
        return "&sslTruststoreType=PEM&sslTruststoreLocation=" + kafka.trustStore();
    }

    private static List<String> uids(final int from, final int to) {
        return IntStream.range(from, to).mapToObj(i -> "C" + i).toList();
    }

    private void produce(final int partition, final List<String> uids) {
        produceLines(partition, uids.stream().map(SensorLines::first).toArray(String[]::new));
    }

    private void produceLines(final int partition, final String... lines) {
        send(topic, partition, lines);
    }

    private void send(final String to, final int partition, final String... lines) {
        try (KafkaProducer<String, byte[]> producer = kafka.producer()) {
            for (final String line : lines) {
                producer.send(new ProducerRecord<>(to, partition, "key", LocalKafka.bytes(line)));
            }
        }
    }

    /** An event of Suricata with a packet of a flow, its type to be put where EVENT stands. */
    private static String eveAlert() throws Exception {
        return Samples.eve("ntp")
                .lines()
                .filter(line -> line.contains("\"event_type\":\"alert\""))
                .findFirst()
                .orElseThrow()
                .replace("\"event_type\":\"alert\"", "\"event_type\":\"EVENT\"");
    }

    private TopicPartition partition(final int number) {
        return new TopicPartition(topic, number);
    }

    /** What the group has committed of a partition, -1 if nothing. */
    private long committed(final int number) {
        return kafka.committed(topic).getOrDefault(partition(number), -1L);
    }

    private String memberId() {
        return kafka.members(topic).stream().findFirst().orElse("");
    }
}
