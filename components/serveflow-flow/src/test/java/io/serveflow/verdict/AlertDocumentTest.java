/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.TestFlows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AlertDocumentTest {

    private static final ObjectMapper JSON = new JsonMapper();
    private static final Instant CREATED = Instant.parse("2026-11-22T10:15:30.123456Z");

    private final FlowRecord flow = TestFlows.first("CHhAvVGS1DHFjwGM9");
    private final Verdict last = TestFlows.verdict("slow", VerdictStage.FINAL, "p2p", 0.1);

    @Test
    void shouldSayWhatECSAndSecurityOnionKnowAnAlertBy() throws IOException {
        final JsonNode alert = alert(AlertSeverity.HIGH);

        assertThat(alert.at("/event/kind").asText()).isEqualTo("alert");
        assertThat(alert.at("/event/severity").asInt()).isEqualTo(3);
        assertThat(alert.at("/event/severity_label").asText()).isEqualTo("high");
        assertThat(alert.at("/event/module").asText()).isEqualTo("serveflow");
        assertThat(alert.at("/event/dataset").asText()).isEqualTo("serveflow.alert");
        assertThat(alert.at("/tags/0").asText()).isEqualTo("alert");
        assertThat(alert.at("/rule/name").asText()).isEqualTo("ServeFlow service: p2p");
        assertThat(alert.at("/rule/uuid").asText())
                .isEqualTo(AlertDocument.ruleUuid("service", "p2p"))
                .hasSize(36);
        assertThat(alert.at("/rule/category").asText()).isEqualTo("service");
        assertThat(alert.at("/rule/version").asText()).isEqualTo("1.2.3");
        assertThat(alert.at("/message").asText())
                .isEqualTo("p2p from 10.0.0.5:51514 to 203.0.113.9:443, confidence 0.9");
    }

    @Test
    void shouldKeepWhatLeadsToTheFlowAndToTheVerdict() throws IOException {
        final JsonNode alert = alert(AlertSeverity.LOW);
        final JsonNode verdict = JSON.readTree(verdict(last));

        for (final String field :
                new String[] {
                    "@timestamp", "log", "network", "source", "destination", "observer"
                }) {
            assertThat(alert.get(field)).as(field).isEqualTo(verdict.get(field));
        }
        assertThat(alert.at("/serveflow/verdict_id")).isEqualTo(verdict.at("/event/id"));
        assertThat(alert.at("/serveflow/bundle")).isEqualTo(verdict.at("/serveflow/bundle"));
        assertThat(alert.at("/serveflow/top")).isEqualTo(verdict.at("/serveflow/top"));
    }

    @Test
    void shouldAlertOnAFlowOnceWhateverAnswersItAgain() {
        final Verdict other = TestFlows.verdict("fast", VerdictStage.FINAL, "dns", 0.2);

        assertThat(id(last))
                .isEqualTo(id(other))
                .hasSize(40)
                .isNotEqualTo(VerdictDocument.id(flow, last));
    }

    @Test
    void shouldAlertOnceMoreWhereARepairedVerdictHasAnotherLabel() {
        final Verdict before = TestFlows.verdict("fast", VerdictStage.FINAL, "dns", 0.2);
        final Verdict revised = last.superseding(before);
        final Verdict confirmed = last.superseding(last);

        assertThat(revised.stage()).isEqualTo(VerdictStage.REPAIRED);
        assertThat(id(revised)).hasSize(40).isNotEqualTo(id(before));
        assertThat(id(confirmed)).isEqualTo(id(last));
    }

    @Test
    void shouldNotAlertAgainWhereAFinalVerdictHasAnotherLabelThanTheProvisionalOne() {
        final Verdict before = TestFlows.verdict("fast", VerdictStage.PROVISIONAL, "dns", 0.2);

        assertThat(id(last.superseding(before))).isEqualTo(id(last));
    }

    @Test
    void shouldBeADocumentThatIndexesTake() {
        assertThat(
                        VerdictDocument.isOne(
                                AlertDocument.of(verdict(last))
                                        .orElseThrow()
                                        .json(AlertSeverity.CRITICAL)))
                .isTrue();
    }

    @Test
    void shouldTakeNothingElseForAVerdict() {
        assertThat(AlertDocument.of("{}".getBytes(StandardCharsets.UTF_8))).isEmpty();
        assertThat(AlertDocument.of("no json".getBytes(StandardCharsets.UTF_8))).isEmpty();
        assertThat(
                        AlertDocument.of(
                                "{\"event\":{\"dataset\":\"serveflow.host\"}}"
                                        .getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }

    private JsonNode alert(final AlertSeverity severity) throws IOException {
        return JSON.readTree(AlertDocument.of(verdict(last)).orElseThrow().json(severity));
    }

    private String id(final Verdict verdict) {
        return AlertDocument.of(verdict(verdict)).orElseThrow().id();
    }

    private byte[] verdict(final Verdict verdict) {
        return VerdictDocument.json(flow, verdict, CREATED);
    }
}
