/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.camel.elastic.IndexProfile;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an answer on repaired verdicts makes of the searches of the panels. */
class RepairsTest {

    private static final Reading READING = Reading.of(IndexProfile.ECS);
    private static final String FIRST = "{\"terms\":{\"serveflow.stage\":[\"final\"]}}";

    @Test
    void shouldAskForFinalVerdictsWhereNothingIsRepaired() throws IOException {
        final Repairs none = Repairs.of(answer(0, ""));

        assertThat(none).isEqualTo(Repairs.NONE);
        assertThat(none.standing(READING)).hasToString(FIRST);
    }

    @Test
    void shouldLeaveOutWhatARepairedVerdictSupersedes() throws IOException {
        final Repairs two = Repairs.of(answer(0, "{\"key\":\"a\"},{\"key\":\"b\"}"));

        assertThat(two.standing(READING))
                .hasToString(
                        "{\"bool\":{\"filter\":[{\"terms\":{\"serveflow.stage\":[\"final\","
                                + "\"repaired\"]}}],\"must_not\":[{\"ids\":{\"values\":"
                                + "[\"a\",\"b\"]}}]}}");
    }

    @Test
    void shouldCountFirstVerdictsWhereNotAllRepairsAreKnown() throws IOException {
        final Repairs some = Repairs.of(answer(1, "{\"key\":\"a\"}"));

        assertThat(some.areAll()).isFalse();
        assertThat(some.standing(READING)).hasToString(FIRST);
    }

    @Test
    void shouldLookForRepairedVerdictsOfAnyLabel() {
        final String search = Repairs.search(scope(Map.of("label", "web_tls")), READING).toString();

        assertThat(search).contains("\"repaired\"").doesNotContain("web_tls");
    }

    private static Scope scope(final Map<String, String> parameters) {
        return Scope.of(parameters, Window.ALL, Instant.EPOCH);
    }

    private static JsonNode answer(final int others, final String buckets) throws IOException {
        return new JsonMapper()
                .readTree(
                        "{\"aggregations\":{\"superseded\":{\"sum_other_doc_count\":"
                                + others
                                + ",\"buckets\":["
                                + buckets
                                + "]}}}");
    }
}
