/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.serveflow.batch.FlowBatch;
import io.serveflow.camel.support.Shared;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Ledger.Entry;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.verdict.AnsweredFlows;
import io.serveflow.verdict.VerdictDocument;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.service.ServiceSupport;
import org.elasticsearch.client.RestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The component in a route. */
@Timeout(60)
class ServeflowIndexComponentTest {

    private static final String NOBODY = "http://127.0.0.1:9";

    private final Ledger ledger = new Ledger();
    private final List<DeadLetter> deadLetters = new CopyOnWriteArrayList<>();
    private CamelContext context;

    @BeforeEach
    void createContext() {
        context = new DefaultCamelContext();
        context.getRegistry().bind("ledger", Ledger.class, ledger);
        context.getRegistry()
                .bind("deadLetters", DeadLetterSink.class, (DeadLetterSink) deadLetters::add);
        context.getRegistry()
                .bind("clock", Clock.class, Clock.fixed(AnsweredFlows.CREATED, ZoneOffset.UTC));
        context.getShutdownStrategy().setTimeout(Duration.ofMinutes(10).toSeconds());
    }

    @AfterEach
    void stopContext() {
        context.stop();
    }

    @ExtendWith(SharedElasticsearch.class)
    @Test
    void shouldIndexABatchAndGoOn(final LocalElasticsearch server) throws Exception {
        route("serveflow-index:logs-serveflow-route?urls=" + server.uri());
        final MockEndpoint after = context.getEndpoint("mock:after", MockEndpoint.class);
        after.expectedMessageCount(1);

        final FlowBatch batch = AnsweredFlows.batch(0, 7);
        template().sendBody("direct:in", batch);

        after.assertIsSatisfied();
        assertThat(after.getExchanges().get(0).getMessage().getBody()).isSameAs(batch);
        assertThat(DataStreamReader.count(server, "logs-serveflow-route")).isEqualTo(7);
        assertThat(
                        DataStreamReader.first(server, "logs-serveflow-route", "*")
                                .at("/_source/event/created")
                                .asText())
                .isEqualTo(AnsweredFlows.CREATED.toString());
        assertThat(ledger.total(Entry.INDEXED)).isEqualTo(7);
    }

    @ExtendWith(SharedElasticsearch.class)
    @Test
    void shouldIndexCompressedRequests(final LocalElasticsearch server) throws Exception {
        route("serveflow-index:logs-serveflow-gzip?compression=true&urls=" + server.uri());

        template().sendBody("direct:in", AnsweredFlows.batch(0, 7));

        assertThat(DataStreamReader.count(server, "logs-serveflow-gzip")).isEqualTo(7);
    }

    @ExtendWith(SharedElasticsearch.class)
    @Test
    void shouldDeadLetterOneAndGoOn(final LocalElasticsearch server) throws Exception {
        final FlowBatch batch =
                FlowBatch.of(List.of(AnsweredFlows.flow(1), AnsweredFlows.flow(2, "no-address")))
                        .withVerdicts(i -> AnsweredFlows.verdict());
        route("serveflow-index:logs-serveflow-one?urls=" + server.uri());

        template().sendBody("direct:in", batch);

        assertThat(deadLetters).extracting(DeadLetter::reason).containsExactly("index_400");
        assertThat(ledger.total(Entry.INDEXED)).isEqualTo(1);
    }

    @Test
    void shouldNameTheFlowWithoutAVerdict() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            route("serveflow-index:logs-serveflow-so?urls=" + server.uri());
            final FlowBatch batch =
                    FlowBatch.of(List.of(AnsweredFlows.flow(1), AnsweredFlows.flow(2)))
                            .withVerdicts(i -> i == 0 ? AnsweredFlows.verdict() : null);

            final Exchange exchange =
                    template().request("direct:in", e -> e.getMessage().setBody(batch));

