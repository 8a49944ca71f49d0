/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.batch.FlowBatch;
import io.serveflow.camel.support.SourceExchange;
import io.serveflow.cascade.CascadeTier;
import io.serveflow.cascade.FallbackCounter;
import io.serveflow.cascade.SharedRows;
import io.serveflow.feature.ContextReach;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.FailureLog;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import io.serveflow.model.Bundle;
import io.serveflow.model.Bundles;
import io.serveflow.model.TierSpec;
import io.serveflow.model.onnx.DeviceMissingException;
import io.serveflow.model.onnx.OnnxDevice;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultAsyncProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the tier for the flows in the body, which may be a {@link FlowBatch} or anything that {@link
 * BodyReader} reads; the answer is always a {@link FlowBatch}.
 *
 * <p>Inference in this process takes microseconds and never waits for anything, so it is done on
 * the caller's thread. Where servers score, the caller goes on, and the exchange is done when they
 * have answered or their time is over.
 */
public class ServeflowProducer extends DefaultAsyncProducer {

    private static final Logger LOG = LoggerFactory.getLogger(ServeflowProducer.class);

    private final ServeflowEndpoint endpoint;
    private final FailureLog failures = new FailureLog(LOG::warn, LOG::info, System::nanoTime);
    private final LiveTier live = new LiveTier(this::asked);
    private volatile Optional<ShadowTier> shadow = Optional.empty();
    private volatile Optional<CanaryTier> canary = Optional.empty();

    public ServeflowProducer(final ServeflowEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        final ServeflowComponent component = endpoint.getComponent();
        final ServeflowConfiguration configuration = endpoint.getConfiguration();
        /* First, so that the bundle in use is the newest one of its task. */
        canary = component.canary(configuration, endpoint.getTier(), new LiveTier(this::canary));
        try {
            final Bundles.Use use = component.open(configuration, live);
            live.begin(use);
            shadow = component.shadow(configuration, endpoint.getTier(), use.bundle());
        } catch (final RuntimeException e) {
            closeTiers();
            throw e;
        }
        super.doStart();
    }

    /** The tier at work with a bundle; called for each bundle that comes into use. */
    private LiveTier.Asked asked(final Bundle bundle) {
        final ServeflowComponent component = endpoint.getComponent();
        return asked(bundle, placement(component, bundle), component.rows());
    }

    /**
     * That of a canary, computed in this process. It makes its rows of features itself, as the tier
     * does whose processor time its own is compared with.
     */
    private LiveTier.Asked canary(final Bundle bundle) {
        return asked(bundle, TierPlacement.shared(bundle, endpoint.getTier()), new SharedRows());
    }

    private LiveTier.Asked asked(
            final Bundle bundle, final TierPlacement placement, final SharedRows rows) {
        final ServeflowComponent component = endpoint.getComponent();
        try {
            final CascadeTier tier =
                    new CascadeTier(
                            bundle,
                            placement.model(),
                            rows,
                            System::nanoTime,
                            component.getLedger(),
                            component.getVerdictListener());
            try {
                requireFirstPackets(tier);
                final BodyReader bodies = bodies(tier);
                component.placed(placement);
                return new LiveTier.Asked(tier, bodies, () -> unplace(placement));
            } catch (final RuntimeException e) {
                tier.close();
                throw e;
            }
        } catch (final RuntimeException e) {
            placement.close();
            throw e;
        }
    }

    private void unplace(final TierPlacement placement) {
        endpoint.getComponent().removed(placement);
        placement.close();
    }

    /** Where the tier is scored: where the endpoint says, or else where the bundle does. */
    private TierPlacement placement(final ServeflowComponent component, final Bundle shared) {
        final ServeflowConfiguration configuration = endpoint.getConfiguration();
        final String tier = endpoint.getTier();
        if (configuration.hasEndpoints()) {
            final TierPlacement remote =
                    RemoteTier.open(configuration, shared, tier, component.getLedger());
            LOG.info("Tier {} is scored by {}", tier, configuration.getEndpoints());
            return remote;
        }
        final OnnxDevice device = device(shared.tier(tier).spec());
        if (!device.isCuda()) {
            return TierPlacement.shared(shared, tier);
        }
        try {
            final Bundle bundle = component.load(configuration, tier, device);
            if (!bundle.ref().equals(shared.ref())) {
                bundle.close();
                throw new IllegalStateException(
                        "the bundle was changed again while it was loaded; leave it alone for a"
                                + " moment");
            }
            LOG.info("Tier {} is computed on {}", tier, device);
            return TierPlacement.onDevice(bundle, tier, device.toString());
        } catch (final DeviceMissingException e) {
            if (!configuration.isCpuFallback()) {
                throw new IllegalStateException(
                        "tier "
                                + tier
                                + ": "
                                + e.getMessage()
                                + "; or set cpuFallback=true to compute it on the CPU then",
                        e);
            }
            LOG.warn("Tier {} is computed on the CPU: {}", tier, e.getMessage());
            component
                    .getLedger()
                    .add(Ledger.Entry.CPU_FALLBACKS, shared.manifest().task() + "/" + tier, 1);
            return TierPlacement.shared(shared, tier);
        }
    }

