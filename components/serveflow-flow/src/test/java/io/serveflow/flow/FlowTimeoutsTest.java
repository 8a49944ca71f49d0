/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import static io.serveflow.flow.TestPackets.ipv4;
import static io.serveflow.flow.TestPackets.tcp;
import static io.serveflow.flow.TestPackets.udp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.serveflow.flow.FlowAssembler.Options;
import io.serveflow.flow.FlowRecord.End;
import io.serveflow.flow.FlowRecord.Stage;
import io.serveflow.ledger.Ledger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When flows end for want of packets, and who opened those that go on. */
class FlowTimeoutsTest {

    private static final int SYN = IpHeaders.SYN;
    private static final int ACK = IpHeaders.ACK;
    private static final int FIN = IpHeaders.FIN;
    private static final int RST = IpHeaders.RST;
    private static final String CLIENT = "10.0.0.5";
    private static final String SERVER = "203.0.113.9";
    private static final long SECOND = 1_000_000;
    private static final long START = 1_700_000_000 * SECOND;

    private final Ledger ledger = new Ledger();
    private final List<FlowRecord> records = new ArrayList<>();
    private FlowAssembler assembler = assembler(Options.defaults("test"));
    private long now = START;

    private FlowAssembler assembler(final Options options) {
        return new FlowAssembler(options, ledger, records::add);
    }

    private void packet(final byte[] packet) {
        assembler.packet(now, packet, 0, packet.length, packet.length);
    }

    private void named(final String uid, final byte[] packet) {
        assembler.packet(uid, true, "", now, packet, 0, packet.length, packet.length);
    }

    private static byte[] client(final int flags) {
        return ipv4(6, CLIENT, SERVER, tcp(51514, 22, flags, new byte[8]));
    }

    private static byte[] server(final int flags) {
        return ipv4(6, SERVER, CLIENT, tcp(22, 51514, flags, new byte[8]));
    }

    private static byte[] query(final int port) {
        return ipv4(17, CLIENT, SERVER, udp(port, 4500, new byte[8]));
    }

    private static byte[] answer(final int port) {
        return ipv4(17, SERVER, CLIENT, udp(4500, port, new byte[8]));
    }

    private void handshake() {
        packet(client(SYN));
        packet(server(SYN | ACK));
        packet(client(ACK));
    }

    private void pass(final long seconds) {
        now += seconds * SECOND;
    }

    private long flows() {
        return records.stream().filter(record -> record.stage() == Stage.FIRST).count();
    }

    private List<String> originators() {
        return records.stream()
                .filter(record -> record.stage() == Stage.FIRST)
                .map(record -> record.tuple().originator())
                .toList();
    }

    @Test
    void shouldKeepAnSshSessionWithKeepAlivesOneFlow() {
        handshake();
        for (int minute = 0; minute < 60; minute += 2) {
            pass(120);
            packet(server(ACK));
            packet(client(ACK));
        }

        assertThat(flows()).isEqualTo(1);
    }

    @Test
    void shouldKeepAConnectionThatTheServerClosesAfter65SecondsOneFlow() {
        handshake();
        pass(65);
        packet(server(FIN | ACK));
        packet(client(ACK));
        packet(client(FIN | ACK));

        assertThat(flows()).isEqualTo(1);
    }

    @Test
    void shouldKeepOneSideOfAConnectionOneFlow() {
        packet(client(SYN));
        packet(client(ACK));
        pass(590);
        packet(client(FIN | ACK));

        assertThat(flows()).isEqualTo(1);
    }

    @Test
    void shouldKeepAConnectionThatBeganBeforeTheCaptureOneFlow() {
        packet(client(ACK));
        packet(server(ACK));
        pass(590);
        packet(server(ACK));

        assertThat(flows()).isEqualTo(1);
    }

    @Test
    void shouldForgetAScanAfterAMinute() {
        packet(client(SYN));
        pass(61);
        packet(query(1));
        packet(client(ACK));

        assertThat(flows()).isEqualTo(3);
    }

