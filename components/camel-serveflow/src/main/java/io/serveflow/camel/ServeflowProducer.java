/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.batch.FlowBatch;
import io.serveflow.cascade.CascadeTier;
import io.serveflow.cascade.ContextJoin;
import io.serveflow.feature.ContextReach;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.verdict.Verdict;
import java.nio.file.Path;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultAsyncProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the tier for the flows in the body, which may be a {@link FlowBatch}, one {@link FlowRecord}
 * or one line of the Zeek {@code serveflow} log; the answer is always a {@link FlowBatch}.
 *
 * <p>Inference takes microseconds and never waits for anything, so it is done on the caller's
 * thread.
 */
public class ServeflowProducer extends DefaultAsyncProducer {

    private static final Logger LOG = LoggerFactory.getLogger(ServeflowProducer.class);

    private final ServeflowEndpoint endpoint;
    private final Path folder;
    private volatile CascadeTier tier;

    public ServeflowProducer(final ServeflowEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        this.folder = Path.of(endpoint.getConfiguration().getBundle()).toAbsolutePath().normalize();
    }

    @Override
    protected void doStart() throws Exception {
        final ServeflowComponent component = endpoint.getComponent();
        final Bundle bundle = component.acquire(folder);
        try {
            tier =
                    new CascadeTier(
                            bundle,
                            endpoint.getTier(),
                            System::nanoTime,
                            component.getLedger(),
                            component.getVerdictListener());
            requireFirstPackets(tier);
        } catch (final RuntimeException e) {
            component.release(folder);
            throw e;
        }
        super.doStart();
    }

    /**
     * Records in routes hold the first packets of a flow, and a model of seconds would misread
     * them.
     */
    private static void requireFirstPackets(final CascadeTier tier) {
        final ContextReach reach = ContextReach.of(tier.spec().features());
        if (reach.unit() == ContextReach.Unit.SECONDS) {
            throw new IllegalArgumentException(
                    "tier "
                            + tier.spec().name()
                            + " of bundle "
                            + tier.bundle().name()
                            + " reads "
                            + reach
                            + " of a flow, but sensors send its first packets only; use the bundle"
                            + " on captures, with serveflow classify");
        }
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        if (tier != null) {
            tier = null;
            endpoint.getComponent().release(folder);
        }
    }

    @Override
    public boolean process(final Exchange exchange, final AsyncCallback callback) {
        try {
            answer(exchange.getMessage());
        } catch (final Exception e) {
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }

    private void answer(final Message message) {
        final FlowBatch batch =
                FlowBodies.batch(message.getBody(), endpoint.getConfiguration().getObserver());
        try {
            tier.decide(batch);
        } catch (final RuntimeException e) {
            if (endpoint.getConfiguration().isFailOnError() || !isAnswered(batch)) {
                throw e;
            }
            LOG.warn(
                    "Tier {} failed; {} flows keep their earlier answer",
                    endpoint.getTier(),
                    batch.size(),
                    e);
            keepEarlierAnswers(batch);
        }
        message.setBody(batch);
        message.setHeader(ServeflowConstants.TIER, endpoint.getTier());
        message.setHeader(ServeflowConstants.TASK, tier.bundle().task());
        message.setHeader(ServeflowConstants.UNCERTAIN, FlowBodies.isUncertain(batch));
        if (batch.size() == 1) {
            message.setHeader(ServeflowConstants.LABEL, batch.verdict(0).label());
            message.setHeader(ServeflowConstants.CONFIDENCE, batch.verdict(0).confidence());
        }
    }

    private static boolean isAnswered(final FlowBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            if (!batch.hasVerdict(i)) {
                return false;
            }
        }
        return true;
    }

    private void keepEarlierAnswers(final FlowBatch batch) {
        endpoint.getComponent()
                .getLedger()
                .add(Ledger.Entry.FELL_BACK, "tier_failed", batch.size());
        for (int i = 0; i < batch.size(); i++) {
            final Verdict earlier = batch.verdict(i);
            final Verdict standing = earlier.standing(ContextJoin.SLOW_UNAVAILABLE);
            batch.decide(
                    i,
                    batch.stage() == FlowRecord.Stage.CONTEXT
                            ? standing.superseding(earlier)
                            : standing);
            endpoint.getComponent().getVerdictListener().given(batch.record(i), batch.verdict(i));
        }
    }
}
