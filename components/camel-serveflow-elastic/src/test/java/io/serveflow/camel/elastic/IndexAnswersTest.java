/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.serveflow.camel.support.Backoff;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger.Entry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.RestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What is made of answers that a healthy server does not give. */
@Timeout(60)
class IndexAnswersTest {

    private static final String STREAM = "logs-serveflow-so";
    private static final List<IndexDocument> THREE = SampleDocuments.documents(0, 3);

    private ScriptedServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = new ScriptedServer();
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 502, 503, 504})
    void shouldSendOnlyTheRejectedItemsAgain(final int status) throws IOException {
        server.thenItems(
                "\"status\":201",
                "\"status\":" + status + ",\"error\":{\"type\":\"busy\",\"reason\":\"later\"}",
                "\"status\":409,\"error\":{\"type\":\"version_conflict\",\"reason\":\"exists\"}");
        try (IndexFixture fixture = new IndexFixture(server.uri(), STREAM)) {
            fixture.index.index(THREE).join();

            assertThat(server.received()).hasSize(2);
            assertThat(server.received().get(1).ids()).containsExactly(THREE.get(1).id());
            assertThat(fixture.ledger.total(Entry.INDEXED)).isEqualTo(3);
            assertThat(fixture.ledger.total(Entry.DUPLICATES)).isEqualTo(1);
            assertThat(fixture.ledger.byDetail(Entry.RETRIED))
                    .isEqualTo(Map.of("index_" + status, 1L));
            assertThat(fixture.index.trouble()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 502, 503, 504})
    void shouldSendARejectedRequestAgain(final int status) throws IOException {
        server.thenFail(status).thenAnswer(status, "no JSON");
        try (IndexFixture fixture = new IndexFixture(server.uri(), STREAM)) {
            fixture.index.index(THREE).join();

            assertThat(server.received()).hasSize(3);
            assertThat(fixture.ledger.total(Entry.INDEXED)).isEqualTo(3);
            assertThat(fixture.retried("index_" + status)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, reason that is not known to be theirs",
        "401, check username and password",
        "403, grant create_doc",
        "404, check urls",
        "405, check urls",
        "500, reason that is not known to be theirs"
    })
    void shouldHoldARequestThatIsRefused(final int status, final String message)
            throws IOException {
        server.thenFail(status, 2).holdAfter(2);
        try (IndexFixture fixture = new IndexFixture(server.uri(), STREAM)) {
            final CompletableFuture<Void> end = fixture.index.index(THREE);

            await().until(() -> server.received().size() == 3);
            assertThat(fixture.index.trouble().orElse(""))
                    .contains(message, status + ", scripted_exception: as scripted");
            assertThat(fixture.index.heldDocuments()).isEqualTo(3);
            fixture.nanos.set(TimeUnit.SECONDS.toNanos(7));
            assertThat(fixture.index.heldNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(7));

            server.release();
            end.join();

            assertThat(fixture.ledger.total(Entry.INDEXED)).isEqualTo(3);
            assertThat(fixture.index.trouble()).isEmpty();
            assertThat(fixture.index.heldDocuments()).isZero();
            assertThat(fixture.index.heldNanos()).isZero();
            assertThat(fixture.deadLetters).isEmpty();
        }
    }

    @Test
    void shouldHoldWhileAnswersAreNotOfElasticsearch() throws IOException {
        server.thenAnswer(200, "{}").thenAnswer(200, "<html>").holdAfter(2);
        try (IndexFixture fixture = new IndexFixture(server.uri(), STREAM)) {
            final CompletableFuture<Void> end = fixture.index.index(THREE);

            await().until(() -> server.received().size() == 3);
            assertThat(fixture.index.trouble().orElse(""))
                    .contains("gave no answer to understand; check that urls lead");

            server.release();
            end.join();
            assertThat(fixture.ledger.total(Entry.INDEXED)).isEqualTo(3);
        }
    }

    @Test
    void shouldSendAgainAfterAnAnswerForFewerDocuments() throws IOException {
        server.thenItems("\"status\":201").holdAfter(1);
        try (IndexFixture fixture = new IndexFixture(server.uri(), STREAM)) {
            final CompletableFuture<Void> end = fixture.index.index(THREE);

            await().until(() -> server.received().size() == 2);
            assertThat(fixture.index.trouble().orElse(""))
                    .contains("an answer for 1 documents when 3 were sent");

            server.release();
            end.join();
            assertThat(fixture.ledger.total(Entry.INDEXED)).isEqualTo(3);
        }
    }

    @Test
    void shouldFindTheDocumentForWhichAWholeRequestIsRefused() throws IOException {
        final String invalid =
                "{\"error\":{\"type\":\"action_request_validation_exception\",\"reason\":\"id is"
                        + " too long\"},\"status\":400}";
        server.thenAnswer(400, invalid).thenAnswer(400, invalid);
        try (IndexFixture fixture = new IndexFixture(server.uri(), STREAM)) {
            fixture.index.index(THREE).join();

            assertThat(fixture.deadLetters)
                    .extracting(DeadLetter::reason, DeadLetter::payload)
                    .containsExactly(tuple("index_400", THREE.get(0).text()));
            assertThat(fixture.ledger.total(Entry.INDEXED)).isEqualTo(2);
        }
    }

    @Test
    void shouldHalveARequestThatIsTooLarge() throws IOException {
        server.thenFail(413);
        try (IndexFixture fixture = new IndexFixture(server.uri(), STREAM)) {
            fixture.index.index(THREE).join();

            assertThat(server.received())
                    .extracting(request -> request.ids().size())
                    .containsExactly(3, 1, 2);
            assertThat(fixture.ledger.total(Entry.INDEXED)).isEqualTo(3);
            assertThat(fixture.retried("index_413")).isEqualTo(1);
        }
    }

    @Test
    void shouldDeadLetterASingleDocumentThatIsTooLarge() throws IOException {
        server.thenFail(413);
        try (IndexFixture fixture = new IndexFixture(server.uri(), STREAM)) {
            fixture.index.index(THREE.subList(0, 1)).join();

            assertThat(fixture.deadLetters)
                    .extracting(DeadLetter::reason)
                    .containsExactly("index_413");
        }
    }

    @Test
    void shouldDeadLetterWhatWasDivertedToTheFailureStore() throws IOException {
        server.thenItems(
                "\"status\":201",
                "\"status\":201,\"failure_store\":\"used\"",
                "\"status\":201,\"failure_store\":\"not_applicable_or_unknown\"");
        try (IndexFixture fixture = new IndexFixture(server.uri(), STREAM)) {
            fixture.index.index(THREE).join();

            assertThat(fixture.ledger.total(Entry.INDEXED)).isEqualTo(2);
            assertThat(fixture.deadLetters)
                    .extracting(DeadLetter::reason, DeadLetter::payload)
                    .containsExactly(tuple("index_failure_store", THREE.get(1).text()));
        }
    }

    @Test
    void shouldDeadLetterAnItemThatIsRefusedWhileOthersAreTaken() throws IOException {
        final String broken =
                "\"status\":500,\"error\":{\"type\":\"broken\",\"reason\":\"why\","
                        + "\"caused_by\":{\"type\":\"deeper\",\"reason\":\"because\"}}";
        server.thenItems("\"status\":201", broken, "\"status\":201");
        for (int i = 1; i < BulkDelivery.UNKNOWN_TRIES; i++) {
            server.thenItems(broken);
        }
        try (IndexFixture fixture = new IndexFixture(server.uri(), STREAM)) {
            fixture.index.index(THREE).join();

            assertThat(fixture.deadLetters)
                    .extracting(DeadLetter::reason, DeadLetter::detail, DeadLetter::payload)
                    .containsExactly(
                            tuple(
                                    "index_500",
                                    "broken: why, because of deeper: because",
                                    THREE.get(1).text()));
            assertThat(fixture.retried("index_500")).isEqualTo(BulkDelivery.UNKNOWN_TRIES - 1);
            assertThat(fixture.index.trouble()).isEmpty();
        }
    }

    @Test
    void shouldHoldItemsThatAreRefusedForAnUnknownReasonWhileNoneIsTaken() throws IOException {
        final int tries = 3 * BulkDelivery.UNKNOWN_TRIES;
        for (int i = 0; i < tries; i++) {
            server.thenItems("\"status\":500", "\"status\":500", "\"status\":418");
        }
        try (IndexFixture fixture = new IndexFixture(server.uri(), STREAM)) {
            fixture.index.index(THREE).join();

            assertThat(server.received()).hasSize(tries + 1);
            assertThat(fixture.deadLetters).isEmpty();
            assertThat(fixture.ledger.total(Entry.INDEXED)).isEqualTo(3);
        }
    }

    @Test
    void shouldFindTheDocumentThatAServerCannotDealWithWhileOthersAreTaken() throws IOException {
        final IndexDocument poison = THREE.get(1);
        server.failOn(poison.id(), 500);
        try (IndexFixture fixture = new IndexFixture(server.uri(), STREAM)) {
            final CompletableFuture<Void> end = fixture.index.index(THREE);
            await().until(() -> fixture.retried("index_500") > 1);
            assertThat(fixture.deadLetters).isEmpty();

            fixture.index.index(SampleDocuments.documents(3, 5)).join();
            end.join();

            assertThat(fixture.deadLetters)
                    .extracting(DeadLetter::reason, DeadLetter::payload)
                    .containsExactly(tuple("index_500", poison.text()));
            assertThat(fixture.ledger.total(Entry.INDEXED)).isEqualTo(4);
        }
    }

    @Test
    void shouldStayHeldWhileOtherRequestsAreTaken() throws IOException {
        final IndexDocument poison = THREE.get(1);
        server.failOn(poison.id(), 403);
        try (IndexFixture fixture = new IndexFixture(server.uri(), STREAM)) {
            fixture.index.index(THREE);
            await().until(() -> fixture.retried("index_403") > 1);

            fixture.index.index(SampleDocuments.documents(3, 5)).join();

            assertThat(fixture.index.trouble()).isPresent();
            assertThat(fixture.index.heldDocuments()).isEqualTo(3);
        }
    }

    @Test
    void shouldFailWhenADeadLetterCannotBeKept() throws IOException {
        server.thenItems(
                "\"status\":400,\"error\":{\"type\":\"document_parsing_exception\"}",
                "\"status\":201",
                "\"status\":201");
        try (IndexFixture fixture =
                new IndexFixture(
                        server.uri(),
                        STREAM,
                        IndexFixture.OPTIONS,
                        letter -> {
                            throw new IllegalStateException("disk full");
                        })) {
            final CompletableFuture<Void> end = fixture.index.index(THREE);

            assertThatThrownBy(end::join).hasRootCauseMessage("disk full");
            assertThat(fixture.index.trouble())
                    .contains(
                            "has answered, and not every document could be given its end: disk"
                                    + " full");
        }
    }

    @Test
    void shouldCutABatchIntoRequestsOfAtMostTheirSize() throws IOException {
        final int limit = 4_000;
        final List<IndexDocument> documents = SampleDocuments.documents(0, 20);
        try (IndexFixture fixture =
                new IndexFixture(
                        server.uri(),
                        STREAM,
                        new BulkDelivery.Options(1, limit, 0, IndexFixture.OPTIONS.backoff()))) {
            fixture.index.index(documents).join();
        }
        assertThat(server.received()).hasSizeGreaterThan(1);
        assertThat(server.received()).allMatch(request -> request.length() <= limit);
        assertThat(server.received().stream().flatMap(request -> request.ids().stream()))
                .containsExactlyElementsOf(documents.stream().map(IndexDocument::id).toList());
    }

    @Test
    void shouldSendADocumentLargerThanARequestMayBe() throws IOException {
        try (IndexFixture fixture =
                new IndexFixture(
                        server.uri(),
                        STREAM,
                        new BulkDelivery.Options(1, 10, 0, IndexFixture.OPTIONS.backoff()))) {
            fixture.index.index(THREE).join();

            assertThat(server.received()).hasSize(3);
            assertThat(fixture.ledger.total(Entry.INDEXED)).isEqualTo(3);
        }
    }

    @Test
    void shouldHoldUpTheCallerWhileAllRequestsAreUnderWayAndAnotherHasGathered() throws Exception {
        server.hold();
        try (IndexFixture fixture = ofThreeARequest()) {
            final CompletableFuture<Void> first = fixture.index.index(THREE);
            final CompletableFuture<Void> second = fixture.index.index(THREE);
            final CompletableFuture<Void> gathered = fixture.index.index(THREE);
            final CompletableFuture<CompletableFuture<Void>> third = new CompletableFuture<>();
            final Thread caller =
                    new Thread(() -> third.complete(fixture.index.index(THREE)), "caller");
            caller.start();
            await().until(() -> caller.getState() == Thread.State.WAITING);
            await().until(() -> server.received().size() == 2);
            assertThat(third).isNotDone();

            server.release();

            third.join().join();
            CompletableFuture.allOf(first, second, gathered).join();
            assertThat(server.received()).hasSize(4);
            caller.join();
        }
    }

    @Test
    void shouldSendTogetherWhatGathersWhileAllRequestsAreUnderWay() throws Exception {
        server.hold();
        try (IndexFixture fixture = new IndexFixture(server.uri(), STREAM)) {
            final List<CompletableFuture<Void>> ends = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                ends.add(fixture.index.index(THREE));
            }

            server.release();
            ends.forEach(CompletableFuture::join);

            assertThat(server.received())
                    .extracting(request -> request.ids().size())
                    .containsExactlyInAnyOrder(3, 3, 24);
            assertThat(fixture.ledger.total(Entry.INDEXED)).isEqualTo(30);
        }
    }

    private IndexFixture ofThreeARequest() throws IOException {
        final int bytes = THREE.stream().mapToInt(IndexDocument::wireBytes).sum();
        return new IndexFixture(
                server.uri(),
                STREAM,
                new BulkDelivery.Options(2, bytes, 0, IndexFixture.OPTIONS.backoff()));
    }

    @Test
    void shouldFailACallerThatIsInterruptedWhileItWaits() throws Exception {
        server.hold();
        try (IndexFixture fixture = ofThreeARequest()) {
            fixture.index.index(THREE);
            fixture.index.index(THREE);
            fixture.index.index(THREE);
            final CompletableFuture<CompletableFuture<Void>> third = new CompletableFuture<>();
            final Thread caller =
                    new Thread(() -> third.complete(fixture.index.index(THREE)), "caller");
            caller.start();
            await().until(() -> caller.getState() == Thread.State.WAITING);

            caller.interrupt();

            assertThatThrownBy(() -> third.join().join())
                    .hasMessageContaining("interrupted while waiting to send to " + STREAM);
            caller.join();
        }
    }

    @Test
    void shouldFailTheWaitingCallerWhenItIsClosed() throws Exception {
        server.hold();
        try (IndexFixture fixture = ofThreeARequest()) {
            final CompletableFuture<Void> first = fixture.index.index(THREE);
            fixture.index.index(THREE);
            final CompletableFuture<Void> gathered = fixture.index.index(THREE);
            final CompletableFuture<CompletableFuture<Void>> third = new CompletableFuture<>();
            final Thread caller =
                    new Thread(() -> third.complete(fixture.index.index(THREE)), "caller");
            caller.start();
            await().until(() -> caller.getState() == Thread.State.WAITING);

            fixture.index.close();

            assertThatThrownBy(() -> third.join().join())
                    .hasMessageContaining("was stopped before every document had its end");
            assertThatThrownBy(first::join).hasMessageContaining("was stopped");
            assertThatThrownBy(gathered::join).hasMessageContaining("was stopped");
            caller.join();
        }
    }

    @Test
    void shouldCancelTheLookUpThatIsUnderWayAtAStop() throws IOException {
        final InetAddress here = InetAddress.getLoopbackAddress();
        try (ServerSocket silent = new ServerSocket(0, 1, here);
                IndexFixture fixture =
                        new IndexFixture(
                                URI.create("http://127.0.0.1:" + silent.getLocalPort()), STREAM)) {
            final CompletableFuture<Void> end = fixture.index.index(THREE);
            try (Socket lookUp = silent.accept()) {
                assertThat(lookUp.getInputStream().read()).isEqualTo('G');

                fixture.index.close();

                assertThat(end).isCompletedExceptionally();
                awaitEnd(lookUp);
            }
        }
    }

    private static void awaitEnd(final Socket connection) throws IOException {
        try {
            connection.getInputStream().readAllBytes();
        } catch (final SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    @Test
    void shouldReportAServerThatDoesNotAnswerBeforeItsRequestsTimeOut() throws IOException {
        server.hold();
        try (IndexFixture fixture = new IndexFixture(server.uri(), STREAM)) {
            fixture.index.index(THREE);
            await().until(() -> !server.received().isEmpty());
            assertThat(fixture.index.trouble()).isEmpty();

            fixture.nanos.set(TimeUnit.SECONDS.toNanos(12));

            assertThat(fixture.index.trouble())
                    .contains(
                            "has not answered a request for 12 s; check that it runs and is not"
                                    + " overloaded");
        }
    }

    @Test
    void shouldNotWaitAtAStopForAServerThatDoesNotAnswer() throws IOException {
        server.hold();
        try (IndexFixture fixture = ofThreeARequest()) {
            final CompletableFuture<Void> sent = fixture.index.index(THREE);
            fixture.index.index(THREE);
            final CompletableFuture<Void> gathered = fixture.index.index(THREE);
            await().until(() -> server.received().size() == 2);

            fixture.index.drain();
            assertThat(sent).isNotDone();
            fixture.nanos.set(TimeUnit.SECONDS.toNanos(11));

            assertThat(fixture.index.awaitDrained(60, TimeUnit.SECONDS)).isTrue();
            for (final CompletableFuture<Void> end : List.of(sent, gathered)) {
                assertThatThrownBy(end::join)
                        .hasCauseInstanceOf(IndexStoppedException.class)
                        .hasMessageContaining("Elasticsearch has not answered a request for 11 s");
            }
            assertThat(fixture.ledger.total(Entry.RETURNED)).isEqualTo(9);
        }
    }

    @Test
    void shouldNotBlameTheServerForARequestThatTheStopCancelled() throws Exception {
        server.hold();
        final Logger logger = (Logger) LoggerFactory.getLogger(BulkDelivery.class);
        final ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.setLevel(Level.WARN);
        logger.addAppender(lines);
        try (IndexFixture fixture = new IndexFixture(server.uri(), STREAM)) {
            final CompletableFuture<Void> end = fixture.index.index(THREE);
            await().until(() -> !server.received().isEmpty());

            fixture.index.close();

            assertThatThrownBy(end::join)
                    .hasMessageEndingWith(
                            "indexing into "
                                    + STREAM
                                    + " was stopped before every document had its end:"
                                    + " Elasticsearch had not answered yet");
            fixture.awaitScheduled();
            assertThat(fixture.index.trouble()).contains("had not answered yet");
        } finally {
            logger.detachAppender(lines);
            logger.setLevel(null);
        }
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "3 documents for "
                                + STREAM
                                + " were not stored before the stop: Elasticsearch had not answered"
                                + " yet; sources that can read again bring them at the next start");
    }

    @Test
    void shouldGiveUpAfterTheTimeForRetries() throws IOException {
        try (IndexFixture fixture =
                new IndexFixture(
                        nobodyListens(),
                        STREAM,
                        new BulkDelivery.Options(
                                1, 10_000, 5_000, IndexFixture.OPTIONS.backoff()))) {
            final CompletableFuture<Void> end = fixture.index.index(THREE);
            await().until(() -> fixture.retried("index_connection") > 2);
            assertThat(end).isNotDone();

            fixture.nanos.set(TimeUnit.SECONDS.toNanos(5));

            assertThatThrownBy(end::join)
                    .isInstanceOf(CompletionException.class)
                    .hasMessageContaining("gave up")
                    .hasMessageContaining("retryFor=5000 ms")
                    .hasMessageContaining("cannot be reached (ConnectException");
        }
    }

    @Test
    void shouldSayThatTheNameOfAHostDoesNotResolve() throws IOException {
        try (RestClient client = ElasticConnection.to(URI.create("http://nobody.invalid")).open()) {
            assertThatThrownBy(() -> client.performRequest(new Request("GET", "/")))
                    .isInstanceOfSatisfying(
                            IOException.class,
                            e ->
                                    assertThat(ElasticConnection.explain(e))
                                            .contains("the name of its host does not resolve")
                                            .contains("nobody.invalid")
                                            .contains("check urls")
                                            .doesNotContain("TLS"));
        }
    }

    @Test
    void shouldCountTheDocumentsThatItReturns() throws IOException {
        try (IndexFixture fixture = new IndexFixture(nobodyListens(), STREAM)) {
            final CompletableFuture<Void> end = fixture.index.index(THREE);
            await().until(() -> fixture.retried("index_connection") > 0);

            fixture.index.close();

            assertThatThrownBy(end::join).isInstanceOf(CompletionException.class);
            await().untilAsserted(
                            () ->
                                    assertThat(fixture.ledger.total(Entry.RETURNED))
                                            .isEqualTo(THREE.size()));
        }
    }

    @Test
    void shouldReturnOnlyTheDocumentsThatHaveNoEndYet() throws IOException {
        server.thenItems(
                "\"status\":201",
                "\"status\":429,\"error\":{\"type\":\"busy\",\"reason\":\"later\"}",
                "\"status\":400,\"error\":{\"type\":\"parse_exception\",\"reason\":\"no date\"}");
        final Backoff longest = new Backoff(600_000, 600_000, () -> 1.0);
        try (IndexFixture fixture =
                new IndexFixture(
                        server.uri(), STREAM, new BulkDelivery.Options(1, 10_000, 0, longest))) {
            final CompletableFuture<Void> end = fixture.index.index(THREE);
            await().until(() -> fixture.retried("index_429") > 0);

            fixture.index.close();

            assertThatThrownBy(end::join).isInstanceOf(CompletionException.class);
            await().untilAsserted(
                            () -> assertThat(fixture.ledger.total(Entry.RETURNED)).isEqualTo(1));
            assertThat(fixture.ledger.total(Entry.INDEXED)).isEqualTo(1);
        }
    }

    @Test
    void shouldEndRetriesWhenItIsDrained() throws IOException {
        try (IndexFixture fixture = new IndexFixture(nobodyListens(), STREAM)) {
            final CompletableFuture<Void> end = fixture.index.index(THREE);
            await().until(() -> fixture.retried("index_connection") > 0);

            fixture.index.drain();

            assertThatThrownBy(end::join)
                    .hasMessageContaining("was stopped")
                    .hasMessageContaining("cannot be reached");
        }
    }

    @Test
    void shouldLetARequestUnderWayEndWhenItIsDrained() throws IOException {
        server.hold();
        try (IndexFixture fixture = new IndexFixture(server.uri(), STREAM)) {
            final CompletableFuture<Void> end = fixture.index.index(THREE);
            await().until(() -> server.received().size() == 1);

            fixture.index.drain();
            server.release();

            end.join();
            assertThat(fixture.ledger.total(Entry.INDEXED)).isEqualTo(3);
        }
    }

    private static URI nobodyListens() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
    }
}
