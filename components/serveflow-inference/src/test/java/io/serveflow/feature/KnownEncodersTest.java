/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import static io.serveflow.flow.SampleFlows.context;
import static io.serveflow.flow.SampleFlows.hex;
import static io.serveflow.flow.SampleFlows.randomContext;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Packets;
import io.serveflow.flow.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferOverflowException;
import java.nio.FloatBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The encoders that look things up, known-ports and known-names, and responder-port. */
class KnownEncodersTest {

    private static final byte[] UDP =
            hex("45 00 0000 0001 0000 40 11 0000 0a000005 cb007109 d431 0035 0000 0000");

    @Test
    void shouldTellWhatThePortsAreKnownForAndWhose() {
        final KnownPortsEncoder encoder = new KnownPortsEncoder(Set.of());

        assertThat(row(encoder, flow(Transport.UDP, 40_001, 1_812)))
                .contains(entry("port_management", 2f), entry("port_mail", 0f));
        assertThat(row(encoder, flow(Transport.TCP, 25, 40_001))).containsEntry("port_mail", 1f);
        assertThat(row(encoder, flow(Transport.UDP, 500, 500))).containsEntry("port_vpn", 3f);
    }

    @Test
    void shouldTellAPortOfTcpFromTheSameOfUdp() {
        final KnownPortsEncoder encoder = new KnownPortsEncoder(Set.of());

        assertThat(row(encoder, flow(Transport.TCP, 40_001, 21)))
                .containsEntry("port_file_transfer", 2f);
        assertThat(row(encoder, flow(Transport.UDP, 40_001, 21)))
                .containsEntry("port_file_transfer", 0f);
    }

    @Test
    void shouldTellTransportAndResponderPortAlone() {
        final FlowRecord flow = flow(Transport.UDP, 40_001, 5_353);

        assertThat(row(new ResponderPortEncoder(Set.of()), flow))
                .containsExactly(
                        entry("transport", 17f),
                        entry("resp_port", 5_353f),
                        entry("resp_range", 1f));
        assertThat(row(new ResponderPortEncoder(EnumSet.of(Mask.PORTS)), flow))
                .containsExactly(entry("transport", 17f));
    }

    @Test
    void shouldHaveNoColumnForPortsThatAreMasked() {
        final Set<Mask> mask = EnumSet.of(Mask.PORTS);

        assertThat(new KnownPortsEncoder(mask).width()).isZero();
        assertThat(FeatureEncoders.of(new FeatureSpec("sizes+known-ports", 1, 4, mask)).width())
                .isEqualTo(new SizesEncoder(4).width());
    }

