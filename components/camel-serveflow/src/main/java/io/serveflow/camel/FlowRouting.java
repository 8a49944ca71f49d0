/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowRecord;
import java.util.Collection;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.support.ExpressionAdapter;

/**
 * What routes ask of a message, to be bound in the registry for the language {@code ref}: it costs
 * nanoseconds, where a method called by its name costs some ten microseconds a message.
 */
public final class FlowRouting {

    private FlowRouting() {}

    /** Whether the body is a batch of records of a stage. */
    public static Predicate isOf(final FlowRecord.Stage stage) {
        return exchange ->
                exchange.getMessage().getBody() instanceof FlowBatch batch
                        && batch.stage() == stage;
    }

    /** Whether the body is a collection with something in it. */
    public static Predicate hasItems() {
        return exchange ->
                exchange.getMessage().getBody() instanceof Collection<?> items && !items.isEmpty();
    }

    /** The parts of a batch as {@link FlowBodies#parts} gives them. */
    public static Expression parts() {
        return new ExpressionAdapter() {
            @Override
            public Object evaluate(final Exchange exchange) {
                return FlowBodies.parts(exchange);
            }

            @Override
            public String toString() {
                return "flowParts";
            }
        };
    }
}
