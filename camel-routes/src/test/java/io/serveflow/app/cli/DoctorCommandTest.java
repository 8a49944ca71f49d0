/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.serveflow.app.fixture.ChangedBundle;
import io.serveflow.app.fixture.RunSettings;
import io.serveflow.app.install.rest.AnsweringServer;
import io.serveflow.app.install.rest.AnsweringServer.Answer;
import io.serveflow.app.run.RouteApplication;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code serveflow doctor}, with a real Elasticsearch. */
@Timeout(120)
@ExtendWith(OwnElasticsearch.class)
class DoctorCommandTest {

    private static LocalElasticsearch elasticsearch;

    @TempDir private Path work;

    private final StringWriter printed = new StringWriter();
    private final StringWriter said = new StringWriter();
    private Properties settings;
    private Path log;

    @BeforeAll
    static void use(final LocalElasticsearch server) {
        elasticsearch = server;
    }

    @BeforeEach
    void settle() throws IOException {
        log = Files.writeString(work.resolve("serveflow.log"), "");
        settings = RunSettings.ofTail(elasticsearch, "logs-serveflow-doctor", work, log);
    }

    @Test
    void shouldFindNothingWrongWhereAllIsRight() throws IOException {
        assertThat(examine()).as(said.toString()).isZero();

        assertThat(printed.toString())
                .contains("ok       settings")
                .contains("ok       onnxruntime    ONNX Runtime 1.")
                .containsPattern("ok       bundle         serveflow-service \\S+ at .*agree")
                .containsPattern("ok       log            .*serveflow.log was written")
                .containsPattern(
                        "ok       elasticsearch  http://127.0.0.1:\\d+ is Elasticsearch [89]\\.")
                .containsPattern("skipped  rights         this Elasticsearch asks nobody")
                .contains("ok       clock")
                .doesNotContain("FAILED");
    }

    @Test
    void shouldFailWhereElasticsearchIsNotThere() throws IOException {
        settings.setProperty("serveflow.elasticsearch.urls", "http://127.0.0.1:1");

        assertThat(examine()).isEqualTo(1);

        assertThat(printed.toString())
                .containsPattern("FAILED   elasticsearch  http://127.0.0.1:1 ")
                .contains("until then, run waits and reads nothing");
    }

    @Test
    void shouldSayThatRunHoldsVerdictsMeanwhileWhereItInstallsNoTemplates() throws IOException {
        settings.setProperty("serveflow.elasticsearch.urls", "http://127.0.0.1:1");
        settings.setProperty("serveflow.elasticsearch.templates", "false");

        assertThat(examine()).isEqualTo(1);

        assertThat(printed.toString())
                .contains("-> until then, run reads, and holds the verdicts")
                .doesNotContain("reads nothing");
    }

    @Test
    void shouldSayThatRunEndsWhereTheServerIsNotTrusted() throws IOException {
        settings.setProperty(
                "serveflow.elasticsearch.urls",
                "https://127.0.0.1:" + elasticsearch.uri().getPort());
        settings.setProperty("serveflow.elasticsearch.templates", "false");

        assertThat(examine()).isEqualTo(1);

        assertThat(printed.toString())
                .contains("answers without TLS")
                .contains("-> until then, run ends at its start");
    }

    @Test
    void shouldFailWhereSomethingElseAnswers() throws IOException {
        final HttpServer other =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext(
                "/",
                exchange -> {
                    exchange.getResponseHeaders().add("Content-Type", "application/json");
                    exchange.sendResponseHeaders(200, 2);
                    exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
                    exchange.close();
                });
        other.start();
        try {
            settings.setProperty(
                    "serveflow.elasticsearch.urls",
                    "http://127.0.0.1:" + other.getAddress().getPort());

            assertThat(examine()).isEqualTo(1);
        } finally {
            other.stop(0);
        }

        assertThat(printed.toString()).contains("answers, and not as Elasticsearch does");
    }

    @Test
    void shouldFailWhereABundleIsDamaged() throws IOException {
        final Path bundle = ChangedBundle.in(Files.createDirectory(work.resolve("bundle")));
        Files.writeString(bundle.resolve("slow.onnx"), "damaged");
        settings.setProperty("serveflow.bundle", bundle.toString());

        assertThat(examine()).isEqualTo(1);

        assertThat(printed.toString()).containsPattern("FAILED   bundle         .*slow.onnx");
    }

