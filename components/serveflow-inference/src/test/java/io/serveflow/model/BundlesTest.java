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
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundlesTest {

    @TempDir private Path work;

    private final Bundles bundles = new Bundles();
    private final List<String> events = new ArrayList<>();

    private final Bundles.Listener listener =
            new Bundles.Listener() {
                @Override
                public void opened(final Bundles.Generation generation) {
                    events.add("opened " + name(generation));
                    score(generation.bundle());
                }

                @Override
                public void retired(final Bundles.Generation generation) {
                    events.add("retired " + name(generation));
                    score(generation.bundle());
                }
            };

    @Test
    void shouldShareABundleBetweenThoseWhoUseIt() throws IOException {
        final BundleFiles files = BundleFiles.in(TinyBundles.write(work));
        final Bundles.Use one = bundles.open(files);
        final Bundles.Use other = bundles.open(BundleFiles.at("file:" + work, name -> null));

        assertThat(one.bundle()).isSameAs(other.bundle());
        one.close();
        one.close();
        score(other.bundle());
        other.close();

        assertThatIllegalStateException().isThrownBy(() -> score(other.bundle()));
        assertThat(bundles.inUse()).isEmpty();
    }

    @Test
    void shouldNumberTheBundlesOfATaskAndKnowTheNewest() throws IOException {
        try (Bundles.Use one = open("1.0.0")) {
            try (Bundles.Use two = open("2.0.0")) {
                assertThat(bundles.current("service").orElseThrow().ref())
                        .isEqualTo(two.bundle().ref());
                assertThat(bundles.manifest(one.bundle().ref()).orElseThrow().version())
                        .isEqualTo("1.0.0");
            }
            assertThat(bundles.current("service").orElseThrow().ref())
                    .isEqualTo(one.bundle().ref());
            assertThat(bundles.current("device")).isEmpty();
        }
        try (Bundles.Use three = open("2.0.0")) {
            assertThat(bundles.current("service").orElseThrow().number()).isEqualTo(3);
            score(three.bundle());
        }
    }

    @Test
    void shouldTellOfABundleWhileItCanBeAsked() throws IOException {
        final Bundles.Use before = open("1.0.0");
        bundles.listen(listener);
        final Bundles.Use after = open("2.0.0");
        before.close();
        bundles.ignore(listener);
        after.close();

        assertThat(events).containsExactly("opened 1.0.0 1", "opened 2.0.0 2", "retired 1.0.0 1");
    }

    @Test
    void shouldForgetABundleThatCannotBeLoaded() throws IOException {
        final BundleFiles files = BundleFiles.in(TinyBundles.write(work));
        Files.delete(work.resolve("CARD.md"));
        bundles.listen(listener);

        assertThatExceptionOfType(BundleException.class).isThrownBy(() -> bundles.open(files));
        Files.writeString(work.resolve("CARD.md"), "# tiny\n");

        try (Bundles.Use use = bundles.open(files)) {
            assertThat(use.bundle().manifest().version()).isEqualTo("1.0.0");
        }
        assertThat(events).containsExactly("opened 1.0.0 1", "retired 1.0.0 1");
    }

    @Test
    void shouldLeaveABundleOpenThatSomebodyElseCloses() throws IOException {
        try (Bundle own = Bundle.load(TinyBundles.write(work))) {
            bundles.open("ref:own", own).close();

            score(own);
        }
    }

    @Test
    void shouldReadABundleFromTheClassPath() throws IOException {
        TinyBundles.write(work);
        final BundleFiles files = BundleFiles.at("classpath:/models/tiny/", this::resource);

        try (Bundle bundle = Bundle.load(files)) {
            assertThat(bundle.ref().sha256())
                    .isEqualTo(Sha256.hex(Files.readAllBytes(work.resolve("bundle.json"))));
        }
        assertThat(files.location()).isEqualTo("classpath:models/tiny");
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> files.read("../other/bundle.json"))
                .withMessageContaining("is outside the bundle");
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> files.read("none.onnx"))
                .withMessageContaining("none.onnx is not on the class path");
    }

    private InputStream resource(final String name) {
        try {
            final Path file = work.resolve(name.replace("models/tiny/", ""));
            return Files.exists(file) ? Files.newInputStream(file) : null;
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }

    private Bundles.Use open(final String version) throws IOException {
        final Path folder = work.resolve(version);
        return bundles.open(
                BundleFiles.in(
                        Files.isDirectory(folder)
                                ? folder
                                : TinyBundles.writeVersion(folder, version)));
    }

    private static String name(final Bundles.Generation generation) {
        return generation.bundle().manifest().version() + " " + generation.number();
    }

    private static void score(final Bundle bundle) {
        bundle.tier("fastest").score(1, i -> SampleFlows.randomFirst(1), new float[3]);
    }
}
