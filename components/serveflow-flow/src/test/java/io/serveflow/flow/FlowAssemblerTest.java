/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import static io.serveflow.flow.TestPackets.bytes;
import static io.serveflow.flow.TestPackets.concat;
import static io.serveflow.flow.TestPackets.ipv4;
import static io.serveflow.flow.TestPackets.ipv6;
import static io.serveflow.flow.TestPackets.tcp;
import static io.serveflow.flow.TestPackets.udp;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import io.serveflow.flow.FlowAssembler.Options;
import io.serveflow.flow.FlowRecord.End;
import io.serveflow.flow.FlowRecord.Stage;
import io.serveflow.ledger.Ledger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FlowAssemblerTest {

    private static final int SYN = IpHeaders.SYN;
    private static final int ACK = IpHeaders.ACK;
    private static final int FIN = IpHeaders.FIN;
    private static final int RST = IpHeaders.RST;
    private static final long SECOND = 1_000_000;
    private static final long START = 1_700_000_000 * SECOND;

    private final Ledger ledger = new Ledger();
    private final List<FlowRecord> records = new ArrayList<>();
    private FlowAssembler assembler = assembler(Options.defaults("zeek-1"));

    private FlowAssembler assembler(final Options options) {
        return new FlowAssembler(options, ledger, records::add);
    }

    private boolean packet(final long time, final byte[] packet) {
        return assembler.packet(time, packet, 0, packet.length, packet.length);
    }

    private boolean named(final String uid, final long time, final byte[] packet) {
        return named(uid, true, time, packet);
    }

    private boolean named(
            final String uid, final boolean begins, final long time, final byte[] packet) {
        return assembler.packet(uid, begins, "", time, packet, 0, packet.length, packet.length);
    }

    private static byte[] fromClient(final int flags) {
        return ipv4(6, "10.0.0.5", "203.0.113.9", tcp(51514, 443, flags, new byte[0]));
    }

    private static byte[] fromServer(final int flags) {
        return ipv4(6, "203.0.113.9", "10.0.0.5", tcp(443, 51514, flags, new byte[0]));
    }

    /** A datagram of a client's flow of its own. */
    private static byte[] datagram(final int client) {
        return ipv4(17, "10.0.0.5", "203.0.113.9", udp(client, 53, new byte[4]));
    }

    private void closeConnection(final long time) {
        packet(time, fromClient(SYN));
        packet(time + 1, fromServer(SYN | ACK));
        packet(time + 2, fromClient(FIN | ACK));
        packet(time + 3, fromServer(FIN | ACK));
    }

    @Test
    void shouldWriteTheFirstRecordAtPacketOne() {
        packet(START, fromClient(SYN));

        assertThat(records).hasSize(1);
        final FlowRecord first = records.get(0);
        assertThat(first.stage()).isEqualTo(Stage.FIRST);
        assertThat(first.end()).isEqualTo(End.DEPTH);
        assertThat(first.id().observer()).isEqualTo("zeek-1");
        assertThat(first.tuple())
                .isEqualTo(new FlowTuple(Transport.TCP, "10.0.0.5", 51514, "203.0.113.9", 443));
        assertThat(first.communityId()).isEqualTo(CommunityId.v1(first.tuple()));
        assertThat(first.startMicros()).isEqualTo(START);
        assertThat(first.packets().count()).isEqualTo(1);
        assertThat(first.packets().offsetMicros(0)).isZero();
        assertThat(first.packets().fromOriginator(0)).isTrue();
        assertThat(first.packets().bytes()).isEqualTo(fromClient(SYN));
        assertThat(ledger.total(Ledger.Entry.FLOWS)).isEqualTo(1);
    }

    @Test
    void shouldWriteTheContextRecordAtDepth() {
        assembler = assembler(Options.defaults("s").withDepth(3));
        packet(START, fromClient(SYN));
        packet(START + 20, fromServer(SYN | ACK));
        packet(START + 50, fromClient(ACK));
        packet(START + 60, fromClient(ACK));
        assembler.finish();

        assertThat(records).hasSize(2);
        final FlowRecord context = records.get(1);
        assertThat(context.stage()).isEqualTo(Stage.CONTEXT);
        assertThat(context.end()).isEqualTo(End.DEPTH);
        assertThat(context.id()).isEqualTo(records.get(0).id());
        assertThat(context.packets().count()).isEqualTo(3);
        assertThat(context.packets().offsetMicros(2)).isEqualTo(50);
        assertThat(context.packets().fromOriginator(1)).isFalse();
        assertThat(context.packets().fromOriginator(2)).isTrue();
        assertThat(context.packets().bytes())
                .isEqualTo(concat(fromClient(SYN), fromServer(SYN | ACK), fromClient(ACK)));
        assertThat(context.packets().first(1)).isEqualTo(records.get(0).packets());
    }

    @Test
    void shouldWriteBothRecordsAtPacketOneWhereThatIsTheDepth() {
        assembler = assembler(Options.defaults("s").withDepth(1));
        packet(START, fromClient(SYN));

        assertThat(records)
                .extracting(FlowRecord::stage, FlowRecord::end)
                .containsExactly(tuple(Stage.FIRST, End.DEPTH), tuple(Stage.CONTEXT, End.DEPTH));
    }

    @Test
    void shouldWriteTheContextRecordWhenAnyFlowsPacketPassesTheWait() {
        packet(START, datagram(1));
        packet(START + 10 * SECOND, datagram(2));

        assertThat(records).hasSize(2).allMatch(record -> record.stage() == Stage.FIRST);

        packet(START + 10 * SECOND + 1, datagram(2));

        assertThat(records).hasSize(3);
        assertThat(records.get(2).id()).isEqualTo(records.get(0).id());
        assertThat(records.get(2).end()).isEqualTo(End.TIMEOUT);
    }

    @Test
    void shouldWriteTheContextRecordAtTheEndOfTcp() {
        closeConnection(START);

        assertThat(records).hasSize(2);
        assertThat(records.get(1).end()).isEqualTo(End.END);
        assertThat(records.get(1).packets().count()).isEqualTo(4);
    }

    @Test
    void shouldTakeAResetForTheEnd() {
        packet(START, fromClient(SYN));
        packet(START + 1, fromServer(RST | ACK));

        assertThat(records).hasSize(2);
        assertThat(records.get(1).end()).isEqualTo(End.END);
    }

    @Test
    void shouldNotTakeTheFinOfOneSideForTheEnd() {
        packet(START, fromClient(SYN));
        packet(START + 1, fromClient(FIN | ACK));
        packet(START + 2, fromClient(FIN | ACK));

        assertThat(records).hasSize(1);
    }

    @Test
    void shouldKeepLatePacketsOfAClosedFlowFromBeginningAnother() {
        closeConnection(START);
        packet(START + 4, fromClient(ACK));
        packet(START + 30 * SECOND, fromServer(FIN | ACK));
        assembler.finish();

        assertThat(records).hasSize(2);
    }

    @Test
    void shouldBeginANewFlowWithASynAfterTheEnd() {
        closeConnection(START);
        packet(START + 4, fromClient(ACK));
        packet(START + 5, fromClient(SYN));

        assertThat(records).hasSize(3);
        assertThat(records.get(2).stage()).isEqualTo(Stage.FIRST);
        assertThat(records.get(2).id()).isNotEqualTo(records.get(0).id());
        assertThat(records.get(2).tuple()).isEqualTo(records.get(0).tuple());
    }

    @Test
    void shouldTakeASynOfAnOpenFlowForARetransmission() {
        packet(START, fromClient(SYN));
        packet(START + SECOND, fromClient(SYN));
        assembler.finish();

        assertThat(records).hasSize(2);
        assertThat(records.get(1).packets().count()).isEqualTo(2);
    }

    @Test
    void shouldBeginANewFlowAfterTheTimeout() {
        packet(START, datagram(1));
        packet(START + 31 * SECOND, datagram(1));
        packet(START + 62 * SECOND + 1, datagram(1));

        assertThat(records)
                .extracting(FlowRecord::stage)
                .containsExactly(Stage.FIRST, Stage.CONTEXT, Stage.FIRST);
    }

    @Test
    void shouldRememberAFlowWhoseContextIsWritten() {
        for (int i = 0; i < 100; i++) {
            packet(START + i * SECOND, datagram(1));
        }
        assembler.finish();

        assertThat(records).hasSize(2);
        assertThat(records.get(1).packets().count()).isEqualTo(10);
    }

    @Test
    void shouldSwapTheRolesWhereASynAckComesFirst() {
        packet(START, fromServer(SYN | ACK));
        packet(START + 1, fromClient(ACK));
        assembler.finish();

        assertThat(records.get(1).tuple().originator()).isEqualTo("10.0.0.5");
        assertThat(records.get(1).tuple().originatorPort()).isEqualTo(51514);
        assertThat(records.get(1).packets().fromOriginator(0)).isFalse();
        assertThat(records.get(1).packets().fromOriginator(1)).isTrue();
    }

    @Test
    void shouldTellFlowsApartByTransportAndIpVersion() {
        packet(START, ipv4(17, "10.0.0.1", "10.0.0.2", udp(5, 6, new byte[12])));
        packet(START, ipv4(6, "10.0.0.1", "10.0.0.2", tcp(5, 6, ACK, new byte[0])));
        packet(START, ipv6(17, "::a00:1", "::a00:2", udp(5, 6, new byte[12])));
        packet(START, ipv4(17, "10.0.0.1", "10.0.0.2", udp(6, 5, new byte[12])));

        assertThat(records).hasSize(4).allMatch(record -> record.stage() == Stage.FIRST);
        assertThat(records).extracting(FlowRecord::id).doesNotHaveDuplicates();
    }

    @Test
    void shouldKeepWhatMayBeAHelloBeyondTheSnapLength() {
        assembler = assembler(Options.defaults("s").withSnap(64).withDepth(7));
        final byte[] hello = new byte[1_400];
        hello[0] = 0x16;
        hello[1] = 0x03;
        packet(START, fromClient(SYN));
        packet(START + 1, segment(true, hello));
        packet(START + 2, segment(false, hello));
        for (int i = 3; i < 7; i++) {
            packet(START + i, segment(true, new byte[1_400]));
        }

        assertThat(kept(records.get(1).packets()))
                .containsExactly(40, 1_440, 64, 1_440, 1_440, 1_440, 64);
    }

    @Test
    void shouldKeepAnInitialOfQuicBeyondTheSnapLength() {
        assembler = assembler(Options.defaults("s").withSnap(64).withDepth(2));
        final byte[] initial = new byte[1_200];
        initial[0] = (byte) 0xc3;
        packet(START, ipv4(17, "10.0.0.5", "203.0.113.9", udp(50_000, 443, initial)));
        packet(START + 1, ipv4(17, "10.0.0.5", "203.0.113.9", udp(50_000, 443, new byte[1_200])));

        assertThat(kept(records.get(0).packets())).containsExactly(1_228);
        assertThat(kept(records.get(1).packets())).containsExactly(1_228, 64);
    }

    @Test
    void shouldKeepNoMoreOfAFlowThatDoesNotBeginWithAHello() {
        assembler = assembler(Options.defaults("s").withSnap(64).withDepth(3));
        packet(START, fromClient(SYN));
        packet(START + 1, segment(true, "GET / HTTP/1.1".getBytes(US_ASCII)));
        packet(START + 2, segment(true, new byte[1_400]));

        assertThat(kept(records.get(1).packets())).containsExactly(40, 54, 64);
    }

    private static byte[] segment(final boolean fromClient, final byte[] payload) {
        return fromClient
                ? ipv4(6, "10.0.0.5", "203.0.113.9", tcp(51514, 443, ACK, payload))
                : ipv4(6, "203.0.113.9", "10.0.0.5", tcp(443, 51514, ACK, payload));
    }

    private static int[] kept(final Packets packets) {
        return IntStream.range(0, packets.count())
                .map(i -> packets.end(i) - packets.start(i))
                .toArray();
    }

    @Test
    void shouldKeepTheSnapOfAPacketAndItsFullLength() {
        assembler = assembler(Options.defaults("s").withSnap(64));
        packet(START, ipv4(17, "10.0.0.1", "10.0.0.2", udp(5, 6, new byte[1400])));

        assertThat(records.get(0).packets().length(0)).isEqualTo(1428);
        assertThat(records.get(0).packets().bytes()).hasSize(64);
    }

    @Test
    void shouldReadAPacketFromTheMiddleOfAFrame() {
        final byte[] packet = fromClient(SYN);
        final byte[] frame = concat(new byte[14], packet, new byte[6]);
        assembler.packet(START, frame, 14, packet.length + 6, packet.length + 6);

        assertThat(records.get(0).packets().bytes()).isEqualTo(packet);
        assertThat(records.get(0).packets().length(0)).isEqualTo(40);
    }

    @Test
    void shouldKeepTheInnerPacketOfATunnel() {
        final byte[] inner = fromClient(SYN);
        packet(START, ipv4(4, "192.0.2.1", "192.0.2.2", inner));

        assertThat(records.get(0).tuple().originator()).isEqualTo("10.0.0.5");
        assertThat(records.get(0).packets().bytes()).isEqualTo(inner);
        assertThat(records.get(0).packets().length(0)).isEqualTo(inner.length);
    }

    @Test
    void shouldCountPacketsWithoutAFlowByReason() {
        final byte[] fragment =
                ipv4(17, "10.0.0.1", "10.0.0.2", 100, new byte[0], udp(5, 6, new byte[12]));

        assertThat(packet(START, ipv4(1, "10.0.0.1", "10.0.0.2", new byte[8]))).isFalse();
        assertThat(packet(START, fragment)).isFalse();
        assertThat(packet(START, bytes(0x45, 0, 0))).isFalse();
        assertThat(packet(START, datagram(1))).isTrue();

        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED))
                .isEqualTo(Map.of("other_transport", 1L, "later_fragment", 1L, "malformed", 1L));
    }

    @Test
    void shouldEndTheLongestIdleFlowWhereTheTableIsFull() {
        assembler = assembler(Options.defaults("s").withMaxFlows(2));
        packet(START, datagram(1));
        packet(START + 1, datagram(2));
        packet(START + 2, datagram(1));
        packet(START + 3, datagram(3));

        assertThat(records)
                .extracting(FlowRecord::stage, record -> record.tuple().originatorPort())
                .containsExactly(
                        tuple(Stage.FIRST, 1),
                        tuple(Stage.FIRST, 2),
                        tuple(Stage.CONTEXT, 2),
                        tuple(Stage.FIRST, 3));
        assertThat(records.get(2).end()).isEqualTo(End.END);
        assertThat(ledger.byDetail(Ledger.Entry.EVICTED))
                .isEqualTo(Map.of(FlowAssembler.FLOW_TABLE_FULL, 1L));
    }

    @Test
    void shouldLoseNoFlowWhileTheTableGrowsAndShrinks() {
        final int flows = 20_000;
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < flows; i++) {
                packet(START + round, datagram(1 + i));
            }
        }
        assertThat(records).hasSize(flows);
        packet(START + 61 * SECOND, datagram(1));

        assertThat(records).hasSize(2 * flows + 1);
        assertThat(records.subList(flows, 2 * flows))
                .allMatch(record -> record.end() == End.TIMEOUT)
                .allMatch(record -> record.packets().count() == 3);
        assertThat(records).extracting(FlowRecord::id).doesNotContainNull();
    }

    @Test
    void shouldNotGoBackInTimeWithAPacketOutOfOrder() {
        packet(START + 100, datagram(1));
        packet(START, datagram(1));
        packet(START + 10 * SECOND + 100, datagram(2));
        assembler.finish();

        final FlowRecord context = records.get(2);
        assertThat(context.end()).isEqualTo(End.END);
        assertThat(context.startMicros()).isEqualTo(START + 100);
        assertThat(context.packets().offsetMicros(1)).isZero();
    }

    @Test
    void shouldGoOnWaitingAndIdlingAfterALongStepBack() {
        packet(START, datagram(1));
        packet(START / 2, datagram(2));
        packet(START / 2 + 11 * SECOND, datagram(3));

        assertThat(records)
                .filteredOn(record -> record.stage() == Stage.CONTEXT)
                .extracting(record -> record.tuple().originatorPort())
                .containsExactly(1, 2);

        packet(START / 2 + 62 * SECOND, datagram(2));

        assertThat(records.get(records.size() - 1).stage()).isEqualTo(Stage.FIRST);
        assertThat(records.get(records.size() - 1).tuple().originatorPort()).isEqualTo(2);
    }

    @Test
    void shouldGoOnAfterOneWrongTimeStamp() {
        packet(START, datagram(1));
        packet(START + 1_000_000 * SECOND, datagram(2));
        packet(START + 1, datagram(3));
        packet(START + 11 * SECOND, datagram(4));

        assertThat(records)
                .filteredOn(record -> record.stage() == Stage.CONTEXT)
                .extracting(record -> record.tuple().originatorPort(), FlowRecord::end)
                .containsExactly(
                        tuple(1, End.TIMEOUT), tuple(2, End.TIMEOUT), tuple(3, End.TIMEOUT));
    }

    @Test
    void shouldNameFlowsAlikeInEveryRun() {
        packet(START, fromClient(SYN));
        final FlowAssembler again = assembler(Options.defaults("zeek-1"));
        again.packet(START, fromClient(SYN), 0, 40, 40);

        assertThat(records.get(0).id()).isEqualTo(records.get(1).id());
        assertThat(records.get(0).id().uid()).matches("P[0-9A-Za-z]{17}");
    }

    @Test
    void shouldNameFlowsApartThatBeginAtTheSameMoment() {
        for (int i = 0; i < 3; i++) {
            packet(0, fromClient(SYN));
            packet(0, fromServer(RST | ACK));
        }

        assertThat(records)
                .filteredOn(record -> record.stage() == Stage.FIRST)
                .hasSize(3)
                .extracting(FlowRecord::id)
                .doesNotHaveDuplicates();
    }

    @Test
    void shouldTakeTheSensorsNameForTheFlow() {
        named("1234567", START, fromClient(SYN));
        named("1234567", START + 1, fromServer(RST | ACK));
        named("1234567", START + 2, fromClient(SYN));
        named("7654321", START + 3, fromClient(SYN));
        assembler.finish();

        assertThat(records)
                .extracting(record -> record.id().uid(), FlowRecord::stage)
                .containsExactly(
                        tuple("1234567", Stage.FIRST),
                        tuple("1234567", Stage.CONTEXT),
                        tuple("7654321", Stage.FIRST),
                        tuple("7654321", Stage.CONTEXT));
    }

    @Test
    void shouldPassOverPacketsOfAFlowWhoseBeginningItHasNotSeen() {
        named("1", false, START, fromClient(ACK));

        assertThat(records).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED))
                .isEqualTo(Map.of(FlowAssembler.FLOW_BEGUN_BEFORE, 1L));
    }

    @Test
    void shouldNotChangeWhatItHasWritten() {
        packet(START, fromClient(SYN));
        final byte[] before = records.get(0).packets().bytes().clone();
        final byte[] reused = fromClient(ACK);
        packet(START + 1, reused);
        Arrays.fill(reused, (byte) 9);
        assembler.finish();

        assertThat(records.get(0).packets().bytes()).isEqualTo(before);
        assertThat(records.get(1).packets().bytes())
                .isEqualTo(concat(fromClient(SYN), fromClient(ACK)));
    }

    @Test
    void shouldEndAWaitWhileNoPacketComes() {
        packet(START, datagram(1));
        assembler.elapse(10 * SECOND);
        assertThat(records).hasSize(1);

        assembler.elapse(10 * SECOND + 1);

        assertThat(records).hasSize(2);
        assertThat(records.get(1).end()).isEqualTo(End.TIMEOUT);
        assertThat(records.get(1).packets().count()).isEqualTo(1);
    }

    @Test
    void shouldCountElapsedTimeFromTheLatestPacket() {
        packet(START, datagram(1));
        packet(START + 6 * SECOND, datagram(2));

        assembler.elapse(4 * SECOND + 1);
        assembler.elapse(4 * SECOND + 2);

        assertThat(records)
                .extracting(FlowRecord::stage)
                .containsExactly(Stage.FIRST, Stage.FIRST, Stage.CONTEXT);
        assertThat(records.get(2).id()).isEqualTo(records.get(0).id());
    }

    @Test
    void shouldLeaveTheTimeOfLaterPacketsAsItIs() {
        packet(START, datagram(1));
        assembler.elapse(9 * SECOND);
        packet(START + 5 * SECOND, datagram(2));
        assembler.elapse(6 * SECOND);

        assertThat(records)
                .extracting(FlowRecord::stage)
                .containsExactly(Stage.FIRST, Stage.FIRST, Stage.CONTEXT);
    }

    @Test
    void shouldLetNoTimePassBeforeTheFirstPacketOrBackwards() {
        assembler.elapse(100 * SECOND);
        packet(START, datagram(1));
        assembler.elapse(-100 * SECOND);
        assembler.elapse(0);

        assertThat(records).hasSize(1);
    }

    @Test
    void shouldKnowWhereTheOldestFlowThatWaitsBegan() {
        assertThat(assembler.oldestWaiting()).isEmpty();
        assembler.at(100);
        packet(START, datagram(1));
        assembler.at(200);
        packet(START + SECOND, datagram(2));
        assembler.at(300);
        packet(START + SECOND, datagram(1));
        assertThat(assembler.oldestWaiting()).hasValue(100);

        assembler.elapse(9 * SECOND + 1);
        assertThat(assembler.oldestWaiting()).hasValue(200);

        assembler.finish();
        assertThat(assembler.oldestWaiting()).isEmpty();
    }

    @Test
    void shouldNotWaitForAFlowWhoseContextIsWritten() {
        assembler = assembler(Options.defaults("s").withDepth(2));
        assembler.at(100);
        packet(START, datagram(1));
        assembler.at(200);
        packet(START, datagram(2));
        assembler.at(300);
        packet(START, datagram(1));

        assertThat(assembler.oldestWaiting()).hasValue(200);
    }

    @Test
    void shouldBeUsableAfterFinish() {
        packet(START, datagram(1));
        assembler.finish();
        packet(START + 1, datagram(1));

        assertThat(records)
                .extracting(FlowRecord::stage)
                .containsExactly(Stage.FIRST, Stage.CONTEXT, Stage.FIRST);
    }

    @Test
    void shouldRefuseOptionsOutOfRangeAllAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new Options(
                                        "s",
                                        0,
                                        70_000,
                                        0,
                                        FlowTimeouts.DEFAULT,
                                        0,
                                        Tunnels.ALL,
                                        65_536))
                .withMessage(
                        "depth must be 1 to 20000, was 0; snap must be 1 to 65535, was 70000;"
                                + " waitMicros must be 1 to 86400000000, was 0;"
                                + " maxFlows must be 1 to 16777216, was 0;"
                                + " communityIdSeed must be 0 to 65535, was 65536");
    }

    @Test
    void shouldHaveTheDocumentedDefaults() {
        assertThat(Options.defaults("s"))
                .isEqualTo(
                        new Options(
                                "s",
                                10,
                                128,
                                10 * SECOND,
                                FlowTimeouts.DEFAULT,
                                200_000,
                                Tunnels.ALL,
                                0));
    }

    @Test
    void shouldChangeOneOptionAtATime() {
        assertThat(
                        Options.defaults("s")
                                .withObserver("o")
                                .withDepth(1)
                                .withSnap(2)
                                .withWaitMicros(3)
                                .withTimeouts(FlowTimeouts.of(4))
                                .withMaxFlows(5)
                                .withTunnels(Tunnels.NONE)
                                .withCommunityIdSeed(6))
                .isEqualTo(new Options("o", 1, 2, 3, FlowTimeouts.of(4), 5, Tunnels.NONE, 6));
    }
}
