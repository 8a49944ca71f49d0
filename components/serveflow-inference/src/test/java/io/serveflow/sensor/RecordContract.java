/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.feature.FeatureEncoder;
import io.serveflow.feature.FeatureEncoders;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.flow.CommunityId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.IpAddress;
import io.serveflow.flow.Packets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Set;

/** What holds for a flow record whatever it was read from: it can be encoded, written and read. */
final class RecordContract {

    private static final List<FeatureEncoder> ENCODERS =
            List.of(
                    FeatureEncoders.of(new FeatureSpec("nprint+sequence", 1, 2, Set.of())),
                    FeatureEncoders.of(new FeatureSpec("conn+conn-service", 1, 1, Set.of())));

    private static final long LAST_MICROS = 253_402_300_799_999_999L;

    private RecordContract() {}

    static void holdsFor(final FlowRecord record) {
        assertThat(record.startMicros()).isBetween(0L, LAST_MICROS);
        assertThat(record.id().observer()).isNotEmpty();
        assertThat(record.id().uid()).isNotEmpty();
        assertThat(IpAddress.parse(record.tuple().originator()))
                .hasSameSizeAs(IpAddress.parse(record.tuple().responder()));
        assertThat(record.communityId()).isNotEmpty();
        final Packets packets = record.packets();
        for (int i = 0; i < packets.count(); i++) {
            assertThat(packets.end(i)).isBetween(packets.start(i), packets.bytes().length);
            assertThat(packets.length(i)).isNotNegative();
            assertThat(packets.end(i) - packets.start(i)).isLessThanOrEqualTo(packets.length(i));
        }
        assertEncodable(record);
        assertThat(reread(record)).isEqualTo(withoutReadTime(record));
    }

    /**
     * What holds besides where the packets are our own to put together: a sensor may seed its
     * Community ID, and write what its clock says, which may go back.
     */
    static void holdsForAssembled(final FlowRecord record) {
        assertThat(record.communityId()).isEqualTo(CommunityId.v1(record.tuple()));
        for (int i = 0; i < record.packets().count(); i++) {
            assertThat(record.packets().offsetMicros(i)).isNotNegative();
        }
    }

    /** The record as it would be if it had been read at the moment 0. */
    static FlowRecord withoutReadTime(final FlowRecord record) {
        return record.readAt(0);
    }

    private static void assertEncodable(final FlowRecord record) {
        final FeatureEncoder encoder =
                ENCODERS.stream()
                        .filter(candidate -> candidate.stages().contains(record.stage()))
                        .findFirst()
                        .orElseThrow();
        final FloatBuffer row = FloatBuffer.allocate(encoder.width());
        encoder.encode(record, row);
        assertThat(row.remaining()).isZero();
        float sum = 0;
        for (final float value : row.array()) {
            sum += value;
        }
        assertThat(sum).as("the sum of the features").isFinite();
    }

    private static FlowRecord reread(final FlowRecord record) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (FlowRecordWriter writer = FlowRecordWriter.withObserver(out)) {
            writer.write(record);
        } catch (final IOException e) {
            throw new UncheckedIOException("writing to memory does not fail", e);
        }
        final byte[] line = out.toByteArray();
        return withoutReadTime(new FlowRecordReader("").read(line, 0, line.length));
    }
}
