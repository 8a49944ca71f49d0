/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.serveflow.batch.FlowBatch;
import io.serveflow.batch.Receipt;
import io.serveflow.batch.SourceClock;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Packets;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.FlowRecordReader;
import io.serveflow.testing.kafka.LocalKafka;
import io.serveflow.testing.kafka.SensorLines;
import io.serveflow.testing.kafka.SharedKafka;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.Verdict.BundleRef;
import io.serveflow.verdict.Verdict.Latency;
import io.serveflow.verdict.VerdictDocument;
import io.serveflow.verdict.VerdictStage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckAware;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRepository;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** Flows and verdicts from one Camel context to another, by topics of a real broker. */
@ExtendWith(SharedKafka.class)
class BetweenProcessesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final LocalKafka kafka;
    private final List<DefaultCamelContext> contexts = new ArrayList<>();
    private final Ledger ledger = new Ledger();
    private final List<DeadLetter> deadLetters = new CopyOnWriteArrayList<>();
    private volatile DeadLetterSink keeping = deadLetters::add;
    private String topic;

    BetweenProcessesTest(final LocalKafka kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void nameTopic(final TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName();
    }

    @AfterEach
    void stop() {
        contexts.forEach(DefaultCamelContext::stop);
    }

    @Test
    void shouldGiveOutUncertainFlowsWithTheirVerdictsAndThenTheirContexts() throws Exception {
        kafka.topic(topic, 3);
        final List<FlowBatch> read = new CopyOnWriteArrayList<>();
        final DefaultCamelContext sender = sender("flows");
        send(sender, uncertain("C1", "C2"));
        send(sender, FlowBatch.of(List.of(context("C1"), context("C2"))));
        reader("flows", read::add);

        await().atMost(PATIENCE).until(() -> read.stream().mapToInt(FlowBatch::size).sum() == 4);
        assertThat(read)
                .filteredOn(batch -> batch.stage() == FlowRecord.Stage.FIRST)
                .allSatisfy(
                        batch -> {
                            assertThat(batch.task()).contains("service");
                            assertThat(batch.verdict(0)).isEqualTo(verdict(false));
                        });
        for (final String uid : List.of("C1", "C2")) {
            assertThat(read.stream().filter(batch -> KafkaRoute.uids(batch).contains(uid)))
                    .extracting(FlowBatch::stage)
                    .containsExactly(FlowRecord.Stage.FIRST, FlowRecord.Stage.CONTEXT);
        }
        assertThat(ledger.byDetail(Ledger.Entry.FORWARDED)).containsEntry(topic, 4L);
    }

    @Test
    void shouldNotSendFlowsThatAreDecided() throws Exception {
        kafka.topic(topic, 1);
        final FlowBatch flows =
                FlowBatch.of(List.of(first("C1"), first("C2"))).withVerdicts(i -> verdict(i == 0));
        send(sender("flows"), flows);

        assertThat(ledger.byDetail(Ledger.Entry.FORWARDED)).containsEntry(topic, 1L);
    }

    @Test
    void shouldSendTheDocumentOfEveryVerdict() throws Exception {
        kafka.topic(topic, 1);
        final List<Object> read = new CopyOnWriteArrayList<>();
        send(sender("documents"), uncertain("C1", "C2"));
        readerOf("documents", exchange -> read.add(exchange.getMessage().getBody()));

        await().atMost(PATIENCE).until(() -> !read.isEmpty());
        assertThat(read).hasSize(1);
        assertThat((List<?>) read.get(0))
                .hasSize(2)
                .allSatisfy(
                        document ->
                                assertThat(document.toString())
                                        .contains("\"stage\":\"provisional\""));
        assertThat(VerdictDocument.isOne(bytes(((List<?>) read.get(0)).get(0).toString())))
                .isTrue();
    }

    @Test
    void shouldKeepWhatIsNoFlowAsADeadLetterAndGoOn() throws Exception {
        kafka.topic(topic, 1);
        try (KafkaProducer<String, byte[]> producer = kafka.producer()) {
            producer.send(new ProducerRecord<>(topic, "C0", bytes("no record"))).get();
        }
        final List<FlowBatch> read = new CopyOnWriteArrayList<>();
        send(sender("flows"), uncertain("C1"));
        reader("flows", read::add);

        await().atMost(PATIENCE).until(() -> !read.isEmpty());
        assertThat(deadLetters)
                .singleElement()
                .satisfies(
                        letter -> {
                            assertThat(letter.source()).isEqualTo("kafka:" + topic + "-0");
                            assertThat(letter.offset()).isZero();
                            assertThat(letter.reason()).isEqualTo("bad_header");
                            assertThat(letter.payload()).isEqualTo("no record");
                        });
        await().atMost(PATIENCE)
                .until(() -> kafka.committed(topic).values().stream().anyMatch(at -> at == 2));
    }

    @Test
    void shouldKeepWhatIsNoDocumentAsADeadLetter() throws Exception {
        kafka.topic(topic, 1);
        try (KafkaProducer<String, byte[]> producer = kafka.producer()) {
            producer.send(new ProducerRecord<>(topic, "C0", bytes("{\"event\":{}}"))).get();
        }
        readerOf("documents", exchange -> {});

        await().atMost(PATIENCE).until(() -> deadLetters.size() == 1);
        assertThat(deadLetters.get(0).reason()).isEqualTo("no_document");
    }

    @Test
    void shouldKeepARecordThatIsTooLargeAsADeadLetterAndSendTheOthers() {
        kafka.topic(topic, 1);
        send(sender("flows"), FlowBatch.of(List.of(large(), context("C2"))));

        assertThat(ledger.byDetail(Ledger.Entry.FORWARDED)).containsEntry(topic, 1L);
        assertThat(deadLetters)
                .singleElement()
                .satisfies(letter -> assertThat(letter.reason()).isEqualTo("record_too_large"));
        assertThat(ledger.total(Ledger.Entry.SENT)).isEqualTo(2);
        assertThat(ledger.total(Ledger.Entry.RETURNED)).isZero();
    }

    @Test
    void shouldFailTheExchangeWhereNotEvenADeadLetterCanBeKept() {
        kafka.topic(topic, 1);
        final DefaultCamelContext sender = sender("flows");
        keeping =
                letter -> {
                    throw new IllegalStateException("no space left on device");
                };

        final Exchange exchange =
                sender.createProducerTemplate()
                        .send(
                                "direct:in",
                                one ->
                                        one.getMessage()
                                                .setBody(
                                                        FlowBatch.of(
                                                                List.of(large(), context("C2")))));

        assertThat(exchange.getException()).hasMessage("no space left on device");
        assertThat(ledger.total(Ledger.Entry.RETURNED)).isPositive();
        assertThat(ledger.total(Ledger.Entry.FORWARDED) + ledger.total(Ledger.Entry.RETURNED))
                .isEqualTo(ledger.total(Ledger.Entry.SENT));
        assertThat(sendingHealth(sender).getState()).isEqualTo(HealthCheck.State.DOWN);
        keeping = deadLetters::add;
        send(sender, FlowBatch.of(List.of(large(), context("C2"))));
        assertThat(deadLetters).hasSize(1);
        assertThat(sendingHealth(sender).getState()).isEqualTo(HealthCheck.State.UP);
    }

    private static FlowRecord large() {
        final byte[] packet = new byte[60_000];
        final Packets.Builder packets = new Packets.Builder();
        for (int i = 0; i < 20; i++) {
            packets.add(i, true, packet.length, packet, 0, packet.length);
        }
        final FlowRecord small = context("C1");
        return new FlowRecord(
                small.id(),
                small.tuple(),
                small.communityId(),
                small.startMicros(),
                small.stage(),
                small.end(),
                packets.build(),
                0);
    }

    @Test
    void shouldBeDownAndKeepFlowsWhileNoBrokerAnswers() {
        final DefaultCamelContext sender =
                started(
                        to(
                                "serveflow-kafka:%s?brokers=127.0.0.1:1&content=flows"
                                        .formatted(topic)));
        final CompletableFuture<Exchange> sent =
                sender.createProducerTemplate()
                        .asyncSend("direct:in", one -> one.getMessage().setBody(uncertain("C1")));

        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(sendingHealth(sender).getState())
                                        .isEqualTo(HealthCheck.State.DOWN));
        assertThat(sendingHealth(sender).getMessage().orElseThrow())
                .contains("Kafka at 127.0.0.1:1 has not acknowledged what was sent to " + topic);
        assertThat(sent).isNotDone();

        sender.stop();
        assertThat(sent).succeedsWithin(PATIENCE);
        assertThat(sent.join().getException()).isNotNull();
    }

    @Test
    void shouldBeUpWhenKafkaHasAcknowledgedWhatWasSent() {
        kafka.topic(topic, 1);
        final DefaultCamelContext sender = sender("flows");
        send(sender, uncertain("C1"));

        assertThat(sendingHealth(sender).getState()).isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void shouldWatchATopicUntilNobodySendsToItAnyMore() throws Exception {
        kafka.topic(topic, 1);
        final String address = "serveflow-kafka:%s?brokers=%s&content=flows&lingerMs=%d";
        final DefaultCamelContext sender =
                started(
                        new RouteBuilder() {
                            @Override
                            public void configure() {
                                for (int i = 0; i < 2; i++) {
                                    from("direct:" + i)
                                            .id("sending-" + i)
                                            .to(address.formatted(topic, kafka.brokers(), i));
                                }
                            }
                        });
        assertThat(sendingHealths(sender)).hasSize(1);

        sender.getRouteController().stopRoute("sending-1");
        assertThat(sendingHealths(sender)).hasSize(1);
        sender.getRouteController().stopRoute("sending-0");

        assertThat(sendingHealths(sender)).isEmpty();
    }

    @Test
    void shouldWatchTopicsOfOneNameAtTwoClustersApart() {
        kafka.topic(topic, 1);
        final String address = "serveflow-kafka:%s?brokers=%s&content=flows";
        final DefaultCamelContext sender =
                started(
                        new RouteBuilder() {
                            @Override
                            public void configure() {
                                from("direct:in").to(address.formatted(topic, kafka.brokers()));
                                from("direct:away").to(address.formatted(topic, "127.0.0.1:1"));
                            }
                        });
        sender.createProducerTemplate()
                .asyncSend("direct:away", one -> one.getMessage().setBody(uncertain("C1")));
        send(sender, uncertain("C2"));

        assertThat(sendingHealths(sender))
                .extracting(HealthCheck::getId)
                .containsExactlyInAnyOrder(
                        "producer:serveflow-kafka-" + topic,
                        "producer:serveflow-kafka-" + topic + "@127.0.0.1:1");
        assertThat(sendingHealth(sender).getState()).isEqualTo(HealthCheck.State.UP);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(sendingHealths(sender))
                                        .extracting(check -> check.call().getState())
                                        .contains(HealthCheck.State.DOWN));
    }

    private List<HealthCheck> sendingHealths(final DefaultCamelContext sender) {
        final HealthCheckRepository checks =
                HealthCheckHelper.getHealthCheckRepository(sender, "producers");
        checks.setEnabled(true);
        return checks.stream()
                .filter(check -> check.getId().startsWith("producer:serveflow-kafka-" + topic))
                .toList();
    }

    private HealthCheck.Result sendingHealth(final DefaultCamelContext sender) {
        return sendingHealths(sender).stream()
                .filter(check -> check.getId().equals("producer:serveflow-kafka-" + topic))
                .findFirst()
                .orElseThrow()
                .call();
    }

    @Test
    void shouldFailTheExchangeWhenThereIsNoTopic() {
        final DefaultCamelContext sender = sender("flows&deliveryTimeoutMs=10000");
        final Exchange exchange =
                sender.createProducerTemplate()
                        .send("direct:in", one -> one.getMessage().setBody(uncertain("C1")));

        assertThat(exchange.getException()).hasMessageContaining(topic);
        assertThat(ledger.total(Ledger.Entry.FORWARDED)).isZero();
    }

    @Test
    void shouldRefuseToSendLines() {
        assertThatThrownBy(() -> sender("lines"))
                .rootCause()
                .hasMessageContaining("content must be flows or documents to send to a topic");
    }

    @Test
    void shouldWithdrawTheReceiptsOfPartitionsThatAnotherGets() throws Exception {
        kafka.topic(topic, 2);
        final List<Receipt> held = new CopyOnWriteArrayList<>();
        final List<String> again = new CopyOnWriteArrayList<>();
        final String[] uids = IntStream.range(0, 40).mapToObj(i -> "C" + i).toArray(String[]::new);
        send(sender("flows"), uncertain(uids));
        reader(
                "flows",
                batch -> {
                    batch.receipt().hold();
                    held.add(batch.receipt());
                });
        await().atMost(PATIENCE).until(() -> held.size() == 2);
        assertThat(held).noneMatch(Receipt::isWithdrawn);

        reader("flows", batch -> again.addAll(KafkaRoute.uids(batch)));
        await().atMost(PATIENCE).until(() -> !again.isEmpty());

        assertThat(held).filteredOn(Receipt::isWithdrawn).hasSize(1);
        assertThat(again).isNotEmpty().hasSizeLessThan(uids.length);
        assertThat(kafka.committed(topic).values()).allMatch(at -> at == 0 || at == again.size());
    }

    @Test
    void shouldLetNoTimePassForFlowsThatWaitWhileTheRouteIsHeldUp() throws Exception {
        kafka.topic(topic, 1);
        final DefaultCamelContext sender = sender("flows");
        final List<Receipt> held = new CopyOnWriteArrayList<>();
        final CountDownLatch room = new CountDownLatch(1);
        reader(
                "flows",
                batch -> {
                    batch.receipt().hold();
                    held.add(batch.receipt());
                    if (batch.stage() == FlowRecord.Stage.CONTEXT) {
                        awaitUninterrupted(room);
                    }
                });
        send(sender, uncertain("C1"));
        await().atMost(PATIENCE).until(() -> held.size() == 1);
        final SourceClock clock = held.get(0).clock();
        await().atMost(PATIENCE).until(() -> clock.nanos() > 0);

        send(sender, FlowBatch.of(context("C2")));
        await().atMost(PATIENCE).until(() -> held.size() == 2);
        /* A look at most may have been at an end that was reached before. */
        final long before = clock.nanos();
        final long since = System.nanoTime();
        await().atMost(PATIENCE)
                .until(() -> System.nanoTime() - since > 4 * PartitionClock.LOOK_NANOS);
        assertThat(clock.nanos() - before).isLessThanOrEqualTo(2 * PartitionClock.LOOK_NANOS);

        room.countDown();
        await().atMost(PATIENCE)
                .until(() -> clock.nanos() - before > 3 * PartitionClock.LOOK_NANOS);
    }

    @Test
    void shouldLetNoTimePassForFlowsThatWaitWhileKafkaIsAway() throws Exception {
        try (LocalKafka own = LocalKafka.started()) {
            own.topic(topic, 1);
            final List<Receipt> held = new CopyOnWriteArrayList<>();
            final DefaultCamelContext sender =
                    started(
                            to(
                                    "serveflow-kafka:%s?brokers=%s&content=flows"
                                            .formatted(topic, own.brokers())));
            send(sender, uncertain("C1"));
            final DefaultCamelContext reader =
                    readerOf(
                            own,
                            "flows",
                            exchange -> {
                                final FlowBatch batch =
                                        exchange.getMessage().getBody(FlowBatch.class);
                                batch.receipt().hold();
                                held.add(batch.receipt());
                            });
            await().atMost(PATIENCE).until(() -> held.size() == 1);
            final SourceClock clock = held.get(0).clock();
            await().atMost(PATIENCE).until(() -> clock.nanos() > 0);

            own.kill();
            final long before = clock.nanos();
            final long since = System.nanoTime();
            await().atMost(PATIENCE).until(() -> readingHealth(reader) == HealthCheck.State.DOWN);
            own.start();
            await().atMost(PATIENCE).until(() -> readingHealth(reader) == HealthCheck.State.UP);
            final long away = System.nanoTime() - since;
            assertThat(away).isGreaterThan(TimeUnit.SECONDS.toNanos(2));
            assertThat(clock.nanos() - before).isLessThan(away);

            final long after = clock.nanos();
            await().atMost(PATIENCE).until(() -> clock.nanos() > after);
            assertThat(held).hasSize(1).noneMatch(Receipt::isWithdrawn);
            reader.stop();
            sender.stop();
        }
    }

    private static HealthCheck.State readingHealth(final DefaultCamelContext reader) {
        return ((HealthCheckAware) reader.getRoute("reading").getConsumer())
                .getHealthCheck()
                .call()
                .getState();
    }

    @Test
    void shouldNotHoldUpARebalanceForARouteThatIsHeldUp() throws Exception {
        kafka.topic(topic, 2);
        final List<Receipt> held = new CopyOnWriteArrayList<>();
        final List<String> again = new CopyOnWriteArrayList<>();
        final CountDownLatch room = new CountDownLatch(1);
        final String[] uids = IntStream.range(0, 40).mapToObj(i -> "C" + i).toArray(String[]::new);
        send(sender("flows"), uncertain(uids));
        /* Without a bound on it, a rebalance would wait for longer than this test. */
        final String patient = "flows&shutdownTimeout=600000&maxPollIntervalMs=600000";
        reader(
                patient,
                batch -> {
                    held.add(batch.receipt());
                    awaitUninterrupted(room);
                });
        await().atMost(PATIENCE).until(() -> held.size() == 1);

        reader(patient, batch -> again.addAll(KafkaRoute.uids(batch)));

        await().atMost(PATIENCE).until(() -> !again.isEmpty());
        room.countDown();
        await().atMost(PATIENCE).until(() -> held.size() == 2);
        assertThat(held).filteredOn(Receipt::isWithdrawn).hasSize(1);
    }

    private static void awaitUninterrupted(final CountDownLatch latch) {
        try {
            latch.await();
        } catch (final InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    private FlowBatch uncertain(final String... uids) {
        return FlowBatch.of(Arrays.stream(uids).map(BetweenProcessesTest::first).toList())
                .withVerdicts(i -> verdict(false));
    }

    private static Verdict verdict(final boolean certain) {
        return new Verdict(
                new BundleRef("b", "1", "service", "0"),
                "fast",
                certain ? VerdictStage.FINAL : VerdictStage.PROVISIONAL,
                "dns",
                0.5,
                0.5,
                "uncertain",
                1,
                new Latency(0, 0, 0),
                List.of());
    }

    private static FlowRecord first(final String uid) {
        return record(SensorLines.first(uid));
    }

    private static FlowRecord context(final String uid) {
        return record(SensorLines.context(uid));
    }

    private static FlowRecord record(final String line) {
        final byte[] bytes = bytes(line);
        return new FlowRecordReader("sensor").read(bytes, 0, bytes.length);
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private DefaultCamelContext sender(final String content) {
        return started(
                to(
                        "serveflow-kafka:%s?brokers=%s&content=%s"
                                .formatted(topic, kafka.brokers(), content)));
    }

    private static RouteBuilder to(final String address) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").to(address);
            }
        };
    }

    private void send(final DefaultCamelContext sender, final FlowBatch flows) {
        final Exchange exchange =
                sender.createProducerTemplate()
                        .send("direct:in", one -> one.getMessage().setBody(flows));
        assertThat(exchange.getException()).isNull();
    }

    private void reader(final String content, final Consumer<FlowBatch> route) {
        readerOf(content, exchange -> route.accept(exchange.getMessage().getBody(FlowBatch.class)));
    }

    private void readerOf(final String content, final Consumer<Exchange> route) {
        readerOf(kafka, content, route);
    }

    private DefaultCamelContext readerOf(
            final LocalKafka from, final String content, final Consumer<Exchange> route) {
        return started(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(KafkaRoute.address(
                                        from, topic + "?content=" + content + "&groupId=" + topic))
                                .id("reading")
                                .process(route::accept);
                    }
                });
    }

    private DefaultCamelContext started(final RouteBuilder routes) {
        final DefaultCamelContext context = new DefaultCamelContext();
        /* Flows that a test holds would hold up its end. */
        context.getShutdownStrategy().setTimeout(1);
        contexts.add(context);
        context.getRegistry().bind("ledger", ledger);
        context.getRegistry()
                .bind("deadLetters", (DeadLetterSink) letter -> keeping.accept(letter));
        try {
            context.addRoutes(routes);
        } catch (final Exception e) {
            throw new IllegalStateException(e);
        }
        context.start();
        return context;
    }
}
