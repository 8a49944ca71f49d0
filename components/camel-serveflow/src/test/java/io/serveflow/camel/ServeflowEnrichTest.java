/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Packets;
import io.serveflow.flow.Transport;
import io.serveflow.ledger.Ledger;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.Verdict.BundleRef;
import io.serveflow.verdict.VerdictDocument;
import io.serveflow.verdict.VerdictStage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Records and verdicts that pass through routes with {@code serveflow-enrich}. */
@Timeout(60)
class ServeflowEnrichTest {

    private static final String LINE =
            "{\"ts\":1700000000.100000,\"uid\":\"%s\",\"proto\":\"tcp\",\"orig_bytes\":1.50}";

    private final AtomicBoolean failing = new AtomicBoolean();
    private final Ledger ledger =
            new Ledger(
                    (entry, detail, count) -> {
                        if (failing.get()) {
                            throw new IllegalStateException("nothing can be counted");
                        }
                    });
    private final CountDownLatch stuck = new CountDownLatch(1);
    private final CamelContext context = new DefaultCamelContext();
    private ProducerTemplate template;

    @BeforeEach
    void start() throws Exception {
        context.getRegistry().bind("ledger", ledger);
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:verdicts").to("serveflow-enrich:flows?wait=30s");
                        from("direct:records").to("serveflow-enrich:flows?wait=30s");
                        from("direct:stuck")
                                .to("serveflow-enrich:flows?wait=30s")
                                .process(exchange -> stuck.await());
                        from("direct:soon").to("serveflow-enrich:soon?wait=50&field=label%20info");
                    }
                });
        context.start();
        template = context.createProducerTemplate();
    }

    @AfterEach
    void stop() throws Exception {
        stuck.countDown();
        template.close();
        context.close();
    }

    @Test
    void shouldAddTheVerdictBehindAllThatARecordHas() throws Exception {
        final FlowBatch batch = batch("C1", "dns", VerdictStage.FINAL);
        assertThat(template.requestBody("direct:verdicts", batch)).isSameAs(batch);

        final String line = enriched(LINE.formatted("C1"));

        assertThat(line).startsWith(LINE.formatted("C1").replaceFirst("}$", ",\"serveflow\":{"));
        final JsonNode verdict = new JsonMapper().readTree(line).get("serveflow");
        assertThat(verdict)
                .isEqualTo(
                        new JsonMapper()
                                .readTree(
                                        """
                                        {"task":"service","label":"dns","confidence":0.9,
                                         "tier":"fast","stage":"final","final":true,
                                         "verdict_id":"%s",
                                         "bundle":{"name":"tiny","version":"1.0.0"}}
                                        """
                                                .formatted(
                                                        VerdictDocument.id(
                                                                batch.record(0),
                                                                batch.verdict(0)))));
        assertThat(ledger.byDetail(Ledger.Entry.ENRICHED)).isEqualTo(Map.of("final", 1L));
    }

    @Test
    void shouldHoldARecordUntilItsVerdictComes() throws Exception {
        final CompletableFuture<Object> answer =
                template.asyncRequestBody("direct:records", LINE.formatted("C1"));
        await().until(() -> !ledgerHasMoved() && isWaiting(1));
        template.sendBody("direct:verdicts", batch("C1", "web_tls", VerdictStage.PROVISIONAL));
        assertThat(answer).isNotDone();

        template.sendBody("direct:verdicts", batch("C1", "dns", VerdictStage.FINAL));

        assertThat(answer.get(30, TimeUnit.SECONDS)).asString().contains("\"label\":\"dns\"");
    }

    @Test
    void shouldLetARecordPassAsItIsWhenNoVerdictComes() {
        final String line = LINE.formatted("C1") + " ";

        assertThat(template.requestBody("direct:soon", line)).isEqualTo(line);
        assertThat(ledger.byDetail(Ledger.Entry.ENRICH_MISSED)).isEqualTo(Map.of("no_verdict", 1L));
    }

    @Test
    void shouldLetWhatIsNoRecordPassAtOnce() {
        assertThat(template.requestBody("direct:records", "#close 2026")).isEqualTo("#close 2026");
        assertThat(template.requestBody("direct:records", "{\"uid\":\"C1\",\"proto\":\"icmp\"}"))
                .isEqualTo("{\"uid\":\"C1\",\"proto\":\"icmp\"}");
        assertThat(ledger.byDetail(Ledger.Entry.ENRICH_MISSED))
                .isEqualTo(Map.of("no_key", 1L, "other_transport", 1L));
    }

    @Test
    void shouldEnrichEachLineOfATextWithTheirLineEnds() {
        template.sendBody("direct:verdicts", batch("C1", "dns", VerdictStage.FINAL));
        template.sendBody("direct:verdicts", batch("C2", "p2p", VerdictStage.FINAL));

        final String text =
                template.requestBody(
                        "direct:records",
                        LINE.formatted("C1") + "\r\n\n" + "no record\n" + LINE.formatted("C2"),
                        String.class);

        assertThat(text.split("\n", -1))
                .satisfiesExactly(
                        line -> assertThat(line).contains("\"label\":\"dns\"").endsWith("}}\r"),
                        line -> assertThat(line).isEmpty(),
                        line -> assertThat(line).isEqualTo("no record"),
                        line -> assertThat(line).contains("\"label\":\"p2p\"").endsWith("}}"));
    }

    @Test
    void shouldEnrichBytesStreamsMapsAndLists() {
        template.sendBody("direct:verdicts", batch("C1", "dns", VerdictStage.FINAL));
        final byte[] bytes = LINE.formatted("C1").getBytes(StandardCharsets.UTF_8);

        assertThat(template.requestBody("direct:records", bytes, byte[].class))
                .asString(StandardCharsets.UTF_8)
                .contains("\"label\":\"dns\"");
        assertThat(template.requestBody("direct:records", new ByteArrayInputStream(bytes)))
                .asString()
                .contains("\"label\":\"dns\"");
        final Map<?, ?> map =
                template.requestBody(
                        "direct:records", Map.of("uid", "C1", "proto", "tcp"), Map.class);
        assertThat(((Map<?, ?>) map.get("serveflow")).get("label")).isEqualTo("dns");
        final List<?> list =
                template.requestBody("direct:records", List.of(bytes, "x"), List.class);
        assertThat(list).hasSize(2);
        assertThat(list.get(1)).isEqualTo("x");
    }

    @Test
    void shouldLetWaitingRecordsGoWhenTheContextStops() throws Exception {
        final CompletableFuture<Object> answer =
                template.asyncRequestBody("direct:records", LINE.formatted("C1"));
        await().until(() -> isWaiting(1));

        context.stop();

        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(LINE.formatted("C1"));
    }

    @Test
    void shouldFailARecordWhoseVerdictCannotBeAddedInsteadOfKeepingIt() throws Exception {
        final CompletableFuture<Exchange> waits =
                template.asyncSend("direct:records", one -> one.getMessage().setBody(LINE));
        await().until(() -> isWaiting(1));

        failing.set(true);
        template.sendBody("direct:verdicts", batch("%s", "dns", VerdictStage.FINAL));

        assertThat(waits.get(30, TimeUnit.SECONDS).getException())
                .hasMessage("nothing can be counted");
    }

    @Test
    void shouldNotHoldUpVerdictsWhereTheRouteOfRecordsStandsStill() throws Exception {
        final int records = 1_010;
        final CountDownLatch ended = new CountDownLatch(records);
        final AsyncProducer route = context.getEndpoint("direct:stuck").createAsyncProducer();
        route.start();
        for (int i = 0; i < records; i++) {
            final Exchange record = route.getEndpoint().createExchange();
            record.getMessage().setBody(LINE.formatted("C1"));
            route.process(record, done -> ended.countDown());
        }
        await().until(() -> isWaiting(records));

        assertThat(
                        template.asyncSendBody(
                                "direct:verdicts", batch("C1", "dns", VerdictStage.FINAL)))
                .succeedsWithin(Duration.ofSeconds(30));

        stuck.countDown();
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldRefuseBoundsThatDifferFromThoseOfTheSameName() {
        assertThatThrownBy(() -> template.sendBody("serveflow-enrich:flows?wait=1s", "x"))
                .hasRootCauseInstanceOf(IllegalArgumentException.class)
                .rootCause()
                .hasMessageContaining("serveflow-enrich:flows is used with different bounds");
    }

    @Test
    void shouldRefuseOptionsOutOfBoundsTogether() {
        assertThatThrownBy(() -> context.getEndpoint("serveflow-enrich:x?maxVerdicts=0&window=-5"))
                .rootCause()
                .hasMessageContaining("maxVerdicts must be 1 or more, was 0")
                .hasMessageContaining("window must be 1 or more, was -5");
    }

    @Test
    void shouldSayThatNoRouteBeginsWithIt() throws Exception {
        assertThatThrownBy(
                        () ->
                                context.addRoutes(
                                        new RouteBuilder() {
                                            @Override
                                            public void configure() {
                                                from("serveflow-enrich:flows").to("direct:x");
                                            }
                                        }))
                .rootCause()
                .hasMessageContaining("a route cannot begin with serveflow-enrich:flows");
    }

    private boolean ledgerHasMoved() {
        return ledger.total(Ledger.Entry.ENRICHED) > 0
                || ledger.total(Ledger.Entry.ENRICH_MISSED) > 0;
    }

    private boolean isWaiting(final int records) {
        return context.getComponent("serveflow-enrich", ServeflowEnrichComponent.class)
                        .waitingRecords()
                == records;
    }

    private String enriched(final String line) throws Exception {
        return template.asyncRequestBody("direct:records", line)
                .get(Duration.ofSeconds(30).toMillis(), TimeUnit.MILLISECONDS)
                .toString();
    }

    private static FlowBatch batch(final String uid, final String label, final VerdictStage stage) {
        final Packets.Builder packets = new Packets.Builder();
        packets.add(0, true, 40, new byte[40], 0, 40);
        final FlowRecord flow =
                new FlowRecord(
                        new FlowId("sensor", uid),
                        new FlowTuple(Transport.TCP, "10.0.0.5", 51514, "203.0.113.9", 443),
                        "1:" + uid,
                        1_700_000_000_100_000L,
                        FlowRecord.Stage.FIRST,
                        FlowRecord.End.DEPTH,
                        packets.build(),
                        0);
        final Verdict verdict =
                new Verdict(
                        new BundleRef("tiny", "1.0.0", "service", "ab".repeat(32)),
                        "fast",
                        stage,
                        label,
                        0.9,
                        0.1,
                        "certain",
                        1,
                        new Verdict.Latency(0, 10, 12),
                        List.of(new Verdict.LabelProbability(label, 0.9f)));
        return FlowBatch.of(List.of(flow)).withVerdicts("service", new Verdict[] {verdict});
    }
}
