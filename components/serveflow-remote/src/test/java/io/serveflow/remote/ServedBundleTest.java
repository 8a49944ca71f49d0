/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serveflow.model.Bundle;
import io.serveflow.model.BundleException;
import io.serveflow.model.BundleFiles;
import io.serveflow.model.BundleTrust;
import io.serveflow.model.Bundles;
import io.serveflow.model.TierScorer;
import io.serveflow.model.TierSpec;
import io.serveflow.remote.client.RemoteException;
import io.serveflow.remote.client.RemoteException.Kind;
import io.serveflow.remote.client.RemoteOptions;
import io.serveflow.remote.client.RemoteOptions.Address;
import io.serveflow.remote.client.RemoteScorer;
import io.serveflow.remote.server.Batching;
import io.serveflow.remote.server.InferenceServer;
import io.serveflow.remote.server.ServedBundle;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose bundle is replaced while clients of both have their flows scored. */
class ServedBundleTest {

    private static final String TIER = "slow";
    private static final String MODEL = "service-slow";
    private static final Path OTHER = ProjectFiles.bundle("service-noports");
    private static final int ROWS = 4;
    private static final int SWAPS = 8;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Bundles bundles = new Bundles();
    private final Gate gate = new Gate();

    @TempDir private Path work;

    private Bundle before;
    private Bundle after;
    private InferenceServer server;

    @BeforeEach
    void serve() throws IOException {
        before = open(Bundle.load(ProjectFiles.bundle("service")));
        after = open(Bundle.load(OTHER));
        final ServedBundle served = new ServedBundle(Batching.defaults());
        served.begin(
                bundles.open(
                        BundleFiles.in(ProjectFiles.bundle("service")),
                        BundleTrust.ANYBODY,
                        gate,
                        served));
        server =
                open(
                        InferenceServer.start(
                                new InetSocketAddress("127.0.0.1", 0),
                                Optional.empty(),
                                List.of(served),
                                "test"));
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
        assertThat(bundles.inUse()).isEmpty();
    }

    @Test
    void shouldEndARequestWithTheModelThatItCameTo() throws Exception {
        final RemoteScorer ofBefore = client(before);
        gate.shut();
        final CompletableFuture<float[]> waiting = score(ofBefore);
        gate.reached.await();

        replace(OTHER);

        assertThat(score(client(after)).get(30, TimeUnit.SECONDS)).containsExactly(here(after));
        assertThat(waiting).isNotDone();
        assertThat(bundles.inUse()).hasSize(2);
        gate.open();
        assertThat(waiting.get(30, TimeUnit.SECONDS)).containsExactly(here(before));
        await().until(() -> bundles.inUse().size() == 1);
        assertThat(server.counts(MODEL).requests()).isEqualTo(2);
        assertThat(server.isReady()).isTrue();
    }

    /** Both bundles call themselves by one version, and their models have one shape. */
    @Test
    void shouldAnswerNoClientOfAnotherModel() throws Exception {
        final RemoteScorer ofBefore = client(before);
        assertThat(score(ofBefore).get(30, TimeUnit.SECONDS)).containsExactly(here(before));
        final String version = ofBefore.servers().get(0).version();
        final Path folder = remade();
        final Bundle remade = open(Bundle.load(folder));

        replace(folder);

        assertThat(score(ofBefore))
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        RemoteException.class, e -> assertThat(e.kind()).isEqualTo(Kind.MODEL))
                .withMessageContaining("it is made of another file");
        assertThat(remade.manifest().version()).isEqualTo(before.manifest().version());
        assertThat(client(remade).servers().get(0).version())
                .startsWith(remade.manifest().version() + "+")
                .isNotEqualTo(version);

