/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoleMemoryTest {

    private static final int FLOWS = 100_000;

    private final RoleMemory memory = new RoleMemory(FLOWS);

    @ParameterizedTest
    @CsvSource({
        "true, true, false",
        "true, false, true",
        "false, true, true",
        "false, false, false"
    })
    void shouldKnowBothEndsOfAFlow(
            final boolean lowerOpened, final boolean lowerSends, final boolean responder) {
        memory.remember(42, lowerOpened);
        memory.remember(44, !lowerOpened);

        assertThat(memory.takeWhetherResponder(42, lowerSends)).isEqualTo(responder);
    }

    @Test
    void shouldSayOfAnUnknownFlowThatItsFirstSenderOpensIt() {
        assertThat(memory.takeWhetherResponder(42, true)).isFalse();
        assertThat(memory.takeWhetherResponder(0, false)).isFalse();
    }

    @Test
    void shouldForgetOneFlowAlone() {
        for (int flow = 1; flow <= 5; flow++) {
            memory.remember(2 * flow, true);
        }
        memory.takeWhetherResponder(6, false);

        assertThat(memory.takeWhetherResponder(6, false)).isFalse();
        for (final int flow : new int[] {2, 4, 8, 10}) {
            assertThat(memory.takeWhetherResponder(flow, false)).as("flow %d", flow).isTrue();
        }
    }

    @Test
    void shouldForgetNoFlowWhileItIsFarFromFull() {
        int forgotten = 0;
        for (int seed = 0; seed < 2_000; seed++) {
            final RoleMemory another = new RoleMemory(FLOWS);
            final long[] flows = new Random(seed).longs(400).toArray();
            for (final long flow : flows) {
                another.remember(flow, true);
            }
            for (final long flow : flows) {
                forgotten += another.takeWhetherResponder(flow, false) ? 0 : 1;
            }
        }

        assertThat(forgotten).isZero();
    }

    @Test
    void shouldKeepAFingerprintWithoutAnyHigherBit() {
        memory.remember(1, true);

        assertThat(memory.takeWhetherResponder(1, false)).isTrue();
    }

    @Test
    void shouldKeepNearlyAsManyFlowsAsItWasMadeForWhileItGrows() {
        final long[] fingerprints = new Random(1).longs(FLOWS / 2).toArray();
        for (final long fingerprint : fingerprints) {
            memory.remember(fingerprint, true);
        }

        int known = 0;
        for (final long fingerprint : fingerprints) {
            known += memory.takeWhetherResponder(fingerprint, false) ? 1 : 0;
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
            assertThat(memory.takeWhetherResponder(fingerprints[i], false)).isFalse();
        }
        int known = 0;
        for (int i = fingerprints.length - FLOWS / 4; i < fingerprints.length; i++) {
            known += memory.takeWhetherResponder(fingerprints[i], false) ? 1 : 0;
        }
        assertThat(known).isGreaterThan(FLOWS / 4 * 95 / 100);
    }
}
