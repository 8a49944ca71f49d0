/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.elasticsearch.client.RestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link DailyIndices} makes of a server that does not take its template, or a document. */
class DailyIndicesTest {

    private static final String NAME = "malcolm_beats_serveflow";

    private final ScriptedServer server;
    private RestClient client;

    DailyIndicesTest() throws IOException {
        server = new ScriptedServer();
    }

    @BeforeEach
    void connect() throws IOException {
        client = ElasticConnection.to(server.uri()).open();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void shouldSayWhichRightATemplateNeedsAndBlameNoDocument() {
        server.putting(403, error("security_exception", "no permissions for [x]"));

        final RequestFailure failure = failure(server.uri());

        assertThat(failure.remedy()).isEqualTo(RequestFailure.Remedy.RETRY);
        assertThat(failure.reason()).isEqualTo("index_template");
        assertThat(failure.message())
                .startsWith(
                        "lacks the template of malcolm_beats_serveflow-* (OpenSearch answered 403")
                .contains("security_exception: no permissions for [x]")
                .contains("the cluster permission cluster_manage_index_templates")
                .doesNotContain("create_doc");
        assertThat(failure.unsure()).isFalse();
        assertThat(server.received()).isEmpty();
    }

    @Test
    void shouldHoldDocumentsWhereTheTemplateIsOfAnotherServer() {
        server.putting(400, error("mapper_parsing_exception", "No handler for [flat_object]"));

        final RequestFailure failure = failure(server.uri());

        assertThat(failure.remedy()).isEqualTo(RequestFailure.Remedy.RETRY);
        assertThat(failure.message()).contains("with flattened instead of flat_object");
    }

    @Test
    void shouldSendTheSameAgainWhereTheServerCannotBeReachedForItsTemplate() {
        final URI gone = server.uri();
        server.close();

        final RequestFailure failure = failure(gone);

        assertThat(failure.remedy()).isEqualTo(RequestFailure.Remedy.RETRY);
        assertThat(failure.reason()).isEqualTo("index_connection");
    }

    @Test
    void shouldSayWhichRightsDocumentsNeed() throws Exception {
        server.thenItems(
                "\"status\":403,\"error\":{\"type\":\"security_exception\",\"reason\":\"no\"}");

        final List<BulkItem> items =
                indices(client, Optional.empty())
                        .create(List.of(document(0)))
                        .get(10, TimeUnit.SECONDS);

        assertThat(items)
                .singleElement()
                .satisfies(
                        item ->
                                assertThat(item.message())
                                        .contains(
                                                "create documents in malcolm_beats_serveflow-*;"
                                                        + " grant create_index and index on it"));
    }

    @Test
    void shouldLookForTheTemplateBeforeEachNewIndex() throws Exception {
        server.putting(200, "{}");
        final DailyIndices indices =
                indices(client, Optional.of(new TemplateInstaller(client, IndexProfile.MALCOLM)));
        server.thenItems("\"status\":201");
        indices.create(List.of(document(0))).get(10, TimeUnit.SECONDS);

        server.putting(403, error("security_exception", "no"));
        server.thenItems("\"status\":201");

        assertThat(indices.create(List.of(document(1)))).succeedsWithin(10, TimeUnit.SECONDS);
        assertThat(indices.create(List.of(document(TimeUnit.DAYS.toMillis(1)))))
                .isCompletedExceptionally();
    }

    @Test
    void shouldNotHoldUpItsCallerWhileItWaitsForTheTemplate() {
        server.putting(200, "{}");
        server.thenItems("\"status\":201");
        final List<Runnable> later = new ArrayList<>();
        final DailyIndices indices = malcolm(later::add);

        final CompletableFuture<List<BulkItem>> items = indices.create(List.of(document(0)));

        assertThat(items).isNotDone();
        assertThat(server.received()).isEmpty();

        later.forEach(Runnable::run);

        assertThat(items).succeedsWithin(10, TimeUnit.SECONDS);
    }

    @Test
    void shouldSendNothingThatWasCancelledWhileItWaitedForTheTemplate() {
        final List<Runnable> later = new ArrayList<>();
        final CompletableFuture<List<BulkItem>> items =
                malcolm(later::add).create(List.of(document(0)));

        items.cancel(false);
        later.forEach(Runnable::run);

        assertThat(server.received()).isEmpty();
    }

    private DailyIndices malcolm(final Executor waiting) {
        return new DailyIndices(
                client,
                NAME,
                Optional.of(new TemplateInstaller(client, IndexProfile.MALCOLM)),
                waiting);
    }

    private static RequestFailure failure(final URI server) {
        try (RestClient client = ElasticConnection.to(server).open()) {
            final DailyIndices indices =
                    indices(
                            client,
                            Optional.of(new TemplateInstaller(client, IndexProfile.MALCOLM)));
            return indices.failure(
                    catchThrowable(() -> indices.create(List.of(document(0))).join()));
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }

    private static DailyIndices indices(
            final RestClient client, final Optional<TemplateInstaller> templates) {
        return new DailyIndices(client, NAME, templates, Runnable::run);
    }

    private static IndexDocument document(final long startMillis) {
        return new IndexDocument("a", "{}".getBytes(StandardCharsets.UTF_8), startMillis);
    }

    private static String error(final String type, final String reason) {
        return "{\"error\":{\"type\":\"%s\",\"reason\":\"%s\"},\"status\":400}"
                .formatted(type, reason);
    }
}
