/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.index;

import co.elastic.clients.elasticsearch.ElasticsearchAsyncClient;
import co.elastic.clients.elasticsearch.core.BulkRequest;
import co.elastic.clients.elasticsearch.core.BulkResponse;
import co.elastic.clients.elasticsearch.core.bulk.BulkOperation;
import co.elastic.clients.json.jackson.JacksonJsonpMapper;
import co.elastic.clients.transport.rest_client.RestClientTransport;
import co.elastic.clients.util.BinaryData;
import co.elastic.clients.util.ContentType;
import io.serveflow.benchmark.index.MadeDocuments.Made;
import io.serveflow.camel.elastic.ElasticConnection;
import io.serveflow.camel.elastic.TemplateInstaller;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.elasticsearch.client.RestClient;

/** Bulk requests of documents by the client of elasticsearch-java, some at a time. */
final class BulkClient implements AutoCloseable {

    private final RestClient connection;
    private final ElasticsearchAsyncClient client;
    private final String dataStream;
    private final BulkForm form;

    BulkClient(final URI server, final String dataStream, final BulkForm form) throws IOException {
        this.connection = ElasticConnection.to(server).open();
        new TemplateInstaller(connection).install(false);
        this.client =
                new ElasticsearchAsyncClient(
                        new RestClientTransport(connection, new JacksonJsonpMapper()));
        this.dataStream = dataStream;
        this.form = form;
    }

    /** Creates all documents and returns when the server has acknowledged them. */
    void index(final List<Made> documents) throws InterruptedException {
        final Semaphore permits = new Semaphore(form.inFlight());
        final List<CompletableFuture<Void>> answers = new ArrayList<>();
        List<BulkOperation> operations = new ArrayList<>();
        int bytes = 0;
        for (final Made document : documents) {
            final BinaryData json = BinaryData.of(document.json(), ContentType.APPLICATION_JSON);
            operations.add(
                    BulkOperation.of(b -> b.create(c -> c.id(document.id()).document(json))));
            bytes += document.json().length;
            if (bytes >= form.bytes()) {
                answers.add(send(operations, permits));
                operations = new ArrayList<>();
                bytes = 0;
            }
        }
        if (!operations.isEmpty()) {
            answers.add(send(operations, permits));
        }
        answers.forEach(CompletableFuture::join);
    }

    private CompletableFuture<Void> send(
            final List<BulkOperation> operations, final Semaphore permits)
            throws InterruptedException {
        permits.acquire();
        return client.bulk(
                        BulkRequest.of(
                                b ->
                                        b.index(dataStream)
                                                .requireDataStream(true)
                                                .operations(operations)))
                .thenAccept(BulkClient::requireNoErrors)
                .whenComplete((nothing, error) -> permits.release());
    }

    private static void requireNoErrors(final BulkResponse response) {
        if (response.errors()) {
            throw new IllegalStateException("Elasticsearch refused documents");
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
