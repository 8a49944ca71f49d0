/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.elastic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.serveflow.app.install.InstallException;
import io.serveflow.app.install.Installation;
import io.serveflow.app.install.rest.RestServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The installation where the server has what the one for integration tests lacks. */
class ElasticInstallationTest {

    private static final String NODE =
            """
            {"version":"9.5.3","build_flavor":"default","ingest":{"processors":[{"type":"append"},
             {"type":"json"},{"type":"pipeline"},{"type":"remove"},{"type":"rename"},
             {"type":"set"}]}}
            """;

    private final StringWriter out = new StringWriter();

    @Test
    void shouldInstallThePolicyBeforeWhatNamesItAndThePipeline() throws IOException {
        try (WholeElasticsearch server = new WholeElasticsearch(NODE)) {
            install(server);

            assertThat(out.toString().lines())
                    .containsExactly(
                            "created       _ilm/policy/serveflow",
                            "created       _component_template/serveflow-lifecycle",
                            "created       _component_template/serveflow-mappings",
                            "created       _index_template/serveflow",
                            "created       _ingest/pipeline/serveflow",
                            "skipped       _security/role/serveflow_writer (this server asks nobody"
                                    + " who they are)",
                            "skipped       API key serveflow (this server asks nobody who they"
                                    + " are)");
            assertThat(server.stored())
                    .containsOnlyKeys(
                            "/_component_template/serveflow-lifecycle",
                            "/_component_template/serveflow-mappings",
                            "/_ilm/policy/serveflow",
                            "/_index_template/serveflow",
                            "/_ingest/pipeline/serveflow");
        }
    }

    @Test
    void shouldAskAServerAgainThatIsNotReadyYet() throws IOException {
        try (WholeElasticsearch server = new WholeElasticsearch(NODE)) {
            server.notReady(2, "cluster_block_exception");

            install(server);

            assertThat(server.stored()).containsKey("/_index_template/serveflow");
            assertThat(server.stillNotReady()).isZero();
        }
    }

    /** It may have been done, and there would be two keys. */
    @Test
    void shouldNotAskTwiceForAKeyWhereSomethingInBetweenIsNotReady() throws IOException {
        try (WholeElasticsearch server = new WholeElasticsearch(NODE);
                RestServer client = server.client()) {
            server.notReady(2, "of_a_proxy");

            assertThatThrownBy(() -> client.call("POST", "/_security/api_key", Optional.empty()))
                    .hasMessageContaining("is busy or not ready; try again (503");

            assertThat(server.stillNotReady()).isOne();
        }
    }

    @Test
    void shouldChangeNothingTheSecondTime() throws IOException {
        try (WholeElasticsearch server = new WholeElasticsearch(NODE)) {
            install(server);
            out.getBuffer().setLength(0);

            install(server);

            assertThat(out.toString().lines())
                    .allMatch(line -> line.startsWith("no change") || line.startsWith("skipped"));
        }
    }

    @Test
    void shouldLeaveNothingBehindButTheVerdicts() throws IOException {
        try (WholeElasticsearch server = new WholeElasticsearch(NODE)) {
            install(server);
            server.stored().put("/_data_stream/logs-serveflow-so", new TextNode("serveflow"));

            uninstall(server, false);

            assertThat(out.toString())
                    .contains(
                            "kept          _index_template/serveflow (logs-serveflow-so needs it;")
                    .contains("removed       _ingest/pipeline/serveflow");
            assertThat(server.stored())
                    .containsOnlyKeys(
                            "/_component_template/serveflow-lifecycle",
                            "/_component_template/serveflow-mappings",
                            "/_data_stream/logs-serveflow-so",
                            "/_ilm/policy/serveflow",
                            "/_index_template/serveflow");
        }
    }

    @Test
    void shouldLeaveNothingBehindWhereTheVerdictsMayGo() throws IOException {
        try (WholeElasticsearch server = new WholeElasticsearch(NODE)) {
            install(server);
            server.stored().put("/_data_stream/logs-serveflow-so", new TextNode("serveflow"));
            server.stored().put("/_data_stream/logs-serveflow-other", new TextNode("other"));

            uninstall(server, true);

            assertThat(out.toString())
                    .contains("removed       data streams logs-serveflow-so (with all verdicts");
            assertThat(server.stored()).containsOnlyKeys("/_data_stream/logs-serveflow-other");
        }
    }

    /** Alerts alone are in data streams of another pattern. */
    @Test
    void shouldKeepWhatAlertsNeed() throws IOException {
        try (WholeElasticsearch server = new WholeElasticsearch(NODE)) {
            install(server);
            server.stored()
                    .put("/_data_stream/logs-serveflow.alerts-so", new TextNode("serveflow"));

            uninstall(server, false);

            assertThat(out.toString())
                    .contains(
                            "kept          _index_template/serveflow (logs-serveflow.alerts-so"
                                    + " needs it; --data removes both)")
                    .contains("removed       _ingest/pipeline/serveflow");
        }
    }

    @Test
    void shouldTakeVerdictsAndAlertsAway() throws IOException {
        try (WholeElasticsearch server = new WholeElasticsearch(NODE)) {
            install(server);
            server.stored()
                    .put("/_data_stream/logs-serveflow.alerts-so", new TextNode("serveflow"));
            server.stored().put("/_data_stream/logs-serveflow-so", new TextNode("serveflow"));

            uninstall(server, true);

            assertThat(out.toString())
                    .contains(
                            "removed       data streams logs-serveflow-so, logs-serveflow.alerts-so"
                                    + " (with all verdicts");
            assertThat(server.stored()).isEmpty();
        }
    }

