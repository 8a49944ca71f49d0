/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static io.serveflow.flow.TestPackets.concat;
import static io.serveflow.flow.TestPackets.ipv6;
import static io.serveflow.flow.TestPackets.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.feature.FeatureEncoder;
import io.serveflow.feature.FeatureEncoders;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Features of frames that a capture holds only the beginning of. */
class CutFramesTest {

    @TempDir private Path folder;

    /** Snap 68, a VLAN tag and IPv6: the TCP header is cut behind its ports. */
    @ParameterizedTest
    @ValueSource(
            strings = {"nprint", "sequence", "header", "payload", "known-ports", "known-names"})
    void shouldNeverReadWhatWasNotCaptured(final String name) throws IOException {
        final FeatureEncoder encoder = FeatureEncoders.of(new FeatureSpec(name, 1, 1, Set.of()));
        final List<FlowRecord> records = records();
        assertThat(records).isNotEmpty();
        for (final FlowRecord record : records) {
            final FloatBuffer row = FloatBuffer.allocate(encoder.width());
            encoder.encode(record, row);
            assertThat(row.remaining()).isZero();
            for (final float value : row.array()) {
                assertThat(Float.isInfinite(value)).isFalse();
            }
        }
    }

    private List<FlowRecord> records() throws IOException {
        final byte[] frame =
                concat(
                        new byte[12],
                        new byte[] {(byte) 0x81, 0, 0, 5, (byte) 0x86, (byte) 0xdd},
                        ipv6(6, "2001:db8::1", "2001:db8::2", tcp(40_000, 443, 2, new byte[80])));
        final CaptureBuilder capture =
                CaptureBuilder.pcap(ByteOrder.LITTLE_ENDIAN, CaptureBuilder.PCAP_MICROSECONDS, 1);
        capture.raw(
                capture.room(16 + 68)
                        .putInt(1_700_000_000)
                        .putInt(0)
                        .putInt(68)
                        .putInt(frame.length)
                        .put(frame, 0, 68)
                        .array());
        final Path file = Files.write(folder.resolve("cut.pcap"), capture.bytes());
        return AllRecords.of(
                SensorInput.open(
                        file,
                        SensorFormats.installed().only("pcap"),
                        FlowAssembler.Options.defaults("lab"),
                        new Ledger(),
                        letter -> {}));
    }
}
