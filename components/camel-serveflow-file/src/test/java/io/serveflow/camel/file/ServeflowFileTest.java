/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.batch.FlowBatch;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Ledger.Entry;
import io.serveflow.verdict.AnsweredFlows;
import io.serveflow.verdict.VerdictDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The component in a route. */
@Timeout(60)
class ServeflowFileTest {

    private final Ledger ledger = new Ledger();
    @TempDir private Path parent;
    private Path folder;
    private CamelContext context;

    @BeforeEach
    void createContext() throws IOException {
        folder = Files.createDirectory(parent.resolve("verdicts"));
        context = new DefaultCamelContext();
        context.getRegistry().bind("ledger", Ledger.class, ledger);
        context.getRegistry()
                .bind("clock", Clock.class, Clock.fixed(AnsweredFlows.CREATED, ZoneOffset.UTC));
    }

    @AfterEach
    void stopContext() {
        context.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"batch", "interval", "none"})
    void shouldWriteTheDocumentsOfABatchAndGoOn(final String fsync) throws Exception {
        route("?fsync=" + fsync);

        send(AnsweredFlows.batch(0, 7));

        assertThat(WrittenFiles.lines(folder))
                .isEqualTo(IntStream.range(0, 7).mapToObj(AnsweredFlows::document).toList());
        assertThat(ledger.total(Entry.INDEXED)).isEqualTo(7);
    }

    @Test
    void shouldHaveTheIdOfTheDocumentInItsLine() throws Exception {
        route("");

        send(AnsweredFlows.batch(3, 4));

        assertThat(
                        new JsonMapper()
                                .readTree(WrittenFiles.lines(folder).get(0))
                                .at("/event/id")
                                .asText())
                .isEqualTo(VerdictDocument.id(AnsweredFlows.flow(3), AnsweredFlows.verdict()));
    }

    @Test
    void shouldWriteDocumentsThatAreWrittenAlready() throws Exception {
        route("");

        send(AnsweredFlows.document(0) + "\n" + AnsweredFlows.document(1) + "\n");
        send(AnsweredFlows.document(2).getBytes(StandardCharsets.UTF_8));
        send(List.of(AnsweredFlows.document(3), AnsweredFlows.document(4)));
        send(List.of(DeadLetter.document("x", "index_400", "because", AnsweredFlows.document(5))));

        assertThat(WrittenFiles.uids(folder)).containsExactly("C0", "C1", "C2", "C3", "C4", "C5");
        assertThat(ledger.total(Entry.INDEXED)).isEqualTo(6);
    }

    @Test
    void shouldSayWhichBodyItTakes() throws Exception {
        route("");

        assertThat(failure(42))
                .hasMessageContaining("takes a FlowBatch, a list of HostVerdicts")
                .hasMessageContaining("was java.lang.Integer");
        assertThat(failure("{\"a\":1}")).hasMessageContaining("is no verdict document");
        assertThat(WrittenFiles.in(folder)).isEmpty();
    }

    @Test
    void shouldNameTheFlowWithoutAVerdict() throws Exception {
        route("");

        assertThat(
                        failure(
                                FlowBatch.of(List.of(AnsweredFlows.flow(1), AnsweredFlows.flow(2)))
                                        .withVerdicts(
                                                i -> i == 0 ? AnsweredFlows.verdict() : null)))
                .hasMessageContaining("C2");
        assertThat(WrittenFiles.in(folder)).isEmpty();
    }

    @Test
    void shouldWriteToOneFileFromAllStepsOfAFolder() throws Exception {
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in").to("serveflow-file:" + folder);
                        from("direct:other").to("serveflow-file:" + folder + "/");
                    }
                });
        context.start();

        send(AnsweredFlows.batch(0, 1));
        template().sendBody("direct:other", AnsweredFlows.batch(1, 2));

        assertThat(WrittenFiles.in(folder)).hasSize(1);
        assertThat(WrittenFiles.uids(folder)).containsExactly("C0", "C1");
    }

    @Test
    void shouldRefuseTwoSetsOfOptionsForOneFolder() throws Exception {
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in").to("serveflow-file:" + folder);
                        from("direct:other").to("serveflow-file:" + folder + "?maxFiles=3");
                    }
                });

        assertThatThrownBy(() -> context.start())
                .hasStackTraceContaining("give each a name or a folder of its own");
    }

    @Test
    void shouldNameAllOptionsThatAreWrong() {
        assertThatThrownBy(
                        () ->
                                route(
                                        "?name=a/b&fsync=always&maxFileBytes=1&maxFileAge=1"
                                                + "&maxFiles=1&maxTotalBytes=-1"
                                                + "&permissions=0640&backoffMin=0"))
                .hasStackTraceContaining("name must be 1 to 64 letters")
                .hasStackTraceContaining("fsync must be batch or interval or none, was 'always'")
                .hasStackTraceContaining("maxFileBytes must be 65536 to 1099511627776, was 1")
                .hasStackTraceContaining("maxFileAge must be 1000 to 604800000, was 1")
                .hasStackTraceContaining("maxFiles must be 2 to 2147483647, was 1")
                .hasStackTraceContaining("maxTotalBytes must be 1 or more, was -1")
                .hasStackTraceContaining("permissions must be nine letters")
                .hasStackTraceContaining("backoffMin must be 1 to 600000, was 0");
    }

    @Test
    void shouldNotStartWithoutTheFolder() throws IOException {
        Files.delete(folder);

        assertThatThrownBy(() -> route(""))
                .hasStackTraceContaining(
                        "serveflow-file: folder is " + folder + ", and there is no such folder");
    }

    @Test
    void shouldHoldVerdictsUntilTheFolderIsThereAgain() throws Exception {
        route("?backoffMin=10&backoffMax=20");
        takeFolderAway();
        final CompletableFuture<Exchange> held = template().asyncSend("direct:in", body(0, 5));
        await().until(() -> check().getState() == HealthCheck.State.DOWN);

        assertThat(check().getMessage().orElseThrow())
                .contains(
                        "cannot be written to (No such file or directory); make the folder again");
        assertThat(component().heldDocuments()).isEqualTo(5);
        assertThat(component().openDocuments()).isEqualTo(5);
        assertThat(ledger.total(Entry.SENT)).isEqualTo(5);
        assertThat(held).isNotDone();
        Files.createDirectory(folder);
        await().until(held::isDone);

        assertThat(held.get().getException()).isNull();
        assertThat(WrittenFiles.uids(folder)).containsExactly("C0", "C1", "C2", "C3", "C4");
        assertThat(check().getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(ledger.byDetail(Entry.RETRIED).get("file_write")).isPositive();
        assertThat(ledger.total(Entry.RETURNED)).isZero();
    }

    @Test
    void shouldFailTheExchangeWhenTheTimeForRetriesIsOver() throws Exception {
        route("?backoffMin=1&backoffMax=2&retryFor=20");
        takeFolderAway();

        final Exchange failed = template().send("direct:in", body(0, 5));

        assertThat(failed.getException())
                .isInstanceOf(FileWriteException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("make the folder again");
        assertThat(ledger.total(Entry.RETURNED)).isEqualTo(5);
        assertThat(check().getState()).isEqualTo(HealthCheck.State.DOWN);
        Files.createDirectory(folder);
        send(AnsweredFlows.batch(0, 5));
        assertThat(WrittenFiles.uids(folder)).hasSize(5);
        assertThat(check().getState()).isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void shouldReturnHeldVerdictsAtAStop() throws Exception {
        route("?backoffMin=600000&backoffMax=600000");
        takeFolderAway();
        final CompletableFuture<Exchange> held = template().asyncSend("direct:in", body(0, 5));
        await().until(() -> component().heldDocuments() == 5);

        context.stop();

        assertThat(held.get().getException()).isInstanceOf(FileStoppedException.class);
        assertThat(ledger.total(Entry.RETURNED)).isEqualTo(5);
    }

    @Test
    void shouldHoldUpWhoBringsMoreThanMayWait() throws Exception {
        route("?backoffMin=600000&backoffMax=600000&maxWaitingBytes=65536");
        takeFolderAway();
        template().asyncSend("direct:in", body(0, 1));
        await().until(() -> component().heldDocuments() == 1);
        // Some 100 KB, which wait alone, and hold up what comes behind them.
        template().asyncSend("direct:in", body(1, 100));
        await().until(() -> component().heldDocuments() == 100);

        template().asyncSend("direct:in", body(100, 101));

        await().during(Duration.ofMillis(200)).until(() -> component().heldDocuments() == 100);
    }

    @Test
    void shouldWriteWhatIsUnderWayBeforeAStop() throws Exception {
        route("");
        final List<CompletableFuture<Exchange>> sent =
                IntStream.range(0, 200)
                        .mapToObj(i -> template().asyncSend("direct:in", body(i, i + 1)))
                        .toList();

        context.stop();

        final long written = sent.stream().filter(one -> one.join().getException() == null).count();
        assertThat(WrittenFiles.lines(folder)).hasSizeGreaterThanOrEqualTo((int) written);
        assertThat(ledger.total(Entry.INDEXED)).isEqualTo(written);
    }

    private void takeFolderAway() throws IOException {
        Files.delete(folder.resolve(".serveflow.lock"));
        Files.delete(folder);
    }

    private HealthCheck.Result check() {
        return HealthCheckHelper.getHealthCheckRepository(context, "producers").stream()
                .filter(check -> check.getId().equals("producer:serveflow-file-" + folder))
                .findFirst()
                .orElseThrow()
                .call();
    }

    private ServeflowFileComponent component() {
        return context.getComponent("serveflow-file", ServeflowFileComponent.class);
    }

    private void route(final String options) throws Exception {
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in")
                                .errorHandler(noErrorHandler())
                                .to("serveflow-file:" + folder + options);
                    }
                });
        HealthCheckHelper.getHealthCheckRepository(context, "producers").setEnabled(true);
        context.start();
    }

    private void send(final Object body) {
        template().sendBody("direct:in", body);
    }

    private static Processor body(final int from, final int to) {
        return exchange -> exchange.getMessage().setBody(AnsweredFlows.batch(from, to));
    }

    private Exception failure(final Object body) {
        return template()
                .request("direct:in", exchange -> exchange.getMessage().setBody(body))
                .getException();
    }

    private ProducerTemplate template() {
        return context.createProducerTemplate();
    }
}
