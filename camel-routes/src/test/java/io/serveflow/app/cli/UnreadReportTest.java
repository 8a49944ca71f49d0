/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnreadReportTest {

    private final Ledger ledger = new Ledger();
    private final List<String> reported = new ArrayList<>();
    private final UnreadReport report = new UnreadReport("eve.json", ledger, reported::add);

    @Test
    void shouldNameTheFirstPlacesAndCountAll() {
        for (int i = 0; i < 3_000; i++) {
            report.accept(new DeadLetter("eve.json", i, "bad_field", "it is broken", "{"));
        }

        assertThat(reported)
                .hasSize(UnreadReport.NAMED)
                .first()
                .isEqualTo("eve.json, byte 0: it is broken");
        assertThat(report.sentence())
                .contains(
                        "eve.json: 3000 could not be read: 3000 bad_field; the first 10 are named"
                                + " above");
        assertThat(ledger.total(Ledger.Entry.DEAD_LETTERED)).isEqualTo(3_000);
    }

    @Test
    void shouldSayNothingOfAFileThatCouldBeRead() {
        assertThat(report.sentence()).isEmpty();
    }
}
