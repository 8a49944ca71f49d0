/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.feature.FeatureEncoder;
import io.serveflow.feature.FeatureEncoders;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.flow.FlowRecord;
import io.serveflow.training.bundle.GoldenFlows;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EncodedFlowsTest {

    private static final FeatureSpec NARROW = new FeatureSpec("header", 1, 1, Set.of());
    private static final FeatureSpec WIDE = new FeatureSpec("nprint", 1, 10, Set.of());

    private final List<FlowRecord> flows = GoldenFlows.records(10);
    private final int[] all = IntStream.range(0, flows.size()).toArray();

    @Test
    void shouldGiveTheRowsOfTheEncoderWhetherTheyAreKeptOrNot() {
        for (final FeatureSpec spec : List.of(NARROW, WIDE)) {
            final FeatureEncoder encoder = FeatureEncoders.of(spec);
            final FeatureRows kept = new EncodedFlows(flows, 1 << 24).rows(spec, all);
            final FeatureRows anew = new EncodedFlows(flows, 0).rows(spec, all);
            for (int row = 0; row < all.length; row++) {
                final FloatBuffer expected = FloatBuffer.allocate(encoder.width());
                encoder.encode(flows.get(row), expected);
                assertThat(row(kept, row)).isEqualTo(expected.array());
                assertThat(row(anew, row)).isEqualTo(expected.array());
            }
        }
    }

    @Test
    void shouldKeepRowsOnlyWhileTheyFitTheBudget() {
        final long narrow = 4L * flows.size() * FeatureEncoders.of(NARROW).width();
        final EncodedFlows encoded = new EncodedFlows(flows, narrow);
        assertThat(encoded.kept(WIDE)).isFalse();
        assertThat(encoded.kept(NARROW)).isTrue();
        assertThat(encoded.kept(new FeatureSpec("sizes", 1, 1, Set.of()))).isFalse();
    }

    @Test
    void shouldPickRowsByTheirNumbers() {
        final FeatureRows rows = new EncodedFlows(flows, 1 << 24).rows(NARROW, new int[] {5, 2});
        assertThat(rows.rows()).isEqualTo(2);
        final FeatureRows whole = new EncodedFlows(flows, 0).rows(NARROW, all);
        assertThat(row(rows, 0)).isEqualTo(row(whole, 5));
        assertThat(row(rows, 1)).isEqualTo(row(whole, 2));
    }

    @Test
    void shouldTellOtherFlowsAndOtherFeaturesByTheirDigest() {
        final byte[] digest = new EncodedFlows(flows, 0).digest(NARROW);
        assertThat(new EncodedFlows(flows, 1 << 24).digest(NARROW)).isEqualTo(digest);
        assertThat(new EncodedFlows(flows, 0).digest(WIDE)).isNotEqualTo(digest);
        assertThat(new EncodedFlows(flows.subList(1, flows.size()), 0).digest(NARROW))
                .isNotEqualTo(digest);
    }

    private static float[] row(final FeatureRows rows, final int number) {
        final float[] row = new float[rows.width() + 2];
        rows.copy(number, row, 1);
        return Arrays.copyOfRange(row, 1, row.length - 1);
    }
}
