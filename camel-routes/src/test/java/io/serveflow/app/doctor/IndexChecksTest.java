/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.camel.elastic.ElasticConnection;
import io.serveflow.camel.elastic.TemplateInstaller;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.RestClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the doctor finds of the data streams that verdicts go to, in a real Elasticsearch. */
@Timeout(120)
@ExtendWith(OwnElasticsearch.class)
class IndexChecksTest {

    private static final Clock NOW =
            Clock.fixed(Instant.parse("2026-11-30T12:00:00Z"), ZoneOffset.UTC);

    private static final AtomicInteger NAMES = new AtomicInteger();

    private static RestClient client;

    @TempDir private Path work;

    private Properties settings;
    private String stream;

    @BeforeAll
    static void connect(final LocalElasticsearch server) throws IOException {
        client = ElasticConnection.to(server.uri()).open();
        new TemplateInstaller(client).install(false);
    }

    @AfterAll
    static void close() throws IOException {
        client.close();
    }

    @BeforeEach
    void settle() throws IOException {
        stream = "logs-serveflow-index" + NAMES.incrementAndGet();
        settings = Examined.settings(work);
        settings.setProperty("serveflow.index", stream);
    }

    @Test
    void shouldFindThatTheTemplateMakesTheDataStream() throws IOException {
        assertThat(examine())
                .contains("ok index: " + stream + " is made with its first document")
                .contains("ok writing: nothing blocks it");
    }

    @Test
    void shouldFindTheDataStream() throws IOException {
        store();

        assertThat(examine())
                .contains("ok index: the data stream " + stream + " is there")
                .containsPattern("ok writing: nothing blocks .ds-" + stream + "-")
                .doesNotContain("FAILED");
    }

    @Test
    void shouldLookAtTheAlertsToo() throws IOException {
        settings.setProperty("serveflow.alerts", "dns:high");
        settings.setProperty("serveflow.alerts.index", "alerts-nowhere");

        assertThat(examine())
                .contains("ok index: " + stream)
                .contains("FAILED index: there is no data stream alerts-nowhere and no template")
                .contains("-> let serveflow.alerts.index begin with logs-serveflow-");
    }

    @Test
    void shouldFindAnIndexWhereTheDataStreamShouldBe() throws IOException {
        stream = "taken-" + stream.substring("logs-".length());
        settings.setProperty("serveflow.index", stream);
        ask("PUT", "/" + stream, "");

        assertThat(examine())
                .contains("FAILED index: there is an index " + stream + " where the data stream")
                .contains("-> reindex or delete it, or choose another name in serveflow.index");
    }

    @Test
    void shouldFindAnAliasWhereTheDataStreamShouldBe() throws IOException {
        stream = "alias-" + stream.substring("logs-".length());
        settings.setProperty("serveflow.index", stream);
        ask("PUT", "/plain-" + stream, "{\"aliases\":{\"" + stream + "\":{}}}");

        assertThat(examine()).contains("FAILED index: there is an alias " + stream + " where");
    }

    @Test
    void shouldFailWhereTheTemplateOfTheNameMakesNoDataStream() throws IOException {
        settings.setProperty("serveflow.index", "plainly-one");
        ask("PUT", "/_index_template/plainly", "{\"index_patterns\":[\"plainly-*\"]}");

        assertThat(examine())
                .contains("FAILED index: the template plainly is for plainly-one, and makes an");
    }

    @Test
    void shouldWarnWhereTheTemplateOfTheNameIsSomebodyElses() throws IOException {
        settings.setProperty("serveflow.index", "others-one");
        ask(
                "PUT",
                "/_index_template/others",
                "{\"index_patterns\":[\"others-*\"],\"data_stream\":{}}");

        assertThat(examine())
                .contains("warning index: others-one would be made by the template others, whose");
    }