    @Test
    void shouldRefuseFeaturesOfWhichTheMaskLeavesNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                FeatureEncoders.of(
                                        new FeatureSpec(
                                                "known-ports", 1, 1, EnumSet.of(Mask.PORTS))))
                .withMessage("features.encoder 'known-ports' has no column under its mask");
    }

    @Test
    void shouldFindTheHostOfAHttpRequest() {
        final Map<String, Float> row =
                names(true, "GET /a HTTP/1.1\r\nHost: api.NETFLIX.com\r\n\r\n");

        assertThat(row).contains(entry("orig_host_streaming", 1f), entry("orig_hosts", 3f));
        assertThat(row.get("word_web")).isPositive();
    }

    @Test
    void shouldFindTheLabelsOfADnsName() {
        final byte[] question = "\3www\7youtube\3com\0".getBytes(ISO_8859_1);

        assertThat(row(new KnownNamesEncoder(1, Set.of()), context(packets(true, question))))
                .contains(entry("orig_host_streaming", 1f), entry("orig_hosts", 3f));
    }

    @Test
    void shouldKeepTheHostsOfTheSidesApart() {
        assertThat(names(false, "\0\26*.googlevideo.com\0"))
                .contains(entry("orig_hosts", 0f), entry("resp_host_streaming", 1f));
    }

    @Test
    void shouldCountAWordThatIsNoHost() {
        assertThat(names(false, "220 OpenSSH ready")).containsEntry("word_remote_access", 1f);
        assertThat(names(true, "USER BitTorrent protocol"))
                .contains(entry("word_p2p", 1f), entry("words", 3f), entry("orig_hosts", 0f));
    }

    @Test
    void shouldLeaveTheHostsThatAreAskedForOutOfKnownWords() {
        final byte[] request =
                "GET /a HTTP/1.1\r\nHost: api.netflix.com\r\n\r\n".getBytes(US_ASCII);
        final Map<String, Float> all =
                row(new KnownNamesEncoder(1, Set.of()), context(packets(true, request)));
        final Map<String, Float> words =
                row(
                        FeatureEncoders.of(new FeatureSpec("known-words", 1, 1, Set.of())),
                        context(packets(true, request)));

        assertThat(words.keySet()).noneMatch(column -> column.startsWith("orig_host"));
        assertThat(all).containsAllEntriesOf(words);
        assertThat(all).hasSize(words.size() + KnownNamesEncoder.kinds().size() + 1);
    }

    @Test
    void shouldCountARunWithDashesAsAWholeAndInItsParts() {
        assertThat(names(true, "git-upload-pack")).containsEntry("word_file_transfer", 2f);
    }

    @Test
    void shouldReadNoFurtherThanItSays() {
        final String near = " ".repeat(300) + "bittorrent";
        final String far = " ".repeat(KnownNamesEncoder.REACH) + "bittorrent";

        assertThat(names(true, near)).containsEntry("word_p2p", 1f);
        assertThat(names(true, far)).containsEntry("word_p2p", 0f);
    }

    @Test
    void shouldGiveTheSameRowForAPacketCutAtItsReach() {
        final byte[] packet = packet("one two.three bittorrent ".repeat(40).getBytes(US_ASCII));
        final FlowRecord whole =
                context(
                        new Packets.Builder()
                                .add(0, true, packet.length, packet, 0, packet.length));
        final FlowRecord cut =
                context(
                        new Packets.Builder()
                                .add(0, true, packet.length, packet, 0, KnownNamesEncoder.REACH));

        assertThat(row(new KnownNamesEncoder(1, Set.of()), cut))
                .isEqualTo(row(new KnownNamesEncoder(1, Set.of()), whole));
    }

    @Test
    void shouldLookAtNoPacketBeyondTheNumber() {
        final byte[] first = "hello".getBytes(US_ASCII);
        final byte[] second = packet(" bittorrent ".getBytes(US_ASCII));
        final FlowRecord flow =
                context(packets(true, first).add(1, true, second.length, second, 0, second.length));

        assertThat(row(new KnownNamesEncoder(1, Set.of()), flow)).containsEntry("word_p2p", 0f);
        assertThat(row(new KnownNamesEncoder(2, Set.of()), flow)).containsEntry("word_p2p", 1f);
    }

    @Test
    void shouldFillTheRowWhateverThePackets() {
        for (int seed = 0; seed < 200; seed++) {
            final FeatureEncoder encoder =
                    FeatureEncoders.of(
                            new FeatureSpec(
                                    "responder-port+known-ports+known-names",
                                    1,
                                    1 + seed % 10,
                                    Set.of()));
            final FloatBuffer row = FloatBuffer.allocate(encoder.width());

            encoder.encode(randomContext(seed, seed % 13 + 1), row);

            assertThat(row.hasRemaining()).isFalse();
        }
    }

    @Test
    void shouldWriteNothingWhereThereIsNoRoomForARow() {
        for (final FeatureEncoder encoder :
                List.of(
                        new ResponderPortEncoder(Set.of()),
                        new KnownPortsEncoder(Set.of()),
                        new KnownNamesEncoder(1, Set.of()))) {
            final FloatBuffer small = FloatBuffer.allocate(encoder.width() - 1);

            assertThatThrownBy(() -> encoder.encode(flow(Transport.UDP, 1, 2), small))
                    .isInstanceOf(BufferOverflowException.class);
            assertThat(small.position()).isZero();
        }
    }

    /** Models are trained on what a table says; one that changes needs a version of its own. */
    @ParameterizedTest
    @CsvSource({
        "known-ports.csv, fdce212f1c736090010a1c6ab829a1f9806f29297a54f713a6ed2571bc0ab408",
        "known-names.csv, 8a51798a51259d5c3efe9282de43b0cda38b2f7a32249764a96fc84451038895"
    })
    void shouldHaveTheTablesOfVersion1(final String table, final String sha256)
            throws IOException, NoSuchAlgorithmException {
        assertThat(KnownPortsEncoder.VERSION).isEqualTo(1);
        assertThat(KnownNamesEncoder.VERSION).isEqualTo(1);
        try (InputStream in = FeatureEncoders.class.getResourceAsStream(table)) {
            assertThat(
                            HexFormat.of()
                                    .formatHex(
                                            MessageDigest.getInstance("SHA-256")
                                                    .digest(in.readAllBytes())))
                    .isEqualTo(sha256);
        }
    }

    private static Map<String, Float> names(final boolean fromOriginator, final String payload) {
        return row(
                new KnownNamesEncoder(1, Set.of()),
                context(packets(fromOriginator, payload.getBytes(ISO_8859_1))));
    }

    private static Packets.Builder packets(final boolean fromOriginator, final byte[] payload) {
        final byte[] packet = packet(payload);
        return new Packets.Builder()
                .add(0, fromOriginator, packet.length, packet, 0, packet.length);
    }

    private static byte[] packet(final byte[] payload) {
        final byte[] packet = Arrays.copyOf(UDP, UDP.length + payload.length);
        System.arraycopy(payload, 0, packet, UDP.length, payload.length);
        return packet;
    }

    private static FlowRecord flow(
            final Transport transport, final int originatorPort, final int responderPort) {
        final FlowRecord flow = context(packets(true, new byte[4]));
        return new FlowRecord(
                flow.id(),
                new FlowTuple(transport, "10.0.0.5", originatorPort, "203.0.113.9", responderPort),
                flow.communityId(),
                flow.startMicros(),
                flow.stage(),
                flow.end(),
                flow.packets(),
                flow.readNanos(),
                flow.summary());
    }

    private static Map<String, Float> row(final FeatureEncoder encoder, final FlowRecord flow) {
        final FloatBuffer row = FloatBuffer.allocate(encoder.width());
        encoder.encode(flow, row);
        final Map<String, Float> named = new LinkedHashMap<>();
        for (int i = 0; i < encoder.width(); i++) {
            named.put(encoder.columns().get(i), row.get(i));
        }
        assertThat(named).hasSize(encoder.width());
        return named;
    }
}