            assertThat(exchange.getException())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("C2");
            assertThat(server.received()).isEmpty();
        }
    }

    @Test
    void shouldSayWhichBodyItTakes() throws Exception {
        route("serveflow-index:logs-serveflow-so?urls=" + NOBODY);

        final Exchange exchange = template().request("direct:in", e -> e.getMessage().setBody(42));

        assertThat(exchange.getException())
                .hasMessageContaining("takes a FlowBatch, a list of HostVerdicts, one of Dead")
                .hasMessageContaining("was java.lang.Integer");
        assertThat(
                        template()
                                .request("direct:in", e -> e.getMessage().setBody("{\"a\":1}"))
                                .getException())
                .hasMessageContaining("is no verdict document");
    }

    @ExtendWith(SharedElasticsearch.class)
    @Test
    void shouldIndexDocumentsThatARouteHasWritten(final LocalElasticsearch server)
            throws Exception {
        route("serveflow-index:logs-serveflow-written?urls=" + server.uri());
        final FlowBatch batch = AnsweredFlows.batch(0, 6);
        final List<String> documents = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            documents.add(
                    new String(
                            VerdictDocument.json(batch.record(i), batch.verdict(i), Instant.EPOCH),
                            StandardCharsets.UTF_8));
        }

        template().sendBody("direct:in", documents.get(0) + "\n" + documents.get(1) + "\n");
        template().sendBody("direct:in", documents.get(2).getBytes(StandardCharsets.UTF_8));
        template()
                .sendBody(
                        "direct:in",
                        new ByteArrayInputStream(
                                documents.get(3).getBytes(StandardCharsets.UTF_8)));
        template()
                .sendBody(
                        "direct:in",
                        List.of(
                                documents.get(4),
                                new ObjectMapper().readValue(documents.get(5), Map.class)));
        template().sendBody("direct:in", batch);

        assertThat(DataStreamReader.count(server, "logs-serveflow-written")).isEqualTo(6);
        assertThat(ledger.total(Entry.INDEXED)).isEqualTo(12);
        assertThat(ledger.total(Entry.DUPLICATES)).isEqualTo(6);
    }

    @Test
    void shouldIndexTheDocumentsOfAStreamWhenCamelRedelivers() throws Exception {
        final byte[] document =
                VerdictDocument.json(AnsweredFlows.flow(1), AnsweredFlows.verdict(), Instant.EPOCH);
        try (ScriptedServer server = new ScriptedServer()) {
            final AtomicInteger failures = new AtomicInteger();
            context.addRoutes(
                    new RouteBuilder() {
                        @Override
                        public void configure() {
                            from("direct:in")
                                    .streamCache("false")
                                    .errorHandler(
                                            defaultErrorHandler()
                                                    .maximumRedeliveries(1)
                                                    .redeliveryDelay(0))
                                    .to("direct:store");
                            from("direct:store")
                                    .streamCache("false")
                                    .errorHandler(noErrorHandler())
                                    .to("serveflow-index:logs-serveflow-so?urls=" + server.uri())
                                    .process(
                                            exchange -> {
                                                if (failures.incrementAndGet() % 2 == 1) {
                                                    throw new IOException("once");
                                                }
                                            });
                        }
                    });
            context.start();

            template().sendBody("direct:in", new ByteArrayInputStream(document));
            template().sendBody("direct:in", List.of(new ByteArrayInputStream(document)));

            assertThat(server.received()).hasSize(4);
        }
    }

    @Test
    void shouldFailTheExchangeWhenTheTimeForRetriesIsOver() throws Exception {
        try (ScriptedServer server = new ScriptedServer().thenFail(401, 1_000)) {
            route("serveflow-index:logs-serveflow-so?retryFor=1&urls=" + server.uri());

            final Exchange exchange =
                    template()
                            .request(
                                    "direct:in",
                                    e -> e.getMessage().setBody(AnsweredFlows.batch(0, 3)));

            assertThat(exchange.getException())
                    .isInstanceOf(IndexException.class)
                    .hasMessageContaining("check username and password, or apiKey");
        }
    }

    @Test
    void shouldStopWhileRequestsAreTriedAgain() throws Exception {
        route("serveflow-index:logs-serveflow-so?urls=" + NOBODY);
        final CompletableFuture<Exchange> waiting =
                template()
                        .asyncSend(
                                "direct:in",
                                e -> e.getMessage().setBody(AnsweredFlows.batch(0, 3)));
        await().until(() -> ledger.total(Entry.RETRIED) > 0);

        context.stop();

        assertThat(waiting.join().getException())
                .isInstanceOf(IndexException.class)
                .hasMessageContaining("was stopped");
    }

    @Test
    void shouldBeDownWhileDocumentsAreHeld() throws Exception {
        try (ScriptedServer server = new ScriptedServer().thenFail(401, 2).holdAfter(2)) {
            HealthCheckHelper.getHealthCheckRepository(context, "producers").setEnabled(true);
            route("serveflow-index:logs-serveflow-so?urls=" + server.uri());
            assertThat(health().getState()).isEqualTo(HealthCheck.State.UP);

            final CompletableFuture<Exchange> exchange =
                    template()
                            .asyncSend(
                                    "direct:in",
                                    e -> e.getMessage().setBody(AnsweredFlows.batch(0, 3)));
            await().until(() -> server.received().size() == 3);

            assertThat(health().getState()).isEqualTo(HealthCheck.State.DOWN);
            assertThat(health().getMessage())
                    .hasValueSatisfying(
                            m -> assertThat(m).contains("401", "check username and password"));
            assertThat(health().getDetails()).containsEntry("held.documents", 3L);
            assertThat(component().heldDocuments()).isEqualTo(3);
            assertThat(component().heldSeconds()).isPositive();

            server.release();

            assertThat(exchange.join().getException()).isNull();
            assertThat(health().getState()).isEqualTo(HealthCheck.State.UP);
            assertThat(component().heldDocuments()).isZero();
            assertThat(component().heldSeconds()).isZero();
        }
    }

    @ExtendWith(SharedElasticsearch.class)
    @Test
    void shouldBeDownWhileTheIndexIsBlockedAndUpAgain(final LocalElasticsearch server)
            throws Exception {
        HealthCheckHelper.getHealthCheckRepository(context, "producers").setEnabled(true);
        route("serveflow-index:logs-serveflow-so?urls=" + server.uri());
        template().sendBody("direct:in", AnsweredFlows.batch(0, 3));
        final String settings =
                "/"
                        + DataStreamReader.backingIndices(server, "logs-serveflow-so").get(0)
                        + "/_settings";
        DataStreamReader.ask(server, "PUT", settings, "{\"index.blocks.write\":true}");

        final CompletableFuture<Exchange> exchange =
                template()
                        .asyncSend(
                                "direct:in",
                                e -> e.getMessage().setBody(AnsweredFlows.batch(3, 9)));
        await().until(() -> health().getState() == HealthCheck.State.DOWN);

        assertThat(health().getMessage())
                .hasValueSatisfying(
                        m ->
                                assertThat(m)
                                        .startsWith("Elasticsearch has the block write on .ds-")
                                        .contains("remove it with PUT " + settings));
        assertThat(deadLetters).isEmpty();

        DataStreamReader.ask(server, "PUT", settings, "{\"index.blocks.write\":null}");

        assertThat(exchange.join().getException()).isNull();
        assertThat(health().getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(DataStreamReader.count(server, "logs-serveflow-so")).isEqualTo(9);
    }

    @Test
    void shouldLetARequestUnderWayEndWhenItIsStopped() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            server.hold();
            final ServeflowIndexEndpoint endpoint =
                    context.getEndpoint(
                            "serveflow-index:logs-serveflow-so?urls=" + server.uri(),
                            ServeflowIndexEndpoint.class);
            context.start();
            final AsyncProducer producer = endpoint.createAsyncProducer();
            producer.start();
            final Exchange exchange = endpoint.createExchange();
            exchange.getMessage().setBody(AnsweredFlows.batch(0, 3));
            final CompletableFuture<Exchange> end = producer.processAsync(exchange);
            await().until(() -> server.received().size() == 1);

            final CompletableFuture<Void> stopped = CompletableFuture.runAsync(producer::stop);
            await().until(() -> !((ServiceSupport) producer).isRunAllowed());
            server.release();

            assertThat(end.join().getException()).isNull();
            stopped.join();
            assertThat(ledger.total(Entry.INDEXED)).isEqualTo(3);
            assertThat(ledger.total(Entry.RETURNED)).isZero();
        }
    }

    @Test
    void shouldNotStartWithoutAPlaceForDeadLetters() {
        context.getRegistry().unbind("deadLetters");

        assertThatThrownBy(() -> route("serveflow-index:logs-serveflow-so"))
                .hasRootCauseMessage(
                        "serveflow-index needs a place for dead letters, which are what cannot be"
                                + " used: set deadLetters to the path of a file, or bind one"
                                + " DeadLetterSink in the registry");
    }

    @Test
    void shouldKeepDeadLettersInTheFileThatAnEndpointNames(@TempDir final Path folder)
            throws Exception {
        context.getRegistry().unbind("deadLetters");
        final Path file = folder.resolve("dead.ndjson");
        try (ScriptedServer server = refusingOne()) {
            route(
                    "serveflow-index:logs-serveflow-so?urls="
                            + server.uri()
                            + "&deadLetters="
                            + file);

            template().sendBody("direct:in", AnsweredFlows.batch(0, 3));

            assertThat(Files.readString(file)).contains("\"reason\":\"index_400\"");
            assertThat(ledger.total(Entry.DEAD_LETTERED)).isEqualTo(1);
        }
    }

    @Test
    void shouldKeepDeadLettersInTheFileThatTheComponentNames(@TempDir final Path folder)
            throws Exception {
        context.getRegistry().unbind("deadLetters");
        final Path file = folder.resolve("dead.ndjson");
        final ServeflowIndexComponent component = component();
        component
                .getComponentPropertyConfigurer()
                .configure(context, component, "deadLetters", file.toString(), true);
        try (ScriptedServer server = refusingOne()) {
            route("serveflow-index:logs-serveflow-so?urls=" + server.uri());

            template().sendBody("direct:in", AnsweredFlows.batch(0, 3));

            assertThat(Files.readAllLines(file)).hasSize(1);
        }
    }

    @Test
    void shouldNameADeadLetterFileThatCannotBeWritten(@TempDir final Path folder) {
        assertThatThrownBy(() -> route("serveflow-index:logs-serveflow-so?deadLetters=" + folder))
                .rootCause()
                .hasMessageContaining(folder.toString());
        assertThatThrownBy(() -> route("serveflow-index:logs-serveflow-so?deadLetters=" + folder))
                .hasStackTraceContaining("option deadLetters is " + folder);
    }

    @Test
    void shouldIndexTheDocumentsOfDeadLetters() throws Exception {
        final IndexDocument kept = SampleDocuments.documents(0, 1).get(0);
        try (ScriptedServer server = new ScriptedServer()) {
            route("serveflow-index:logs-serveflow-so?urls=" + server.uri());

            template()
                    .sendBody(
                            "direct:in",
                            List.of(
                                    DeadLetter.document(
                                            "logs-serveflow-so", "index_400", "", kept.text())));

            assertThat(server.received().get(0).ids()).containsExactly(kept.id());
            assertThat(ledger.total(Entry.INDEXED)).isEqualTo(1);
        }
    }

    private static ScriptedServer refusingOne() throws IOException {
        return new ScriptedServer()
                .thenItems(
                        "\"status\":201",
                        "\"status\":400,\"error\":{\"type\":\"document_parsing_exception\"}",
                        "\"status\":201");
    }

    @Test
    void shouldShareAClientBetweenEqualConnections() throws Exception {
        final ServeflowIndexComponent component =
                context.getComponent("serveflow-index", ServeflowIndexComponent.class);
        final Shared.Use<RestClient> use =
                component.client(ElasticConnection.to(URI.create(NOBODY)));

        assertThat(use.value())
                .isSameAs(component.client(ElasticConnection.to(URI.create(NOBODY))).value())
                .isNotSameAs(
                        component
                                .client(ElasticConnection.to(URI.create("http://127.0.0.1:10")))
                                .value());
    }

    @Test
    void shouldCloseAClientWhenTheLastEndpointThatUsesItIsGone() throws Exception {
        context.start();
        final ElasticConnection connection =
                context.getEndpoint(
                                "serveflow-index:logs-serveflow-a?urls=" + NOBODY,
                                ServeflowIndexEndpoint.class)
                        .getConfiguration()
                        .connection();
        final Producer first = producer("serveflow-index:logs-serveflow-a?urls=" + NOBODY);
        final Producer second = producer("serveflow-index:logs-serveflow-b?urls=" + NOBODY);
        final Shared.Use<RestClient> use = component().client(connection);
        final RestClient client = use.value();
        use.release();

        first.stop();
        assertThat(client.isRunning()).isTrue();
        second.stop();

        assertThat(client.isRunning()).isFalse();
    }

    private Producer producer(final String uri) throws Exception {
        final Producer producer = context.getEndpoint(uri).createProducer();
        producer.start();
        return producer;
    }

    /** Camel makes % of %25 in RAW(...), and a space of + outside of it. */
    @ParameterizedTest
    @ValueSource(
            strings = {"a+b&c%25d)e", "a%2525b", "100%", "%41 %zz%", "ä)", "a b=c?d#e", "RAW(x)"})
    void shouldTakeAPasswordAsItIsWritten(final String password) {
        context.start();
        assertThat(
                        context.getEndpoint(
                                        "serveflow-index:logs-serveflow-secret?username=so&password=RAW("
                                                + password
                                                + ")&compression=true",
                                        ServeflowIndexEndpoint.class)
                                .getConfiguration()
                                .getPassword())
                .isEqualTo(password);
    }

    @Test
    void shouldTakeOptionsOfTheComponent() throws Exception {
        final ServeflowIndexComponent component =
                context.getComponent("serveflow-index", ServeflowIndexComponent.class);
        component.getConfiguration().setMaxInFlight(3);

        final ServeflowIndexEndpoint endpoint =
                context.getEndpoint(
                        "serveflow-index:logs-serveflow-so?retryFor=5s",
                        ServeflowIndexEndpoint.class);

        assertThat(endpoint.getConfiguration().getMaxInFlight()).isEqualTo(3);
        assertThat(endpoint.getConfiguration().getRetryFor()).isEqualTo(5_000);
        assertThat(component.getConfiguration().getRetryFor()).isZero();
    }

    private void route(final String uri) throws Exception {
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        errorHandler(noErrorHandler());
                        from("direct:in").to(uri).to("mock:after");
                    }
                });
        context.start();
    }

    private ServeflowIndexComponent component() {
        return context.getComponent("serveflow-index", ServeflowIndexComponent.class);
    }

    private ProducerTemplate template() {
        return context.createProducerTemplate();
    }

    private HealthCheck.Result health() {
        final Optional<HealthCheck> check =
                HealthCheckHelper.getHealthCheckRepository(context, "producers").stream()
                        .filter(c -> c.getId().equals("producer:serveflow-index-logs-serveflow-so"))
                        .findFirst();
        return check.orElseThrow().call();
    }
}
