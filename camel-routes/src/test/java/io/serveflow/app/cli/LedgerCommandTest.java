/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import io.serveflow.app.fixture.RunSettings;
import io.serveflow.app.run.RouteApplication;
import io.serveflow.ledger.Ledger.Entry;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code serveflow ledger}, beside a real run. */
@Timeout(120)
@ExtendWith(OwnElasticsearch.class)
class LedgerCommandTest {

    private static final Duration LONGEST = Duration.ofMinutes(1);

    private static LocalElasticsearch elasticsearch;

    @TempDir private Path work;

    private final StringWriter printed = new StringWriter();
    private final StringWriter said = new StringWriter();
    private Properties settings;
    private String url;

    @BeforeAll
    static void use(final LocalElasticsearch server) {
        elasticsearch = server;
    }

    @BeforeEach
    void settle() throws IOException {
        final int port = freePort();
        url = "http://127.0.0.1:" + port;
        settings = RunSettings.ofFiles(elasticsearch, "logs-serveflow-ledger", work);
        settings.setProperty("serveflow.console.port", Integer.toString(port));
    }

    @Test
    void shouldShowTheAccountOfARunningInstance() throws Exception {
        try (RouteApplication application = running()) {
            assertThat(ledger("--url", url)).as(said.toString()).isZero();

            final long flows = application.ledger().total(Entry.FLOWS);
            assertThat(printed.toString())
                    .contains("data stream logs-serveflow-ledger")
                    .containsPattern("(?m)^flows +" + flows + "$")
                    .containsPattern(
                            "(?m)^indexed +" + application.ledger().total(Entry.INDEXED) + "$")
                    .containsPattern("(?m)^dropped +0$")
                    .containsPattern("(?m)^retried +0$")
                    .contains("flows service    " + flows + " begun, " + flows + " ended, 0 wait")
                    .containsPattern(
                            "(?m)^flows joined +\\d+ begun, \\d+ ended, \\d+ wait, 0 open$")
                    .containsPattern("(?m)^documents +\\d+ begun, \\d+ ended, 0 wait, 0 open$")
                    .endsWith("The account balances.\n");
        }
    }

    @Test
    void shouldGiveProgramsTheSameAsJson() throws Exception {
        try (RouteApplication application = running()) {
            assertThat(ledger("--json", "--url", url)).as(said.toString()).isZero();

            final JsonNode account = new JsonMapper().readTree(printed.toString());
            assertThat(account.at("/ledger/indexed/total").asLong())
                    .isEqualTo(application.ledger().total(Entry.INDEXED));
            assertThat(account.at("/account/0/what").asText()).isEqualTo("flows service");
            assertThat(account.at("/account/0/open").asLong()).isZero();
            assertThat(account.get("balances").asText()).isEqualTo("yes");
        }
    }

    @Test
    void shouldFindTheConsoleByTheSettingsOfTheInstance() throws Exception {
        final Path file = work.resolve("serveflow.properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            settings.store(out, null);
        }
        try (RouteApplication application = running()) {
            assertThat(ledger("--config", file.toString())).as(said.toString()).isZero();

            assertThat(printed.toString()).contains(" at " + url + "/,");
            assertThat(application.ledger().total(Entry.FLOWS)).isPositive();
        }
    }

    /** Whoever looks at the account may be shut out of what the service keeps. */
    @Test
    void shouldFindTheConsoleWhereAllElseOfTheSettingsIsClosed() throws Exception {
        settings.setProperty("serveflow.deadLetters", "/proc/serveflow/dead-letters.ndjson");
        settings.setProperty("serveflow.input", "/nowhere/at/all");
        settings.setProperty(
                "camel.component.serveflow-index.apiKey", "{{env:SERVEFLOW_KEY_OF_NOBODY}}");
        final Path file = work.resolve("serveflow.properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            settings.store(out, null);
        }

        assertThat(ledger("--config", file.toString())).isEqualTo(1);

        assertThat(said.toString()).startsWith("serveflow: no instance answers at " + url);
    }

