/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.batch.FlowBatch;
import io.serveflow.camel.FlowAlerts.Rule;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Packets;
import io.serveflow.flow.Transport;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import io.serveflow.verdict.AlertSeverity;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.Verdict.BundleRef;
import io.serveflow.verdict.VerdictDocument;
import io.serveflow.verdict.VerdictStage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class FlowAlertsTest {

    private static final Rule P2P = new Rule(Optional.empty(), "p2p", AlertSeverity.MEDIUM);

    private final Ledger ledger = new Ledger();
    private final AtomicLong nanos = new AtomicLong();

    @Test
    void shouldAlertOnFinalVerdictsWithAChosenLabel() throws IOException {
        final FlowBatch flows =
                batch(
                        verdict("service", "p2p", VerdictStage.FINAL, 0.9),
                        verdict("service", "dns", VerdictStage.FINAL, 0.9),
                        verdict("service", "p2p", VerdictStage.PROVISIONAL, 0.9));

        final List<String> alerts = alerts(0, 10, P2P).of(flows);

        assertThat(alerts).hasSize(1);
        final JsonNode alert = new JsonMapper().readTree(alerts.get(0));
        assertThat(alert.at("/log/id/uid").asText()).isEqualTo("C0");
        assertThat(alert.at("/event/severity").asInt()).isEqualTo(2);
        assertThat(ledger.byDetail(Ledger.Entry.ALERTS)).isEqualTo(Map.of("medium", 1L));
    }

    @Test
    void shouldAskForTheTaskWhereARuleNamesOne() {
        final Rule ofDevice = new Rule(Optional.of("device"), "p2p", AlertSeverity.LOW);
        final FlowBatch flows = batch(verdict("service", "p2p", VerdictStage.FINAL, 0.9));

        assertThat(alerts(0, 10, ofDevice).of(flows)).isEmpty();
        assertThat(alerts(0, 10, ofDevice, P2P).of(flows)).hasSize(1);
    }

    @Test
    void shouldAlertOnAllTasksOfABatch() {
        final FlowBatch service = batch(verdict("service", "p2p", VerdictStage.FINAL, 0.9));
        final FlowBatch both =
                service.withVerdicts(
                        "device",
                        new Verdict[] {verdict("device", "cam", VerdictStage.FINAL, 0.9)});
        final Rule cam = new Rule(Optional.of("device"), "cam", AlertSeverity.LOW);

        assertThat(alerts(0, 10, P2P, cam).of(both)).hasSize(2);
    }

    @Test
    void shouldLeaveOutWhatIsNotSureEnough() {
        final FlowBatch flows =
                batch(
                        verdict("service", "p2p", VerdictStage.FINAL, 0.89),
                        verdict("service", "p2p", VerdictStage.FINAL, 0.9));

        assertThat(alerts(0.9, 10, P2P).of(flows)).hasSize(1);
        assertThat(ledger.total(Ledger.Entry.DROPPED)).isZero();
    }

    @Test
    void shouldGiveSoManyAMinuteAndCountTheOthers() {
        final FlowAlerts alerts = alerts(0, 2, P2P);
        final FlowBatch flows =
                batch(
                        verdict("service", "p2p", VerdictStage.FINAL, 0.9),
                        verdict("service", "p2p", VerdictStage.FINAL, 0.9),
                        verdict("service", "p2p", VerdictStage.FINAL, 0.9));

        assertThat(alerts.of(flows)).hasSize(2);
        assertThat(ledger.byDetail(Ledger.Entry.DROPPED))
                .isEqualTo(Map.of(Reason.ALERT_RATE.code(), 1L));

        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));

        assertThat(alerts.of(flows)).hasSize(2);
    }

    @Test
    void shouldTakeNoneOfTheMinuteForARepairedVerdictThatStandsAsBefore() {
        final FlowAlerts alerts = alerts(0.8, 1, P2P);

        assertThat(alerts.of(repaired(stood("p2p", 0.8), stood("p2p", 0.9)))).hasSize(2);
        assertThat(alerts.of(repaired(stood("dns", 0.9)))).hasSize(1);
        assertThat(ledger.byDetail(Ledger.Entry.ALERTS)).isEqualTo(Map.of("medium", 3L));
        assertThat(ledger.total(Ledger.Entry.DROPPED)).isZero();
    }

    @Test
    void shouldGiveARepairedVerdictThatStandsAsBeforeTheAlertThatTheFlowHas() throws IOException {
        final Verdict stood = stood("p2p", 0.9);

        final JsonNode first = alert(batch(stood));
        final JsonNode again = alert(repaired(stood));

        assertThat(again.at("/event/id").asText())
                .isNotEmpty()
                .isEqualTo(first.at("/event/id").asText());
    }

    private JsonNode alert(final FlowBatch flows) throws IOException {
        final List<String> alerts = alerts(0, 10, P2P).of(flows);
        assertThat(alerts).hasSize(1);
        return new JsonMapper().readTree(alerts.get(0));
    }

    @Test
    void shouldAlertOnARepairedVerdictOfTheSameLabelThatWasNotSureEnoughBefore() {
        assertThat(alerts(0.8, 10, P2P).of(repaired(stood("p2p", 0.79)))).hasSize(1);
    }

    @Test
    void shouldAlertOnAVerdictThatFollowsAProvisionalOneOfTheSameLabel() {
        final FlowBatch provisional = batch(verdict("service", "p2p", VerdictStage.PROVISIONAL, 1));
        final FlowBatch flows =
                provisional
                        .asGivenOut()
                        .withVerdicts(
                                i ->
                                        verdict("service", "p2p", VerdictStage.FINAL, 1)
                                                .superseding(provisional.verdict(i)));

        assertThat(alerts(0, 10, P2P).of(flows)).hasSize(1);
    }

    /** Flows of which one verdict stood, and another one, p2p, repaired it. */
    private static FlowBatch repaired(final Verdict... stood) {
        return batch(stood)
                .asGivenOut()
                .withVerdicts(
                        i ->
                                verdict("service", "p2p", VerdictStage.FINAL, 0.95)
                                        .superseding(stood[i]));
    }

    private static Verdict stood(final String label, final double confidence) {
        return verdict("service", label, VerdictStage.FINAL, confidence);
    }

    @Test
    void shouldTakeTheDocumentsThatAnotherProcessMade() throws Exception {
        final FlowBatch flows = batch(verdict("service", "p2p", VerdictStage.FINAL, 0.9));
        final byte[] document =
                VerdictDocument.json(flows.record(0), flows.verdict(0), Instant.EPOCH);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            final Exchange exchange = new DefaultExchange(context);
            exchange.getMessage()
                    .setBody(List.of(new String(document, StandardCharsets.UTF_8), "{}"));

            alerts(0, 10, P2P).process(exchange);

            final List<String> expected = alerts(0, 10, P2P).of(flows);
            assertThat(expected).hasSize(1);
            assertThat(exchange.getMessage().getBody()).isEqualTo(expected);
        }
    }

    private FlowAlerts alerts(final double minConfidence, final int most, final Rule... rules) {
        return new FlowAlerts(
                new FlowAlerts.Options(List.of(rules), minConfidence, most),
                ledger,
                Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
                nanos::get);
    }

    private static FlowBatch batch(final Verdict... verdicts) {
        final List<FlowRecord> records = new ArrayList<>();
        for (int i = 0; i < verdicts.length; i++) {
            records.add(flow("C" + i));
        }
        return FlowBatch.of(records).withVerdicts(verdicts[0].bundle().task(), verdicts);
    }

    private static FlowRecord flow(final String uid) {
        final Packets.Builder packets = new Packets.Builder();
        packets.add(0, true, 40, new byte[40], 0, 40);
        return new FlowRecord(
                new FlowId("sensor", uid),
                new FlowTuple(Transport.TCP, "10.0.0.5", 51514, "203.0.113.9", 443),
                "1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
                1_700_000_000_123_456L,
                FlowRecord.Stage.FIRST,
                FlowRecord.End.DEPTH,
                packets.build(),
                0);
    }

    private static Verdict verdict(
            final String task,
            final String label,
            final VerdictStage stage,
            final double confidence) {
        return new Verdict(
                new BundleRef("tiny", "1.0.0", task, "ab".repeat(32)),
                "fast",
                stage,
                label,
                confidence,
                1 - confidence,
                "certain",
                1,
                new Verdict.Latency(0, 10, 12),
                List.of(new Verdict.LabelProbability(label, (float) confidence)));
    }
}
