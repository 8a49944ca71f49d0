/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SkippedWordsTest {

    private final Ledger all = new Ledger();
    private final Ledger part = all.part();
    private final SkippedWords words = new SkippedWords(part);

    @Test
    void shouldSayNothingWhereNothingWasSkipped() {
        assertThat(words.next()).isEmpty();
        part.add(Ledger.Entry.EVENTS, "zeek", 3);
        assertThat(words.next()).isEmpty();
    }

    @Test
    void shouldSayTheReasonsMostOftenFirst() {
        part.add(Ledger.Entry.SKIPPED, "not_ip", 2);
        part.add(Ledger.Entry.SKIPPED, "other_transport", 10);

        assertThat(words.next())
                .contains(new SkippedWords.Skipped(12, "10 other_transport, 2 not_ip"));
    }

    @Test
    void shouldSayEachTimeWhatCameSince() {
        part.add(Ledger.Entry.SKIPPED, "not_ip", 2);
        words.next();
        assertThat(words.next()).isEmpty();

        part.add(Ledger.Entry.SKIPPED, "not_ip", 1);
        assertThat(words.next()).contains(new SkippedWords.Skipped(1, "1 not_ip"));
    }

    @Test
    void shouldLeaveOutWhatIsOfUse() {
        part.add(Ledger.Entry.EVENTS, "eve", 6);
        part.add(Ledger.Entry.SKIPPED, "protocol_event", 5);

        assertThat(words.next()).isEmpty();
    }

    @Test
    void shouldSayWhatIsOfNoUseBecauseNothingElseCame() {
        part.add(Ledger.Entry.EVENTS, "eve", 6);
        part.add(Ledger.Entry.SKIPPED, "protocol_event", 6);

        assertThat(words.next()).contains(new SkippedWords.Skipped(6, "6 protocol_event"));
    }

    @Test
    void shouldNotSayWhatAnotherSourceSkipped() {
        final Ledger other = all.part();
        other.add(Ledger.Entry.SKIPPED, "not_ip", 2);
        part.add(Ledger.Entry.SKIPPED, "not_ip", 1);

        assertThat(words.next()).contains(new SkippedWords.Skipped(1, "1 not_ip"));
        assertThat(all.byDetail(Ledger.Entry.SKIPPED)).isEqualTo(Map.of("not_ip", 3L));
    }

    @Test
    void shouldCountAllOfAPartInTheWholeToo() {
        part.count(Ledger.Entry.SKIPPED, "a").add(1);
        final Ledger.Count again = part.count(Ledger.Entry.SKIPPED, "a");
        again.add(1);
        again.add(1);
        part.count(Ledger.Entry.FLOWS, "").add(4);
        part.add(Ledger.Entry.DROPPED, "b", 5);

        assertThat(all.total(Ledger.Entry.SKIPPED)).isEqualTo(3);
        assertThat(part.total(Ledger.Entry.SKIPPED)).isEqualTo(3);
        assertThat(all.total(Ledger.Entry.FLOWS)).isEqualTo(4);
        assertThat(all.byDetail(Ledger.Entry.DROPPED)).isEqualTo(Map.of("b", 5L));
        assertThat(part.byDetail(Ledger.Entry.DROPPED)).isEqualTo(Map.of("b", 5L));
    }
}
