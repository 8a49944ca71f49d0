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
                        "eve.json: 3000 lines could not be read: 3000 bad_field; the first 10 are"
                                + " named above");
        assertThat(ledger.total(Ledger.Entry.DEAD_LETTERED)).isEqualTo(3_000);
    }

    @Test
    void shouldNameTheByteAtWhichALogBreaksOff() {
        report.accept(
                new DeadLetter(
                        "eve.json", 4_711, "bad_gzip", "it is cut off", "", "", "serveflow", 0));

        assertThat(reported).containsExactly("eve.json, byte 4711: it is cut off");
    }

    @Test
    void shouldNameThePacketsOfACapture() {
        for (int i = 1; i <= 2; i++) {
            report.accept(new DeadLetter("a.pcap", i, "bad_capture", "it is broken", ""));
        }

        assertThat(reported).first().isEqualTo("a.pcap, packet 1: it is broken");
        assertThat(report.sentence())
                .contains("eve.json: 2 places could not be read: 2 bad_capture");
    }

    @Test
    void shouldSayNothingOfAFileThatCouldBeRead() {
        assertThat(report.sentence()).isEmpty();
    }
}
