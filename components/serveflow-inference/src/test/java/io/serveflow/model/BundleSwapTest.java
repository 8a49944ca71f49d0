/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.serveflow.flow.SampleFlows;
import io.serveflow.ledger.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bundle that is replaced while it is in use. */
class BundleSwapTest {

    @TempDir private Path work;

    private final Bundles bundles = new Bundles();
    private final List<String> events = new ArrayList<>();

    @Test
    void shouldUseTheNewBundleForAllWorkThatBeginsLater() throws IOException {
        try (Bundles.Use one = open();
                Bundles.Use other = open()) {
            bundles.replace(location(), bundle("2.0.0"));

            assertThat(one.bundle()).isSameAs(other.bundle());
            try (Bundles.Lease lease = one.lease()) {
                assertThat(version(lease.bundle())).isEqualTo("2.0.0");
                score(lease.bundle());
            }
            assertThat(bundles.current("service").orElseThrow().number()).isEqualTo(2);
        }
        assertThat(bundles.inUse()).isEmpty();
    }

    @Test
    void shouldEndWorkWithTheBundleThatItBeganWith() throws IOException {
        try (Bundles.Use use = open()) {
            final Bundles.Lease work1 = use.lease();
            bundles.replace(location(), bundle("2.0.0"));
            final Bundles.Lease next = use.lease(work1.bundle()).orElseThrow();

            work1.close();
            work1.close();
            score(next.bundle());
            assertThat(version(next.bundle())).isEqualTo("1.0.0");
            assertThat(bundles.inUse()).hasSize(2);

            final Bundle older = next.bundle();
            next.close();
            assertThatIllegalStateException().isThrownBy(() -> score(older));
            assertThat(use.lease(older)).isEmpty();
            assertThat(bundles.inUse()).hasSize(1);
        }
    }

    @Test
    void shouldHaveAllMakeReadyBeforeAnyUsesTheNewBundle() throws IOException {
        try (Bundles.Use one = open(new Noted("one"));
                Bundles.Use other = open(new Noted("other"))) {
            bundles.listen(new Heard());
            events.clear();

            bundles.replace(location(), bundle("2.0.0"));

            assertThat(events)
                    .containsExactly(
                            "one prepares 2.0.0",
                            "other prepares 2.0.0",
                            "opened 2.0.0",
                            "retired 1.0.0",
                            "one forgets 1.0.0",
                            "other forgets 1.0.0");
            assertThat(one.bundle()).isSameAs(other.bundle());
        }
    }

    @Test
    void shouldKeepTheOldBundleWhereOneUserCannotUseTheNewOne() throws IOException {
        final Noted unable =
                new Noted("unable") {
                    @Override
                    public void prepare(final Bundle bundle) {
                        if (version(bundle).equals("2.0.0")) {
                            throw new IllegalArgumentException("it is not for me");
                        }
                    }
                };
        try (Bundles.Use one = open(new Noted("one"));
                Bundles.Use other = open(unable)) {
            events.clear();
            final Bundle next = bundle("2.0.0");

            assertThatExceptionOfType(BundleException.class)
                    .isThrownBy(() -> bundles.replace(location(), next))
                    .withMessage("bundle " + location() + ": it is not for me")
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.BUNDLE_UNUSABLE));

