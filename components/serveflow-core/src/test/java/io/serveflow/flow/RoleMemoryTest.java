/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RoleMemoryTest {

    private static final int FLOWS = 100_000;

    private final RoleMemory memory = new RoleMemory(FLOWS);

    @Test
    void shouldKnowBothEndsOfAFlow() {
        memory.remember(42, true);
        memory.remember(44, false);

        assertThat(memory.isResponder(42, true)).isFalse();
        assertThat(memory.isResponder(42, false)).isTrue();
        assertThat(memory.isResponder(44, true)).isTrue();
        assertThat(memory.isResponder(44, false)).isFalse();
    }

    @Test
    void shouldSayOfAnUnknownFlowThatItsFirstSenderOpensIt() {
        assertThat(memory.isResponder(42, true)).isFalse();
        assertThat(memory.isResponder(0, false)).isFalse();
    }

    @Test
    void shouldKeepTheLatestRolesOfAFlow() {
        memory.remember(42, true);
        memory.remember(42, false);

        assertThat(memory.isResponder(42, true)).isTrue();
        assertThat(memory.isResponder(42, false)).isFalse();
    }

    @Test
    void shouldForgetOneFlowAlone() {
        for (int flow = 1; flow <= 5; flow++) {
            memory.remember(2 * flow, true);
        }
        memory.forget(6);

        assertThat(memory.isResponder(6, false)).isFalse();
        for (final int flow : new int[] {2, 4, 8, 10}) {
            assertThat(memory.isResponder(flow, false)).as("flow %d", flow).isTrue();
        }
    }

    @Test
    void shouldKeepAFingerprintWithoutAnyHigherBit() {
        memory.remember(1, true);

        assertThat(memory.isResponder(1, false)).isTrue();
    }

    @Test
    void shouldKeepNearlyAsManyFlowsAsItWasMadeForWhileItGrows() {
        final long[] fingerprints = new Random(1).longs(FLOWS / 2).toArray();
        for (final long fingerprint : fingerprints) {
            memory.remember(fingerprint, true);
        }

        int known = 0;
        for (final long fingerprint : fingerprints) {
            known += memory.isResponder(fingerprint, false) ? 1 : 0;
        }
        assertThat(known).isGreaterThan(FLOWS / 2 * 95 / 100);
    }

    @Test
    void shouldOverwriteTheOldestFirst() {
        final long[] fingerprints = new Random(2).longs(20L * FLOWS).toArray();
        for (final long fingerprint : fingerprints) {
            memory.remember(fingerprint, true);
        }

        for (int i = 0; i < FLOWS; i++) {
            assertThat(memory.isResponder(fingerprints[i], false)).isFalse();
        }
        int known = 0;
        for (int i = fingerprints.length - FLOWS / 4; i < fingerprints.length; i++) {
            known += memory.isResponder(fingerprints[i], false) ? 1 : 0;
        }
        assertThat(known).isGreaterThan(FLOWS / 4 * 95 / 100);
    }
}