    @Test
    void shouldFindThatAPipelineOfTheTemplateIsMissing() throws IOException {
        settings.setProperty("serveflow.index", "piped-one");
        ask(
                "PUT",
                "/_component_template/piped",
                "{\"template\":{\"settings\":{\"index.default_pipeline\":\"absent\"}}}");
        ask(
                "PUT",
                "/_index_template/piped",
                "{\"index_patterns\":[\"piped-*\"],\"data_stream\":{},"
                        + "\"composed_of\":[\"piped\"],"
                        + "\"template\":{\"settings\":{\"index.final_pipeline\":\"gone\"}}}");

        assertThat(examine())
                .contains("FAILED pipeline: ")
                .contains("names the ingest pipeline absent, gone, which is not there -> make it");
    }

    @Test
    void shouldFindThatAPipelineOfTheIndexIsThere() throws IOException {
        store();
        ask("PUT", "/_ingest/pipeline/present", "{\"processors\":[]}");
        ask(
                "PUT",
                "/" + stream + "/_settings",
                "{\"index.default_pipeline\":\"present\",\"index.final_pipeline\":\"_none\"}");

        assertThat(examine()).contains("ok pipeline: present: there");
    }

    @Test
    void shouldFindThatAPipelineOfTheIndexIsMissing() throws IOException {
        store();
        ask("PUT", "/" + stream + "/_settings", "{\"index.default_pipeline\":\"away\"}");

        assertThat(examine()).contains("names the ingest pipeline away, which is not there");
    }

    @ParameterizedTest
    @CsvSource({
        "read_only_allow_delete, the disk is full to the flood-stage watermark: .ds-",
        "write, takes no documents: index.blocks.write",
        "read_only, takes no documents: index.blocks.read_only"
    })
    void shouldFindThatNothingCanBeWritten(final String block, final String expected)
            throws IOException {
        store();
        ask("PUT", "/" + stream + "/_settings", "{\"index.blocks." + block + "\":true}");

        assertThat(examine()).contains("FAILED writing: ").contains(expected);

        ask("PUT", "/" + stream + "/_settings", "{\"index.blocks." + block + "\":null}");
    }

    @Test
    void shouldFindThatTheClusterIsReadOnly() throws IOException {
        final String setting = "{\"persistent\":{\"cluster.blocks.read_only_allow_delete\":%s}}";
        ask("PUT", "/_cluster/settings", setting.formatted("true"));

        try {
            assertThat(examine())
                    .contains("FAILED writing: nothing can be written to the cluster: cluster");
        } finally {
            ask("PUT", "/_cluster/settings", setting.formatted("null"));
        }
    }

    @Test
    void shouldLookAtTheIndexOfTheDay() throws IOException {
        ofMalcolm("malcolm_beats_serveflow");
        final String today = "malcolm_beats_serveflow-261130";
        ask("PUT", "/_index_template/serveflow-malcolm", "{\"index_patterns\":[\"malcolm_*\"]}");
        ask("PUT", "/" + today, "{\"settings\":{\"index.blocks.write\":true}}");

        assertThat(examine())
                .contains(
                        "ok index: the template serveflow-malcolm is for indices such as " + today)
                .contains("FAILED writing: " + today + " takes no documents");
    }

    @Test
    void shouldFailWhereNoTemplateIsForTheIndicesOfDays() throws IOException {
        ofMalcolm("unknown_serveflow");

        assertThat(examine())
                .contains(
                        "FAILED index: no template is for unknown_serveflow-261130, which would"
                                + " have guessed types");
    }

    private void ofMalcolm(final String name) {
        settings.setProperty("serveflow.index.profile", "malcolm");
        settings.setProperty("serveflow.index", name);
        settings.setProperty("serveflow.elasticsearch.templates", "false");
    }

    private void store() throws IOException {
        ask(
                "POST",
                "/" + stream + "/_doc?op_type=create&refresh=true",
                "{\"@timestamp\":\"2026-11-30T12:00:00Z\"}");
    }

    private static void ask(final String method, final String path, final String body)
            throws IOException {
        final Request request = new Request(method, path);
        if (!body.isEmpty()) {
            request.setJsonEntity(body);
        }
        client.performRequest(request);
    }

    private String examine() throws IOException {
        return Examined.lines(
                new IndexChecks(Examined.checked(settings), NOW, new ServerAnswers(client))
                        .examine());
    }
}