    @Test
    void shouldNameTheSettingOfTheConsoleThatIsWrong() throws Exception {
        final Path file = work.resolve("serveflow.properties");
        Files.writeString(file, "serveflow.console.port=many\nserveflow.console.hst=x");

        assertThat(ledger("--config", file.toString())).isEqualTo(2);

        assertThat(said.toString())
                .contains("setting serveflow.console.port is 'many'")
                .contains("did you mean serveflow.console.host?");
    }

    @Test
    void shouldNameTheFilesThatVerdictsGoTo() throws Exception {
        try (Answering server =
                new Answering(
                        """
                        {"version":"0.1.0","time":"2026-01-01T00:00:00Z","sink":"file",
                         "index":"files","elasticsearch":"/nsm/serveflow","account":[],"ledger":{},
                         "pending":0,"held":{"documents":0,"seconds":0.0}}
                        """)) {
            assertThat(ledger("--url", server.url())).as(said.toString()).isZero();

            assertThat(printed.toString())
                    .contains(", files in /nsm/serveflow, ")
                    .contains("held for files")
                    .doesNotContain("Elasticsearch", "data stream");
        }
    }

    @Test
    void shouldShowWhatChangesWhileItFollowsAndGoOnAfterARestart() throws Exception {
        final Thread following =
                new Thread(() -> ledger("--follow", "--interval", "1", "--url", url));
        try (RouteApplication application = running()) {
            following.start();
            await().atMost(LONGEST).until(() -> shown().contains("The account balances."));

            deliver("dns.log");

            await().atMost(LONGEST).until(() -> application.isSettled(2));
            await().atMost(LONGEST)
                    .untilAsserted(
                            () ->
                                    assertThat(shown())
                                            .containsPattern(
                                                    "\\d\\d:\\d\\d:\\d\\d  .*flows \\+\\d+"));
        }

        await().atMost(LONGEST)
                .untilAsserted(
                        () ->
                                assertThat(said.toString())
                                        .contains("no instance answers at " + url)
                                        .endsWith("; it is asked on\n"));
        try (RouteApplication application = running()) {
            await().atMost(LONGEST)
                    .until(
                            () ->
                                    application.isSettled(1)
                                            && shown().contains("the instance was restarted"));
        } finally {
            following.interrupt();
        }
        following.join(LONGEST.toMillis());
        assertThat(following.isAlive()).isFalse();
    }

    @Test
    void shouldSayThatNoInstanceAnswers() {
        assertThat(ledger("--url", url)).isEqualTo(1);

        assertThat(said.toString())
                .isEqualTo(
                        "serveflow: no instance answers at "
                                + url
                                + "/; start ./serveflow run, or name its console, which is at"
                                + " serveflow.console.host and serveflow.console.port of its"
                                + " settings, with --url or its settings with --config\n");
        assertThat(printed.toString()).isEmpty();
    }

    @Test
    void shouldSayThatSomethingElseAnswers() throws Exception {
        try (Answering server = new Answering("{\"tagline\":\"You Know, for Search\"}")) {
            assertThat(ledger("--url", server.url())).isEqualTo(1);

            assertThat(said.toString())
                    .contains("api/status, with status 200, is no console of this version");
        }
    }

    /** An instance with routes of its own was said to have lost all that these bring elsewhere. */
    @Test
    void shouldNotAccuseRoutesOfTheOperator() throws Exception {
        final Path folder = Files.createDirectories(work.resolve("conf/camel"));
        Files.writeString(
                folder.resolve("verdicts.camel.yaml"),
                """
                - route:
                    id: verdicts
                    from:
                      uri: direct:verdicts
                      steps:
                        - to: direct:alerts
                """);
        Files.writeString(
                folder.resolve("alerts.camel.yaml"),
                """
                - route:
                    id: alerts
                    from:
                      uri: direct:alerts
                      steps:
                        - process:
                            ref: flowAlerts
                """);
        settings.setProperty("serveflow.alerts", "dns:high");
        try (RouteApplication application =
                new RouteApplication(Optional.of(folder.getParent()), settings)) {
            deliver("mixed.log");
            application.start();
            await().atMost(LONGEST).until(() -> application.inputsDone().count() > 0);

            assertThat(ledger("--url", url)).as(said.toString() + printed).isZero();
        }
        assertThat(printed.toString())
                .contains(
                        "flows are not accounted for: your verdicts.camel.yaml has no step"
                                + " verdictsStored\n")
                .endsWith("The account balances.\n");
    }

