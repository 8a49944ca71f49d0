/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.kafka.SensorLines;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class KafkaLinesTest {

    @Test
    void shouldReadLinesWithTheSettingsOfTheApplication() throws Exception {
        final FlowAssembler.Options options = FlowAssembler.Options.defaults("other");

        final FlowRecord record = read(options.withCommunityIdSeed(7));

        assertThat(record.id().observer()).isEqualTo("sensor-1");
        assertThat(record.communityId()).isNotEqualTo(read(options).communityId());
    }

    /** The record of a line that has no Community ID. */
    private static FlowRecord read(final FlowAssembler.Options options) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            final Exchange line = new DefaultExchange(context);
            line.getMessage()
                    .setBody(
                            SensorLines.first("C0")
                                    .replaceAll("\"community_id\":\"[^\"]*\",?", ""));
            line.getMessage().setHeader(KafkaConstants.OFFSET, 0L);
            final KafkaLines lines =
                    new KafkaLines(
                            new Ledger(),
                            letter -> {
                                throw new IllegalStateException(letter.detail());
                            },
                            "sensor-1",
                            options);
            final FlowBatch batch = lines.batches(lines.read(List.of(line))).get(0);
            return batch.record(0);
        }
    }
}
