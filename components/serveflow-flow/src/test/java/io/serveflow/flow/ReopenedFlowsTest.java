/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import static io.serveflow.flow.TestPackets.ipv4;
import static io.serveflow.flow.TestPackets.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowAssembler.Options;
import io.serveflow.flow.FlowRecord.Stage;
import io.serveflow.ledger.Ledger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which packets between known endpoints begin another connection. */
class ReopenedFlowsTest {

    private static final int SYN = IpHeaders.SYN;
    private static final int ACK = IpHeaders.ACK;
    private static final int FIN = IpHeaders.FIN;
    private static final int RST = IpHeaders.RST;
    private static final String CLIENT = "192.0.2.10";
    private static final String SERVER = "198.51.100.20";

    private final List<FlowRecord> records = new ArrayList<>();
    private final FlowAssembler assembler =
            new FlowAssembler(Options.defaults("test"), new Ledger(), records::add);
    private long now = 1_700_000_000_000_000L;

    private void packet(final byte[] packet) {
        now += 1_000;
        assembler.packet(now, packet, 0, packet.length, packet.length);
    }

    private void client(final int flags, final int sequence) {
        packet(ipv4(6, CLIENT, SERVER, tcp(40000, 443, sequence, 0, flags, new byte[0])));
    }

    private void server(final int flags, final int sequence, final int acknowledged) {
        packet(
                ipv4(
                        6,
                        SERVER,
                        CLIENT,
                        tcp(443, 40000, sequence, acknowledged, flags, new byte[0])));
    }

    /** How many packets each flow has. */
    private List<Integer> flows() {
        assembler.finish();
        return records.stream()
                .filter(record -> record.stage() == Stage.CONTEXT)
                .map(record -> record.packets().count())
                .toList();
    }

    private void handshake(final int clients, final int servers) {
        client(SYN, clients);
        server(SYN | ACK, servers, clients + 1);
        client(ACK, clients + 1);
    }

    @Test
    void shouldBeginAFlowWithASynAfterTheFinOfTheClientAlone() {
        for (int connection = 0; connection < 3; connection++) {
            handshake(1_000 + connection, 5_000 + connection);
            client(FIN | ACK, 1_010);
            now += 20_000_000;
        }

        assertThat(flows()).containsExactly(4, 4, 4);
        assertThat(records.stream().map(FlowRecord::id).distinct()).hasSize(3);
    }

    @Test
    void shouldBeginAFlowWithASynAfterTheFinOfTheServerAlone() {
        handshake(1_000, 5_000);
        server(FIN | ACK, 5_001, 1_001);
        handshake(2_000, 6_000);

        assertThat(flows()).containsExactly(4, 3);
    }

    @Test
    void shouldBeginAFlowWithASynAfterOneFinWhereAllNumbersAreTheSame() {
        for (int connection = 0; connection < 3; connection++) {
            handshake(0, 0);
            client(FIN | ACK, 1);
        }

        assertThat(flows()).containsExactly(4, 4, 4);
    }

    @Test
    void shouldBeginAFlowWithASynWhereTheClientAloneIsSeen() {
        for (int connection = 0; connection < 3; connection++) {
            client(SYN, 1_000 * connection);
            client(ACK, 1_000 * connection + 1);
            client(FIN | ACK, 1_000 * connection + 1);
            client(ACK, 1_000 * connection + 2);
        }

        assertThat(flows()).containsExactly(4, 4, 4);
    }

    @Test
    void shouldBeginAFlowWithASynOfAnotherNumberWhereNoEndWasSeen() {
        handshake(1_000, 5_000);
        handshake(2_000, 6_000);

        assertThat(flows()).containsExactly(3, 3);
    }

    @Test
    void shouldBeginAFlowWithASynAfterAReset() {
        client(SYN, 1_000);
        server(RST | ACK, 0, 1_001);
        client(SYN, 1_000);
        server(RST | ACK, 0, 1_001);

        assertThat(flows()).containsExactly(2, 2);
    }

    @Test
    void shouldTakeASynThatIsRepeatedBehindAResetWithoutAcknowledgementForTheSameConnection() {
        client(SYN, 1_000);
        server(RST, 0, 0);
        now += 1_000_000;
        client(SYN, 1_000);
        server(RST, 0, 0);

        assertThat(flows()).containsExactly(4);
    }

    @Test
    void shouldTakeASynThatIsRepeatedBehindAResetOfAnotherConnectionForTheSameOne() {
        client(SYN, 1_000);
        server(RST | ACK, 0, -77_000);
        now += 1_000_000;
        handshake(1_000, 5_000);

        assertThat(flows()).containsExactly(5);
    }

    @Test
    void shouldTakeASynThatIsRepeatedBehindTheResetOfAHalfOpenConnectionForTheSameOne() {
        client(SYN, 1_000);
        server(ACK, 5_000_000, 9_000_000);
        client(RST, 9_000_000);
        now += 3_000_000;
        handshake(1_000, 7_000);
        client(FIN | ACK, 1_001);
        server(FIN | ACK, 7_001, 1_002);
        client(SYN, 1_000);

        assertThat(flows()).containsExactly(8, 1);
    }

    @Test
    void shouldBeginAFlowWithASynOfAnotherNumberBehindAResetThatTheClientDropped() {
        client(SYN, 1_000);
        server(RST, 2_222, 1_001);
        client(SYN, 3_333);
        server(SYN | ACK, 4_444, 3_334);

        assertThat(flows()).containsExactly(2, 2);
    }