    private OnnxDevice device(final TierSpec tier) {
        final ServeflowConfiguration configuration = endpoint.getConfiguration();
        if (configuration.getDevice() != null) {
            return OnnxDevice.of(configuration.getDevice());
        }
        return ServeflowComponent.isBean(configuration.getBundle())
                ? OnnxDevice.CPU
                : OnnxDevice.of(tier.device());
    }

    /** One that gives the records of which the tier reads most. */
    private BodyReader bodies(final CascadeTier asked) {
        final FlowAssembler.Options options =
                ContextReach.options(
                        FlowAssembler.Options.defaults(endpoint.getConfiguration().getObserver()),
                        List.of(asked.spec().features()));
        final List<FlowRecord.Stage> order =
                asked.spec().reach().isFirstPacket()
                        ? List.of(
                                FlowRecord.Stage.FIRST,
                                FlowRecord.Stage.CONTEXT,
                                FlowRecord.Stage.SUMMARY)
                        : List.of(
                                FlowRecord.Stage.CONTEXT,
                                FlowRecord.Stage.FIRST,
                                FlowRecord.Stage.SUMMARY);
        return new BodyReader(
                options,
                order.stream().filter(asked.spec()::answers).toList(),
                endpoint.getConfiguration().getMaxRecords(),
                endpoint.getComponent().getLedger());
    }

    /**
     * Records in routes hold the first packets of a flow, and a model of seconds would misread
     * them.
     */
    private static void requireFirstPackets(final CascadeTier tier) {
        final ContextReach reach = tier.spec().reach();
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
        closeTiers();
    }

    private void closeTiers() {
        shadow.ifPresent(ShadowTier::close);
        shadow = Optional.empty();
        canary.ifPresent(CanaryTier::close);
        canary = Optional.empty();
        live.close();
    }

    @Override
    public boolean process(final Exchange exchange, final AsyncCallback callback) {
        final Optional<LiveTier.Held> now;
        try {
            now = live.of(exchange);
        } catch (final IllegalStateException e) {
            return stopped(exchange, callback);
        }
        if (now.isEmpty()) {
            return stopped(exchange, callback);
        }
        final CascadeTier asked = now.get().tier();
        final Answering answering = new Answering(now.get(), exchange, callback);
        try {
            final FlowBatch batch = now.get().bodies().read(exchange);
            if (batch.isEmpty()) {
                answer(asked, exchange.getMessage(), batch);
                answering.end();
                callback.done(true);
                return true;
            }
            final CascadeTier.Rows which =
                    endpoint.getConfiguration().isUncertainOnly()
                            ? CascadeTier.Rows.OPEN
                            : CascadeTier.Rows.ALL;
            final Optional<CanaryTier> tried = canary;
            answering.candidate = tried.flatMap(both -> both.of(exchange, batch));
            if (answering.candidate.isPresent()) {
                tried.get()
                        .decide(asked, answering.candidate.get().tier(), batch, which, answering);
            } else {
                asked.decide(batch, which, answering);
            }
        } catch (final Exception e) {
            exchange.setException(e);
            answering.end();
            callback.done(true);
            return true;
        }
        return answering.returned();
    }

    private boolean stopped(final Exchange exchange, final AsyncCallback callback) {
        exchange.setException(
                new IllegalStateException("serveflow:" + endpoint.getTier() + " has stopped"));
        callback.done(true);
        return true;
    }

    /** An exchange until its flows have their verdicts, at once or later. */
    private final class Answering implements Consumer<CascadeTier.Decision> {

        /** The one that was asked, whose answer may come after it was closed. */
        private final LiveTier.Held asked;

        private final Exchange exchange;
        private final AsyncCallback callback;

