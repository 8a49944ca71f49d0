/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.flow.ClientHello;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Handshake;
import io.serveflow.flow.Packets;
import io.serveflow.flow.SampleFlows;
import io.serveflow.flow.TestFlows;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PacketFeatureTest {

    private static final byte[] IPV4_UDP =
            SampleFlows.hex(
                    """
                    45 00 00 24 00 00 00 00 39 11 00 00 c0 00 02 01 c6 33 64 07
                    c0 00 00 35 00 10 00 00
                    01 02 03 04 05 06 07 08
                    """);

    private static final byte[] IPV6_UDP =
            SampleFlows.hex(
                    """
                    60 00 00 00 00 0a 11 ff
                    20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01
                    20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 02
                    c0 00 00 35 00 0a 00 00
                    01 02
                    """);

    @Test
    void shouldReadPacketOne() {
        final FlowRecord flow = SampleFlows.first(IPV4_UDP);
        assertThat(PacketFeature.TRANSPORT.of(flow)).isEqualTo(6);
        assertThat(PacketFeature.RESPONDER_PORT.of(flow)).isEqualTo(443);
        assertThat(PacketFeature.IP_LENGTH.of(flow)).isEqualTo(36);
        assertThat(PacketFeature.TTL.of(flow)).isEqualTo(57);
        assertThat(PacketFeature.PAYLOAD_SIZE.of(flow)).isEqualTo(8);
    }

    @Test
    void shouldReadTheHopLimitOfIpv6() {
        final FlowRecord flow = SampleFlows.first(IPV6_UDP);
        assertThat(PacketFeature.TTL.of(flow)).isEqualTo(255);
        assertThat(PacketFeature.PAYLOAD_SIZE.of(flow)).isEqualTo(2);
    }

    @Test
    void shouldReadTheSameFromAContext() {
        final FlowRecord context =
                SampleFlows.context(
                        new Packets.Builder()
                                .add(0, true, 36, IPV4_UDP, 0, 36)
                                .add(9, false, 900, IPV6_UDP, 0, 50));
        for (final PacketFeature feature : PacketFeature.values()) {
            assertThat(feature.of(context)).isEqualTo(feature.of(SampleFlows.first(IPV4_UDP)));
        }
    }

    @Test
    void shouldNotGuessWhatASensorCutOff() {
        final FlowRecord cut =
                SampleFlows.context(new Packets.Builder().add(0, true, 36, IPV4_UDP, 0, 8));
        assertThat(PacketFeature.IP_LENGTH.of(cut)).isEqualTo(36);
        assertThat(PacketFeature.TTL.of(cut)).isEqualTo(PacketFeature.ABSENT);
        assertThat(PacketFeature.PAYLOAD_SIZE.of(cut)).isEqualTo(PacketFeature.ABSENT);
    }

    @Test
    void shouldKnowOfASummaryWhatItsTupleSays() {
        final FlowRecord summary = TestFlows.summary("C1");
        assertThat(Arrays.stream(PacketFeature.values()).filter(feature -> known(feature, summary)))
                .containsExactly(PacketFeature.TRANSPORT, PacketFeature.RESPONDER_PORT);
    }

    @Test
    void shouldReadAHello() {
        final ClientHello hello = hello(1987, true);

        assertThat(PacketFeature.HELLO_LENGTH.of(hello)).isEqualTo(1987);
        assertThat(PacketFeature.HELLO_EXTENSIONS.of(hello)).isEqualTo(3);
        assertThat(PacketFeature.HELLO_VERSION.of(hello)).isEqualTo(4);
    }

    @Test
    void shouldCountNothingOfAHelloThatWasCut() {
        final ClientHello cut = hello(1987, false);

        assertThat(PacketFeature.HELLO_LENGTH.of(cut)).isEqualTo(1987);
        assertThat(PacketFeature.HELLO_EXTENSIONS.of(cut)).isEqualTo(PacketFeature.ABSENT);
        assertThat(PacketFeature.HELLO_VERSION.of(cut)).isEqualTo(PacketFeature.ABSENT);
    }

    @Test
    void shouldNoticeThatTheHellosOfASiteHaveGrown() {
        final Reference reference =
                counted(new ReferenceCounter(1, 1), hello(517, true)).reference();

        final DriftReport after =
                counted(ReferenceCounter.like(reference), hello(1987, true)).against(reference);

        assertThat(after.of("hello-length").orElseThrow().state()).isEqualTo(DriftState.MOVED);
        assertThat(after.of("hello-version").orElseThrow().state())
                .isEqualTo(DriftState.AS_TRAINED);
    }

    private static ReferenceCounter counted(
            final ReferenceCounter counter, final ClientHello hello) {
        for (int i = 0; i < 1_000; i++) {
            counter.add(saying(hello), 0, 1, 0);
        }
        return counter;
    }

    @Test
    void shouldHaveNothingOfHellosWhereThereAreNone() {
        final Reference reference =
                new ReferenceCounter(1, 1).add(SampleFlows.first(IPV4_UDP), 0, 1, 0).reference();

        assertThat(reference.features())
                .extracting(Reference.OfFeature::feature)
                .doesNotContain(PacketFeature.HELLO_LENGTH);
    }

    private static FlowRecord saying(final ClientHello hello) {
        return SampleFlows.first(IPV4_UDP)
                .saying(
                        Optional.of(
                                new Handshake(
                                        Handshake.Protocol.TLS,
                                        "",
                                        false,
                                        "",
                                        Optional.of(hello))));
    }

    private static ClientHello hello(final int length, final boolean complete) {
        return new ClientHello(
                length,
                complete,
                0,
                List.of(0x0304, 0x0303),
                List.of(0x1301),
                List.of(0, 10, 43),
                List.of(29),
                List.of(),
                List.of(),
                false);
    }

    private static boolean known(final PacketFeature feature, final FlowRecord flow) {
        return feature.of(flow) != PacketFeature.ABSENT;
    }

    @Test
    void shouldRefuseANameThatItDoesNotKnow() {
        assertThatThrownBy(() -> PacketFeature.named("address"))
                .hasMessage(
                        "unknown feature 'address'; known are transport, responder-port,"
                                + " ip-length, ttl, payload-size, hello-length, hello-extensions,"
                                + " hello-version");
    }

    @Test
    void shouldPutAValueBetweenItsEdges() {
        final Edges edges = new Edges(6, 17, 18);
        assertThat(edges.bins()).isEqualTo(4);
        assertThat(new int[] {edges.bin(1), edges.bin(6), edges.bin(16), edges.bin(17)})
                .containsExactly(0, 1, 1, 2);
        assertThat(edges.bin(58)).isEqualTo(3);
        assertThatThrownBy(() -> new Edges(6, 6))
                .hasMessage("each edge is above the one before, but 6 follows 6");
        assertThatThrownBy(() -> new Edges()).hasMessageContaining("1 to 63 edges");
    }
}
