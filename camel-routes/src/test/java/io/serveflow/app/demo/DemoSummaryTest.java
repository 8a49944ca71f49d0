/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.ledger.Ledger;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoSummaryTest {

    @Test
    void shouldHaveTheKeysOfTheContract() {
        final Ledger ledger = new Ledger();
        ledger.add(Ledger.Entry.FLOWS, 10);
        ledger.add(Ledger.Entry.EVENTS, "files", 20);
        ledger.add(Ledger.Entry.VERDICTS, "service/fast/provisional", 2);
        ledger.add(Ledger.Entry.VERDICTS, "service/fastest/final", 6);
        ledger.add(Ledger.Entry.VERDICTS, "service/fast/final", 2);
        ledger.add(Ledger.Entry.VERDICTS, "service/slow/final", 2);
        ledger.add(Ledger.Entry.INDEXED, 12);
        final Map<String, String> scorers = new LinkedHashMap<>();
        scorers.put("fastest", "cpu");
        scorers.put("fast", "cpu");
        scorers.put("slow", "127.0.0.1:8001");
        final DemoSummary summary = new DemoSummary(ledger, 0.5, "8.19.9", 12, scorers);

        assertThat(summary.json().toString())
                .isEqualTo(
                        "{\"flows\":10,\"events\":20,\"verdicts\":{\"provisional\":2,\"final\":10},"
                                + "\"indexed\":12,\"deadLettered\":0,\"dropped\":{},"
                                + "\"decidedBy\":{\"fastest\":6,\"fast\":2,\"slow\":2},"
                                + "\"medianLatencyMs\":0.5,\"elasticsearch\":\"8.19.9\","
                                + "\"documents\":12,\"scoredBy\":{\"fastest\":\"cpu\","
                                + "\"fast\":\"cpu\",\"slow\":\"127.0.0.1:8001\"}}");
        assertThat(summary.text(3))
                .contains("by fast       2 flows (20.0 %)" + System.lineSeparator())
                .contains("by slow       2 flows (20.0 %), scored by 127.0.0.1:8001");
    }
}
