/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serveflow.batch.FlowBatch;
import io.serveflow.batch.Receipt;
import io.serveflow.camel.support.Shared;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.VerdictListener;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckAware;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.LoggingExceptionHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of flows in the join when the slow route fails or stops. */
class ServeflowJoinFailureTest {

    private final CamelContext context = new DefaultCamelContext();
    private final Ledger ledger = new Ledger();
    private final List<DeadLetter> letters = new CopyOnWriteArrayList<>();
    private final List<Verdict> given = new CopyOnWriteArrayList<>();
    private final Map<FlowId, Verdict> stored = new ConcurrentHashMap<>();
    private volatile int failuresLeft;
    private ProducerTemplate template;
    private FlowBatch firsts;
    private int waiting;

    @AfterEach
    void stop() throws Exception {
        template.close();
        context.close();
    }

    @Test
    void shouldDeliverFlowsAgainWhenTheRouteFailed() throws Exception {
        failuresLeft = 2;
        start("redeliveryDelay=1");
        escalateAll();
        bringContexts();

        await().untilAsserted(() -> assertThat(stored).hasSize(waiting));
        assertThat(letters).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.RETRIED))
                .isEqualTo(Map.of("slow_route_failed", 2L));
        await().until(() -> joins().pendingFlows() == 0);
    }

    @Test
    void shouldAskTheTierOnceHoweverOftenTheRouteBehindItFails() throws Exception {
        failuresLeft = 2;
        start("redeliveryDelay=1");
        escalateAll();
        final Map<FlowId, String> provisional = labels(firsts.uncertain());
        bringContexts();
        await().untilAsserted(() -> assertThat(stored).hasSize(waiting));

        assertThat(given.stream().filter(verdict -> verdict.tier().equals("slow")))
                .hasSize(waiting);
        assertThat(stored)
                .allSatisfy(
                        (flow, verdict) -> {
                            assertThat(verdict.supersedes()).isTrue();
                            assertThat(verdict.revised())
                                    .isEqualTo(!verdict.label().equals(provisional.get(flow)));
                        })
                .anySatisfy((flow, verdict) -> assertThat(verdict.revised()).isTrue());
    }

    @Test
    void shouldKeepTheVerdictsOfARouteThatKeepsFailingAsDeadLetters() throws Exception {
        failuresLeft = Integer.MAX_VALUE;
        start("redeliveryDelay=1&maxRedeliveries=3");
        escalateAll();
        bringContexts();

        await().untilAsserted(() -> assertThat(letters).hasSize(waiting));
        assertThat(letters)
                .allSatisfy(
                        letter -> {
                            assertThat(letter.reason()).isEqualTo("slow_route_failed");
                            assertThat(letter.detail()).contains("the sink is out of order");
                            assertThat(letter.payload())
                                    .contains("\"tier\":\"slow\"")
                                    .contains("\"final\":true");
                        });
        await().until(() -> joins().pendingFlows() == 0);
    }

    @Test
    void shouldGiveFlowsThatTheirSourceKeepsUntilTheRouteTakesThem() throws Exception {
        failuresLeft = Integer.MAX_VALUE;
        start("redeliveryDelay=1&maxRedeliveries=3");
        final AtomicBoolean settled = new AtomicBoolean();
        final Receipt receipt = Receipt.held(() -> settled.set(true));
        escalateAll(receipt);
        receipt.release();
        bringContexts();

        await().until(() -> ledger.total(Ledger.Entry.RETRIED) > 10);
        assertThat(letters).isEmpty();
        assertThat(settled).isFalse();
        assertThat(health().getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(health().getMessage().orElseThrow())
                .isEqualTo(
                        "the route does not take flows from the join, which are given to it again:"
                                + " the sink is out of order");

        failuresLeft = 0;
        await().untilTrue(settled);
        assertThat(stored).hasSize(waiting);
        await().until(() -> health().getState() == HealthCheck.State.UP);
    }

    @Test
    void shouldLeaveFlowsToWhoeverReadsThemWhileTheRouteFails() throws Exception {
        failuresLeft = Integer.MAX_VALUE;
        start("redeliveryDelay=1&maxRedeliveries=0");
        final AtomicBoolean settled = new AtomicBoolean();
        final AtomicBoolean handedBack = new AtomicBoolean();
        final Receipt receipt = Receipt.held(() -> settled.set(true), () -> handedBack.set(true));
        escalateAll(receipt);
        receipt.release();
        bringContexts();
        await().until(() -> ledger.total(Ledger.Entry.RETRIED) > 1);

        receipt.withdraw();

        await().untilTrue(handedBack);
        await().until(() -> joins().pendingFlows() == 0);
        assertThat(settled).isFalse();
        assertThat(letters).isEmpty();
        assertThat(stored).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.HANDED_BACK))
                .containsEntry("partition_revoked", (long) waiting);
    }

    private HealthCheck.Result health() {
        return ((HealthCheckAware) context.getRoute("slow").getConsumer()).getHealthCheck().call();
    }

    @Test
    void shouldLetTheEarlierAnswerStandInADeadLetterWhenTheTierItselfFailed() throws Exception {
        failuresLeft = Integer.MAX_VALUE;
        start("redeliveryDelay=1&maxRedeliveries=0", false);
        escalateAll();
        bringContexts();

        await().untilAsserted(() -> assertThat(letters).hasSize(waiting));
        assertThat(letters)
                .allSatisfy(
                        letter ->
                                assertThat(letter.payload())
                                        .contains("\"reason\":\"slow_unavailable\"")
                                        .contains("\"final\":true"));
        assertThat(ledger.byDetail(Ledger.Entry.FELL_BACK))
                .isEqualTo(Map.of("service/slow_route_failed", (long) waiting));
        assertThat(given.stream().filter(Verdict::isFinal).filter(Verdict::supersedes))
                .hasSize(waiting);
    }

    @Test
    void shouldNotFillTheLogWithTheTriesOfARouteThatKeepsFailing() throws Exception {
        failuresLeft = Integer.MAX_VALUE;
        start("redeliveryDelay=1&maxRedeliveries=9");
        final List<String> reported = new CopyOnWriteArrayList<>();
        ((DefaultConsumer) context.getRoute("slow").getConsumer())
                .setExceptionHandler(
                        new LoggingExceptionHandler(context, ServeflowJoinFailureTest.class) {
                            @Override
                            public void handleException(
                                    final String message,
                                    final Exchange exchange,
                                    final Throwable failure) {
                                reported.add(message);
                            }
                        });
        escalateAll();
        bringContexts();
        await().untilAsserted(() -> assertThat(letters).hasSize(waiting));

        assertThat(ledger.total(Ledger.Entry.RETRIED)).isGreaterThanOrEqualTo(9);
        assertThat(reported).containsExactly("Cannot process joined flows");
    }

    @Test
    void shouldNotTryAgainButKeepDeadLettersWhenTheContextStops() throws Exception {
        failuresLeft = Integer.MAX_VALUE;
        start("redeliveryDelay=3600000");
        escalateAll();
        bringContexts();
        await().until(() -> joins().pendingFlows() == waiting && failuresLeft < Integer.MAX_VALUE);

        context.stop();

        assertThat(letters).hasSize(waiting);
        assertThat(ledger.total(Ledger.Entry.RETRIED)).isZero();
        assertThat(ledger.total(Ledger.Entry.DROPPED)).isZero();
    }

    @Test
    void shouldTakeFlowsAgainAfterTheRouteWasStoppedAndStarted() throws Exception {
        start("redeliveryDelay=1");
        context.getRouteController().stopRoute("slow");
        context.getRouteController().startRoute("slow");

        escalateAll();
        bringContexts();

        assertThat(ledger.byDetail(Ledger.Entry.FELL_BACK)).isEmpty();
        await().untilAsserted(() -> assertThat(stored).hasSize(waiting));
    }

    @Test
    void shouldCountFlowsThatAreLeftWhenNobodyUsesTheJoinAnyMore() throws Exception {
        start("redeliveryDelay=1");
        context.getRouteController().stopRoute("slow");
        final Shared.Use<ServeflowJoinComponent.NamedJoin> use =
                joins().acquire("slow", ServeflowJoinComponent.options(endpoint()));
        use.value().join().open();
        escalateAll();
        use.release();

        context.stop();

        assertThat(ledger.byDetail(Ledger.Entry.DROPPED))
                .isEqualTo(Map.of("join_abandoned", (long) waiting));
    }

    private void start(final String options) throws Exception {
        start(options, true);
    }

    private void start(final String options, final boolean askTier) throws Exception {
        context.getRegistry().bind("ledger", ledger);
        context.getRegistry().bind("deadLetters", (DeadLetterSink) letters::add);
        context.getRegistry()
                .bind("listener", (VerdictListener) (flow, verdict) -> given.add(verdict));
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("serveflow-join:slow?batchSize=100000&" + options)
                                .id("slow")
                                .choice()
                                .when(
                                        exchange ->
                                                askTier
                                                        && exchange.getMessage()
                                                                .getHeader(
                                                                        "CamelServeflowUncertain",
                                                                        false,
                                                                        Boolean.class))
                                .to("serveflow:slow?bundle=" + ProjectFiles.bundle("service"))
                                .end()
                                .process(
                                        exchange ->
                                                store(
                                                        exchange.getMessage()
                                                                .getBody(FlowBatch.class)));
                        from("direct:fast")
                                .to("serveflow:fast?bundle=" + ProjectFiles.bundle("service"))
                                .to("serveflow-join:slow");
                        from("direct:contexts").to("serveflow-join:slow");
                    }
                });
        context.start();
        template = context.createProducerTemplate();
    }

    private void store(final FlowBatch batch) {
        if (failuresLeft > 0) {
            failuresLeft--;
            throw new IllegalStateException("the sink is out of order");
        }
        for (int i = 0; i < batch.size(); i++) {
            stored.put(batch.record(i).id(), batch.verdict(i));
        }
    }

    private void escalateAll() throws Exception {
        escalateAll(Receipt.NONE);
    }

    private void escalateAll(final Receipt receipt) throws Exception {
        firsts =
                template.requestBody(
                        "direct:fast",
                        FlowBatch.of(Samples.records(FlowRecord.Stage.FIRST), receipt),
                        FlowBatch.class);
        waiting = firsts.uncertain().size();
        assertThat(waiting).isPositive();
    }

    private void bringContexts() throws Exception {
        template.sendBody(
                "direct:contexts", FlowBatch.of(Samples.records(FlowRecord.Stage.CONTEXT)));
    }

    private static Map<FlowId, String> labels(final FlowBatch batch) {
        final Map<FlowId, String> labels = new HashMap<>();
        for (int i = 0; i < batch.size(); i++) {
            labels.put(batch.record(i).id(), batch.verdict(i).label());
        }
        return labels;
    }

    private ServeflowJoinComponent joins() {
        return context.getComponent("serveflow-join", ServeflowJoinComponent.class);
    }

    private ServeflowJoinEndpoint endpoint() {
        return context.getEndpoint("serveflow-join:slow", ServeflowJoinEndpoint.class);
    }
}
