/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.remote;

import io.serveflow.benchmark.run.Cost;
import io.serveflow.benchmark.run.FreshJvm;
import io.serveflow.model.TierScorer;
import io.serveflow.remote.RemoteModel;
import io.serveflow.remote.client.RemoteOptions;
import io.serveflow.remote.client.RemoteScorer;
import io.serveflow.remote.server.Batching;
import io.serveflow.remote.server.InferenceServer;
import io.serveflow.remote.server.ServedModel;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a request to a server costs besides the scoring: client and server in one process, over the
 * loopback interface, with a model that computes nothing.
 */
public final class CallRun {

    private static final String HOST = "127.0.0.1";

    private CallRun() {}

    /**
     * What is to be measured.
     *
     * @param batch flows a request
     * @param columns features a flow
     * @param classes probabilities a flow
     * @param inFlight requests under way
     * @param warmUpSeconds before the time that counts
     * @param seconds that count
     */
    public record Settings(
            int batch,
            int columns,
            int classes,
            int inFlight,
            double warmUpSeconds,
            double seconds) {}

    /** What was measured. */
    public record Result(Map<String, Double> figures) {}

    /** Measures, in a JVM that {@link FreshJvm} started. */
    public static void main(final String[] arguments) throws Exception {
        FreshJvm.say(new Result(measure(FreshJvm.settings(arguments, Settings.class))));
        System.exit(0); // no thread of a library may keep the process
    }

    static Map<String, Double> measure(final Settings settings) throws Exception {
        final RemoteModel model =
                new RemoteModel("nothing", settings.columns(), settings.classes(), "");
        try (InferenceServer server =
                        InferenceServer.start(
                                new InetSocketAddress(HOST, 0),
                                List.of(new ServedModel(model, "1", new Nothing(settings))),
                                Batching.defaults(),
                                "benchmark");
                RemoteScorer scorer =
                        RemoteScorer.open(
                                model,
                                RemoteOptions.of(
                                                List.of(
                                                        new RemoteOptions.Address(
                                                                HOST, server.port())))
                                        .withDeadline(Duration.ofSeconds(10)))) {
            final Load load = new Load(settings, scorer);
            load.run(settings.warmUpSeconds());
            System.gc();
            final Cost begin = Cost.now();
            final long flows = load.run(settings.seconds());
            return Cost.now().since(begin).per("flow", flows);
        }
    }

    /** Keeps as many requests under way as it may. */
    private static final class Load {

        private final Settings settings;
        private final TierScorer scorer;
        private final FloatBuffer features;
        private final AtomicLong failed = new AtomicLong();

        private Load(final Settings settings, final TierScorer scorer) {
            this.settings = settings;
            this.scorer = scorer;
            features = direct(settings.batch() * settings.columns());
        }

        private long run(final double seconds) throws InterruptedException {
            final long end = System.nanoTime() + Math.round(seconds * 1e9);
            final Semaphore free = new Semaphore(settings.inFlight());
            long requests = 0;
            while (System.nanoTime() < end) {
                free.acquire();
                final FloatBuffer probabilities = direct(settings.batch() * settings.classes());
                scorer.score(
                        settings.batch(),
                        features.duplicate(),
                        probabilities,
                        outcome -> {
                            failed.addAndGet(outcome.isComplete() ? 0 : 1);
                            free.release();
                        });
                requests++;
            }
            free.acquire(settings.inFlight());
            if (failed.get() > 0) {
                throw new IllegalStateException(failed + " requests failed");
            }
            return requests * settings.batch();
        }

        private static FloatBuffer direct(final int floats) {
            return ByteBuffer.allocateDirect(floats * Float.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }
    }

    /** Gives each class the same probability, whatever it reads. */
    private record Nothing(int columns, int classes) implements TierScorer {

        private Nothing(final Settings settings) {
            this(settings.columns(), settings.classes());
        }

        @Override
        public int rows() {
            return Batching.defaults().rows();
        }

        @Override
        public void score(
                final int n,
                final FloatBuffer features,
                final FloatBuffer probabilities,
                final End end) {
            final float each = 1f / classes;
            for (int i = 0; i < n * classes; i++) {
                probabilities.put(each);
            }
            end.scored(Outcome.complete(0));
        }

        @Override
        public void close() {}
    }
}