    @Test
    void shouldForgetAHalfOpenConnectionAfterAMinute() {
        packet(client(SYN));
        packet(server(SYN | ACK));
        pass(61);
        packet(server(SYN | ACK));

        assertThat(flows()).isEqualTo(2);
    }

    @Test
    void shouldForgetAClosedConnectionAfterAMinute() {
        handshake();
        packet(client(RST));
        pass(60);
        packet(server(ACK));
        assertThat(flows()).isEqualTo(1);

        pass(61);
        packet(server(ACK));
        assertThat(flows()).isEqualTo(2);
    }

    @Test
    void shouldForgetAnUnansweredDatagramAfter31Seconds() {
        packet(query(1));
        pass(31);
        packet(query(1));
        assertThat(flows()).isEqualTo(1);

        pass(32);
        packet(query(1));
        assertThat(flows()).isEqualTo(2);
    }

    /** Dropbox, for one, comes every 30.01 s; Suricata counts whole seconds. */
    @Test
    void shouldKeepABroadcastEvery30SecondsOneFlow() {
        for (int i = 0; i < 16; i++) {
            packet(query(1));
            now += 30_010_000;
        }

        assertThat(flows()).isEqualTo(1);
    }

    @Test
    void shouldForgetAnAnsweredDatagramAfter5Minutes() {
        packet(query(1));
        packet(answer(1));
        pass(300);
        packet(query(1));
        assertThat(flows()).isEqualTo(1);

        pass(301);
        packet(query(1));
        assertThat(flows()).isEqualTo(2);
    }

    @Test
    void shouldForgetFlowsOfEachStateAtTheirTimeAmongOthers() {
        handshake();
        for (int second = 1; second <= 599; second++) {
            pass(1);
            packet(query(second));
        }
        assertThat(flows()).isEqualTo(600);

        packet(server(ACK));
        assertThat(flows()).isEqualTo(600);
        packet(query(599 - 31));
        assertThat(flows()).isEqualTo(600);
        packet(query(599 - 32));
        assertThat(flows()).isEqualTo(601);
    }

    @Test
    void shouldWriteTheContextOfAFlowThatIsForgottenBeforeItsWaitIsOver() {
        assembler =
                assembler(
                        Options.defaults("test")
                                .withWaitMicros(60 * SECOND)
                                .withTimeouts(FlowTimeouts.of(20 * SECOND)));
        packet(query(1));
        pass(21);
        packet(query(2));

        assertThat(records)
                .extracting(FlowRecord::stage)
                .containsExactly(Stage.FIRST, Stage.CONTEXT, Stage.FIRST);
        assertThat(records.get(1).end()).isEqualTo(End.END);
    }

    @Test
    void shouldKeepTheRolesOfAFlowThatGoesOnAfterItsTimeout() {
        handshake();
        pass(601);
        packet(server(ACK));

        assertThat(originators()).containsExactly(CLIENT, CLIENT);
        assertThat(records.get(records.size() - 1).packets().fromOriginator(0)).isFalse();
    }

    @Test
    void shouldKeepTheRolesThroughManyTimeouts() {
        packet(query(1));
        for (int i = 0; i < 10; i++) {
            pass(32);
            packet(i % 2 == 0 ? answer(1) : query(1));
        }

        assertThat(originators()).hasSize(11).containsOnly(CLIENT);
    }

    @Test
    void shouldKeepTheRolesOfAFlowThatGoesOnAfterItsEviction() {
        assembler = assembler(Options.defaults("test").withMaxFlows(2));
        handshake();
        for (int port = 1; port <= 500; port++) {
            packet(query(port));
        }
        // Of a handshake that is complete, the timeout is the longest.
        packet(server(ACK));
        assertThat(originators()).containsOnly(CLIENT);
        assertThat(flows()).isEqualTo(501);

        pass(599);
        packet(query(1));
        packet(query(2));
        packet(query(3));
        packet(answer(1));

        assertThat(originators()).hasSize(505).containsOnly(CLIENT);
    }

