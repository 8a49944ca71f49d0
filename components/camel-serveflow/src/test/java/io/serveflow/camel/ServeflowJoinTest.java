/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.serveflow.batch.FlowBatch;
import io.serveflow.batch.Receipt;
import io.serveflow.camel.support.SourceExchange;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import io.serveflow.testing.samples.ProjectFiles;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServeflowJoinTest {

    private final CamelContext context = new DefaultCamelContext();
    private final Ledger ledger = new Ledger();
    private final List<Exchange> delivered = new CopyOnWriteArrayList<>();
    private ProducerTemplate template;

    @BeforeEach
    void start() throws Exception {
        context.getRegistry().bind("ledger", Ledger.class, ledger);
        context.getRegistry().bind("deadLetters", DeadLetterSink.dropping(ledger));
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("serveflow-join:slow?batchSize=50")
                                .process(exchange -> delivered.add(exchange.copy()));
                        from("direct:fast")
                                .to("serveflow:fast?bundle=" + ProjectFiles.bundle("service"))
                                .to("serveflow-join:slow");
                        from("direct:contexts").to("serveflow-join:slow");
                    }
                });
        context.start();
        template = context.createProducerTemplate();
    }

    @AfterEach
    void stop() throws Exception {
        template.close();
        context.close();
    }

    @Test
    void shouldDeliverUncertainFlowsWithTheirContext() throws Exception {
        final FlowBatch firsts = answered(FlowBatch.of(Samples.records(FlowRecord.Stage.FIRST)));
        final int waiting = firsts.uncertain().size();
        template.sendBody(
                "direct:contexts", FlowBatch.of(Samples.records(FlowRecord.Stage.CONTEXT)));

        await().untilAsserted(() -> assertThat(flowsDelivered()).isEqualTo(waiting).isPositive());
        assertThat(delivered)
                .allSatisfy(
                        exchange -> {
                            assertThat(
                                            exchange.getMessage()
                                                    .getHeader(ServeflowConstants.UNCERTAIN))
                                    .isEqualTo(true);
                            assertThat(batch(exchange).stage()).isEqualTo(FlowRecord.Stage.CONTEXT);
                            assertThat(batch(exchange).size()).isLessThanOrEqualTo(50);
                        });
    }

    @Test
    void shouldFindTheContextsInTextThatASensorWrote() throws Exception {
        final int waiting =
                template.requestBody("direct:fast", Samples.log("mixed"), FlowBatch.class)
                        .uncertain()
                        .size();
        template.sendBody("direct:contexts", Samples.log("mixed"));

        await().untilAsserted(() -> assertThat(flowsDelivered()).isEqualTo(waiting).isPositive());
        assertThat(delivered)
                .allMatch(exchange -> batch(exchange).stage() == FlowRecord.Stage.CONTEXT);
    }

    @Test
    void shouldFailTheExchangeOfFirstRecordsThatNoTierHasAnswered() throws Exception {
        final Exchange answer =
                template.send(
                        "direct:contexts",
                        exchange -> exchange.getMessage().setBody(Samples.firstLine()));

        assertThat(answer.getException()).hasMessageContaining("no tier has answered flow");
    }

    @Test
    void shouldGiveOutWaitingFlowsAtShutdown() throws Exception {
        final FlowBatch firsts = answered(FlowBatch.of(Samples.records(FlowRecord.Stage.FIRST)));
        final int waiting = firsts.uncertain().size();

        context.stop();

        assertThat(flowsDelivered()).isEqualTo(waiting).isPositive();
        assertThat(delivered)
                .allSatisfy(
                        exchange ->
                                assertThat(batch(exchange).verdict(0).reason())
                                        .isEqualTo("slow_unavailable"));
    }

    @Test
    void shouldHandFlowsBackToASourceThatCanReadThemAgainAtShutdown() throws Exception {
        final Receipt receipt = Receipt.held(() -> {});
        final FlowBatch firsts =
                answered(FlowBatch.of(Samples.records(FlowRecord.Stage.FIRST), receipt));
        receipt.release();

        context.stop();

        assertThat(delivered).isEmpty();
        assertThat(receipt.isSettled()).isFalse();
        assertThat(ledger.byDetail(Ledger.Entry.HANDED_BACK))
                .containsEntry(Reason.STOPPED.code(), (long) firsts.uncertain().size());
        assertThat(ledger.total(Ledger.Entry.FELL_BACK)).isZero();
        assertThat(ledger.total(Ledger.Entry.DROPPED)).isZero();
    }

    @Test
    void shouldNotStartWhereFlowsWouldWaitForARouteThatIsNotThere() throws Exception {
        final CamelContext trap = new DefaultCamelContext();
        trap.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:fast").to("serveflow-join:slow");
                        from("serveflow-join:other").to("direct:fast");
                    }
                });
        try {
            assertThatThrownBy(trap::start)
                    .hasMessage(
                            "flows go into serveflow-join:slow, but no route takes them out again;"
                                    + " add a route that begins with serveflow-join:slow, or leave"
                                    + " the join out");
        } finally {
            trap.stop();
        }
    }

    @Test
    void shouldRefuseDifferentBoundsUnderOneName() {
        assertThatThrownBy(() -> template.sendBody("serveflow-join:slow?maxFlows=5", "x"))
                .rootCause()
                .hasMessageContaining("serveflow-join:slow is used with different bounds")
                .hasMessageContaining("maxFlows=5");
    }

    @Test
    void shouldReportAllOptionsOfTheLoadThatAreWrong() {
        assertThatThrownBy(
                        () ->
                                context.getEndpoint(
                                        "serveflow-join:other?targetDelay=-1&maxSourceShare=0"
                                                + "&maxSourceReady=-1&ipv4Prefix=33&ipv6Prefix=65"))
                .rootCause()
                .hasMessageContaining("targetDelay must be 0 or more, was -1")
                .hasMessageContaining("maxSourceShare must be above 0 and at most 1, was 0.0")
                .hasMessageContaining("maxSourceReady must be 0 or more, was -1")
                .hasMessageContaining("ipv4Prefix must be 0 to 32, was 33")
                .hasMessageContaining("ipv6Prefix must be 0 to 64, was 65");
    }

    /** As while the sink is away, and a source sends the same flows until it takes them. */
    @Test
    void shouldCountFlowsThatAreRefusedOnceHoweverOftenTheyComeAgain() throws Exception {
        final AtomicInteger failures = new AtomicInteger(3);
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("serveflow-join:full?maxFlows=1").process(exchange -> {});
                        from("direct:source")
                                .process(SourceExchange::begin)
                                .to("serveflow:fast?bundle=" + ProjectFiles.bundle("service"))
                                .to("serveflow-join:full?maxFlows=1")
                                .process(
                                        exchange -> {
                                            if (failures.getAndDecrement() > 0) {
                                                throw new IllegalStateException("no sink");
                                            }
                                        });
                    }
                });
        final FlowBatch firsts = FlowBatch.of(Samples.records(FlowRecord.Stage.FIRST));
        for (int i = 0; i < 3; i++) {
            assertThat(
                            template.send(
                                            "direct:source",
                                            exchange -> exchange.getMessage().setBody(firsts))
                                    .getException())
                    .hasMessage("no sink");
        }

        final FlowBatch taken = template.requestBody("direct:source", firsts, FlowBatch.class);

        final long refused =
                IntStream.range(0, taken.size())
                        .filter(i -> taken.verdict(i).reason().equals("slow_overloaded"))
                        .count();
        assertThat(refused).isPositive();
        assertThat(ledger.byDetail(Ledger.Entry.FELL_BACK))
                .isEqualTo(Map.of("service/slow_queue_full", refused));
    }

    private FlowBatch answered(final FlowBatch firsts) {
        return template.requestBody("direct:fast", firsts, FlowBatch.class);
    }

    private int flowsDelivered() {
        return delivered.stream().mapToInt(exchange -> batch(exchange).size()).sum();
    }

    private static FlowBatch batch(final Exchange exchange) {
        return exchange.getMessage().getBody(FlowBatch.class);
    }
}
