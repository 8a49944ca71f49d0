/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowRecord;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.verdict.HostVerdict;
import io.serveflow.verdict.Verdict.BundleRef;
import io.serveflow.verdict.VerdictWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What routes make of verdicts to send them elsewhere than to the index. */
class VerdictDocumentsInRoutesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;
    private CamelContext context;
    private ProducerTemplate template;

    @AfterEach
    void stop() throws Exception {
        template.close();
        context.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveTheDocumentsOfTheIndexInEveryForm(final RouteLanguage language)
            throws Exception {
        start(language);
        final FlowBatch flows = FlowBatch.of(Samples.records("http", FlowRecord.Stage.FIRST));
        final List<JsonNode> expected = indexed(flows);

        assertThat(expected).hasSizeGreaterThan(10);
        assertThat(lines(send("direct:format", flows).getBody(String.class))).isEqualTo(expected);
        assertThat(lines((String) send("direct:text", flows).getBody())).isEqualTo(expected);
        assertThat(lines(new String((byte[]) send("direct:bytes", flows).getBody())))
                .isEqualTo(expected);
        assertThat(lines(send("direct:stream", flows).getBody(String.class))).isEqualTo(expected);
        assertThat(nodes((List<?>) send("direct:list", flows).getBody())).isEqualTo(expected);
        assertThat(array(send("direct:jackson", flows).getBody(String.class))).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void shouldAppendTheDocumentsToAFile(final RouteLanguage language) throws Exception {
        start(language);
        final FlowBatch flows = FlowBatch.of(Samples.records("http", FlowRecord.Stage.FIRST));
        final List<JsonNode> twice = indexed(flows);
        twice.addAll(List.copyOf(twice));

        send("direct:file", flows);
        send("direct:file", flows);

        assertThat(lines(Files.readString(folder.resolve("verdicts.ndjson")))).isEqualTo(twice);
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveTheDocumentOfOneFlowAsAMap(final RouteLanguage language) throws Exception {
        start(language);
        final FlowBatch flow = FlowBatch.of(Samples.records("http", FlowRecord.Stage.FIRST).get(0));

        final Map<?, ?> map = send("direct:map", flow).getBody(Map.class);

        assertThat(nodes(List.of(map))).isEqualTo(indexed(flow));
        assertThat(((Map<?, ?>) map.get("serveflow")).get("tier")).isEqualTo("fast");
    }

    @Test
    void shouldSayThatAMapHoldsOneFlow() throws Exception {
        start(RouteLanguage.JAVA);

        assertThat(
                        template.send(
                                        "direct:map",
                                        exchange ->
                                                exchange.getMessage()
                                                        .setBody(
                                                                Samples.records(
                                                                        "http",
                                                                        FlowRecord.Stage.FIRST)))
                                .getException())
                .rootCause()
                .hasMessageContaining("convert it to a List");
    }

    @Test
    void shouldNameTheTypeOfWhatItMarshals() throws Exception {
        start(RouteLanguage.JAVA);

        assertThat(send("direct:format", Samples.log("http")).getHeader(Exchange.CONTENT_TYPE))
                .isEqualTo("application/x-ndjson");
    }

    @Test
    void shouldMarshalVerdictsOnHosts() throws Exception {
        start(RouteLanguage.JAVA);
        final HostVerdict host =
                new HostVerdict(
                        new BundleRef("device", "1.0.0", "device", "00"),
                        "sensor",
                        "192.0.2.1",
                        1_000_000,
                        3_000_000,
                        "camera",
                        0.75,
                        3,
                        2,
                        1_000_000,
                        2_000_000,
                        List.of());
        final Exchange exchange = new DefaultExchange(context);
        final ByteArrayOutputStream out = new ByteArrayOutputStream();

        context.resolveDataFormat("serveflow").marshal(exchange, List.of(host, host), out);

        assertThat(lines(out.toString()))
                .hasSize(2)
                .allMatch(document -> document.at("/host/ip").asText().equals("192.0.2.1"));
    }

    /** A log step asks for the text of any body. */
    @Test
    void shouldGiveATextOfABatchWithoutVerdicts() throws Exception {
        start(RouteLanguage.JAVA);
        final FlowBatch flows = FlowBatch.of(Samples.records("http", FlowRecord.Stage.FIRST));

        assertThat(context.getTypeConverter().convertTo(String.class, flows))
                .isEqualTo(flows.toString());
    }

    @Test
    void shouldMarshalNothingForLinesThatAreAboutSomethingElse() throws Exception {
        start(RouteLanguage.JAVA);
        final String other = "{\"ts\":1.5,\"uid\":\"C1\",\"query\":\"example.org\"}";

        assertThat(send("direct:format", other).getBody(String.class)).isEmpty();
        assertThat(send("direct:jackson", other).getBody(String.class)).isEqualTo("[]");
        assertThat(send("direct:list", other).getBody()).isEqualTo(List.of());
    }

    private void start(final RouteLanguage language) throws Exception {
        context = language.start("documents", Map.of("files", folder.toString()));
        template = context.createProducerTemplate();
    }

    private Message send(final String uri, final Object body) {
        final Exchange exchange = template.send(uri, sent -> sent.getMessage().setBody(body));
        assertThat(exchange.getException()).isNull();
        return exchange.getMessage();
    }

    /** What the index is sent, but for when it was made and how long that took. */
    private List<JsonNode> indexed(final FlowBatch flows) throws IOException {
        final FlowBatch answered =
                template.requestBody(
                        "serveflow:fast?bundle=" + ProjectFiles.bundle("service"),
                        flows,
                        FlowBatch.class);
        final List<JsonNode> documents = new ArrayList<>();
        for (int i = 0; i < answered.size(); i++) {
            documents.add(
                    JSON.readTree(
                            new VerdictWriter()
                                    .write(answered.record(i), answered.verdict(i), Instant.EPOCH)
                                    .json()));
        }
        return timeless(documents);
    }

    private static List<JsonNode> lines(final String text) throws IOException {
        assertThat(text).endsWith("}\n");
        try (MappingIterator<JsonNode> lines = JSON.readerFor(JsonNode.class).readValues(text)) {
            return timeless(lines.readAll());
        }
    }

    private static List<JsonNode> array(final String text) throws IOException {
        final List<JsonNode> documents = new ArrayList<>();
        JSON.readTree(text).forEach(documents::add);
        return timeless(documents);
    }

    private static List<JsonNode> nodes(final List<?> maps) {
        final List<JsonNode> documents = new ArrayList<>();
        maps.forEach(map -> documents.add(JSON.valueToTree(map)));
        return timeless(documents);
    }

    private static List<JsonNode> timeless(final List<JsonNode> documents) {
        for (final JsonNode document : documents) {
            assertThat(document.at("/event/created").asText()).isNotEmpty();
            ((ObjectNode) document.get("event")).remove("created");
            ((ObjectNode) document.get("serveflow")).remove("latency");
        }
        return documents;
    }
}
