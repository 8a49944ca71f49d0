/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serveflow.app.fixture.RunSettings;
import io.serveflow.app.fixture.ServeflowProcess;
import io.serveflow.app.fixture.StoredDocuments;
import io.serveflow.camel.elastic.ElasticConnection;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code run} at the boot of a machine, whose network and name server come later, with templates
 * that somebody else has installed.
 */
@Timeout(120)
@ExtendWith(OwnElasticsearch.class)
class LateElasticsearchTest {

    private static final String INDEX = "logs-serveflow-late";
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private static LocalElasticsearch elasticsearch;

    @TempDir private Path work;

    @BeforeAll
    static void use(final LocalElasticsearch server) throws Exception {
        elasticsearch = server;
        new ElasticsearchSetup(ElasticConnection.to(server.uri()), INDEX)
                .installTemplates(millis -> true);
    }

    @Test
    void shouldRunWhereTheHostOfElasticsearchDoesNotResolveYet() throws Exception {
        final Properties settings = settings("http://nobody.invalid:9200");
        final Process process = ServeflowProcess.run(work, settings);
        final Path said = work.resolve("process.log");
        try {
            await().atMost(LONGEST)
                    .until(
                            () ->
                                    !process.isAlive()
                                            || Files.readString(said).contains("is running"));
        } finally {
            process.destroy();
        }

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(Files.readAllLines(said))
                .filteredOn(line -> line.contains("does not resolve"))
                .singleElement()
                .asString()
                .contains(" WARN ", "http://nobody.invalid:9200", "the routes start all the same");
    }

    @Test
    void shouldStoreAllOnceAServerThatResetsConnectionsAnswers() throws Exception {
        try (ResettingServer server = new ResettingServer(elasticsearch.uri());
                RouteApplication application =
                        new RouteApplication(Optional.empty(), settings(server.uri().toString()))) {
            Files.copy(ProjectFiles.records("dns"), work.resolve("in/dns.log"));
            application.start();
            await().atMost(LONGEST)
                    .until(() -> health(application).getState() == HealthCheck.State.DOWN);
            assertThat(health(application).getMessage())
                    .get()
                    .asString()
                    .contains("ended the connection in the middle of a request");

            server.answer();

            await().atMost(LONGEST).until(() -> application.isSettled(1));
            assertThat(StoredDocuments.count(elasticsearch, INDEX, "serveflow.final:true"))
                    .isPositive();
            assertThat(health(application).getState()).isEqualTo(HealthCheck.State.UP);
        }
    }

    private Properties settings(final String url) throws IOException {
        final Properties settings = RunSettings.ofFiles(elasticsearch, INDEX, work);
        settings.setProperty("serveflow.profile", "elastic");
        settings.setProperty("serveflow.elasticsearch.urls", url);
        settings.setProperty("camel.component.serveflow-index.backoffMax", "500");
        return settings;
    }

    private static HealthCheck.Result health(final RouteApplication application) {
        return HealthCheckHelper.invoke(application.context(), "full").stream()
                .filter(result -> result.getCheck().getId().endsWith(INDEX))
                .findFirst()
                .orElseThrow();
    }

    /** Resets every connection until it answers, by what the server behind it says. */
    private static final class ResettingServer implements Closeable {

        private final URI behind;
        private final ServerSocket socket =
                new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final ExecutorService executor = Executors.newCachedThreadPool();
        private volatile boolean answers;

        ResettingServer(final URI behind) throws IOException {
            this.behind = behind;
            executor.execute(this::accept);
        }

        URI uri() {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }

        void answer() {
            answers = true;
        }

        private void accept() {
            while (!socket.isClosed()) {
                try {
                    final Socket client = socket.accept();
                    if (answers) {
                        final Socket server = new Socket(behind.getHost(), behind.getPort());
                        executor.execute(() -> pass(client, server));
                        executor.execute(() -> pass(server, client));
                    } else {
                        client.setSoLinger(true, 0);
                        client.close();
                    }
                } catch (final IOException e) {
                    // The next client may fare better, if it was not closed.
                }
            }
        }

        private static void pass(final Socket from, final Socket to) {
            try (from;
                    to) {
                final InputStream in = from.getInputStream();
                final OutputStream out = to.getOutputStream();
                in.transferTo(out);
            } catch (final IOException e) {
                // Either side has gone, and takes the other with it.
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
            executor.shutdownNow();
        }
    }
}
