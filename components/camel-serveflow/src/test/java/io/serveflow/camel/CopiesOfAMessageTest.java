/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowRecord;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.verdict.Verdict;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Copies of a message that share a batch each give what they would give alone. */
class CopiesOfAMessageTest {

    private static final Path MODELS = ProjectFiles.path("models");

    private final CamelContext context = new DefaultCamelContext();
    private final Map<String, List<Answer>> answers = new ConcurrentHashMap<>();
    private ProducerTemplate template;
    private FlowBatch flows;

    @BeforeEach
    void start() throws Exception {
        context.start();
        template = context.createProducerTemplate();
        flows = FlowBatch.of(Samples.records(FlowRecord.Stage.FIRST));
    }

    @AfterEach
    void stop() throws Exception {
        template.close();
        context.close();
    }

    @Test
    void shouldShowAWireTapTheVerdictsOfTheMomentThatItTapped() throws Exception {
        final CountDownLatch laterTierAnswered = new CountDownLatch(1);
        final CompletableFuture<List<Answer>> tapped = new CompletableFuture<>();
        route(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in")
                                .to(uri("service", "fastest"))
                                .wireTap("direct:tap")
                                .to(uri("service", "fast"));
                        from("direct:tap")
                                .process(
                                        exchange -> {
                                            laterTierAnswered.await();
                                            tapped.complete(answers(exchange, "service"));
                                        });
                    }
                });

        final Exchange answer = send();
        laterTierAnswered.countDown();

        assertThat(tapped.get(1, TimeUnit.MINUTES)).isEqualTo(alone("service", "fastest"));
        assertThat(answers(answer, "service")).isEqualTo(alone("service", "fast"));
    }

    @Test
    void shouldGiveEachBranchOfAMulticastTheVerdictsOfItsOwnTask() throws Exception {
        route(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in").multicast().to("direct:service", "direct:device");
                        from("direct:service")
                                .to(uri("service", "fastest"))
                                .process(exchange -> keep(exchange));
                        from("direct:device")
                                .to(uri("device", "fastest"))
                                .process(exchange -> keep(exchange));
                    }
                });

        send();

        assertThat(answers)
                .isEqualTo(
                        Map.of(
                                "service", alone("service", "fastest"),
                                "device", alone("device", "fastest")));
    }

    @Test
    void shouldGiveEachBranchOfAParallelMulticastWhatItWouldGiveAlone() throws Exception {
        route(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in")
                                .to(uri("service", "fastest"))
                                .multicast()
                                .parallelProcessing()
                                .to("direct:service", "direct:device");
                        from("direct:service")
                                .to(uri("service", "fast"))
                                .process(exchange -> keep(exchange));
                        from("direct:device")
                                .to(uri("device", "fast"))
                                .process(exchange -> keep(exchange));
                    }
                });

        send();

        assertThat(answers)
                .isEqualTo(
                        Map.of(
                                "service", alone("service", "fast"),
                                "device", alone("device", "fast")));
    }

    @Test
    void shouldLeaveTheVerdictsOfOneTaskToTheOtherThatEnrichesThem() throws Exception {
        route(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in").to(uri("service", "fast")).enrich("direct:device");
                        from("direct:device").to(uri("device", "fast"));
                    }
                });

        final Exchange answer = send();

        assertThat(answers(answer, "service")).isEqualTo(alone("service", "fast"));
        assertThat(answers(answer, "device")).isEqualTo(alone("device", "fast"));
    }

    @Test
    void shouldLeaveTheVerdictsOfAnEnrichedMessageAloneWhereTheyAreThrownAway() throws Exception {
        route(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in")
                                .to(uri("service", "fastest"))
                                .enrich("direct:other", (original, other) -> original);
                        from("direct:other").to(uri("service", "fast"));
                    }
                });

        assertThat(answers(send(), "service")).isEqualTo(alone("service", "fastest"));
    }

    @Test
    void shouldKeepTheVerdictsOfTheTaskThatWasAskedBefore() throws Exception {
        route(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in").to(uri("service", "fast")).to(uri("device", "fast"));
                    }
                });

        final Exchange answer = send();

        assertThat(answer.getMessage().getBody(FlowBatch.class).tasks())
                .containsExactly("service", "device");
        assertThat(answer.getMessage().getHeader(ServeflowConstants.TASK)).isEqualTo("device");
        assertThat(answers(answer, "service")).isEqualTo(alone("service", "fast"));
        assertThat(answers(answer, "device")).isEqualTo(alone("device", "fast"));
    }

    private void route(final RouteBuilder routes) throws Exception {
        context.addRoutes(routes);
    }

    private Exchange send() {
        final Exchange answer =
                template.request("direct:in", exchange -> exchange.getMessage().setBody(flows));
        assertThat(answer.getException()).isNull();
        return answer;
    }

    /** Under the task that the header names. */
    private void keep(final Exchange exchange) {
        final String task = exchange.getMessage().getHeader(ServeflowConstants.TASK, String.class);
        answers.put(task, answers(exchange, task));
    }

    private static List<Answer> answers(final Exchange exchange, final String task) {
        final FlowBatch batch = exchange.getMessage().getBody(FlowBatch.class).of(task);
        return IntStream.range(0, batch.size()).mapToObj(i -> Answer.of(batch.verdict(i))).toList();
    }

    private List<Answer> alone(final String task, final String tier) {
        return answers(
                template.request(uri(task, tier), exchange -> exchange.getMessage().setBody(flows)),
                task);
    }

    private static String uri(final String bundle, final String tier) {
        return "serveflow:" + tier + "?bundle=" + MODELS.resolve(bundle);
    }

    /** A verdict without the times that it took. */
    private record Answer(String bundle, String tier, String label, double confidence) {

        private static Answer of(final Verdict verdict) {
            return new Answer(
                    verdict.bundle().name(), verdict.tier(), verdict.label(), verdict.confidence());
        }
    }
}
