/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowRecord;
import io.serveflow.testing.samples.ProjectFiles;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class FlowBodiesTest {

    @Test
    void shouldPartABatchIntoUncertainAndCertainFlows() throws Exception {
        final FlowBatch flows = FlowBatch.of(Samples.records(FlowRecord.Stage.FIRST));
        try (DefaultCamelContext context = new DefaultCamelContext();
                ProducerTemplate template = context.createProducerTemplate()) {
            context.start();
            final Exchange exchange = new DefaultExchange(context);
            exchange.getMessage()
                    .setBody(
                            template.requestBody(
                                    "serveflow:fast?bundle=" + ProjectFiles.bundle("service"),
                                    flows));
            exchange.getMessage().setHeader("kept", "yes");

            final List<Message> parts = new ArrayList<>();
            FlowBodies.parts(exchange).forEachRemaining(parts::add);

            assertThat(parts)
                    .extracting(part -> part.getHeader(ServeflowConstants.UNCERTAIN))
                    .containsExactly(true, false);
            assertThat(parts).allMatch(part -> "yes".equals(part.getHeader("kept")));
            assertThat(parts.stream().mapToInt(part -> part.getBody(FlowBatch.class).size()).sum())
                    .isEqualTo(flows.size());
        }
    }
}
