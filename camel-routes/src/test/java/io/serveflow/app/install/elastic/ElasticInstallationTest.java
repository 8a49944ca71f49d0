/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.elastic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import io.serveflow.app.install.InstallException;
import io.serveflow.app.install.Installation;
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
             {"type":"json"},{"type":"pipeline"},{"type":"remove"},{"type":"set"}]}}
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
                ElasticServer client = server.client()) {
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
                new WholeElasticsearch("{\"version\":\"7.17.9\",\"build_flavor\":\"default\"}")) {
            assertThatThrownBy(() -> install(server))
                    .isInstanceOf(InstallException.class)
                    .hasMessageContaining("is of version 7.17.9; Elasticsearch 8.14 or later");
        }
    }

    private void install(final WholeElasticsearch server) throws IOException {
        try (ElasticServer client = server.client()) {
            new Installation(installation(client).toInstall(), false, new PrintWriter(out))
                    .install();
        }
    }

    private void uninstall(final WholeElasticsearch server, final boolean data) throws IOException {
        try (ElasticServer client = server.client()) {
            new Installation(installation(client).toUninstall(data), false, new PrintWriter(out))
                    .uninstall();
        }
    }

    private ElasticInstallation installation(final ElasticServer client) {
        return new ElasticInstallation(
                client,
                Optional.of(
                        new ElasticInstallation.Key(
                                "serveflow",
                                false,
                                new KeyHandOver.Printed(new PrintWriter(out)))));
    }
}
