/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.part;

import io.serveflow.batch.FlowBatch;
import io.serveflow.camel.FlowRouting;
import io.serveflow.camel.ServeflowComponent;
import io.serveflow.camel.ServeflowConstants;
import io.serveflow.cascade.CascadeTier;
import io.serveflow.ledger.Ledger;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.SimpleUuidGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What Camel costs a flow: an exchange a batch through the shipped route of a first tier, with its
 * split and its choice, whose flows have their verdicts already and whose ends do nothing. The
 * baseline is a method that parts the same batches by the same verdicts.
 */
@OperationsPerInvocation(PartBenchmark.FLOWS)
public class ExchangeBenchmark extends PartBenchmark {

    private static final String ROUTE = "classpath:camel/cascade.camel.yaml";

    /** A Camel context as the application sets it up, and decided batches to send through it. */
    @State(Scope.Benchmark)
    public static class Route {

        @Param({"1", "32", "256", "1024"})
        public int batch;

        private List<FlowBatch> batches = List.of();
        private CamelContext context;
        private Endpoint entry;
        private Producer producer;
        private Blackhole sink;

        @Setup
        public void start(final Sample sample, final Models models, final Blackhole end)
                throws Exception {
            sink = end;
            final CascadeTier tier =
                    new CascadeTier(
                            models.bundle(),
                            models.first().spec().name(),
                            System::nanoTime,
                            new Ledger(),
                            (flow, verdict) -> {});
            batches =
                    Flows.batches(sample.flows.first(), batch).stream().map(tier::decide).toList();
            context = new DefaultCamelContext();
            context.disableJMX();
            context.setUuidGenerator(new SimpleUuidGenerator());
            context.setStreamCaching(false);
            context.setMessageHistory(false);
            context.addComponent("serveflow", new Decided());
            context.getRegistry().bind("flowParts", Expression.class, FlowRouting.parts());
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(PluginHelper.getResourceLoader(context).resolveResource(ROUTE));
            context.addRoutes(
                    new RouteBuilder() {
                        @Override
                        public void configure() {
                            from("direct:tier/service/fast").process(Route.this::take);
                            from("direct:verdicts").process(Route.this::take);
                        }
                    });
            TemplatedRouteBuilder.builder(context, "tier-then-next")
                    .parameter("task", "service")
                    .parameter("tier", "fastest")
                    .parameter("next", "fast")
                    .parameter("bundle", models.bundle)
                    .add();
            context.start();
            entry = context.getEndpoint("direct:tier/service/fastest");
            producer = entry.createProducer();
            producer.start();
        }

        private void take(final Exchange exchange) {
            sink.consume(exchange.getMessage().getBody());
        }

        @TearDown
        public void stop() {
            producer.stop();
            context.stop();
        }
    }

    /** Stands for the component that asks a tier, and leaves the answers that are there. */
    private static final class Decided extends ServeflowComponent {

        @Override
        protected Endpoint createEndpoint(
                final String uri, final String tier, final Map<String, Object> parameters) {
            parameters.clear();
            return new DecidedEndpoint(uri, this);
        }
    }

    private static final class DecidedEndpoint extends DefaultEndpoint {

        private DecidedEndpoint(final String uri, final Decided component) {
            super(uri, component);
        }

        @Override
        public Producer createProducer() {
            return new DefaultProducer(this) {
                @Override
                public void process(final Exchange exchange) {
                    final FlowBatch batch = exchange.getMessage().getBody(FlowBatch.class);
                    exchange.getMessage()
                            .setHeader(ServeflowConstants.UNCERTAIN, isUncertain(batch));
                }
            };
        }

        private static boolean isUncertain(final FlowBatch batch) {
            for (int i = 0; i < batch.size(); i++) {
                if (!batch.verdict(i).isFinal()) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public Consumer createConsumer(final Processor processor) {
            throw new UnsupportedOperationException("nothing comes from here");
        }
    }

    @Benchmark
    public void method(final Route route, final Blackhole sink) {
        for (final FlowBatch batch : route.batches) {
            final FlowBatch uncertain = batch.uncertain();
            if (!uncertain.isEmpty()) {
                sink.consume(uncertain);
            }
            final FlowBatch certain = batch.certain();
            if (!certain.isEmpty()) {
                sink.consume(certain);
            }
        }
    }

    @Benchmark
    public void exchange(final Route route) throws Exception {
        for (final FlowBatch batch : route.batches) {
            final Exchange exchange = route.entry.createExchange();
            exchange.getMessage().setBody(batch);
            route.producer.process(exchange);
            if (exchange.getException() != null) {
                throw exchange.getException();
            }
        }
    }
}