            assertThat(events).containsExactly("one prepares 2.0.0", "one forgets 2.0.0");
            assertThatIllegalStateException().isThrownBy(() -> score(next));
            score(one.bundle());
            assertThat(version(other.bundle())).isEqualTo("1.0.0");
        }
    }

    @Test
    void shouldRefuseAnotherTaskAndOtherTiers() throws IOException {
        try (Bundles.Use use = open()) {
            final Path task = TinyBundles.write(work.resolve("task"));
            TinyBundles.edit(task, "\"task\" : \"service\"", "\"task\" : \"device\"");
            assertRefused(
                    Bundle.load(task), Reason.BUNDLE_OTHER_TASK, "it answers the task device");

            final Path tiers = TinyBundles.write(work.resolve("tiers"));
            TinyBundles.edit(tiers, "\"name\" : \"slow\"", "\"name\" : \"slower\"");
            TinyBundles.edit(tiers, "\"to\" : \"slow\"", "\"to\" : \"slower\"");
            TinyBundles.replace(
                    tiers,
                    "golden.ndjson",
                    new String(
                                    Files.readAllBytes(tiers.resolve("golden.ndjson")),
                                    StandardCharsets.UTF_8)
                            .replace("\"slow\"", "\"slower\"")
                            .getBytes(StandardCharsets.UTF_8));
            assertRefused(
                    Bundle.load(tiers),
                    Reason.BUNDLE_OTHER_TIERS,
                    "its tiers are fastest (on first and context records), slower (on context"
                            + " records), but the routes were made for fastest");

            assertRefused(
                    Bundle.load(TinyBundles.writeConn(work.resolve("conn"))),
                    Reason.BUNDLE_OTHER_TIERS,
                    "fastest (on summary records)");
            score(use.bundle());
        }
    }

    @Test
    void shouldRefuseABundleThatOneUserDoesNotTrust() throws IOException {
        final SigningKey ours = SigningKey.generate();
        final Path folder = TinyBundles.write(work.resolve("tiny"));
        new SignedFolder(folder).sign(ours);
        final BundleTrust trust = new BundleTrust(true, List.of(ours.verifying()));
        try (Bundles.Use use = bundles.open(BundleFiles.in(folder), trust)) {
            assertRefused(bundle("2.0.0"), Reason.BUNDLE_UNSIGNED, "it has no signature");
            assertThat(version(use.bundle())).isEqualTo("1.0.0");
        }
    }

    @Test
    void shouldNotReplaceABundleThatSomebodyElseHasLoaded() throws IOException {
        try (Bundle own = bundle("1.0.0");
                Bundles.Use use = bundles.open("ref:own", own)) {
            final Bundle next = bundle("2.0.0");
            assertThatExceptionOfType(BundleException.class)
                    .isThrownBy(() -> bundles.replace("ref:own", next))
                    .withMessageContaining("whoever has loaded the bundle in use closes it");
            score(use.bundle());
        }
    }

    @Test
    void shouldHaveNoMoreThanAFewOlderBundlesInUse() throws IOException {
        try (Bundles.Use use = open()) {
            final List<Bundles.Lease> leases = new ArrayList<>();
            for (int i = 0; i < Bundles.MOST_OLDER; i++) {
                leases.add(use.lease());
                assertThat(bundles.hasRoom(location())).isTrue();
                bundles.replace(location(), bundle("2." + i));
            }
            assertThat(bundles.hasRoom(location())).isFalse();
            assertRefused(bundle("4"), Reason.BUNDLE_UNUSABLE, "older bundles are in use still");

            leases.get(1).close();
            bundles.replace(location(), bundle("4"));
            leases.forEach(Bundles.Lease::close);
            assertThat(bundles.inUse()).hasSize(1);
        }
    }

    @Test
    void shouldRetireNoBundleThatIsInUseASecondTime() throws IOException {
        final Path folder = TinyBundles.write(work.resolve("tiny"));
        try (Bundles.Use use = bundles.open(BundleFiles.in(folder))) {
            bundles.listen(new Heard());
            final Bundles.Lease first = use.lease();
            bundles.replace(location(), bundle("2.0.0"));
            bundles.replace(location(), bundle("1.0.0"));
            events.clear();

            first.close();

            assertThat(events).isEmpty();
            assertThat(bundles.manifest(use.bundle().ref())).isPresent();
        }
        assertThat(events).containsExactly("retired 1.0.0");
    }

    @Test
    void shouldCloseAllWhenNobodyUsesTheLocationAnyMore() throws IOException {
        final Bundles.Use use = open();
        final Bundles.Lease older = use.lease();
        final Bundle first = older.bundle();
        bundles.replace(location(), bundle("2.0.0"));
        final Bundle second = use.bundle();

        use.close();

        assertThatIllegalStateException().isThrownBy(() -> score(first));
        assertThatIllegalStateException().isThrownBy(() -> score(second));
        assertThatIllegalStateException().isThrownBy(use::lease);
        assertThat(bundles.inUse()).isEmpty();
        older.close();
    }

    @Test
    void shouldAlwaysGiveAnOpenBundleWhileItIsReplaced() throws Exception {
        final ExecutorService threads = Executors.newFixedThreadPool(3);
        final AtomicBoolean done = new AtomicBoolean();
        try (Bundles.Use use = open()) {
            final List<Future<Long>> working = new ArrayList<>();
            for (int thread = 0; thread < 3; thread++) {
                working.add(
                        threads.submit(
                                () -> {
                                    long scored = 0;
                                    while (!done.get()) {
                                        try (Bundles.Lease lease = use.lease()) {
                                            score(lease.bundle());
                                            scored++;
                                        }
                                    }
                                    return scored;
                                }));
            }
            for (int i = 0; i < 50; i++) {
                bundles.replace(location(), bundle("2." + i % 5));
            }
            done.set(true);
            for (final Future<Long> one : working) {
                assertThat(one.get()).isPositive();
            }
            assertThat(bundles.inUse()).hasSize(1);
        } finally {
            done.set(true);
            threads.shutdownNow();
        }
    }

    private void assertRefused(final Bundle next, final Reason reason, final String why) {
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> bundles.replace(location(), next))
                .withMessageContaining(why)
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
        assertThatIllegalStateException().isThrownBy(() -> score(next));
    }

    private String location() {
        return work.resolve("tiny").toString();
    }

    private Bundles.Use open() throws IOException {
        return open(new Noted("user"));
    }

    private Bundles.Use open(final Bundles.Member member) throws IOException {
        return bundles.open(
                BundleFiles.in(TinyBundles.write(work.resolve("tiny"))),
                BundleTrust.ANYBODY,
                member);
    }

    private Bundle bundle(final String version) throws IOException {
        return Bundle.load(TinyBundles.writeVersion(work.resolve("next"), version));
    }

    private static String version(final Bundle bundle) {
        return bundle.manifest().version();
    }

    private static void score(final Bundle bundle) {
        bundle.tier("fastest").score(1, i -> SampleFlows.randomFirst(1), new float[3]);
    }

    /** Notes what it is asked for. */
    private class Noted implements Bundles.Member {

        private final String name;

        private Noted(final String name) {
            this.name = name;
        }

        @Override
        public void prepare(final Bundle bundle) {
            score(bundle);
            events.add(name + " prepares " + version(bundle));
        }

        @Override
        public void forget(final Bundle bundle) {
            score(bundle);
            events.add(name + " forgets " + version(bundle));
        }
    }

    /** Notes what it hears. */
    private final class Heard implements Bundles.Listener {

        @Override
        public void opened(final Bundles.Generation generation) {
            events.add("opened " + version(generation.bundle()));
        }

        @Override
        public void retired(final Bundles.Generation generation) {
            events.add("retired " + version(generation.bundle()));
        }
    }
}