    @Test
    void shouldGoOnWhereAnotherTemplateNeedsOneOfOurs() throws IOException {
        try (WholeElasticsearch server = new WholeElasticsearch(NODE)) {
            install(server);
            final ObjectNode own = JsonNodeFactory.instance.objectNode();
            own.putArray("composed_of").add("serveflow-mappings");
            server.stored().put("/_index_template/own", own);

            uninstall(server, false);

            assertThat(out.toString())
                    .contains(
                            "kept          _component_template/serveflow-mappings"
                                    + " (illegal_argument_exception: component templates"
                                    + " [serveflow-mappings] cannot be removed as they are still in"
                                    + " use by index templates [own])")
                    .contains("removed       _ilm/policy/serveflow");
            assertThat(server.stored())
                    .containsOnlyKeys(
                            "/_component_template/serveflow-mappings", "/_index_template/own");
        }
    }

    /** The refusal does not say that it is in use. */
    @Test
    void shouldGoOnWhereAnIndexNeedsThePipeline() throws IOException {
        try (WholeElasticsearch server = new WholeElasticsearch(NODE)) {
            install(server);
            final ObjectNode own = JsonNodeFactory.instance.objectNode();
            own.putObject("settings").putObject("index").put("default_pipeline", "serveflow");
            server.stored().put("/own", own);

            uninstall(server, false);

            assertThat(out.toString())
                    .contains(
                            "kept          _ingest/pipeline/serveflow (illegal_argument_exception:"
                                    + " pipeline [serveflow] cannot be deleted because it is the"
                                    + " default pipeline for 1 index(es) including [own])");
            assertThat(server.stored()).containsOnlyKeys("/_ingest/pipeline/serveflow", "/own");
        }
    }

    @Test
    void shouldKeepHowLongAnOperatorKeepsVerdicts() throws IOException {
        try (WholeElasticsearch server = new WholeElasticsearch(NODE)) {
            install(server);
            ((ObjectNode) server.stored().get("/_ilm/policy/serveflow").at("/policy/phases/delete"))
                    .put("min_age", "30d");
            out.getBuffer().setLength(0);

            install(server);

            assertThat(out.toString())
                    .contains(
                            "kept          _ilm/policy/serveflow (somebody has changed its phases,"
                                    + " which stay as they are: verdicts are deleted after 30d;")
                    .contains("no change     _index_template/serveflow");
            assertThat(server.stored().get("/_ilm/policy/serveflow").toString())
                    .contains("\"min_age\":\"30d\"");
        }
    }

    @Test
    void shouldKeepAPolicyThatAnOperatorHasPutThereAnew() throws IOException {
        try (WholeElasticsearch server = new WholeElasticsearch(NODE)) {
            install(server);
            ((ObjectNode) server.stored().get("/_ilm/policy/serveflow").path("policy"))
                    .removeAll()
                    .putObject("phases");
            out.getBuffer().setLength(0);

            install(server);

            assertThat(out.toString())
                    .contains("kept          _ilm/policy/serveflow")
                    .contains("verdicts are never deleted; this version would set 90d)");
        }
    }

    @Test
    void shouldTakeAwayWhatAnOperatorHasChanged() throws IOException {
        try (WholeElasticsearch server = new WholeElasticsearch(NODE)) {
            install(server);
            ((ObjectNode) server.stored().get("/_ilm/policy/serveflow").at("/policy/phases"))
                    .remove("delete");

            uninstall(server, false);

            assertThat(server.stored()).isEmpty();
        }
    }

    @Test
    void shouldRefuseAServerThatIsNoElasticsearch() throws IOException {
        try (WholeElasticsearch server =
                new WholeElasticsearch("{\"version\":\"2.19.6\",\"build_type\":\"tar\"}")) {
            assertThatThrownBy(() -> install(server))
                    .isInstanceOf(InstallException.class)
                    .hasMessageContaining("is OpenSearch or something else, of version 2.19.6");
        }
    }

    @Test
    void shouldRefuseAServerThatIsTooOld() throws IOException {
        try (WholeElasticsearch server =
                new WholeElasticsearch("{\"version\":\"8.13.4\",\"build_flavor\":\"default\"}")) {
            assertThatThrownBy(() -> install(server))
                    .isInstanceOf(InstallException.class)
                    .hasMessageContaining("is of version 8.13.4; Elasticsearch 8.14 or later");
        }
    }

    private void install(final WholeElasticsearch server) throws IOException {
        try (RestServer client = server.client()) {
            final ElasticInstallation.Key key =
                    new ElasticInstallation.Key(
                            "serveflow", false, new KeyHandOver.Printed(new PrintWriter(out)));
            new Installation(
                            new ElasticInstallation(client).toInstall(Optional.of(key)),
                            false,
                            new PrintWriter(out))
                    .install();
        }
    }

    private void uninstall(final WholeElasticsearch server, final boolean data) throws IOException {
        try (RestServer client = server.client()) {
            new Installation(
                            new ElasticInstallation(client).toUninstall(true, data),
                            false,
                            new PrintWriter(out))
                    .uninstall();
        }
    }
}