    @Test
    void shouldEndAFlowWithTheResetOfAClientThatGivesUp() {
        client(SYN, 1_000);
        client(RST, 1_001);
        client(SYN, 1_000);
        client(RST, 1_000 + 1 + 500);

        assertThat(flows()).containsExactly(2, 2);
    }

    @Test
    void shouldEndAFlowWithTheResetOfAClientWhoseServerIsNotSeen() {
        client(SYN, 1_000);
        client(ACK, 1_001);
        client(RST, 9_000_000);
        client(SYN, 1_000);

        assertThat(flows()).containsExactly(3, 1);
    }

    @Test
    void shouldEndAFlowWithAResetWhereNumbersAreAllZero() {
        client(SYN, 0);
        server(RST, 0, 0);
        client(SYN, 0);

        assertThat(flows()).containsExactly(2, 1);
    }

    @Test
    void shouldTakeASynAckBehindTheClientsAcknowledgementOfItForTheSameConnection() {
        client(SYN, 1_000);
        client(ACK, 1_001);
        server(SYN | ACK, 5_000, 1_001);
        server(ACK, 5_001, 1_001);

        assertThat(flows()).containsExactly(4);
    }

    @Test
    void shouldTakeASynAckOfAnotherNumberBehindTheEndForALateAnswer() {
        handshake(1_000, 5_000);
        client(RST, 1_001);
        server(SYN | ACK, 6_000, 1_001);

        assertThat(flows()).containsExactly(4);
    }

    @Test
    void shouldBeginAFlowWithASynAfterAConnectionWhoseBeginningWasNotSeen() {
        client(ACK, 1_000);
        server(ACK, 5_000, 1_001);
        handshake(2_000, 6_000);

        assertThat(flows()).containsExactly(2, 3);
    }

    @Test
    void shouldTakeASynOfTheSameNumberForARetransmission() {
        client(SYN, 1_000);
        now += 1_000_000;
        client(SYN, 1_000);
        now += 3_000_000;
        client(SYN, 1_000);
        server(SYN | ACK, 5_000, 1_001);
        client(SYN, 1_000);
        client(ACK, 1_001);
        client(SYN, 1_000);

        assertThat(flows()).containsExactly(7);
    }

    @Test
    void shouldTakeASynBehindItsAnswerForThatOfTheSameConnection() {
        server(SYN | ACK, 5_000, 1_001);
        client(ACK, 1_001);
        server(ACK, 5_001, 1_001);
        server(FIN | ACK, 5_001, 1_001);
        client(FIN | ACK, 1_001);
        client(SYN, 1_000);

        assertThat(records.get(0).tuple().originator()).isEqualTo(CLIENT);
        assertThat(flows()).containsExactly(5);
    }

    @Test
    void shouldTakeTheSynsOfASimultaneousOpenForOneConnection() {
        client(SYN, 1_000);
        server(SYN, 5_000, 0);
        client(SYN | ACK, 1_000);
        server(SYN | ACK, 5_000, 1_001);
        client(ACK, 1_001);

        assertThat(flows()).containsExactly(5);
    }

    @Test
    void shouldBeginAFlowWhereTheServerOpensTheNextConnection() {
        handshake(1_000, 5_000);
        client(FIN | ACK, 1_001);
        server(SYN, 9_000, 0);

        assertThat(flows()).containsExactly(4, 1);
        assertThat(records.get(2).tuple().originator()).isEqualTo(SERVER);
    }

    @Test
    void shouldBeginAFlowWithASynAckWhereTheServerAloneIsSeen() {
        for (int connection = 0; connection < 3; connection++) {
            server(SYN | ACK, 5_000 + connection, 1_001 + connection);
            server(ACK, 5_001 + connection, 1_010);
            server(FIN | ACK, 5_001 + connection, 1_010);
        }

        assertThat(flows()).containsExactly(3, 3, 3);
        assertThat(records).extracting(record -> record.tuple().originator()).containsOnly(CLIENT);
    }

    @Test
    void shouldTakeARepeatedSynAckForARetransmission() {
        client(SYN, 1_000);
        server(SYN | ACK, 5_000, 1_001);
        client(RST, 1_001);
        server(SYN | ACK, 5_000, 1_001);

        assertThat(flows()).containsExactly(3);
    }

    @Test
    void shouldTakeSynAcksOfSeveralNumbersForAnswersOfOneServer() {
        client(SYN, 1_000);
        server(SYN | ACK, 5_000, 1_001);
        client(SYN, 1_000);
        server(SYN | ACK, 5_777, 1_001);
        client(ACK, 1_001);

        assertThat(flows()).containsExactly(5);
    }

    @Test
    void shouldNotBeginAFlowWithAResetThatBearsASyn() {
        handshake(1_000, 5_000);
        client(SYN | RST, 7_777);

        assertThat(flows()).containsExactly(4);
    }

    @Test
    void shouldLeaveItToTheSensorWhichConnectionsAreOneFlow() {
        for (int connection = 0; connection < 2; connection++) {
            final byte[] syn =
                    ipv4(6, CLIENT, SERVER, tcp(40000, 443, connection, 0, SYN, new byte[0]));
            assembler.packet("77", true, "", now, syn, 0, syn.length, syn.length);
        }

        assertThat(flows()).containsExactly(2);
    }
}