    @Test
    void shouldWarnOfALogThatIsNotWrittenAnyMore() throws IOException {
        Files.setLastModifiedTime(log, FileTime.from(Instant.now().minusSeconds(7200)));

        assertThat(examine()).isZero();

        assertThat(printed.toString())
                .containsPattern("warning  log            .*serveflow.log was written 2 h ago")
                .contains("-> look whether the sensor runs");
    }

    @Test
    void shouldFailWhereALogIsNotThere() throws IOException {
        Files.delete(log);

        assertThat(examine()).isEqualTo(1);

        assertThat(printed.toString())
                .containsPattern("FAILED   log            there is no .*serveflow.log")
                .contains("-> check serveflow.tail.path");
    }

    @Test
    void shouldWarnOfAPatternThatNoRotatedLogHas() throws IOException {
        settings.setProperty("serveflow.tail.rotated", work + "/*/serveflow.*.log.gz");

        assertThat(examine()).isZero();

        assertThat(printed.toString())
                .containsPattern("warning  rotated logs   no file has a name like .*log.gz");
    }

    @Test
    void shouldCountTheLogsThatAPatternNames() throws IOException {
        Files.createFile(Files.createDirectory(work.resolve("a")).resolve("serveflow.1.log.gz"));
        settings.setProperty("serveflow.tail.rotated", work + "/*/serveflow.*.log.gz");

        assertThat(examine()).isZero();

        assertThat(printed.toString()).contains("ok       rotated logs   1 files have a name");
    }

    @Test
    void shouldFailWhereThePositionFileIsDamaged() throws IOException {
        final Path positions = Files.writeString(work.resolve("tail.position"), "garbage");

        assertThat(examine()).isEqualTo(1);

        assertThat(printed.toString())
                .containsPattern("FAILED   positions      the position file " + positions + " is")
                .contains("delete it to begin again")
                .contains("-> until then, run ends at its start");
        assertThat(positions).hasContent("garbage");
    }

    @Test
    void shouldTakeThePositionFileOfRunAndNoOther() throws Exception {
        final Properties run = new Properties();
        run.putAll(settings);
        // Other tests look at a server without templates.
        run.setProperty("serveflow.elasticsearch.templates", "false");
        try (RouteApplication application = new RouteApplication(Optional.empty(), run)) {
            application.start();
        }
        assertThat(examine()).as(printed.toString()).isZero();
        assertThat(printed.toString())
                .containsPattern("ok       positions      .*tail.position is of " + log);

        final Path other = Files.writeString(work.resolve("other.log"), "");
        settings.setProperty("serveflow.tail.path", other.toString());

        assertThat(examine()).isEqualTo(1);
        assertThat(printed.toString())
                .containsPattern(
                        "FAILED   positions      .*which keeps the positions of "
                                + log
                                + ", not of "
                                + other);
    }

    @Test
    void shouldFailWhereNoBundleGivesALabelThatIsToBecomeAnAlert() throws IOException {
        settings.setProperty("serveflow.alerts", "web_tls:low,web_tsl:high,device/Aria:low");

        assertThat(examine()).isEqualTo(1);

        assertThat(printed.toString())
                .containsPattern(
                        "FAILED   alerts         setting serveflow.alerts names the label"
                                + " 'web_tsl', which no bundle in use gives; there are .*web_tls")
                .contains("names the task device, which no bundle in use answers")
                .contains("-> until then, run ends at its start");
    }

    @Test
    void shouldFindTheLabelsThatBecomeAlerts() throws IOException {
        settings.setProperty("serveflow.alerts", "web_tls:low,unknown:low");

        assertThat(examine()).as(printed.toString()).isZero();

        assertThat(printed.toString()).contains("ok       alerts         a bundle in use gives");
    }

    @Test
    void shouldFailWhereAKafkaBrokerIsNotThere() throws IOException {
        settings.setProperty("serveflow.sources", "kafka");
        settings.setProperty("serveflow.kafka.brokers", "127.0.0.1:1");

        assertThat(examine()).isEqualTo(1);

        assertThat(printed.toString())
                .containsPattern("FAILED   kafka          127.0.0.1:1 cannot");
    }

