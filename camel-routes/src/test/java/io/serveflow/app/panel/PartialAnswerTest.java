/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.camel.elastic.ElasticConnection;
import io.serveflow.camel.elastic.IndexProfile;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PartialAnswerTest {

    private static final VerdictStore.Index INDEX =
            new VerdictStore.Index(
                    ElasticConnection.to(URI.create("http://127.0.0.1:9200")),
                    "logs-serveflow-so",
                    IndexProfile.ECS);

    @Test
    void shouldFindNothingAmissInAWholeAnswer() throws IOException {
        assertThat(fault("{\"timed_out\":false,\"_shards\":{\"total\":2,\"failed\":0}}")).isEmpty();
    }

    @Test
    void shouldSayThatTheTimeRanOut() throws IOException {
        assertThat(fault("{\"timed_out\":true,\"_shards\":{\"total\":2,\"failed\":0}}"))
                .contains("Not all of it: Elasticsearch ran out of time; narrow the search");
    }

    @Test
    void shouldSayWhichShardsGaveNoAnswerAndWhy() throws IOException {
        assertThat(
                        fault(
                                "{\"timed_out\":false,\"_shards\":{\"total\":2,\"failed\":1,\"failures\":[{\"reason\":{\"reason\":\"no\\n"
                                    + "field\"}}]}}"))
                .contains(
                        "Not all of it: 1 of 2 shards of logs-serveflow-so gave no answer"
                                + " (no\\nfield)");
    }

    private static Optional<String> fault(final String answer) throws IOException {
        return PartialAnswer.fault(INDEX, new JsonMapper().readTree(answer));
    }
}
