/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.camel.elastic.BulkItem.Outcome;
import io.serveflow.ledger.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.http.entity.ContentType;
import org.apache.http.nio.entity.NByteArrayEntity;
import org.elasticsearch.client.Cancellable;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.Response;
import org.elasticsearch.client.ResponseListener;
import org.elasticsearch.client.RestClient;

/**
 * Bulk requests that create documents in one data stream: bodies are put together from documents
 * that are bytes already, and of an answer only what tells the items apart is asked for and read.
 *
 * <p>Source: Elasticsearch's <a
 * href="https://www.elastic.co/guide/en/elasticsearch/reference/8.19/docs-bulk.html">bulk API</a>,
 * the same in 8 and 9. Safe for use by many threads.
 */
final class BulkApi {

    private static final int CREATED = 201;
    private static final ObjectMapper JSON = new JsonMapper();
    private static final byte[] CREATE = ascii("{\"create\":{");
    private static final byte[] ID = ascii("\"_id\":\"");
    private static final byte[] NOTHING = {};
    private static final byte[] DOCUMENT = ascii("\"}}\n");
    private static final String FILTER = "items.*.status,items.*.error,items.*.failure_store";
    private static final ContentType NDJSON = ContentType.create("application/x-ndjson");

    private final RestClient client;
    private final Destination to;
    private final String path;

    /** The index of each document; empty if all go into the data stream. */
    private final Optional<Function<IndexDocument, String>> indices;

    /**
     * @param client stays open; its owner closes it
     */
    BulkApi(final RestClient client, final String dataStream) {
        this(client, Destination.dataStream(dataStream), path(dataStream), Optional.empty());
    }

    /**
     * Documents go into plain indices, which are made with the first one.
     *
     * @param client stays open; its owner closes it
     * @param to how messages speak of them
     * @param indices the index of a document, plain ASCII
     */
    BulkApi(
            final RestClient client,
            final Destination to,
            final Function<IndexDocument, String> indices) {
        this(client, to, "/_bulk", Optional.of(indices));
    }

    private BulkApi(
            final RestClient client,
            final Destination to,
            final String path,
            final Optional<Function<IndexDocument, String>> indices) {
        this.client = Objects.requireNonNull(client, "client");
        this.to = to;
        this.path = path;
        this.indices = indices;
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String path(final String dataStream) {
        try {
            return new URI(null, null, "/" + dataStream + "/_bulk", null).toASCIIString();
        } catch (final URISyntaxException e) {
            throw new IllegalArgumentException(dataStream + " is no name of a data stream", e);
        }
    }

    /**
     * Sends documents in one request.
     *
     * @return an item a document, in their order; if it fails, with what {@link ElasticFailure#of}
     *     knows. Cancelling it cancels the request.
     */
    CompletableFuture<List<BulkItem>> create(final List<IndexDocument> documents) {
        final Request request = new Request("POST", path);
        if (indices.isEmpty()) {
            // Without its template, a data stream's name would become that of a plain index.
            request.addParameter("require_data_stream", "true");
        }
        request.addParameter("filter_path", FILTER);
        request.setEntity(body(documents));
        final CompletableFuture<List<BulkItem>> items = new CompletableFuture<>();
        final Cancellable sent =
                client.performRequestAsync(
                        request,
                        new ResponseListener() {
                            @Override
                            public void onSuccess(final Response response) {
                                try {
                                    items.complete(read(response, documents.size()));
                                } catch (final RuntimeException e) {
                                    items.completeExceptionally(e);
                                }
                            }

                            @Override
                            public void onFailure(final Exception e) {
                                items.completeExceptionally(e);
                            }
                        });
        items.whenComplete(
                (done, error) -> {
                    if (items.isCancelled()) {
                        sent.cancel();
                    }
                });
        return items;
    }

    private NByteArrayEntity body(final List<IndexDocument> documents) {
        int most = 0;
        for (final IndexDocument document : documents) {
            most += document.wireBytes() + indexField(document).length;
        }
        final byte[] bytes = new byte[most];
        int at = 0;
        for (final IndexDocument document : documents) {
            at = put(CREATE, bytes, at);
            at = put(indexField(document), bytes, at);
            at = put(ID, bytes, at);
            final String id = document.id();
            for (int i = 0; i < id.length(); i++) {
                bytes[at++] = (byte) id.charAt(i);
            }
            at = put(DOCUMENT, bytes, at);
            at = put(document.json(), bytes, at);
            bytes[at++] = '\n';
        }
        return new NByteArrayEntity(bytes, 0, at, NDJSON);
    }

    private byte[] indexField(final IndexDocument document) {
        return indices.map(of -> ascii("\"_index\":\"" + of.apply(document) + "\","))
                .orElse(NOTHING);
    }

    private static int put(final byte[] from, final byte[] to, final int at) {
        System.arraycopy(from, 0, to, at, from.length);
        return at + from.length;
    }

    /**
     * The items of an answer.
     *
     * @throws IllegalStateException if it is no answer of the bulk API
     */
    private List<BulkItem> read(final Response response, final int expected) {
        try (InputStream content = response.getEntity().getContent();
                JsonParser json = JSON.getFactory().createParser(content)) {
            final List<BulkItem> items = new ArrayList<>(expected);
            require(json.nextToken() == JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                final boolean isItems = json.currentName().equals("items");
                json.nextToken();
                if (isItems) {
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        items.add(item(json));
                    }
                } else {
                    json.skipChildren();
                }
            }
            require(!items.isEmpty());
            return items;
        } catch (final IOException e) {
            // Not thrown as it is, for the connection did not break off.
            throw new IllegalStateException("the answer is no JSON: " + e.getMessage(), e);
        }
    }

    private BulkItem item(final JsonParser json) throws IOException {
        require(json.currentToken() == JsonToken.START_OBJECT);
        require(json.nextToken() == JsonToken.FIELD_NAME); // create
        require(json.nextToken() == JsonToken.START_OBJECT);
        int status = 0;
        boolean diverted = false;
        ServerError error = ServerError.NONE;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            final String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "status" -> status = json.getIntValue();
                case "failure_store" -> diverted = json.getText().equals("used");
                case "error" -> error = ServerError.of(JSON.readTree(json));
                default -> json.skipChildren();
            }
        }
        require(json.nextToken() == JsonToken.END_OBJECT);
        if (diverted) {
            return BulkItem.rejected(
                    Reason.INDEX_FAILURE_STORE.code(), "diverted to the failure store");
        }
        if (status == CREATED) {
            return BulkItem.CREATED;
        }
        return isDuplicate(status, error) ? BulkItem.DUPLICATE : refused(status, error);
    }

    /** Whether a document of this id was there already. */
    private static boolean isDuplicate(final int status, final ServerError error) {
        return status == 409
                && (error.type().isEmpty() || error.type().startsWith("version_conflict"));
    }

    private BulkItem refused(final int status, final ServerError error) {
        final Refusal refusal = Refusal.of(status, error, to);
        return new BulkItem(
                switch (refusal.cure()) {
                    case SERVER -> Outcome.HELD;
                    case TEMPLATE -> Outcome.UNPREPARED;
                    case DOCUMENT -> Outcome.REJECTED;
                    case UNKNOWN -> Outcome.UNKNOWN;
                },
                Reason.ofIndex(status),
                refusal.message(),
                error.text().isEmpty() ? "no error given" : error.text(),
                status >= 500);
    }

    private static void require(final boolean asExpected) {
        if (!asExpected) {
            throw new IllegalStateException("the answer has no items");
        }
    }
}
