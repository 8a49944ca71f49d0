/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.ledger.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleWatchTest {

    @TempDir private Path work;

    private final Bundles bundles = new Bundles();
    private final List<String> swaps = new ArrayList<>();
    private final List<BundleException> refusals = new ArrayList<>();
    private final List<String> waits = new ArrayList<>();
    private Path folder;
    private Bundles.Use use;

    private final BundleWatch watch =
            new BundleWatch(
                    bundles,
                    new BundleWatch.Listener() {
                        @Override
                        public void replaced(
                                final Bundles.Generation before, final Bundles.Generation after) {
                            swaps.add(before.ref().version() + " to " + after.ref().version());
                        }

                        @Override
                        public void refused(
                                final Bundles.Generation stays, final BundleException why) {
                            refusals.add(why);
                        }

                        @Override
                        public void waits(final Bundles.Generation stays) {
                            waits.add(stays.ref().version());
                        }
                    });

    @BeforeEach
    void open() throws IOException {
        folder = TinyBundles.write(work.resolve("tiny"));
        use = bundles.open(BundleFiles.in(folder));
    }

    @AfterEach
    void close() {
        use.close();
    }

    @Test
    void shouldTakeABundleWhoseFilesWereChanged() throws IOException {
        watch.look();
        assertThat(swaps).isEmpty();

        TinyBundles.writeVersion(folder, "2.0.0");
        watch.look();
        watch.look();

        assertThat(swaps).containsExactly("1.0.0 to 2.0.0");
        assertThat(version()).isEqualTo("2.0.0");
        assertThat(refusals).isEmpty();
    }

    /** As an editor leaves beside a file that it has open. */
    @Test
    void shouldTakeABundleBesideALinkThatLeadsNowhere() throws IOException {
        Files.createSymbolicLink(folder.resolve(".#bundle.json"), work.resolve("nowhere"));

        TinyBundles.writeVersion(folder, "2.0.0");
        watch.look();

        assertThat(version()).isEqualTo("2.0.0");
    }

    /** Such as a server of the tier that still has the model before. */
    @Test
    void shouldTryABundleAgainThatAUserCouldNotUseYetAndSayItOnce() throws IOException {
        final AtomicInteger tries = new AtomicInteger();
        final Bundles.Member member =
                new Bundles.Member() {
                    @Override
                    public void prepare(final Bundle next) {
                        if (next.manifest().version().equals("2.0.0")
                                && tries.incrementAndGet() < 3) {
                            throw new IllegalStateException("not yet");
                        }
                    }

                    @Override
                    public void forget(final Bundle bundle) {}
                };
        try (Bundles.Use second =
                bundles.open(BundleFiles.in(folder), BundleTrust.ANYBODY, member)) {
            TinyBundles.writeVersion(folder, "2.0.0");
            watch.look();
            watch.look();

            assertThat(version()).isEqualTo("1.0.0");
            assertThat(refusals).hasSize(1);
            assertThat(refusals.get(0)).hasMessageContaining("not yet");
            watch.look();
            assertThat(second.bundle().manifest().version()).isEqualTo("2.0.0");
        }
    }

    @Test
    void shouldTakeABundleThatALinkWasTurnedTo() throws IOException {
        final Path link = Files.createSymbolicLink(work.resolve("current"), folder);
        try (Bundles.Use linked = bundles.open(BundleFiles.in(link))) {
            final Path next = TinyBundles.writeVersion(work.resolve("next"), "2.0.0");
            Files.move(
                    Files.createSymbolicLink(work.resolve("turned"), next),
                    link,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            watch.look();

            assertThat(linked.bundle().manifest().version()).isEqualTo("2.0.0");
            assertThat(version()).isEqualTo("1.0.0");
        }
    }

    @Test
    void shouldRefuseADamagedBundleOnceAndTakeItWhenItIsWhole() throws IOException {
        watch.look();
        final byte[] model = Files.readAllBytes(folder.resolve("slow.onnx"));
        TinyBundles.writeVersion(folder, "2.0.0");
        Files.write(folder.resolve("slow.onnx"), new byte[] {1, 2, 3});

        watch.look();
        watch.look();
        assertThat(refusals).hasSize(1);
        assertThat(refusals.get(0))
                .hasMessageStartingWith("bundle " + folder + ": slow.onnx has the SHA-256");
        assertThat(refusals.get(0).reason()).isEqualTo(Reason.BUNDLE_DAMAGED);
        assertThat(version()).isEqualTo("1.0.0");

        Files.write(folder.resolve("slow.onnx"), model);
        watch.look();
        assertThat(swaps).containsExactly("1.0.0 to 2.0.0");
    }

    @Test
    void shouldRefuseABundleWhoseModelsAnswerOtherwise() throws IOException {
        TinyBundles.writeVersion(folder, "2.0.0");
        TinyBundles.replace(
                folder, "fastest.onnx", TinyModels.trees(896, TinyBundles.LABELS.size(), 7));

        watch.look();

        assertThat(refusals).hasSize(1);
        assertThat(refusals.get(0)).hasMessageContaining("golden.ndjson");
        assertThat(version()).isEqualTo("1.0.0");
    }

    @Test
    void shouldRefuseWhatIsNoModelAtAll() throws IOException {
        TinyBundles.writeVersion(folder, "2.0.0");
        TinyBundles.replace(folder, "fastest.onnx", new byte[] {8, 7, 6});

        watch.look();

        assertThat(refusals).hasSize(1);
        assertThat(version()).isEqualTo("1.0.0");
    }

    @Test
    void shouldRefuseABundleThatIsNotSignedWhereOneUserAsksForThat() throws IOException {
        final SigningKey ours = SigningKey.generate();
        new SignedFolder(folder).sign(ours);
        use.close();
        use =
                bundles.open(
                        BundleFiles.in(folder), new BundleTrust(true, List.of(ours.verifying())));
        try (Bundles.Use any = bundles.open(BundleFiles.in(folder))) {
            Files.delete(folder.resolve("bundle.sig"));
            watch.look();
            assertThat(refusals).isEmpty();

            TinyBundles.writeVersion(folder, "2.0.0");
            watch.look();
            assertThat(refusals).hasSize(1);
            assertThat(refusals.get(0).reason()).isEqualTo(Reason.BUNDLE_UNSIGNED);
            assertThat(any.bundle().manifest().version()).isEqualTo("1.0.0");

            new SignedFolder(folder).sign(ours);
            watch.look();
            assertThat(version()).isEqualTo("2.0.0");
        }
    }

    @Test
    void shouldKeepTheBundleOfAFolderThatIsGone() throws IOException {
        final Path away = work.resolve("away");
        Files.move(folder, away);
        watch.look();
        assertThat(refusals).isEmpty();

        Files.createDirectory(folder);
        watch.look();
        assertThat(refusals).isEmpty();
        assertThat(version()).isEqualTo("1.0.0");
    }

    @Test
    void shouldLookAgainAtAFolderThatWasChangedWhileItWasRead() throws IOException {
        final Changing changing = new Changing(folder);
        use.close();
        use = bundles.open(changing);
        TinyBundles.writeVersion(folder, "2.0.0");
        changing.spoil = true;

        watch.look();
        assertThat(refusals).isEmpty();
        assertThat(swaps).isEmpty();

        changing.spoil = false;
        watch.look();
        assertThat(swaps).containsExactly("1.0.0 to 2.0.0");
    }

    @Test
    void shouldWaitAndSayItOnceWhileTooManyOlderBundlesAreInUse() throws IOException {
        final List<Bundles.Lease> leases = new ArrayList<>();
        for (int i = 0; i < Bundles.MOST_OLDER; i++) {
            leases.add(use.lease());
            TinyBundles.writeVersion(folder, "2." + i);
            watch.look();
        }
        TinyBundles.writeVersion(folder, "3");
        watch.look();
        watch.look();
        assertThat(version()).isEqualTo("2.3");
        assertThat(refusals).isEmpty();
        assertThat(waits).containsExactly("2.3");

        leases.forEach(Bundles.Lease::close);
        watch.look();
        assertThat(version()).isEqualTo("3");
    }

    private String version() {
        return use.bundle().manifest().version();
    }

    /** A folder that is changed while a model is read. */
    private static final class Changing implements BundleFiles {

        private final Path folder;
        private boolean spoil;

        private Changing(final Path folder) {
            this.folder = folder;
        }

        @Override
        public String location() {
            return folder.toString();
        }

        @Override
        public byte[] read(final String name) {
            if (spoil && name.equals("slow.onnx")) {
                try {
                    Files.writeString(folder.resolve("part"), "x");
                } catch (final IOException e) {
                    throw new AssertionError(e);
                }
                return new byte[] {1};
            }
            return BundleFiles.in(folder).read(name);
        }

        @Override
        public Optional<byte[]> find(final String name) {
            return BundleFiles.in(folder).find(name);
        }

        @Override
        public Optional<String> state() {
            return BundleFiles.in(folder).state();
        }
    }
}
