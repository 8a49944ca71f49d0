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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
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
    void shouldKeepARecordThatIsTooLargeAsADeadLetterAndSendTheOthers() throws Exception {
        kafka.topic(topic, 1);
        final byte[] packet = new byte[60_000];
        final Packets.Builder packets = new Packets.Builder();
        for (int i = 0; i < 20; i++) {
            packets.add(i, true, packet.length, packet, 0, packet.length);
        }
        final FlowRecord small = context("C2");
        final FlowRecord large =
                new FlowRecord(
                        small.id(),
                        small.tuple(),
                        small.communityId(),
                        small.startMicros(),
                        small.stage(),
                        small.end(),
                        packets.build(),
                        0);
        send(sender("flows"), FlowBatch.of(List.of(large, small)));

        assertThat(ledger.byDetail(Ledger.Entry.FORWARDED)).containsEntry(topic, 1L);
        assertThat(deadLetters)
                .singleElement()
                .satisfies(letter -> assertThat(letter.reason()).isEqualTo("record_too_large"));
    }

    @Test
    void shouldFailTheExchangeWhenThereIsNoTopic() {
        final DefaultCamelContext sender = sender("flows");
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
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in")
                                .to(
                                        "serveflow-kafka:%s?brokers=%s&content=%s"
                                                .formatted(topic, kafka.brokers(), content));
                    }
                });
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
        started(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(KafkaRoute.address(
                                        kafka, topic + "?content=" + content + "&groupId=" + topic))
                                .process(route::accept);
                    }
                });
    }

    private DefaultCamelContext started(final RouteBuilder routes) {
        final DefaultCamelContext context = new DefaultCamelContext();
        contexts.add(context);
        context.getRegistry().bind("ledger", ledger);
        context.getRegistry().bind("deadLetters", (DeadLetterSink) deadLetters::add);
        try {
            context.addRoutes(routes);
        } catch (final Exception e) {
            throw new IllegalStateException(e);
        }
        context.start();
        return context;
    }
}