    @Test
    void shouldFailWhereTheBrokerOfTheRepairTopicIsNotThere() throws IOException {
        settings.remove("serveflow.repair");
        settings.setProperty("serveflow.repair.topic", "serveflow.repair");
        settings.setProperty("serveflow.kafka.brokers", "127.0.0.1:1");

        assertThat(examine()).isEqualTo(1);

        assertThat(printed.toString())
                .containsPattern("FAILED   kafka          127.0.0.1:1 cannot");
    }

    @Test
    void shouldFailWhereTheTemplatesAreOfAnotherVersionAndNobodyInstallsThem() throws IOException {
        settings.setProperty("serveflow.elasticsearch.templates", "false");

        assertThat(examine()).isEqualTo(1);

        assertThat(printed.toString())
                .containsPattern(
                        "FAILED   templates      missing, or of another version: .*serveflow")
                .contains("elastic-templates/README.md");
    }

    @Test
    void shouldNameTheServerAndTheInstallationOfMalcolm() throws IOException {
        try (AnsweringServer malcolm = malcolm("\"build_type\":\"tar\"")) {
            settings.setProperty("serveflow.elasticsearch.urls", malcolm.uri().toString());

            assertThat(examine()).isEqualTo(1);
        }

        assertThat(printed.toString())
                .containsPattern(
                        "ok       elasticsearch  http://127.0.0.1:\\d+ is OpenSearch 3.4.0")
                .containsPattern("FAILED   templates      .*_index_template/serveflow-malcolm")
                .contains("-> put it there with ./serveflow install malcolm, or")
                .contains("ok       clock          as that of OpenSearch")
                .doesNotContain("install elastic");
    }

    /** {@code install malcolm} refuses it, and the template cannot be put there as it is. */
    @Test
    void shouldSayThatTheTemplateOfMalcolmIsPutByHandOnElasticsearch() throws IOException {
        try (AnsweringServer malcolm = malcolm("\"build_flavor\":\"default\"")) {
            settings.setProperty("serveflow.elasticsearch.urls", malcolm.uri().toString());

            assertThat(examine()).isEqualTo(1);
        }

        assertThat(printed.toString())
                .containsPattern("ok       elasticsearch  .* is Elasticsearch 3.4.0")
                .contains("by hand with flattened instead of flat_object")
                .doesNotContain("install malcolm");
    }

    /** A server that has no template, without security; the settings are for it. */
    private AnsweringServer malcolm(final String build) throws IOException {
        settings.setProperty("serveflow.index.profile", "malcolm");
        settings.setProperty("serveflow.index", "malcolm_beats_serveflow");
        settings.setProperty("serveflow.elasticsearch.templates", "false");
        return new AnsweringServer(
                asked ->
                        switch (asked.call()) {
                            case "GET /" ->
                                    Answer.ok(
                                            "{\"version\":{\"distribution\":\"opensearch\","
                                                    + "\"number\":\"3.4.0\"}}");
                            case "GET /_nodes/_local/none" ->
                                    Answer.ok(
                                            "{\"nodes\":{\"one\":{\"version\":\"3.4.0\","
                                                    + build
                                                    + "}}}");
                            case "GET /_nodes/_local/stats/os" ->
                                    Answer.ok(
                                            "{\"nodes\":{\"one\":{\"timestamp\":"
                                                    + System.currentTimeMillis()
                                                    + "}}}");
                            case "POST /_security/user/_has_privileges" ->
                                    new Answer(400, "{\"error\":\"no handler found\"}");
                            default -> new Answer(404, "{\"error\":\"not there\"}");
                        });
    }

    @Test
    void shouldSayAllSettingsThatAreWrong() throws IOException {
        settings.setProperty("serveflow.index", "Wrong Name");
        settings.setProperty("serveflow.slow.maxFlows", "0");

        assertThat(examine()).isEqualTo(2);

        assertThat(said.toString()).contains("serveflow.index", "serveflow.slow.maxFlows");
    }

    private int examine() throws IOException {
        final Path file = work.resolve("run.properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            settings.store(out, null);
        }
        return Serveflow.execute(
                new PrintWriter(printed),
                new PrintWriter(said),
                "doctor",
                "--config",
                file.toString());
    }
}
