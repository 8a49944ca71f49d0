/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.elastic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.app.install.InstallException;
import io.serveflow.app.install.Installation;
import io.serveflow.app.install.rest.AnsweringServer;
import io.serveflow.app.install.rest.AnsweringServer.Answer;
import io.serveflow.app.install.rest.AnsweringServer.Asked;
import io.serveflow.app.install.rest.Product;
import io.serveflow.app.install.rest.RestServer;
import io.serveflow.camel.elastic.ElasticResource;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyStepTest {

    private static final String NO_KEY = "{\"api_keys\":[]}";
    private static final String OTHER_RIGHTS =
            """
            {"api_keys":[{"id":"one","name":"serveflow","invalidated":false,"username":"ada",
             "metadata":{"managed_by":"serveflow"},
             "role_descriptors":{"serveflow_writer":{"cluster":["all"]}}}]}
            """;

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {403, 404})
    void shouldSayWhoMayChangeAKey(final int status) throws IOException {
        try (AnsweringServer server = answering(OTHER_RIGHTS, new Answer(status, "{}"))) {
            assertThatThrownBy(() -> install(server, printed()))
                    .hasMessageContaining("only ada may change what it may do; name that user");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 429, 500})
    void shouldSayWhatElseKeepsAKeyFromBeingChanged(final int status) throws IOException {
        try (AnsweringServer server =
                answering(OTHER_RIGHTS, new Answer(status, "{\"error\":\"of its own\"}"))) {
            assertThatThrownBy(() -> install(server, printed()))
                    .hasMessageContaining(Integer.toString(status))
                    .hasMessageContaining("of its own")
                    .hasMessageNotContaining("only ada");
        }
    }

    @Test
    void shouldRevokeAKeyThatNobodyGot() throws IOException {
        try (AnsweringServer server =
                answering(NO_KEY, Answer.ok("{\"id\":\"two\",\"encoded\":\"dHdvOng=\"}"))) {
            assertThatThrownBy(
                            () -> install(server, new KeyHandOver.Printed(new PrintWriter(full()))))
                    .isInstanceOf(InstallException.class)
                    .hasMessageContaining("could not be handed over")
                    .hasMessageEndingWith(", and was revoked");
            assertThat(server.asked())
                    .filteredOn(asked -> asked.call().startsWith("DELETE"))
                    .extracting(Asked::body)
                    .containsExactly("{\"ids\":[\"two\"]}");
        }
    }

    @Test
    void shouldSayWhichKeyIsToBeRevokedWhereThatFailsToo() throws IOException {
        try (AnsweringServer server =
                new AnsweringServer(
                        asked ->
                                asked.call().startsWith("GET")
                                        ? Answer.ok(NO_KEY)
                                        : asked.call().startsWith("POST")
                                                ? Answer.ok("{\"id\":\"two\"}")
                                                : Answer.ok(
                                                        "{\"error_count\":1,\"error_details\":[{"
                                                                + "\"reason\":\"no shard\"}]}"))) {
            assertThatThrownBy(
                            () -> install(server, new KeyHandOver.Printed(new PrintWriter(full()))))
                    .hasMessageContaining("could not be revoked either")
                    .hasMessageContaining("no shard")
                    .hasMessageEndingWith("DELETE /_security/api_key {\"ids\":[\"two\"]}");
        }
    }

    @Test
    void shouldSayThatAKeyMayHaveBeenMade() throws IOException {
        final Path file = folder.resolve("secrets.env");
        try (AnsweringServer server = answering(NO_KEY, Answer.none())) {
            assertThatThrownBy(() -> install(server, new KeyHandOver.KeyFile(file)))
                    .hasMessageContaining("it may have been made all the same")
                    .hasMessageContaining("--uninstall --key-name serveflow");
            assertThat(server.calls()).filteredOn(call -> call.startsWith("POST")).hasSize(1);
            assertThat(Files.exists(file)).isFalse();
        }
    }

    /** As an installation leaves it that is killed before it has the key. */
    @Test
    void shouldTakeAnEmptyFileAndLetNobodyElseReadIt() throws IOException {
        final Path file = Files.writeString(folder.resolve("secrets.env"), "");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        try (AnsweringServer server =
                answering(NO_KEY, Answer.ok("{\"id\":\"two\",\"encoded\":\"dHdvOng=\"}"))) {
            install(server, new KeyHandOver.KeyFile(file));
        }

        assertThat(file).hasContent("SERVEFLOW_KEY=dHdvOng=");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    private static AnsweringServer answering(final String keys, final Answer change)
            throws IOException {
        return new AnsweringServer(
                asked ->
                        asked.call().startsWith("GET")
                                ? Answer.ok(keys)
                                : asked.call().startsWith("DELETE") ? Answer.ok("{}") : change);
    }

    private static KeyHandOver printed() {
        return new KeyHandOver.Printed(new PrintWriter(new StringWriter()));
    }

    /** As a disk that is full. */
    private static Writer full() {
        return new Writer() {
            @Override
            public void write(final char[] text, final int from, final int length)
                    throws IOException {
                throw new IOException("No space left on device");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    private static void install(final AnsweringServer server, final KeyHandOver handOver)
            throws IOException {
        try (RestServer client = server.client(Product.ELASTICSEARCH)) {
            new Installation(
                            List.of(
                                    new ApiKeyStep(
                                            new ApiKeys(client),
                                            ElasticResource.role(),
                                            "serveflow",
                                            false,
                                            handOver,
                                            Optional.empty())),
                            false,
                            new PrintWriter(new StringWriter()))
                    .install();
        }
    }
}
