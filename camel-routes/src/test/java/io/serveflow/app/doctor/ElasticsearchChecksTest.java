/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.app.install.rest.AnsweringServer;
import io.serveflow.app.install.rest.AnsweringServer.Answer;
import io.serveflow.camel.elastic.ElasticResource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the doctor finds of servers that cannot be started here, by what they answer: with a
 * lifecycle module, of another product, sick, or with a clock that is wrong.
 */
@Timeout(60)
class ElasticsearchChecksTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    private static final String ELASTIC = "\"version\":\"8.19.9\",\"build_flavor\":\"default\"";
    private static final String OPENSEARCH = "\"version\":\"3.4.0\",\"build_type\":\"tar\"";

    /** What stands there as it should: the templates of this version. */
    private final Map<String, Answer> answers = new HashMap<>();

    @TempDir private Path work;

    private Properties settings;

    @BeforeEach
    void settle() throws IOException {
        settings = Examined.settings(work);
        is(ELASTIC);
        at(NOW);
        may("monitor", "manage_index_templates", "manage_ilm");
        answers.put(
                "GET /_ilm/policy/serveflow",
                Answer.ok("{\"serveflow\":" + body("_ilm/policy/serveflow") + "}"));
        for (final ElasticResource one : ElasticResource.templates()) {
            final String kind = one.path().split("/")[0].substring(1);
            if (kind.endsWith("_template")) {
                answers.put(
                        "GET /" + one.path(),
                        Answer.ok(
                                "{\"%1$ss\":[{\"name\":\"%2$s\",\"%1$s\":%3$s}]}"
                                        .formatted(kind, one.name(), one.body())));
            }
        }
    }

    @Test
    void shouldFindNothingWrongWhereAllIsRight() throws IOException {
        assertThat(examine())
                .contains("ok elasticsearch: http://")
                .contains("ok rights: the user or key may do all that is needed on")
                .contains("ok templates: they are those of this version")
                .contains("ok clock: ")
                .doesNotContain("FAILED", "warning");
    }

    @Test
    void shouldFailWhereOpenSearchIsToHaveDocumentsOfElasticsearch() throws IOException {
        is(OPENSEARCH);

        assertThat(examine())
                .containsPattern("FAILED elasticsearch: .* is OpenSearch 3.4.0, which takes no")
                .contains("-> set serveflow.profile=malcolm")
                .doesNotContain("templates:");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 502, 503, 504})
    void shouldSayThatAServerIsNotReadyYet(final int status) throws IOException {
        answers.put("GET /_nodes/_local/none", new Answer(status, "{\"error\":\"starting\"}"));

        assertThat(examine())
                .contains("answered " + status + ": it is not ready yet")
                .contains("-> ask again in half a minute")
                .startsWith("FAILED elasticsearch");
    }

    @ParameterizedTest
    @CsvSource({
        "true, FAILED templates: Elasticsearch answered 503 to GET _index_template/serveflow",
        "false, FAILED templates: Elasticsearch answered 503 to GET _index_template/serveflow"
    })
    void shouldSayThatTemplatesCannotBeReadYet(final String installs, final String expected)
            throws IOException {
        settings.setProperty("serveflow.elasticsearch.templates", installs);
        answers.put("GET /_index_template/serveflow", new Answer(503, "{\"error\":\"later\"}"));

        assertThat(examine()).contains(expected).contains("-> ask again in half a minute");
    }

    @Test
    void shouldFailWhereATemplateOfOurNameKeepsRunFromStarting() throws IOException {
        foreign();

        assertThat(examine())
                .contains("FAILED templates: _index_template/serveflow is there and was not made")
                .contains("-> delete or rename it, or install the templates under other names");
    }

    @Test
    void shouldWarnOfATemplateOfOurNameWhereNobodyInstallsOne() throws IOException {
        foreign();
        settings.setProperty("serveflow.elasticsearch.templates", "false");

        assertThat(examine())
                .contains("warning templates: _index_template/serveflow is there and was not made");
    }

    @ParameterizedTest
    @CsvSource({
        "true, FAILED templates: Elasticsearch answered 403 to GET _component_template/",
        "false, 'skipped templates: they cannot be looked at: Elasticsearch answered 403 to GET'"
    })
    void shouldFailWhereRunMayNotReadTheTemplatesThatItInstalls(
            final String installs, final String expected) throws IOException {
        settings.setProperty("serveflow.elasticsearch.templates", installs);
        answers.put(
                "GET /_component_template/serveflow-lifecycle",
                new Answer(403, "{\"error\":\"no\"}"));

        assertThat(examine()).contains(expected);
    }

    @Test
    void shouldFailWhereRunMayNotReadThePolicyThatItInstalls() throws IOException {
        may("monitor", "manage_index_templates");
        answers.put("GET /_ilm/policy/serveflow", new Answer(403, "{\"error\":\"no\"}"));

        assertThat(examine())
                .contains("FAILED templates: it answered 403 to GET _ilm/policy/serveflow")
                .contains("FAILED rights: the user or key may not manage_ilm")
                .contains("set serveflow.elasticsearch.templates=false");
    }

    @Test
    void shouldAskForNoLifecyclesWhereTheServerHasNone() throws IOException {
        may("monitor", "manage_index_templates");
        answers.put("GET /_ilm/policy/serveflow", new Answer(400, "{\"error\":\"no handler\"}"));

        assertThat(examine()).contains("ok rights: ").doesNotContain("manage_ilm");
    }

    @Test
    void shouldAskForNoRightsOfInstallingWhereNobodyInstalls() throws IOException {
        may("monitor");
        settings.setProperty("serveflow.elasticsearch.templates", "false");

        assertThat(examine()).contains("ok rights: ").doesNotContain("manage_");
    }

    /** Nothing has to be written, so that run starts all the same. */
    @Test
    void shouldWarnOfRightsThatTheNextVersionNeeds() throws IOException {
        may("monitor");

        assertThat(examine())
                .contains("warning rights: the user or key may not manage_index_templates")
                .contains("those of the next will not be")
                .doesNotContain("FAILED");
    }

    @Test
    void shouldFailWhereTemplatesAreToBeWrittenWithoutTheRight() throws IOException {
        may("monitor");
        answers.remove("GET /_index_template/serveflow");

        assertThat(examine())
                .contains("FAILED rights: the user or key may not manage_index_templates")
                .contains("warning templates: missing, or of another version: _index_template");
    }

    @ParameterizedTest
    @CsvSource({"-60, 60 s apart", "61, 61 s apart"})
    void shouldWarnOfClocksThatDiffer(final long seconds, final String expected)
            throws IOException {
        at(NOW.plusSeconds(seconds));

        assertThat(examine())
                .containsPattern("warning clock: the clock of Elasticsearch .* are " + expected)
                .contains("-> set both by NTP");
    }

    @Test
    void shouldSayThatAnotherServerIsNotAsElasticsearch() throws IOException {
        answers.put("GET /_nodes/_local/none", Answer.ok("hello"));

        assertThat(examine()).contains("answers, and not as Elasticsearch does");
    }

    @Test
    void shouldSayThatNobodySaysWhoWeAre() throws IOException {
        answers.put("GET /_nodes/_local/none", new Answer(401, "{\"error\":\"who\"}"));

        assertThat(examine())
                .contains("answered 401: it asks who we are, and no user and no key are set");
    }

    /** As a variable without a value sets it. */
    @ParameterizedTest
    @ValueSource(strings = {"apiKey", "apikey"})
    void shouldSayThatAKeyIsEmpty(final String option) throws IOException {
        answers.put("GET /_nodes/_local/none", new Answer(401, "{\"error\":\"who\"}"));
        settings.setProperty("camel.component.serveflow-index." + option, "");

        assertThat(examine())
                .contains("and camel.component.serveflow-index." + option + " is empty")
                .contains("-> with {{env:SERVEFLOW_KEY}}: has the variable a value?");
    }

    @Test
    void shouldSayThatAPasswordIsWrong() throws IOException {
        answers.put("GET /_nodes/_local/none", new Answer(401, "{\"error\":\"who\"}"));
        settings.setProperty("camel.component.serveflow-index.username", "sensor");
        settings.setProperty("camel.component.serveflow-index.password", "wrong");

        assertThat(examine()).contains("answered 401: the password of user 'sensor' is wrong");
    }

    @Test
    void shouldSayThatAKeyIsWrong() throws IOException {
        answers.put("GET /_nodes/_local/none", new Answer(401, "{\"error\":\"who\"}"));
        settings.setProperty("camel.component.serveflow-index.apiKey", "wrong");

        assertThat(examine()).contains("answered 401: the API key is wrong, was revoked");
    }

    @Test
    void shouldSayThatTheClusterMayNotBeAsked() throws IOException {
        answers.put("GET /_nodes/_local/none", new Answer(403, "{\"error\":\"no\"}"));

        assertThat(examine())
                .contains("FAILED rights: ")
                .contains("-> give it the cluster privilege monitor");
    }

    private void is(final String version) {
        answers.put(
                "GET /_nodes/_local/none", Answer.ok("{\"nodes\":{\"one\":{" + version + "}}}"));
        answers.put(
                "GET /",
                Answer.ok("{\"version\":{\"distribution\":\"opensearch\",\"number\":\"3.4.0\"}}"));
    }

    private void at(final Instant time) {
        answers.put(
                "GET /_nodes/_local/stats/os",
                Answer.ok("{\"nodes\":{\"one\":{\"timestamp\":" + time.toEpochMilli() + "}}}"));
    }

    private void foreign() {
        answers.put(
                "GET /_index_template/serveflow",
                Answer.ok(
                        "{\"index_templates\":[{\"name\":\"serveflow\",\"index_template\":"
                                + "{\"index_patterns\":[\"mine-*\"]}}]}"));
    }

    /** The cluster privileges that we have; on indices we may do all. */
    private void may(final String... privileges) {
        final StringBuilder cluster = new StringBuilder();
        for (final String one : new String[] {"monitor", "manage_index_templates", "manage_ilm"}) {
            cluster.append(cluster.isEmpty() ? "" : ",")
                    .append('"')
                    .append(one)
                    .append("\":")
                    .append(List.of(privileges).contains(one));
        }
        answers.put(
                "POST /_security/user/_has_privileges",
                Answer.ok(
                        "{\"cluster\":{"
                                + cluster
                                + "},\"index\":{\"logs-serveflow-so\":{\"read\":true,"
                                + "\"create_doc\":true,\"auto_configure\":true}}}"));
    }

    private static String body(final String path) {
        return ElasticResource.templates().stream()
                .filter(one -> one.path().equals(path))
                .findFirst()
                .orElseThrow()
                .body()
                .toString();
    }

    private String examine() throws IOException {
        try (AnsweringServer server =
                new AnsweringServer(
                        asked ->
                                asked.call().startsWith("POST /_security")
                                        ? onlyAsked(asked.body())
                                        : answers.getOrDefault(
                                                asked.call(),
                                                new Answer(404, "{\"error\":\"not there\"}")))) {
            settings.setProperty("serveflow.elasticsearch.urls", server.uri().toString());
            return Examined.lines(
                    new ElasticsearchChecks(
                                    Examined.checked(settings), Clock.fixed(NOW, ZoneOffset.UTC))
                            .examine());
        }
    }

    /** A server says nothing of privileges that nobody has asked about. */
    private Answer onlyAsked(final String body) {
        String said = answers.get("POST /_security/user/_has_privileges").body();
        for (final String one : new String[] {"manage_index_templates", "manage_ilm"}) {
            if (!body.contains(one)) {
                said = said.replaceAll(",\"" + one + "\":(true|false)", "");
            }
        }
        return Answer.ok(said);
    }
}
