/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.elastic;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.app.fixture.EndedCommand;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * {@code serveflow install malcolm}; what is installed is tested with a real OpenSearch beside the
 * component that writes there.
 */
class MalcolmInstallationTest {

    private static final String OPENSEARCH = "{\"version\":\"3.4.0\",\"build_type\":\"tar\"}";
    private static final String TEMPLATE = "/_index_template/serveflow-malcolm";

    @Test
    void shouldInstallTheTemplateOnceAndTakeItAway() throws IOException {
        try (WholeElasticsearch server = new WholeElasticsearch(OPENSEARCH)) {
            final EndedCommand first = install(server);
            final EndedCommand second = install(server);

            assertThat(first.code()).as(first.err()).isZero();
            assertThat(first.out()).isEqualTo("created       _index_template/serveflow-malcolm\n");
            assertThat(second.out()).isEqualTo("no change     _index_template/serveflow-malcolm\n");
            assertThat(server.stored()).containsOnlyKeys(TEMPLATE);
            assertThat(server.stored().get(TEMPLATE).at("/index_patterns/0").asText())
                    .isEqualTo("malcolm_beats_serveflow*");

            final EndedCommand third = install(server, "--uninstall");

            assertThat(third.out()).isEqualTo("removed       _index_template/serveflow-malcolm\n");
            assertThat(server.stored()).isEmpty();
        }
    }

    @Test
    void shouldPrintTheCallOfADryRunAndNotMakeIt() throws IOException {
        try (WholeElasticsearch server = new WholeElasticsearch(OPENSEARCH)) {
            final EndedCommand ended = install(server, "--dry-run");

            assertThat(ended.out())
                    .startsWith("would create  _index_template/serveflow-malcolm\n")
                    .contains("  PUT /_index_template/serveflow-malcolm\n  {\n");
            assertThat(server.stored()).isEmpty();
        }
    }

    @Test
    void shouldRefuseAnElasticsearch() throws IOException {
        try (WholeElasticsearch server =
                new WholeElasticsearch("{\"version\":\"9.5.3\",\"build_flavor\":\"default\"}")) {
            final EndedCommand ended = install(server);

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.err())
                    .contains("is Elasticsearch 9.5.3, which does not know the types")
                    .hasLineCount(1);
            assertThat(server.stored()).isEmpty();
        }
    }

    private static EndedCommand install(final WholeElasticsearch server, final String... options) {
        final List<String> all =
                new ArrayList<>(List.of("install", "malcolm", "--url", server.uri().toString()));
        all.addAll(List.of(options));
        return EndedCommand.of(all.toArray(String[]::new));
    }
}
