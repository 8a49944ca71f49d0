/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.serveflow.batch.FlowBatch;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Ledger.Entry;
import io.serveflow.verdict.AnsweredFlows;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.elasticsearch.client.RestClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The profile {@code malcolm}, against a real OpenSearch. */
@Timeout(120)
class MalcolmIndexTest {

    /** The day on which the sample flows began. */
    private static final String DAY = "-231114";

    @TempDir private static Path home;
    private static LocalOpenSearch server;

    private final Ledger ledger = new Ledger();
    private final List<DeadLetter> deadLetters = new CopyOnWriteArrayList<>();
    private CamelContext context;
    private ProducerTemplate template;

    @BeforeAll
    static void startOpenSearch() throws Exception {
        server = LocalOpenSearch.started(home);
    }

    @AfterAll
    static void stopOpenSearch() throws IOException {
        server.close();
    }

    @BeforeEach
    void createContext() throws Exception {
        context = new DefaultCamelContext();
        context.getRegistry().bind("ledger", Ledger.class, ledger);
        context.getRegistry()
                .bind("deadLetters", DeadLetterSink.class, (DeadLetterSink) deadLetters::add);
        context.getRegistry()
                .bind("clock", Clock.class, Clock.fixed(AnsweredFlows.CREATED, ZoneOffset.UTC));
        template = context.createProducerTemplate();
        context.start();
    }

    @AfterEach
    void stopContext() throws Exception {
        template.close();
        context.close();
    }

