/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.batch.FlowBatch;
import io.serveflow.camel.support.Shared;
import io.serveflow.cascade.ContextJoin;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import java.util.List;
import java.util.Optional;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;

/**
 * Brings the flows in the body to the join: first records with provisional verdicts as flows that
 * wait, context records as what they wait for, which may also be anything that {@link BodyReader}
 * reads. Never waits itself.
 */
public class ServeflowJoinProducer extends DefaultAsyncProducer {

    private final ServeflowJoinEndpoint endpoint;
    private final BodyReader bodies;
    private volatile ContextJoin join;
    private Optional<Shared.Use<ServeflowJoinComponent.NamedJoin>> use = Optional.empty();

    public ServeflowJoinProducer(final ServeflowJoinEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        this.bodies =
                new BodyReader(
                        FlowAssembler.Options.defaults(endpoint.getObserver()),
                        List.of(FlowRecord.Stage.CONTEXT),
                        endpoint.getMaxRecords(),
                        endpoint.getComponent().getLedger());
    }

    @Override
    protected void doStart() throws Exception {
        final Shared.Use<ServeflowJoinComponent.NamedJoin> begun =
                endpoint.getComponent()
                        .acquire(endpoint.getName(), ServeflowJoinComponent.options(endpoint));
        use = Optional.of(begun);
        join = begun.value().join();
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        join = null;
        use.ifPresent(Shared.Use::release);
        use = Optional.empty();
    }

    @Override
    public boolean process(final Exchange exchange, final AsyncCallback callback) {
        try {
            final FlowBatch batch = bodies.read(exchange);
            if (batch.stage() == FlowRecord.Stage.FIRST) {
                exchange.getMessage()
                        .setBody(
                                join.escalate(
                                        batch,
                                        new ExchangeFallbacks(
                                                exchange, endpoint.getComponent().getLedger())));
            } else {
                if (!batch.isEmpty()) {
                    join.contexts(batch);
                }
                exchange.getMessage().setBody(batch);
            }
        } catch (final Exception e) {
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }
}
