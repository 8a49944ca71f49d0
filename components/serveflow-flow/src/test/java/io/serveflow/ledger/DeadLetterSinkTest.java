/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DeadLetterSinkTest {

    @Test
    void shouldCountWhatNobodyKeepsAsDropped() {
        final Ledger ledger = new Ledger();

        DeadLetterSink.dropping(ledger)
                .accept(DeadLetter.document("logs", "index_400", "refused", "{}"));

        assertThat(ledger.byDetail(Ledger.Entry.DROPPED)).isEqualTo(Map.of("index_400", 1L));
        assertThat(ledger.total(Ledger.Entry.DEAD_LETTERED)).isZero();
    }
}
