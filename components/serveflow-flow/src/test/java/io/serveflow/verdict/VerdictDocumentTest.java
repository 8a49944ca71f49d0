/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTunnel;
import io.serveflow.flow.TestFlows;
import io.serveflow.flow.TunnelType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerdictDocumentTest {

    private static final ObjectMapper JSON = new JsonMapper();
    private static final Instant CREATED = Instant.parse("2026-11-22T10:15:30.123456Z");

    private final FlowRecord flow = TestFlows.first("CHhAvVGS1DHFjwGM9");
    private final Verdict provisional = TestFlows.provisional(0.4);

    @Test
    void shouldWriteTheGoldenDocument() {
        assertThat(
                        new String(
                                VerdictDocument.json(flow, provisional, CREATED),
                                StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"@timestamp\":\"2023-11-14T22:13:20.123456Z\",\"event\":{\"kind\":\"event\","
                            + "\"category\":[\"network\"],\"type\":[\"info\"],\"module\":\"serveflow\","
                            + "\"dataset\":\"serveflow.prediction\",\"id\":\""
                                + VerdictDocument.id(flow, provisional)
                                + "\",\"created\":\"2026-11-22T10:15:30.123456Z\","
                                + "\"start\":\"2023-11-14T22:13:20.123456Z\"},"
                                + "\"log\":{\"id\":{\"uid\":\"CHhAvVGS1DHFjwGM9\"}},"
                                + "\"network\":{\"transport\":\"tcp\","
                                + "\"community_id\":\"1:LQU9qZlK+B5F3KDmev6m5PMibrg=\","
                                + "\"application\":\"web_tls\"},"
                                + "\"source\":{\"ip\":\"10.0.0.5\",\"port\":51514},"
                                + "\"destination\":{\"ip\":\"203.0.113.9\",\"port\":443},"
                                + "\"observer\":{\"name\":\"sensor\"},"
                                + "\"serveflow\":{\"task\":\"service\",\"label\":\"web_tls\","
                                + "\"confidence\":0.6,\"uncertainty\":0.4,\"tier\":\"fast\","
                                + "\"stage\":\"provisional\",\"final\":false,\"revised\":false,"
                                + "\"reason\":\"uncertain\",\"packets\":1,"
                                + "\"bundle\":{\"name\":\"service\",\"version\":\"1.2.3\",\"sha256\":\""
                                + "ab".repeat(32)
                                + "\"},\"latency\":{\"wait_ms\":0.0,\"queue_ms\":1.5,\"compute_us\":12,"
                                + "\"total_ms\":1.512},\"top\":{\"web_tls\":0.6}}}");
    }

    @Test
    void shouldKeepTheTunnelOfAFlow() throws IOException {
        final FlowRecord inside =
                flow.in(
                        Optional.of(
                                new FlowTunnel(
                                        TunnelType.VXLAN,
                                        2,
                                        100,
                                        "192.0.2.1",
                                        50_001,
                                        "192.0.2.2",
                                        4789)));
        assertThat(
                        JSON.readTree(VerdictDocument.json(inside, provisional, CREATED))
                                .at("/serveflow/tunnel"))
                .isEqualTo(
                        JSON.readTree(
                                "{\"type\":\"vxlan\",\"depth\":2,\"id\":\"100\","
                                        + "\"source\":{\"ip\":\"192.0.2.1\",\"port\":50001},"
                                        + "\"destination\":{\"ip\":\"192.0.2.2\",\"port\":4789}}"));
        assertThat(VerdictDocument.id(inside, provisional))
                .isEqualTo(VerdictDocument.id(flow, provisional));
    }

    @Test
    void shouldLeaveOutWhatATunnelDoesNotHave() throws IOException {
        final FlowRecord inside =
                flow.in(Optional.of(FlowTunnel.parse("gre 1 - 2001:db8::1 - 2001:db8::2 -")));
        assertThat(
                        JSON.readTree(VerdictDocument.json(inside, provisional, CREATED))
                                .at("/serveflow/tunnel"))
                .isEqualTo(
                        JSON.readTree(
                                "{\"type\":\"gre\",\"depth\":1,"
                                        + "\"source\":{\"ip\":\"2001:db8::1\"},"
                                        + "\"destination\":{\"ip\":\"2001:db8::2\"}}"));
    }

    @Test
    void shouldGiveAReplayTheSameId() {
        assertThat(VerdictDocument.id(TestFlows.first("CHhAvVGS1DHFjwGM9"), provisional))
                .isEqualTo(VerdictDocument.id(flow, provisional))
                .hasSize(40);
    }

    @Test
    void shouldGiveEachStageAnIdOfItsOwn() {
        assertThat(VerdictDocument.id(flow, provisional.standing("certain")))
                .isNotEqualTo(VerdictDocument.id(flow, provisional));
    }

    @Test
    void shouldLinkAFinalVerdictToTheProvisionalOne() throws IOException {
        final Verdict last =
                TestFlows.verdict("slow", VerdictStage.FINAL, "mail", 0.1).superseding(provisional);

        final JsonNode serveflow =
                JSON.readTree(VerdictDocument.json(flow, last, CREATED)).get("serveflow");

        assertThat(serveflow.get("supersedes").textValue())
                .isEqualTo(VerdictDocument.id(flow, provisional));
        assertThat(serveflow.get("revised").booleanValue()).isTrue();
    }

    @Test
    void shouldNameTheDocumentOfTheOlderBundleThatANewerOneSupersedes() throws IOException {
        final Verdict newer = answer("2.0.0");

        final JsonNode serveflow =
                JSON.readTree(
                                VerdictDocument.json(
                                        flow,
                                        newer.superseding(provisional).standing("depth"),
                                        CREATED))
                        .get("serveflow");

        assertThat(serveflow.get("supersedes").textValue())
                .isEqualTo(VerdictDocument.id(flow, provisional));
        assertThat(serveflow.at("/bundle/version").textValue()).isEqualTo("2.0.0");
    }

    @Test
    void shouldLinkARepairedVerdictToTheFinalOneThatStoodInForIt() throws IOException {
        final Verdict stood = provisional.standing("slow_unavailable").superseding(provisional);
        final Verdict repaired = answer("1.0.0").superseding(stood);

        final JsonNode document = JSON.readTree(VerdictDocument.json(flow, repaired, CREATED));

        assertThat(document.at("/serveflow/stage").textValue()).isEqualTo("repaired");
        assertThat(document.at("/serveflow/final").booleanValue()).isTrue();
        assertThat(document.at("/serveflow/supersedes").textValue())
                .isEqualTo(VerdictDocument.id(flow, stood));
        assertThat(document.at("/event/id").textValue())
                .isEqualTo(VerdictDocument.id(flow, repaired))
                .isNotIn(VerdictDocument.id(flow, stood), VerdictDocument.id(flow, provisional));
    }

    @Test
    void shouldGiveARepairedVerdictTheSameIdWhicheverBundleRepairsIt() throws IOException {
        final Verdict stood = provisional.standing("slow_unavailable").superseding(provisional);
        final Verdict newer = answer("2.0.0").superseding(stood);

        assertThat(VerdictDocument.id(flow, newer))
                .isEqualTo(VerdictDocument.id(flow, answer("1.0.0").superseding(stood)));
        assertThat(
                        JSON.readTree(VerdictDocument.json(flow, newer, CREATED))
                                .at("/serveflow/bundle/version")
                                .textValue())
                .isEqualTo("2.0.0");
    }

    @Test
    void shouldGiveAFinalVerdictTheSameIdWhicheverBundleFollowsTheProvisionalOne()
            throws IOException {
        final Verdict newer = answer("2.0.0").superseding(provisional);

        assertThat(VerdictDocument.id(flow, newer))
                .isEqualTo(VerdictDocument.id(flow, answer("1.0.0").superseding(provisional)))
                .isNotEqualTo(VerdictDocument.id(flow, answer("2.0.0")));

        final Verdict repaired = answer("3.0.0").superseding(newer.standing("slow_unavailable"));
        assertThat(
                        JSON.readTree(VerdictDocument.json(flow, repaired, CREATED))
                                .at("/serveflow/supersedes")
                                .textValue())
                .isEqualTo(VerdictDocument.id(flow, newer));
    }

    @Test
    void shouldRepairNothingWithAVerdictThatIsItselfProvisional() {
        final Verdict stood = provisional.standing("slow_unavailable");

        assertThat(provisional.superseding(stood).stage()).isEqualTo(VerdictStage.PROVISIONAL);
        assertThat(provisional.superseding(stood).standing("depth").stage())
                .isEqualTo(VerdictStage.REPAIRED);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestFlows.verdict("slow", VerdictStage.REPAIRED, "mail", 0.1))
                .withMessage(
                        "a verdict is repaired by superseding one that stands; make it final"
                                + " first");
    }

    private static Verdict answer(final String version) {
        return new Verdict(
                new Verdict.BundleRef("service", version, "service", "cd".repeat(32)),
                "slow",
                VerdictStage.FINAL,
                "mail",
                0.9,
                0.1,
                "depth",
                10,
                new Verdict.Latency(0, 0, 0),
                List.of());
    }
}
