/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.serveflow.app.observe.Account.Line;
import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Packets;
import io.serveflow.flow.Transport;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.Verdict.BundleRef;
import io.serveflow.verdict.VerdictStage;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FlowAccountTest {

    private final FlowAccount account = new FlowAccount();
    private final DefaultCamelContext context = new DefaultCamelContext();

    /** How many of the flows each task answers at once; the others wait in the join. */
    private int service = 3;

    private int device = 3;
    private boolean failing;

    @BeforeEach
    void start() throws Exception {
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        errorHandler(noErrorHandler());
                        from("direct:flows")
                                .process(account::taken)
                                .multicast()
                                .stopOnException()
                                .to("direct:service", "direct:device");
                        from("direct:service")
                                .process(exchange -> answer(exchange, "service", service))
                                .process(account::waiting)
                                .process(account::stored);
                        from("direct:device")
                                .process(exchange -> fail())
                                .process(exchange -> answer(exchange, "device", device))
                                .process(account::waiting)
                                .process(account::stored);
                        from("direct:joined")
                                .process(account::joined)
                                .process(account::stored)
                                .process(exchange -> fail());
                    }
                });
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void shouldBalanceFlowsThatLeaveWithAVerdictOrIntoTheJoin() {
        service = 1;

        send("direct:flows", flows(3));

        assertThat(lines())
                .containsExactly(
                        new Line("flows service", 3, 3, 0, 0),
                        new Line("flows device", 3, 3, 0, 0));
    }

    /** What one task had too much of hid what another had lost. */
    @Test
    void shouldFindWhatOneTaskHasLostWhateverAnotherHas() {
        device = -1;

        send("direct:flows", flows(3));

        assertThat(lines())
                .extracting(Line::what, Line::open)
                .containsExactly(tuple("flows service", 0L), tuple("flows device", 3L));
    }

    /** A batch of which a part was stored before another failed counted that part twice. */
    @Test
    void shouldCountABatchThatIsSentAgainOnce() {
        failing = true;
        send("direct:flows", flows(3));
        assertThat(lines()).extracting(Line::begun).containsOnly(0L);

        failing = false;
        send("direct:flows", flows(3));

        assertThat(lines())
                .containsExactly(
                        new Line("flows service", 3, 3, 0, 0),
                        new Line("flows device", 3, 3, 0, 0));
    }

    @Test
    void shouldCountWhatLeavesTheJoinApart() {
        send("direct:joined", answered(flows(2), "service", 2));
        assertThat(account.leftFromJoin()).isEqualTo(2);
        failing = true;
        send("direct:joined", answered(flows(2), "service", 2));

        assertThat(account.leftFromJoin()).isEqualTo(2);
        assertThat(lines()).extracting(Line::ended).containsOnly(0L);
    }

    @Test
    void shouldNotCountFlowsThatRoutesOfAnOperatorBring() {
        send("direct:service", flows(3));

        assertThat(lines()).extracting(Line::ended).containsOnly(0L);
    }

    private List<Line> lines() {
        return account.ofSources(List.of("service", "device"));
    }

    private void send(final String to, final FlowBatch flows) {
        context.createProducerTemplate().send(to, one -> one.getMessage().setBody(flows));
    }

    private void fail() {
        if (failing) {
            throw new IllegalStateException("as the test has it");
        }
    }

    /** Leaves the flows without an answer if there are to be fewer than none. */
    private static void answer(final Exchange exchange, final String task, final int certain) {
        if (certain >= 0) {
            final FlowBatch flows = exchange.getMessage().getBody(FlowBatch.class);
            exchange.getMessage().setBody(answered(flows, task, certain));
        }
    }

    private static FlowBatch answered(final FlowBatch flows, final String task, final int certain) {
        return flows.withVerdicts(
                i ->
                        new Verdict(
                                new BundleRef("lab", "1", task, "0a1b"),
                                "fast",
                                i < certain ? VerdictStage.FINAL : VerdictStage.PROVISIONAL,
                                "web",
                                0.75,
                                0.25,
                                "certain",
                                1,
                                new Verdict.Latency(0, 0, 1),
                                List.of()));
    }

    private static FlowBatch flows(final int count) {
        return FlowBatch.of(
                IntStream.range(0, count)
                        .mapToObj(
                                i ->
                                        new FlowRecord(
                                                new FlowId("lab", "C" + i),
                                                new FlowTuple(
                                                        Transport.UDP,
                                                        "192.0.2.1",
                                                        50_000 + i,
                                                        "192.0.2.2",
                                                        53),
                                                "",
                                                0,
                                                FlowRecord.Stage.FIRST,
                                                FlowRecord.End.DEPTH,
                                                new Packets.Builder()
                                                        .add(0, true, 60, new byte[60], 0, 60)
                                                        .build(),
                                                0))
                        .toList());
    }
}
