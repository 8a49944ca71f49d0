/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.testing.samples.Gzip;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.converter.stream.ByteArrayInputStreamCache;
import org.apache.camel.converter.stream.ReaderCache;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What routes bring to {@code serveflow:} and how they have it from elsewhere. */
class BodyTypesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private String log;

    @BeforeEach
    void readLog() throws IOException {
        log = Samples.log("http");
    }

    @AfterEach
    void closeAll() throws Exception {
        for (final AutoCloseable each : opened) {
            each.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveTheSameVerdictsWhateverTheBodyIs(final RouteLanguage language) throws Exception {
        final CamelContext context = start(language);
        final List<String> expected =
                verdicts(
                        send(
                                context,
                                "direct:flows",
                                FlowBatch.of(Samples.records("http", FlowRecord.Stage.FIRST))));

        final Map<String, Object> bodies = bodies();

        assertThat(expected).hasSizeGreaterThan(10);
        bodies.forEach(
                (name, body) ->
                        assertThat(verdicts(send(context, "direct:flows", body)))
                                .as(name)
                                .isEqualTo(expected));
    }

    private Map<String, Object> bodies() throws Exception {
        final byte[] bytes = log.getBytes(StandardCharsets.UTF_8);
        final Path file = Files.write(folder.resolve("kept.log"), bytes);
        final GenericFile<Object> generic = new GenericFile<>();
        generic.setFile(file.toFile());
        final GenericFile<Object> remote = new GenericFile<>();
        remote.setFile("a name on a server");
        remote.setBody(bytes);
        final List<Map<?, ?>> maps = new ArrayList<>();
        final List<JsonNode> nodes = new ArrayList<>();
        for (final String line : log.lines().toList()) {
            maps.add(JSON.readValue(line, Map.class));
            nodes.add(JSON.readTree(line));
        }
        final Map<String, Object> bodies = new LinkedHashMap<>();
        bodies.put("String", log);
        bodies.put("String without the last line end", log.stripTrailing());
        bodies.put("String with other line ends", log.replace("\n", "\r\n\r\n"));
        bodies.put("byte[]", bytes);
        bodies.put("byte[] of gzip", Gzip.packed(bytes));
        bodies.put("InputStream", new ByteArrayInputStream(bytes));
        bodies.put("InputStream of gzip", new ByteArrayInputStream(Gzip.packed(bytes)));
        bodies.put("StreamCache", new ByteArrayInputStreamCache(new ByteArrayInputStream(bytes)));
        bodies.put("StreamCache of text", new ReaderCache(log));
        bodies.put("Reader", new StringReader(log));
        bodies.put("Path", file);
        bodies.put("File", file.toFile());
        bodies.put("GenericFile", generic);
        bodies.put("GenericFile of a server", remote);
        bodies.put("List of String", log.lines().toList());
        bodies.put("array of String", log.lines().toArray());
        bodies.put("Iterator of String", log.lines().iterator());
        bodies.put("List of Map", maps);
        bodies.put("List of JsonNode", nodes);
        bodies.put("List of FlowRecord", Samples.records("http", FlowRecord.Stage.FIRST));
        return bodies;
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveOneFlowTheSameVerdictWhateverTheBodyIs(final RouteLanguage language)
            throws Exception {
        final CamelContext context = start(language);
        final String line = log.lines().findFirst().orElseThrow();
        final List<String> expected =
                verdicts(
                        send(
                                context,
                                "direct:flows",
                                Samples.records("http", FlowRecord.Stage.FIRST).get(0)));

        assertThat(expected).hasSize(1);
        Stream.of(line, JSON.readValue(line, Map.class), JSON.readTree(line))
                .forEach(
                        body ->
                                assertThat(verdicts(send(context, "direct:flows", body)))
                                        .as(body.getClass().getName())
                                        .isEqualTo(expected));
        assertThat(verdicts(send(context, "direct:json", line)))
                .as("after unmarshal json")
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadWhatTheFileComponentFinds(final RouteLanguage language) throws Exception {
        final CamelContext context = start(language);
        final MockEndpoint files = context.getEndpoint("mock:files", MockEndpoint.class);
        files.expectedMessageCount(1);
        files.setResultWaitTime(60_000);

        Files.move(
                Files.writeString(folder.resolve("written.log"), log),
                folder.resolve("files/written.log"));

        files.assertIsSatisfied();
        assertThat(verdicts(files.getReceivedExchanges().get(0)))
                .isEqualTo(
                        verdicts(
                                send(
                                        context,
                                        "direct:flows",
                                        Samples.records("http", FlowRecord.Stage.FIRST))));
    }

    @ParameterizedTest
    @EnumSource
    void shouldLetARoutePartBadDataFromBadWiring(final RouteLanguage language) throws Exception {
        final CamelContext context = start(language);
        final MockEndpoint bad = context.getEndpoint("mock:bad", MockEndpoint.class);
        bad.expectedMessageCount(2);
        final String third = log.lines().limit(2).reduce("", (a, b) -> a + b + "\n") + "{\"ts\":";

        send(context, "direct:flows", third);
        send(context, "direct:flows", new ByteArrayInputStream(third.getBytes()));
        final Exchange wiring = send(context, "direct:flows", 42);

        bad.assertIsSatisfied();
        assertThat(bad.getReceivedExchanges())
                .allSatisfy(
                        exchange -> {
                            final BadLineException why =
                                    exchange.getProperty(
                                            Exchange.EXCEPTION_CAUGHT, BadLineException.class);
                            assertThat(why.number()).isEqualTo(3);
                            assertThat(why.reason()).isEqualTo("bad_json");
                            assertThat(why).hasMessageStartingWith("line 3: ");
                            assertThat(exchange.getMessage().getBody(String.class))
                                    .isEqualTo(third);
                        });
        assertThat(wiring.getException())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "must be a FlowBatch, a FlowRecord or a list of them, or what")
                .hasMessageContaining("String, byte[], InputStream, Reader, File, Path, Map")
                .hasMessageContaining("was a java.lang.Integer");
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadTheLinesOfSuricataInOneBodyAsFlows(final RouteLanguage language)
            throws Exception {
        final CamelContext context = start(language);
        final byte[] eve = Files.readAllBytes(ProjectFiles.eve("http"));
        final String text = Gzip.text(ProjectFiles.eve("http"));

        assertThat(labels(send(context, "direct:flows", text)))
                .isEqualTo(labels(send(context, "direct:flows", log)))
                .isEqualTo(labels(send(context, "direct:flows", eve)));
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadACaptureInABody(final RouteLanguage language) throws Exception {
        final CamelContext context = start(language);
        final Path capture = ProjectFiles.capture("http.pcap");

        assertThat(labels(send(context, "direct:flows", capture)))
                .isEqualTo(labels(send(context, "direct:flows", Files.readAllBytes(capture))))
                .isEqualTo(labels(send(context, "direct:flows", log)));
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadALineInTheEnvelopeOfAShipper(final RouteLanguage language) throws Exception {
        final CamelContext context = start(language);
        final String line = log.lines().findFirst().orElseThrow();
        final Map<String, Object> shipped =
                Map.of("@timestamp", "2026-11-22T20:47:41.000Z", "message", line);

        assertThat(labels(send(context, "direct:flows", shipped)))
                .isEqualTo(labels(send(context, "direct:flows", JSON.writeValueAsString(shipped))))
                .isEqualTo(labels(send(context, "direct:flows", line)));
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadTheEventsOfNdpidInOneBodyAsAFlow(final RouteLanguage language) throws Exception {
        final CamelContext context = start(language);
        final Path events =
                ProjectFiles.path(
                        "camel-routes/src/test/resources/io/serveflow/app/cases/a1/ndpid-ssh-keepalive-120s.ndjson");

        assertThat(labels(send(context, "direct:flows", Files.readString(events))))
                .hasSize(1)
                .isEqualTo(labels(send(context, "direct:flows", events)))
                .first(InstanceOfAssertFactories.STRING)
                .startsWith("1:");
    }

    @ParameterizedTest
    @EnumSource
    void shouldSayWhichTierASummaryOfConnIsFor(final RouteLanguage language) throws Exception {
        final CamelContext context = start(language);
        final String conn =
                "{\"ts\":1700000000.5,\"uid\":\"C1\",\"id.orig_h\":\"192.0.2.1\",\"id.orig_p\":50001,"
                    + "\"id.resp_h\":\"192.0.2.2\",\"id.resp_p\":443,\"proto\":\"tcp\","
                    + "\"duration\":1.5,\"orig_bytes\":517,\"resp_bytes\":3000,"
                    + "\"conn_state\":\"SF\",\"history\":\"ShADadFf\",\"orig_pkts\":8,"
                    + "\"orig_ip_bytes\":941,\"resp_pkts\":7,\"resp_ip_bytes\":3372}";

        final Exchange answer = send(context, "direct:flows", conn);

        assertThat(answer.getException())
                .hasMessageContaining("summaries of flows (a line of conn.log")
                .hasMessageEndingWith("send them to a tier with conn features");
    }

    @Test
    void shouldGiveNoVerdictForALineThatIsAboutSomethingElse() throws Exception {
        final CamelContext context = start(RouteLanguage.JAVA);
        final Ledger ledger =
                context.getComponent("serveflow", ServeflowComponent.class).getLedger();

        final Exchange answer =
                send(
                        context,
                        "direct:flows",
                        "{\"ts\":1.5,\"uid\":\"C1\",\"id.orig_h\":\"192.0.2.1\",\"id.orig_p\":1,"
                                + "\"id.resp_h\":\"192.0.2.2\",\"id.resp_p\":53,"
                                + "\"query\":\"example.org\"}");

        assertThat(answer.getException()).isNull();
        assertThat(answer.getMessage().getBody(FlowBatch.class).isEmpty()).isTrue();
        assertThat(answer.getMessage().getHeader(ServeflowConstants.UNCERTAIN)).isEqualTo(false);
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED)).containsEntry("other_log", 1L);
    }

    @Test
    void shouldCountABodyOfNoBytes() throws Exception {
        final CamelContext context = start(RouteLanguage.JAVA);
        final Ledger ledger =
                context.getComponent("serveflow", ServeflowComponent.class).getLedger();

        for (final Object body :
                List.of(
                        "",
                        " \n\n",
                        new byte[0],
                        new ByteArrayInputStream(new byte[0]),
                        List.of())) {
            final Exchange answer = send(context, "direct:flows", body);

            assertThat(answer.getException()).isNull();
            assertThat(answer.getMessage().getBody(FlowBatch.class).isEmpty()).isTrue();
        }
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED)).containsExactly(entry("empty_body", 5L));
    }

    @Test
    void shouldCountFlowsThatABodyHoldsOnlyAtAnotherStage() throws Exception {
        final CamelContext context = start(RouteLanguage.JAVA);
        final Ledger ledger =
                context.getComponent("serveflow", ServeflowComponent.class).getLedger();
        final List<FlowRecord> records =
                new ArrayList<>(Samples.records("http", FlowRecord.Stage.CONTEXT));
        records.add(Samples.records("ftp", FlowRecord.Stage.FIRST).get(0));

        send(context, "direct:flows", records);

        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED))
                .containsEntry("other_stage", (long) records.size() - 1);
    }

    @Test
    void shouldRefuseABodyOfMoreRecordsThanAreReadAtOnce() throws Exception {
        final CamelContext context = start(RouteLanguage.JAVA);

        assertThat(
                        send(
                                        context,
                                        "serveflow:fast?maxRecords=3&bundle="
                                                + ProjectFiles.bundle("service"),
                                        log)
                                .getException())
                .hasMessageContaining("more than the 3 records")
                .hasMessageContaining("split it");
    }

    @Test
    void shouldNameTheElementOfAListThatIsNoLine() throws Exception {
        final CamelContext context = start(RouteLanguage.JAVA);

        assertThat(send(context, "direct:flows", List.of(log, List.of(log))).getException())
                .hasMessageContaining("element 2 of the list was a java.util");
    }

    private CamelContext start(final RouteLanguage language) throws Exception {
        final Path files = Files.createDirectories(folder.resolve("files"));
        final CamelContext context = language.start("bodies", Map.of("files", files.toString()));
        opened.add(context);
        return context;
    }

    private Exchange send(final CamelContext context, final String uri, final Object body) {
        final ProducerTemplate template = context.createProducerTemplate();
        opened.add(0, template);
        return template.send(uri, exchange -> exchange.getMessage().setBody(body));
    }

    private static List<String> verdicts(final Exchange exchange) {
        return summaries(exchange, true);
    }

    private static List<String> labels(final Exchange exchange) {
        return summaries(exchange, false);
    }

    private static List<String> summaries(final Exchange exchange, final boolean withId) {
        assertThat(exchange.getException()).isNull();
        final FlowBatch batch = (FlowBatch) exchange.getMessage().getBody();
        final List<String> verdicts = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            verdicts.add(
                    (withId ? batch.record(i).id() : batch.record(i).communityId())
                            + " "
                            + batch.verdict(i).label()
                            + " "
                            + batch.verdict(i).confidence());
        }
        return verdicts;
    }
}
