/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.fixture.RunSettings;
import io.serveflow.app.fixture.StoredDocuments;
import io.serveflow.flow.CommunityId;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Transport;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A site whose Community IDs have a seed: it is set once, and the documents of all sources link.
 */
@Timeout(120)
@ExtendWith(OwnElasticsearch.class)
class SiteSeedTest {

    private static final int SEED = 7;
    private static final JsonMapper JSON = new JsonMapper();

    private static LocalElasticsearch elasticsearch;

    @TempDir private Path work;

    @BeforeAll
    static void use(final LocalElasticsearch server) {
        elasticsearch = server;
    }

    @ParameterizedTest
    @ValueSource(strings = {"capture", "zeek", "suricata"})
    void shouldGiveFlowsOfEachSourceTheIdsOfTheSite(final String source) throws Exception {
        final String index = "logs-serveflow-seed_" + source;
        final Properties settings = RunSettings.ofFiles(elasticsearch, index, work);
        settings.setProperty("serveflow.communityIdSeed", Integer.toString(SEED));
        final Path in = work.resolve("in");
        switch (source) {
            case "capture" ->
                    Files.copy(ProjectFiles.captures().resolve("dns.pcap"), in.resolve("dns.pcap"));
            case "zeek" -> withoutIds(ProjectFiles.records("dns"), in.resolve("zeek.log"));
            default -> withoutIds(ProjectFiles.eve("dns"), in.resolve("eve.json"));
        }
        try (RouteApplication application = new RouteApplication(Optional.empty(), settings)) {
            application.start();
            await().atMost(Duration.ofMinutes(1)).until(() -> application.isSettled(1));
        }

        final List<JsonNode> verdicts = StoredDocuments.all(elasticsearch, index);
        assertThat(verdicts)
                .hasSizeGreaterThan(50)
                .allSatisfy(
                        verdict ->
                                assertThat(verdict.at("/network/community_id").asText())
                                        .isEqualTo(CommunityId.v1(tuple(verdict), SEED)));
    }

    private static FlowTuple tuple(final JsonNode verdict) {
        return new FlowTuple(
                verdict.at("/network/transport").asText().equals("tcp")
                        ? Transport.TCP
                        : Transport.UDP,
                verdict.at("/source/ip").asText(),
                verdict.at("/source/port").asInt(),
                verdict.at("/destination/ip").asText(),
                verdict.at("/destination/port").asInt());
    }

    /** The log of a sensor that states no Community ID. */
    private static void withoutIds(final Path log, final Path to) throws IOException {
        final List<String> lines = new ArrayList<>();
        for (final String line : lines(log)) {
            final ObjectNode record = (ObjectNode) JSON.readTree(line);
            record.remove("community_id");
            lines.add(record.toString());
        }
        Files.write(to, lines);
    }

    private static List<String> lines(final Path log) throws IOException {
        try (InputStream file = Files.newInputStream(log);
                InputStream in =
                        log.toString().endsWith(".gz") ? new GZIPInputStream(file) : file) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
