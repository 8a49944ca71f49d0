/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.apache.http.util.EntityUtils;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;

/** Asks a server, and reads what it answers as JSON. */
final class ServerAnswers {

    private static final ObjectMapper JSON = new JsonMapper();

    private final RestClient client;

    /**
     * @param client stays open
     */
    ServerAnswers(final RestClient client) {
        this.client = client;
    }

    /**
     * What it answers.
     *
     * @throws ResponseException if it refuses
     * @throws IOException if it is not reached, or answers with no JSON
     */
    JsonNode read(final Request request) throws IOException {
        return JSON.readTree(EntityUtils.toByteArray(client.performRequest(request).getEntity()));
    }

    /** The status of an answer that refuses something. */
    static int status(final ResponseException e) {
        return e.getResponse().getStatusLine().getStatusCode();
    }
}
