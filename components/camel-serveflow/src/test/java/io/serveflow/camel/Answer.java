/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.batch.FlowBatch;
import io.serveflow.verdict.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;

/** A verdict without the times that it took; its probabilities bit by bit. */
record Answer(
        String bundle,
        String tier,
        String label,
        double uncertainty,
        List<Verdict.LabelProbability> top) {

    private static Answer of(final Verdict verdict) {
        return new Answer(
                verdict.bundle().name(),
                verdict.tier(),
                verdict.label(),
                verdict.uncertainty(),
                verdict.top());
    }

    /** What a message has of a task. */
    static List<Answer> in(final Exchange exchange, final String task) {
        final FlowBatch batch = exchange.getMessage().getBody(FlowBatch.class).of(task);
        return IntStream.range(0, batch.size()).mapToObj(i -> of(batch.verdict(i))).toList();
    }

    /** What a tier answers in an application of its own. */
    static List<Answer> alone(
            final FlowBatch flows, final Path bundle, final String task, final String tier) {
        try (DefaultCamelContext other = new DefaultCamelContext();
                ProducerTemplate asking = other.createProducerTemplate()) {
            other.start();
            return in(
                    asking.request(
                            "serveflow:" + tier + "?bundle=" + bundle,
                            exchange -> exchange.getMessage().setBody(flows)),
                    task);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
