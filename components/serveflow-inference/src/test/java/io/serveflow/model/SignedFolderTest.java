/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignedFolderTest {

    private static final SigningKey OURS = SigningKey.generate();
    private static final SigningKey THEIRS = SigningKey.generate();
    private static final BundleTrust TRUST = new BundleTrust(true, List.of(OURS.verifying()));

    @TempDir private Path work;

    private Path folder;

    @BeforeEach
    void writeBundle() throws IOException {
        folder = TinyBundles.write(work.resolve("tiny"));
    }

    @Test
    void shouldLoadABundleThatIsSignedWithATrustedKey() throws IOException {
        sign(OURS);

        try (Bundle bundle = Bundle.load(BundleFiles.in(folder), TRUST)) {
            assertThat(bundle.signer()).contains(OURS.verifying());
        }
    }

    @Test
    void shouldTrustAnyOfSeveralKeys() throws IOException {
        sign(THEIRS);

        final BundleTrust both =
                new BundleTrust(true, List.of(OURS.verifying(), THEIRS.verifying()));

        assertThat(new SignedFolder(folder).verify(both)).contains(THEIRS.verifying());
    }

    @Test
    void shouldSignAndCheckTheFolderThatALinkLeadsTo() throws IOException {
        final Path link = Files.createSymbolicLink(folder.resolveSibling("link-to-it"), folder);

        new SignedFolder(link).sign(OURS);

        assertThat(new SignedFolder(link).verify(TRUST)).contains(OURS.verifying());
        assertThat(folder.resolve("bundle.sig")).exists();
    }

    @Test
    void shouldRefuseABundleWithoutASignatureWhereOneIsRequired() {
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> Bundle.load(BundleFiles.in(folder), TRUST))
                .withMessage(
                        "bundle "
                                + folder
                                + ": it has no signature, bundle.sig, and one is required; sign it"
                                + " with ./serveflow bundle sign");
    }

    @Test
    void shouldRefuseTheSignatureOfAKeyThatIsNotTrusted() throws IOException {
        sign(THEIRS);

        for (final boolean required : List.of(true, false)) {
            final BundleTrust trust = new BundleTrust(required, List.of(OURS.verifying()));
            assertThatExceptionOfType(BundleException.class)
                    .isThrownBy(() -> Bundle.load(BundleFiles.in(folder), trust))
                    .withMessageContaining(
                            "it is signed with the key " + THEIRS.verifying().fingerprint());
        }
    }

    @Test
    void shouldRefuseAnyChangedByteAfterTheSignature() throws IOException {
        sign(OURS);
        final byte[] json = Files.readAllBytes(folder.resolve("bundle.json"));

        for (int i = 0; i < json.length; i += 7) {
            final byte[] changed = json.clone();
            changed[i] ^= 1;
            Files.write(folder.resolve("bundle.json"), changed);
            assertThatExceptionOfType(BundleException.class)
                    .isThrownBy(() -> Bundle.load(folder))
                    .withMessageContaining("was changed after the bundle was signed");
        }
    }

    @Test
    void shouldRefuseAChangedModelOfASignedBundle() throws IOException {
        sign(OURS);
        final Path model = folder.resolve("slow.onnx");
        final byte[] content = Files.readAllBytes(model);
        content[content.length / 2] ^= 1;
        Files.write(model, content);

        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> Bundle.load(BundleFiles.in(folder), TRUST))
                .withMessageContaining("slow.onnx has the SHA-256");
    }

    @Test
    void shouldRefuseAWrongSignatureWhereNoneIsRequired() throws IOException {
        sign(OURS);
        TinyBundles.edit(folder, "1.0.0", "1.0.1");

        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> Bundle.load(folder))
                .withMessageContaining("was changed after the bundle was signed");
    }

    @Test
    void shouldRefuseWhatIsNoSignature() throws IOException {
        for (final String content :
                List.of(
                        "",
                        "hello",
                        "{}",
                        "{\"algorithm\":\"RSA\",\"key\":\"\",\"signature\":\"\"}",
                        "{\"algorithm\":\"Ed25519\",\"key\":\"AAAA\",\"signature\":\"AAAA\"}",
                        "{\"algorithm\":\"Ed25519\",\"key\":1,\"signature\":2}")) {
            Files.writeString(folder.resolve("bundle.sig"), content);
            assertThatExceptionOfType(BundleException.class)
                    .isThrownBy(() -> Bundle.load(folder))
                    .withMessageContaining("bundle.sig holds no signature");
        }
    }

    @Test
    void shouldSignABundleAgainThatWasChanged() throws IOException {
        sign(OURS);
        TinyBundles.edit(folder, "1.0.0", "1.0.1");
        sign(OURS);

        assertThat(new SignedFolder(folder).verify(TRUST)).contains(OURS.verifying());
    }

    @Test
    void shouldSignNothingThatIsNotWhole() throws IOException {
        Files.delete(folder.resolve("CARD.md"));

        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> sign(OURS))
                .withMessageContaining("CARD.md is missing");
        assertThat(folder.resolve("bundle.sig")).doesNotExist();
    }

    @Test
    void shouldSignNoFolderThatHoldsWhatIsNotListed() throws IOException {
        sign(OURS);
        Files.createDirectories(folder.resolve("more"));
        Files.writeString(folder.resolve("more/notes.txt"), "x");

        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> new SignedFolder(folder).verify(TRUST))
                .withMessageContaining("more/notes.txt is not listed in bundle.json");
        assertThatExceptionOfType(BundleException.class).isThrownBy(() -> sign(OURS));
    }

    @Test
    void shouldAskEachUserOfASharedBundleWhomItTrusts() throws IOException {
        final Bundles bundles = new Bundles();
        try (Bundles.Use any = bundles.open(BundleFiles.in(folder))) {
            assertThatExceptionOfType(BundleException.class)
                    .isThrownBy(() -> bundles.open(BundleFiles.in(folder), TRUST))
                    .withMessageContaining("it has no signature");
            assertThat(any.bundle().signer()).isEqualTo(Optional.empty());
            assertThat(bundles.inUse()).hasSize(1);
        }
        assertThat(bundles.inUse()).isEmpty();
    }

    @Test
    void shouldRequireNoSignatureWithoutAKey() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BundleTrust(true, List.of()))
                .withMessageContaining("no key is trusted");
    }

    private void sign(final SigningKey key) throws IOException {
        new SignedFolder(folder).sign(key);
    }
}