        replace(ProjectFiles.bundle("service"));
        assertThat(score(ofBefore).get(30, TimeUnit.SECONDS)).containsExactly(here(before));
    }

    @Test
    void shouldMixNoModelsWhileBundlesAreReplaced() throws Exception {
        final AtomicBoolean done = new AtomicBoolean();
        final ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            final List<Future<Integer>> asking = new ArrayList<>();
            for (final Bundle bundle : List.of(before, after, before, after)) {
                asking.add(threads.submit(() -> ask(bundle, done)));
            }
            for (int swap = 0; swap < SWAPS; swap++) {
                replace(swap % 2 == 0 ? OTHER : ProjectFiles.bundle("service"));
                /* Until one of each client has been answered, or refused, in the meantime. */
                final long asked = server.counts(MODEL).requests();
                await().until(() -> server.counts(MODEL).requests() > asked + 2);
            }
            done.set(true);
            for (final Future<Integer> one : asking) {
                assertThat(one.get(1, TimeUnit.MINUTES)).isPositive();
            }
            await().until(() -> bundles.inUse().size() == 1);
            assertThat(server.counts(MODEL).failed()).isZero();
        } finally {
            done.set(true);
            threads.shutdownNow();
        }
    }

    /** Returns how often it was answered, each time rightly. */
    private int ask(final Bundle bundle, final AtomicBoolean done) throws Exception {
        final float[] right = here(bundle);
        int answered = 0;
        RemoteScorer scorer = null;
        while (!done.get()) {
            try {
                scorer = scorer == null ? client(bundle) : scorer;
                assertThat(score(scorer).get(30, TimeUnit.SECONDS)).containsExactly(right);
                answered++;
            } catch (final ExecutionException e) {
                assertThat(((RemoteException) e.getCause()).kind())
                        .isIn(Kind.MODEL, Kind.OPEN, Kind.ANSWER);
            } catch (final BundleException e) {
                assertThat(e).hasMessageContaining("is not the tier's");
            }
        }
        return answered;
    }

    private void replace(final Path folder) {
        bundles.replace(
                ProjectFiles.bundle("service").toString(),
                Bundle.load(BundleFiles.in(folder), gate));
    }

    private synchronized RemoteScorer client(final Bundle bundle) throws IOException {
        final TierScorer scorer = bundle.tier(TIER).scorer();
        return open(
                RemoteScorer.open(
                        new RemoteModel(
                                MODEL,
                                scorer.columns(),
                                scorer.classes(),
                                bundle.manifest().files().get(TIER + ".onnx")),
                        new RemoteOptions(
                                List.of(new Address("127.0.0.1", server.port())),
                                Duration.ofSeconds(20),
                                64,
                                512,
                                Duration.ofMillis(50),
                                Optional.empty())));
    }

    private <T extends AutoCloseable> T open(final T one) {
        opened.add(one);
        return one;
    }

    private static CompletableFuture<float[]> score(final TierScorer scorer) {
        final FloatBuffer features = direct(ROWS * scorer.columns());
        final Random random = new Random(1);
        while (features.hasRemaining()) {
            features.put(random.nextInt(2));
        }
        final FloatBuffer probabilities = direct(ROWS * scorer.classes());
        final CompletableFuture<float[]> answer = new CompletableFuture<>();
        scorer.score(
                ROWS,
                features.flip(),
                probabilities,
                outcome -> {
                    if (outcome.isComplete()) {
                        final float[] row = new float[ROWS * scorer.classes()];
                        probabilities.clear().get(row);
                        answer.complete(row);
                    } else {
                        answer.completeExceptionally(outcome.failure().orElseThrow());
                    }
                });
        return answer;
    }

    /** What a bundle says in this process. */
    private static float[] here(final Bundle bundle) {
        return score(bundle.tier(TIER).scorer()).join();
    }

    private static FloatBuffer direct(final int floats) {
        return ByteBuffer.allocateDirect(floats * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /** The shipped bundle with a comment in one model, which makes it another file. */
    private Path remade() throws Exception {
        try (Stream<Path> files = Files.list(ProjectFiles.bundle("service"))) {
            for (final Path file : files.toList()) {
                Files.copy(file, work.resolve(file.getFileName()));
            }
        }
        final Path json = work.resolve("bundle.json");
        final Path model = work.resolve(TIER + ".onnx");
        /* Field 6 of a model in ONNX is its doc_string. */
        Files.write(model, new byte[] {6 << 3 | 2, 1, 'x'}, StandardOpenOption.APPEND);
        final String digest =
                HexFormat.of()
                        .formatHex(
                                MessageDigest.getInstance("SHA-256")
                                        .digest(Files.readAllBytes(model)));
        Files.writeString(
                json,
                Files.readString(json)
                        .replace(before.manifest().files().get(TIER + ".onnx"), digest));
        return work;
    }

    /** The shipped scorers, the slow one of which may be held up. */
    private static final class Gate implements TierScorer.Provider {

        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch opened = new CountDownLatch(1);
        private volatile boolean shut;

        private void shut() {
            shut = true;
        }

        private void open() {
            opened.countDown();
        }

        @Override
        public boolean opens(final TierSpec tier) {
            return true;
        }

        @Override
        public TierScorer open(final TierSpec tier, final int classes, final byte[] model) {
            final TierScorer scorer = TierScorer.Provider.INSTALLED.open(tier, classes, model);
            return new TierScorer() {
                @Override
                public int columns() {
                    return scorer.columns();
                }

                @Override
                public int classes() {
                    return scorer.classes();
                }

                @Override
                public int rows() {
                    return scorer.rows();
                }

                @Override
                public void score(
                        final int n,
                        final FloatBuffer features,
                        final FloatBuffer probabilities,
                        final End end) {
                    if (shut) {
                        /* For the first who comes alone. */
                        shut = false;
                        reached.countDown();
                        try {
                            opened.await();
                        } catch (final InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                    scorer.score(n, features, probabilities, end);
                }

                @Override
                public void close() {
                    scorer.close();
                }
            };
        }
    }
}
