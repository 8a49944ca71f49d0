/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.batch.FlowBatch;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultMessage;

/** The batch in a message body, and how it is parted for a content-based router. */
public final class FlowBodies {

    private FlowBodies() {}

    /**
     * The batch in a body that has been through a tier.
     *
     * @throws IllegalArgumentException if the body is something else
     */
    static FlowBatch batch(final Object body) {
        if (body instanceof FlowBatch batch) {
            return batch;
        }
        throw new IllegalArgumentException(
                "the body must be a FlowBatch, as serveflow:TIER leaves it, was "
                        + (body == null ? "empty" : body.getClass().getName()));
    }

    /** Whether any flow's verdict may still be revised. */
    static boolean isUncertain(final FlowBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            if (!batch.hasVerdict(i) || !batch.verdict(i).isFinal()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Parts the batch in the body into at most two messages, the uncertain flows and the certain
     * ones, each with {@link ServeflowConstants#UNCERTAIN} set. The uncertain ones come first, so
     * that they do not wait while the others are stored. For the Splitter of a route:
     *
     * <pre>{@code
     * - split:
     *     method:
     *       beanType: io.serveflow.camel.FlowBodies
     *       method: parts
     *     steps:
     *       - choice: ... ${header.CamelServeflowUncertain}
     * }</pre>
     */
    public static Iterator<Message> parts(final Exchange exchange) {
        final FlowBatch batch = batch(exchange.getMessage().getBody());
        final List<Message> parts = new ArrayList<>(2);
        part(exchange, batch.uncertain(), true, parts);
        part(exchange, batch.certain(), false, parts);
        return parts.iterator();
    }

    private static void part(
            final Exchange exchange,
            final FlowBatch flows,
            final boolean uncertain,
            final List<Message> parts) {
        if (flows.isEmpty()) {
            return;
        }
        final Message message = new DefaultMessage(exchange.getContext());
        /* A copy: setHeaders would let both parts share one map, and with it the last UNCERTAIN. */
        message.getHeaders().putAll(exchange.getMessage().getHeaders());
        message.setBody(flows);
        message.setHeader(ServeflowConstants.UNCERTAIN, uncertain);
        parts.add(message);
    }
}