    @Test
    void shouldFailWhereSomethingHasNoEndAndStandsStill() throws Exception {
        try (Answering server =
                new Answering(
                        """
                        {"version":"0.1.0","time":"2026-01-01T00:00:00Z","index":"logs-x",
                         "account":[{"what":"flows x","begun":9,"ended":4,"waiting":2,"open":3,
                           "surplus":0}],
                         "ledger":{"flows":{"total":9,"by":{"":9}}},
                         "pending":2,"held":{"documents":0,"seconds":0.0}}
                        """)) {
            assertThat(ledger("--url", server.url())).isEqualTo(1);

            assertThat(printed.toString())
                    .contains("flows x          9 begun, 4 ended, 2 wait, 3 open\n")
                    .contains("The account does not balance: 3 have neither an end");
        }
    }

    @Test
    void shouldSayWhatMoreEndsThanBeginningsMayHide() throws Exception {
        try (Answering server =
                new Answering(
                        """
                        {"version":"0.1.0","time":"2026-01-01T00:00:00Z","index":"logs-x",
                         "account":[{"what":"flows x","begun":4,"ended":9,"waiting":0,"open":0,
                           "surplus":5}],
                         "ledger":{},"pending":0,"held":{"documents":7,"seconds":3.0}}
                        """)) {
            assertThat(ledger("--url", server.url())).isZero();

            assertThat(printed.toString())
                    .contains("; 5 more ends than beginnings, which may hide as many without one\n")
                    .contains("The account has 5 more ends than beginnings; nothing is open.\n")
                    .endsWith(
                            "The sink has taken nothing for 3 s; what is held is sent when it"
                                    + " does.\n");
        }
    }

    @Test
    void shouldRefuseAnAddressThatIsNone() {
        assertThat(ledger("--url", "sensor1:8088")).isEqualTo(2);

        assertThat(said.toString())
                .contains("option --url is 'sensor1:8088'; it must be like http://127.0.0.1:8088/");
    }

    @Test
    void shouldRefuseAPortThatNothingListensOn() {
        assertThat(ledger("--url", "http://127.0.0.1:0/")).isEqualTo(2);

        assertThat(said.toString())
                .contains(
                        "option --url is 'http://127.0.0.1:0/'; it must be like"
                                + " http://127.0.0.1:8088/");
    }

    /** An instance that has read a file to its end. */
    private RouteApplication running() throws Exception {
        final RouteApplication application = new RouteApplication(Optional.empty(), settings);
        try {
            deliver("mixed.log");
            application.start();
            await().atMost(LONGEST).until(() -> application.isSettled(1));
            return application;
        } catch (final Exception | Error e) {
            application.close();
            throw e;
        }
    }

    private void deliver(final String file) throws IOException {
        final Path copy =
                Files.copy(ProjectFiles.path("samples/records").resolve(file), work.resolve(file));
        Files.move(copy, work.resolve("in").resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }

    private int ledger(final String... options) {
        final String[] arguments = new String[options.length + 1];
        arguments[0] = "ledger";
        System.arraycopy(options, 0, arguments, 1, options.length);
        return Serveflow.execute(
                new PrintWriter(printed, true), new PrintWriter(said, true), arguments);
    }

    private String shown() {
        return printed.toString();
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    /** A server that gives the same answer to everything. */
    private static final class Answering implements AutoCloseable {

        private final HttpServer server;

        private Answering(final String json) throws IOException {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext(
                    "/",
                    exchange -> {
                        final byte[] body = json.getBytes(StandardCharsets.UTF_8);
                        exchange.sendResponseHeaders(200, body.length);
                        exchange.getResponseBody().write(body);
                        exchange.close();
                    });
            server.start();
        }

        private String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