        /** That of the canary, where it is asked too. */
        private Optional<LiveTier.Held> candidate = Optional.empty();

        /** Set by the first of two: the tier has decided, and the call of it has returned. */
        private final AtomicBoolean met = new AtomicBoolean();

        private Answering(
                final LiveTier.Held asked, final Exchange exchange, final AsyncCallback callback) {
            this.asked = asked;
            this.exchange = exchange;
            this.callback = callback;
        }

        @Override
        public void accept(final CascadeTier.Decision decision) {
            final CascadeTier tier = asked.tier();
            try {
                shadow.ifPresent(compared -> compared.offer(decision.batch(), tier.bundle()));
                exchange.removeProperty(ServeflowConstants.WITHOUT_ANSWER);
                answer(tier, exchange.getMessage(), answered(tier, decision, exchange));
            } catch (final RuntimeException e) {
                exchange.setException(e);
            }
            end();
            if (!met.compareAndSet(false, true)) {
                callback.done(false);
            }
        }

        /** Lets go of the bundles that later tiers of this pass are not asked of. */
        private void end() {
            if (exchange.getException() == null) {
                asked.answered();
                candidate.ifPresent(LiveTier.Held::answered);
            } else {
                asked.failed();
                candidate.ifPresent(LiveTier.Held::failed);
            }
        }

        /** Whether the exchange is done already. */
        private boolean returned() {
            if (met.compareAndSet(false, true)) {
                return false;
            }
            callback.done(true);
            return true;
        }
    }

    private FlowBatch answered(
            final CascadeTier asked, final CascadeTier.Decision decision, final Exchange exchange) {
        if (decision.isComplete()) {
            return decision.batch();
        }
        final RuntimeException why = asked.why(decision);
        exchange.setProperty(ServeflowConstants.WITHOUT_ANSWER, why);
        if (endpoint.getConfiguration().isFailOnError()) {
            throw why;
        }
        final CascadeTier.Decision left = asked.withoutUnanswerable(decision);
        final FlowBatch standing =
                left.isComplete()
                        ? left.batch()
                        : asked.letStand(left, fallbacks(exchange)).orElseThrow(() -> why);
        countDropped(decision.batch().size() - standing.size(), exchange);
        report(decision, left, standing, why);
        return standing;
    }

    /**
     * Not before the exchange of the source has ended well: if a later step fails, or another copy,
     * the batch comes again, and with it what is left out of it here.
     */
    private void countDropped(final int rows, final Exchange exchange) {
        if (rows > 0) {
            SourceExchange.count(
                    exchange,
                    endpoint.getComponent().getLedger(),
                    Ledger.Entry.DROPPED,
                    Reason.RECORD_TOO_SHORT,
                    rows);
        }
    }

    private FallbackCounter fallbacks(final Exchange exchange) {
        return new ExchangeFallbacks(exchange, endpoint.getComponent().getLedger());
    }

    private void report(
            final CascadeTier.Decision decision,
            final CascadeTier.Decision left,
            final FlowBatch standing,
            final RuntimeException why) {
        final Reason reason =
                decision.failed().isEmpty() ? Reason.RECORD_TOO_SHORT : Reason.TIER_FAILED;
        final String sentence =
                ("Tier %s has no answer for %d of %d flows: of %d the earlier verdict stands, %d"
                                + " are dropped (%s)")
                        .formatted(
                                endpoint.getTier(),
                                decision.tooShort().cardinality() + decision.failed().cardinality(),
                                decision.batch().size(),
                                left.tooShort().cardinality() + left.failed().cardinality(),
                                decision.batch().size() - standing.size(),
                                why.getMessage());
        failures.due(reason.code(), sentence)
                .ifPresent(
                        line -> {
                            if (reason == Reason.RECORD_TOO_SHORT) {
                                LOG.warn(line);
                            } else {
                                LOG.warn(line, why);
                            }
                        });
    }

    private void answer(final CascadeTier asked, final Message message, final FlowBatch batch) {
        message.setBody(batch);
        message.setHeader(ServeflowConstants.TIER, endpoint.getTier());
        message.setHeader(ServeflowConstants.TASK, asked.bundle().task());
        message.setHeader(ServeflowConstants.UNCERTAIN, FlowBodies.isUncertain(batch));
        if (batch.size() == 1) {
            message.setHeader(ServeflowConstants.LABEL, batch.verdict(0).label());
            message.setHeader(ServeflowConstants.CONFIDENCE, batch.verdict(0).confidence());
        }
    }
}
