/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.app.terminal.PlainText;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;

/** Asks the console of a running instance for its numbers. */
public final class ConsoleClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String STATUS = "api/status";
    private static final int FOUND = 200;
    private static final int OTHER_HOST = 421;
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final URI console;

    /**
     * @param console where the page of the console is
     */
    public ConsoleClient(final URI console) {
        this.console = console.getPath().endsWith("/") ? console : URI.create(console + "/");
    }

    /** Where the page is. */
    public URI console() {
        return console;
    }

    /**
     * What {@link ConsoleStatus#json()} gives there.
     *
     * @throws IOException saying in a sentence why there is none
     */
    public JsonNode status() throws IOException, InterruptedException {
        final HttpResponse<String> answer;
        try {
            answer =
                    http.send(
                            HttpRequest.newBuilder(console.resolve(STATUS))
                                    .timeout(TIMEOUT)
                                    .build(),
                            BodyHandlers.ofString());
        } catch (final HttpTimeoutException e) {
            throw new IOException(
                    "no instance answers at " + console + " within " + seconds(TIMEOUT) + cure(),
                    e);
        } catch (final ConnectException e) {
            final boolean unknown = e.getCause() instanceof UnresolvedAddressException;
            throw new IOException(
                    unknown
                            ? "no instance answers at "
                                    + console
                                    + ": there is no host "
                                    + console.getHost()
                                    + cure()
                            : "no instance answers at " + console + cure(),
                    e);
        } catch (final IOException e) {
            throw new IOException(
                    "what listens at "
                            + console
                            + " does not answer as the console does ("
                            + PlainText.of(String.valueOf(e.getMessage()))
                            + ")"
                            + cure(),
                    e);
        }
        if (answer.statusCode() == OTHER_HOST) {
            throw new IOException(
                    "the instance at "
                            + console
                            + " does not answer to the name "
                            + console.getHost()
                            + "; set serveflow.console.allowedHosts there, or give its address with"
                            + " --url");
        }
        return ofConsole(answer);
    }

    private JsonNode ofConsole(final HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() == FOUND) {
            try {
                final JsonNode status = JSON.readTree(answer.body());
                if (status.path("ledger").isObject() && status.path("account").isArray()) {
                    return status;
                }
            } catch (final JsonProcessingException e) {
                // Said below, as for JSON of another kind.
            }
        }
        throw new IOException(
                "what answers at "
                        + console.resolve(STATUS)
                        + ", with status "
                        + answer.statusCode()
                        + ", is no console of this version"
                        + cure());
    }

    private static String seconds(final Duration time) {
        return time.toSeconds() + " s";
    }

    private static String cure() {
        return "; start ./serveflow run, or name its console, which is at serveflow.console.host"
                + " and serveflow.console.port of its settings, with --url or its settings with"
                + " --config";
    }
}
