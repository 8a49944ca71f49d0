/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.app.observe.VerdictCounts;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoSummaryTest {

    @Test
    void shouldHaveTheKeysOfTheContract() {
        final Map<String, Long> decidedBy = new LinkedHashMap<>();
        decidedBy.put("fastest", 6L);
        decidedBy.put("fast", 2L);
        decidedBy.put("slow", 2L);
        final DemoSummary summary =
                new DemoSummary(
                        10,
                        20,
                        new VerdictCounts(2, 10),
                        12,
                        0,
                        Map.of(),
                        decidedBy,
                        0.5,
                        "8.19.9",
                        12);

        assertThat(summary.json().toString())
                .isEqualTo(
                        "{\"flows\":10,\"events\":20,\"verdicts\":{\"provisional\":2,\"final\":10},"
                                + "\"indexed\":12,\"deadLettered\":0,\"dropped\":{},"
                                + "\"decidedBy\":{\"fastest\":6,\"fast\":2,\"slow\":2},"
                                + "\"medianLatencyMs\":0.5,\"elasticsearch\":\"8.19.9\","
                                + "\"documents\":12}");
    }
}
