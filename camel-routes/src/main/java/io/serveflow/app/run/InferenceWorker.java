/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.serveflow.app.BuildInfo;
import io.serveflow.app.console.HttpGuard;
import io.serveflow.app.observe.ServeflowMeters;
import io.serveflow.app.settings.Settings;
import io.serveflow.camel.LiveBundles;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.BundleFiles;
import io.serveflow.model.BundleTrust;
import io.serveflow.model.Bundles;
import io.serveflow.model.TierScorer;
import io.serveflow.model.TierSpec;
import io.serveflow.model.onnx.OnnxDevice;
import io.serveflow.model.onnx.OnnxScorer;
import io.serveflow.remote.server.InferenceServer;
import io.serveflow.remote.server.ServedBundle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.apache.camel.main.Main;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slow role: scores the tiers of its bundles for other processes, by the Open Inference
 * Protocol v2 over gRPC. Camel runs in it for health and metrics; it has no routes.
 */
final class InferenceWorker implements Application {

    private static final Logger LOG = LoggerFactory.getLogger(InferenceWorker.class);

    private final Main main = new Main();
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ServeflowMeters meters = new ServeflowMeters(registry);
    private final Ledger ledger = new Ledger(meters);
    private final Bundles bundles = new Bundles();
    private final Settings settings;
    private final PartOptions options;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<String> served = new ArrayList<>();
    private volatile Optional<InferenceServer> server = Optional.empty();
    private boolean closed;

    InferenceWorker(final Settings settings) {
        this.settings = settings;
        options = new PartOptions(settings);
        bundles.listen(meters);
        settings.forCamel()
                .forEach((key, value) -> main.addInitialProperty((String) key, (String) value));
        main.addInitialProperty("camel.server.enabled", "false");
        main.configure().withRoutesIncludePattern("false").withAutoConfigurationEnabled(true);
        main.setDefaultPropertyPlaceholderLocation("false");
        main.bind(MicrometerConstants.METRICS_REGISTRY_NAME, registry);
        main.bind("httpGuard", new HttpGuard(options.guard(false)));
        main.bind("workerHealth", new ServesHealthCheck());
    }

    @Override
    public void start() throws Exception {
        synchronized (this) {
            if (closed) {
                return;
            }
            final String host = settings.text("serveflow.worker.host");
            final int port = settings.number("serveflow.worker.port");
            ServerPorts.requireFree("serveflow.worker", host, port);
            if (settings.yes("camel.management.enabled")) {
                ServerPorts.requireFree(
                        "camel.management",
                        settings.text("camel.management.host"),
                        settings.number("camel.management.port"));
            }
            final List<ServedBundle> tiers = served();
            final InferenceServer started = serve(new InetSocketAddress(host, port), tiers);
            opened.push(started);
            tiers.forEach(one -> served.addAll(one.names()));
            for (final String model : served) {
                meters.served(model, started);
            }
            meters.receiving(started);
            server = Optional.of(started);
            main.start();
            watch();
        }
    }

    private InferenceServer serve(final InetSocketAddress at, final List<ServedBundle> served)
            throws IOException {
        return InferenceServer.start(at, options.workerTls(), served, BuildInfo.version());
    }

    /** Every tier of every bundle, loaded and compared with the golden vectors. */
    private List<ServedBundle> served() throws IOException {
        final BundleTrust trust = settings.trust();
        final TierScorer.Provider scorers =
                new Scorers(OnnxDevice.of(settings.text("serveflow.worker.device")));
        final List<ServedBundle> served = new ArrayList<>();
        for (final String location : settings.bundles().values()) {
            final BundleFiles files =
                    BundleFiles.at(
                            location, InferenceWorker.class.getClassLoader()::getResourceAsStream);
            final ServedBundle tiers = new ServedBundle(options.batching());
            opened.push(tiers.begin(bundles.open(files, trust, scorers, tiers)));
            served.add(tiers);
        }
        return served;
    }

    /** The bundle of a location that has changed is taken into use between two requests. */
    private void watch() {
        final long millis = settings.time("serveflow.bundle.watch").toMillis();
        if (millis > 0) {
            opened.push(LiveBundles.watch(main.getCamelContext(), bundles, ledger, millis));
        }
    }

    /**
     * Opens all tiers on one device.
     *
     * @param device that of the settings
     */
    private record Scorers(OnnxDevice device) implements TierScorer.Provider {

        @Override
        public boolean opens(final TierSpec tier) {
            return TierScorer.Provider.INSTALLED.opens(tier);
        }

        @Override
        public TierScorer open(final TierSpec tier, final int classes, final byte[] model) {
            return device.isCuda()
                    ? OnnxScorer.open(tier, classes, model, OnnxScorer.CUDA_BATCH, device)
                    : TierScorer.Provider.INSTALLED.open(tier, classes, model);
        }
    }

    @Override
    public void announce() {
        server.ifPresent(
                serving ->
                        LOG.info(
                                "serveflow {} is running: scores {} at {}:{}{}; bundle {}{}",
                                BuildInfo.version(),
                                String.join(", ", served),
                                settings.text("serveflow.worker.host"),
                                serving.port(),
                                options.workerTls().isPresent() ? " with TLS" : "",
                                bundles.inUse().stream()
                                        .map(each -> each.ref().name() + " " + each.ref().version())
                                        .collect(Collectors.joining(", ")),
                                StartLine.server(
                                        settings,
                                        "health",
                                        "camel.management",
                                        "/observe/health")));
    }

    @Override
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    @Override
    public void close() {
        synchronized (this) {
            if (!closed) {
                closed = true;
                closeAll();
            }
        }
        ended.countDown();
    }

    /** The looks at bundles first, and the server before the bundles that score for it. */
    private void closeAll() {
        server = Optional.empty();
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (final Exception e) {
                LOG.warn("Cannot be closed", e);
            }
        }
        main.stop();
        LOG.info("Stopped");
    }

    /** Up while requests are taken. */
    private final class ServesHealthCheck extends AbstractHealthCheck {

        private ServesHealthCheck() {
            super("serveflow", "serveflow-worker");
        }

        @Override
        protected void doCall(
                final HealthCheckResultBuilder builder, final Map<String, Object> details) {
            if (server.filter(InferenceServer::isReady).isPresent()) {
                builder.up();
            } else {
                builder.down().message("no requests are scored");
            }
        }
    }
}