    @Test
    void shouldLetASynBeginARoleOfItsOwn() {
        handshake();
        packet(client(FIN | ACK));
        packet(server(FIN | ACK));
        pass(61);
        packet(server(SYN));
        pass(61);
        packet(client(ACK));

        assertThat(originators()).containsExactly(CLIENT, SERVER, SERVER);
    }

    @Test
    void shouldEndTheFlowOfWhichTheTimeoutEndsNextWhereTheTableIsFull() {
        assembler = assembler(Options.defaults("test").withMaxFlows(3));
        handshake();
        pass(100);
        packet(query(1));
        packet(answer(1));
        pass(1);
        packet(query(2));
        pass(1);
        packet(query(3));
        packet(query(4));

        assertThat(records)
                .filteredOn(record -> record.stage() == Stage.CONTEXT)
                .filteredOn(record -> record.end() == End.END)
                .extracting(record -> record.tuple().originatorPort())
                .containsExactly(2, 3);
        packet(server(ACK));
        assertThat(flows()).isEqualTo(5);
    }

    @Test
    void shouldEndANamedFlowWhenTheSensorSaysSo() {
        named("7", client(SYN));
        named("7", server(SYN | ACK));
        assertThat(assembler.isWaiting("7")).isTrue();
        assembler.end("7");
        assertThat(assembler.isWaiting("7")).isFalse();
        assertThat(assembler.isWaiting("9")).isFalse();
        assembler.end("8");

        assertThat(records).hasSize(2);
        assertThat(records.get(1).end()).isEqualTo(End.END);
        assertThat(records.get(1).packets().count()).isEqualTo(2);

        named("7", client(ACK));
        assertThat(records).hasSize(2);
    }

    @Test
    void shouldLetEitherEndOpenTheNextExchangeBetweenTwoPortsOfServices() {
        packet(ipv4(17, SERVER, CLIENT, udp(67, 68, new byte[8])));
        packet(ipv4(17, SERVER, CLIENT, udp(5060, 5060, new byte[8])));
        pass(32);
        packet(ipv4(17, CLIENT, SERVER, udp(68, 67, new byte[8])));
        packet(ipv4(17, CLIENT, SERVER, udp(5060, 5060, new byte[8])));

        assertThat(originators()).containsExactly(SERVER, SERVER, CLIENT, CLIENT);
    }

    @Test
    void shouldKeepTheRolesOfAFlowThatGoesOnUnderAnotherName() {
        named("7", client(SYN));
        named("7", server(SYN | ACK));
        pass(61);
        named("8", server(ACK));
        named("9", server(SYN));

        assertThat(originators()).containsExactly(CLIENT, CLIENT, SERVER);
    }

    @Test
    void shouldRefuseTimeoutsOutOfRangeAllAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FlowTimeouts(0, 1, 1, 1, 86_400_000_001L))
                .withMessage(
                        "timeout tcpNew must be 1 to 86400000000 microseconds, was 0;"
                                + " timeout udpEstablished must be 1 to 86400000000 microseconds,"
                                + " was 86400000001");
    }

    @Test
    void shouldHaveTheDefaultsOfSuricata() {
        assertThat(FlowTimeouts.DEFAULT)
                .isEqualTo(
                        new FlowTimeouts(
                                60 * SECOND, 600 * SECOND, 60 * SECOND, 31 * SECOND, 300 * SECOND));
    }

    @Test
    void shouldTakeTheLongestOfAProtocolWhereTheSensorSaysWhenAFlowIsOver() {
        assertThat(new FlowTimeouts(1, 2, 3, 5, 4).whateverTheState())
                .isEqualTo(new FlowTimeouts(3, 3, 3, 5, 5));
    }
}
