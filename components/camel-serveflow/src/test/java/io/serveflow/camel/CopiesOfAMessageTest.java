/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.batch.FlowBatch;
import io.serveflow.cascade.SharedRows;
import io.serveflow.flow.FlowRecord;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of a message that share a batch each give what they would give alone. */
class CopiesOfAMessageTest {

    private static final Path MODELS = ProjectFiles.path("models");

    @TempDir private Path work;

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
    void shouldMakeTheFeaturesOfARecordOnceForTwoTasksThatReadTheSame() throws Exception {
        final Path other = otherTask();
        final Map<String, List<Answer>> alone =
                Map.of(
                        "service", alone("service", "fastest"),
                        "other", alone(other, "other", "fastest"));
        final SharedRows rows = rows();
        final long before = rows.made();
        route(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in")
                                .to(uri("service", "fastest"))
                                .process(exchange -> keep(exchange))
                                .to(uri(other, "fastest"))
                                .process(exchange -> keep(exchange));
                    }
                });

        send();

        assertThat(answers).isEqualTo(alone);
        assertThat(rows.made() - before).isEqualTo(flows.size());
        assertThat(rows.reused()).isEqualTo(flows.size());
    }

    @Test
    void shouldMakeTheFeaturesOfARecordOnceForBothBranchesOfAParallelMulticast() throws Exception {
        final Path other = otherTask();
        final Map<String, List<Answer>> alone =
                Map.of(
                        "service", alone("service", "fastest"),
                        "other", alone(other, "other", "fastest"));
        final SharedRows rows = rows();
        final long before = rows.made();
        final CyclicBarrier together = new CyclicBarrier(2);
        route(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in")
                                .multicast()
                                .parallelProcessing()
                                .to("direct:service", "direct:other");
                        from("direct:service")
                                .process(exchange -> together.await())
                                .to(uri("service", "fastest"))
                                .process(exchange -> keep(exchange));
                        from("direct:other")
                                .process(exchange -> together.await())
                                .to(uri(other, "fastest"))
                                .process(exchange -> keep(exchange));
                    }
                });

        send();

        assertThat(answers).isEqualTo(alone);
        assertThat(rows.made() - before).isEqualTo(flows.size());
    }

    @Test
    void shouldMakeTheFeaturesOfARecordOnceForAWireTapAndTheRoute() throws Exception {
        final CompletableFuture<List<Answer>> tapped = new CompletableFuture<>();
        final List<Answer> fastest = alone("service", "fastest");
        final List<Answer> fast = alone("service", "fast");
        final SharedRows rows = rows();
        final long before = rows.made();
        route(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in").wireTap("direct:tap").to(uri("service", "fastest"));
                        from("direct:tap")
                                .to(uri("service", "fast"))
                                .process(exchange -> tapped.complete(answers(exchange, "service")));
                    }
                });

        assertThat(answers(send(), "service")).isEqualTo(fastest);
        assertThat(tapped.get(1, TimeUnit.MINUTES)).isEqualTo(fast);
        assertThat(rows.made() - before).isEqualTo(flows.size());
    }

    @Test
    void shouldMakeTheFeaturesOfARecordForEachOfTwoTasksThatReadOthers() throws Exception {
        final Map<String, List<Answer>> alone =
                Map.of(
                        "service", alone("service", "fastest"),
                        "device", alone("device", "fastest"));
        final SharedRows rows = rows();
        final long before = rows.made();
        route(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in")
                                .to(uri("service", "fastest"))
                                .process(exchange -> keep(exchange))
                                .to(uri("device", "fastest"))
                                .process(exchange -> keep(exchange));
                    }
                });

        send();

        assertThat(answers).isEqualTo(alone);
        assertThat(rows.made() - before).isEqualTo(2L * flows.size());
        assertThat(rows.reused()).isZero();
    }

    private SharedRows rows() {
        return context.getComponent("serveflow", ServeflowComponent.class).rows();
    }

    /** A bundle that answers another task from the same features. */
    private Path otherTask() throws IOException {
        final Path other = Files.createDirectory(work.resolve("other"));
        try (Stream<Path> files = Files.list(MODELS.resolve("service"))) {
            for (final Path file : files.toList()) {
                Files.copy(file, other.resolve(file.getFileName()));
            }
        }
        final Path manifest = other.resolve("bundle.json");
        final String json = Files.readString(manifest);
        final String edited =
                json.replaceFirst("\"task\"(\\s*:\\s*)\"service\"", "\"task\"$1\"other\"");
        assertThat(edited).isNotEqualTo(json);
        Files.writeString(manifest, edited);
        return other;
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
        return Answer.in(exchange, task);
    }

    private List<Answer> alone(final String task, final String tier) {
        return alone(MODELS.resolve(task), task, tier);
    }

    private List<Answer> alone(final Path bundle, final String task, final String tier) {
        return Answer.alone(flows, bundle, task, tier);
    }

    private static String uri(final String bundle, final String tier) {
        return uri(MODELS.resolve(bundle), tier);
    }

    private static String uri(final Path bundle, final String tier) {
        return "serveflow:" + tier + "?bundle=" + bundle;
    }
}