    @Test
    void shouldStoreVerdictsInTheIndexOfTheDayOnWhichTheirFlowsBegan() throws Exception {
        send("malcolm_beats_serveflow_days", AnsweredFlows.batch(0, 300));

        final JsonNode hits = server.hits("malcolm_beats_serveflow_days-*", "*");
        assertThat(hits).hasSize(300);
        assertThat(hits)
                .allSatisfy(
                        hit ->
                                assertThat(hit.get("_index").asText())
                                        .isEqualTo("malcolm_beats_serveflow_days" + DAY));
        assertThat(ledger.total(Entry.INDEXED)).isEqualTo(300);
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void shouldHaveTheFieldsByWhichMalcolmFindsThem() throws Exception {
        send("malcolm_beats_serveflow_fields", AnsweredFlows.batch(0, 3));

        for (final String query :
                List.of(
                        "event.provider:serveflow%20AND%20event.dataset:prediction",
                        "event.id:C1",
                        "rootId:C1",
                        "related.ip:10.0.0.1",
                        "node:sensor%20AND%20source.ip:%2210.0.0.1/32%22",
                        "serveflow.label:web%20AND%20source.ip:10.0.0.1")) {
            final JsonNode hits = server.hits("malcolm_beats_serveflow_fields-*", query);
            assertThat(uids(hits)).as(query).contains("C1");
        }
        final JsonNode one = server.hits("malcolm_beats_serveflow_fields-*", "rootId:C1").get(0);
        assertThat(one.at("/_source/event/hash").asText()).isEqualTo(one.get("_id").asText());
        assertThat(one.at("/_source/network/application").asText()).isEqualTo("web");
    }

    @Test
    void shouldBeCountedByLabelAsDashboardsDo() throws Exception {
        send("malcolm_beats_serveflow_counted", AnsweredFlows.batch(0, 5));
        server.hits("malcolm_beats_serveflow_counted-*", "*");

        final JsonNode answer =
                server.ask(
                        "POST",
                        "/malcolm_beats_*/_search?q=event.provider:serveflow",
                        "{\"size\":0,\"aggs\":{\"labels\":{\"terms\":{\"field\":"
                                + "\"serveflow.label\"}},\"when\":{\"date_histogram\":{\"field\":"
                                + "\"@timestamp\",\"fixed_interval\":\"1d\"}}}}");
        assertThat(answer.at("/aggregations/labels/buckets/0/key").asText()).isEqualTo("web");
        assertThat(answer.at("/aggregations/when/buckets")).isNotEmpty();
    }

    @Test
    void shouldHaveTheTypesOfItsTemplateAndTheAliasOfMalcolm() throws Exception {
        send("malcolm_beats_serveflow_types", AnsweredFlows.batch(0, 1));

        final String index = "malcolm_beats_serveflow_types" + DAY;
        final JsonNode mapping =
                server.ask("GET", "/" + index + "/_mapping", "")
                        .at("/" + index + "/mappings/properties");
        assertThat(mapping.at("/source/properties/ip/type").asText()).isEqualTo("ip");
        assertThat(mapping.at("/rootId/type").asText()).isEqualTo("keyword");
        assertThat(mapping.at("/serveflow/properties/top/type").asText()).isEqualTo("flat_object");
        assertThat(server.ask("GET", "/_alias/malcolm_other", "").has(index)).isTrue();
    }

    @Test
    void shouldNotStoreTwiceWhatIsSentAgain() throws Exception {
        send("malcolm_beats_serveflow_again", AnsweredFlows.batch(0, 20));
        send("malcolm_beats_serveflow_again", AnsweredFlows.batch(10, 30));

        assertThat(server.hits("malcolm_beats_serveflow_again-*", "*")).hasSize(30);
        assertThat(ledger.total(Entry.DUPLICATES)).isEqualTo(10);
    }

    @Test
    void shouldKeepWhatIsRefusedInAFormThatCanBeSentAgain() throws Exception {
        final FlowBatch batch =
                FlowBatch.of(List.of(AnsweredFlows.flow(1), AnsweredFlows.flow(2, "no-address")))
                        .withVerdicts(i -> AnsweredFlows.verdict());
        send("malcolm_beats_serveflow_refused", batch);

        assertThat(deadLetters).extracting(DeadLetter::reason).containsExactly("index_400");
        final String kept = deadLetters.get(0).payload();
        assertThat(KeptDocument.isOne(kept)).isTrue();

        template.sendBody(
                uri("malcolm_beats_serveflow_refused"), kept.replace("no-address", "10.0.0.2"));

        assertThat(server.hits("malcolm_beats_serveflow_refused-*", "rootId:C2")).hasSize(1);
    }

    @Test
    void shouldHoldVerdictsWhileAnIndexIsBlocked() throws Exception {
        send("malcolm_beats_serveflow_blocked", AnsweredFlows.batch(0, 1));
        final String settings = "/malcolm_beats_serveflow_blocked" + DAY + "/_settings";
        server.ask("PUT", settings, "{\"index.blocks.write\":true}");

        final CompletableFuture<Object> sent =
                template.asyncRequestBody(
                        uri("malcolm_beats_serveflow_blocked"), AnsweredFlows.batch(1, 4));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> ledger.byDetail(Entry.RETRIED).containsKey("index_403"));
        assertThat(sent).isNotDone();
        server.ask("PUT", settings, "{\"index.blocks.write\":null}");

        sent.get(60, TimeUnit.SECONDS);
        assertThat(server.hits("malcolm_beats_serveflow_blocked-*", "*")).hasSize(4);
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void shouldHoldVerdictsWhileATemplateOfItsNameIsOfSomebodyElse() throws Exception {
        final String template = "/_index_template/serveflow-malcolm";
        server.ask("PUT", template, "{\"index_patterns\":[\"of_somebody_else_*\"]}");

        final CompletableFuture<Object> sent =
                this.template.asyncRequestBody(
                        uri("malcolm_beats_serveflow_theirs"), AnsweredFlows.batch(0, 4));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> ledger.byDetail(Entry.RETRIED).containsKey("index_template"));
        assertThat(sent).isNotDone();
        server.ask("DELETE", template, "");

        sent.get(60, TimeUnit.SECONDS);
        assertThat(server.hits("malcolm_beats_serveflow_theirs-*", "*")).hasSize(4);
        assertThat(ledger.byDetail(Entry.RETRIED)).containsOnlyKeys("index_template");
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void shouldChangeNothingWhereTheTemplateIsThere() throws Exception {
        try (RestClient client = ElasticConnection.to(server.uri()).open()) {
            final TemplateInstaller installer = new TemplateInstaller(client, IndexProfile.MALCOLM);
            installer.install(false);

            assertThat(installer.install(false))
                    .singleElement()
                    .hasToString("unchanged _index_template/serveflow-malcolm");
        }
    }

    @Test
    void shouldWriteFromRoutes() throws Exception {
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in").to(uri("malcolm_beats_serveflow_route"));
                    }
                });

        template.sendBody("direct:in", AnsweredFlows.batch(0, 2));

        assertThat(server.hits("malcolm_beats_serveflow_route-*", "*")).hasSize(2);
    }

    private void send(final String name, final FlowBatch batch) {
        template.sendBody(uri(name), batch);
    }

    private static String uri(final String name) {
        return "serveflow-index:"
                + name
                + "?profile=malcolm&installTemplates=true&urls="
                + server.uri();
    }

    private static Set<String> uids(final JsonNode hits) {
        final Set<String> uids = new HashSet<>();
        hits.forEach(hit -> uids.add(hit.at("/_source/log/id/uid").asText()));
        return uids;
    }
}
