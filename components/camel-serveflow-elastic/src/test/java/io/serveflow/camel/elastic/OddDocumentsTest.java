/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Ledger.Entry;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.verdict.AnsweredFlows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Documents with odd values, five thousand directly and as many through files: each has its end.
 */
@ExtendWith(SharedElasticsearch.class)
@Timeout(180)
class OddDocumentsTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int DOCUMENTS = 10_000;
    private static final int INCOMPLETE = 1_000;
    private static final int TOGETHER = 250;
    private static final int MAX_REQUEST_BYTES = 700_000;
    private static final String DIRECT = "logs-serveflow-odd_direct";
    private static final String FILED = "logs-serveflow-odd_filed";

    private final Ledger ledger = new Ledger();
    private final List<DeadLetter> deadLetters = new CopyOnWriteArrayList<>();

    @Test
    void shouldIndexEachOrSayWhyNot(final LocalElasticsearch server, @TempDir final Path folder)
            throws Exception {
        send(server, folder);

        final Map<String, Boolean> filed = ship(server, folder);
        assertThat(filed).hasSize(DOCUMENTS);
        final long indexed = ledger.total(Entry.INDEXED) - DOCUMENTS;
        assertThat(indexed).isEqualTo(DataStreamReader.count(server, DIRECT)).isPositive();
        assertThat(deadLetters)
                .hasSize(Math.toIntExact(DOCUMENTS - indexed))
                .isNotEmpty()
                .allSatisfy(
                        letter -> {
                            assertThat(letter.reason()).isEqualTo("index_400");
                            assertThat(letter.detail()).isNotBlank();
                            assertThat(filed.get(id(letter.payload()))).isFalse();
                        });
        assertThat(filed.values().stream().filter(taken -> taken)).hasSize((int) indexed);
        assertThat(DataStreamReader.count(server, FILED)).isEqualTo(indexed);
        assertThat(ledger.total(Entry.RETURNED) + ledger.total(Entry.DROPPED)).isZero();
    }

    /** To the index and to files, the same ones. */
    private void send(final LocalElasticsearch server, final Path folder) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext();
                ProducerTemplate template = context.createProducerTemplate()) {
            context.getRegistry().bind("ledger", Ledger.class, ledger);
            context.getRegistry()
                    .bind("deadLetters", DeadLetterSink.class, (DeadLetterSink) deadLetters::add);
            context.getRegistry()
                    .bind("clock", Clock.class, Clock.fixed(AnsweredFlows.CREATED, ZoneOffset.UTC));
            context.addRoutes(
                    new RouteBuilder() {
                        @Override
                        public void configure() {
                            from("direct:in")
                                    .errorHandler(noErrorHandler())
                                    .to("serveflow-file:" + folder)
                                    .to(
                                            "serveflow-index:"
                                                    + DIRECT
                                                    + "?maxBulkBytes=500000&urls="
                                                    + server.uri());
                        }
                    });
            context.start();
            final OddDocuments odd = new OddDocuments(1);
            for (int i = 0; i < DOCUMENTS; i += TOGETHER) {
                template.sendBody(
                        "direct:in",
                        i < INCOMPLETE
                                ? odd.incomplete(i, i + TOGETHER)
                                : odd.batch(i, i + TOGETHER));
            }
        }
    }

    /** As an agent does; whether each document, by its id, was taken. */
    private static Map<String, Boolean> ship(final LocalElasticsearch server, final Path folder)
            throws IOException {
        final List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (final Path file :
                    files.filter(one -> one.toString().endsWith(".ndjson")).toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        final Map<String, Boolean> taken = new TreeMap<>();
        final StringBuilder request = new StringBuilder();
        for (final String line : lines) {
            request.append("{\"create\":{\"_id\":\"").append(id(line)).append("\"}}\n");
            request.append(line).append('\n');
            if (request.length() > MAX_REQUEST_BYTES) {
                bulk(server, request, taken);
            }
        }
        bulk(server, request, taken);
        return taken;
    }

    private static void bulk(
            final LocalElasticsearch server,
            final StringBuilder request,
            final Map<String, Boolean> taken)
            throws IOException {
        for (final JsonNode item :
                DataStreamReader.ask(server, "POST", "/" + FILED + "/_bulk", request.toString())
                        .path("items")) {
            final JsonNode answer = item.path("create");
            final boolean created = answer.path("status").asInt() == 201;
            assertThat(created || !answer.at("/error/reason").asText().isBlank()).isTrue();
            taken.put(answer.path("_id").asText(), created);
        }
        request.setLength(0);
    }

    private static String id(final String document) throws IOException {
        return JSON.readTree(document).at("/event/id").asText();
    }
}
