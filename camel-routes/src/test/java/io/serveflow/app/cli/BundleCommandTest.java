/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.fixture.ChangedBundle;
import io.serveflow.model.BundleFiles;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleCommandTest {

    @TempDir private Path work;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path bundle;

    @BeforeEach
    void makeBundleAndKeys() throws IOException {
        bundle = ChangedBundle.in(work.resolve("service"));
        assertThat(serveflow("bundle", "keygen", path("ours"))).as(err.toString()).isZero();
        assertThat(serveflow("bundle", "keygen", path("theirs"))).isZero();
    }

    @Test
    void shouldMakeASecretKeyAndAPublicOne() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("ours"))))
                .isEqualTo("rw-------");
        assertThat(file("ours.pub")).content().contains("BEGIN PUBLIC KEY");
        final String before = Files.readString(file("ours"));

        assertThat(serveflow("bundle", "keygen", path("ours"))).isEqualTo(2);

        assertThat(err.toString()).contains("there is a file " + file("ours.pub") + " already");
        assertThat(file("ours")).hasContent(before);
    }

    @Test
    void shouldVerifyWhatItHasSigned() {
        assertThat(sign("ours")).as(err.toString()).isZero();

        assertThat(serveflow("bundle", "verify", bundle.toString())).isZero();
        assertThat(serveflow("bundle", "verify", "--key", path("ours.pub"), bundle.toString()))
                .isZero();

        assertThat(out.toString()).contains(bundle + ": whole, and signed with SHA256:");
    }

    @Test
    void shouldFailToVerifyWhatIsNotSignedOrByAnotherKey() {
        assertThat(serveflow("bundle", "verify", bundle.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("it is whole, but has no signature");
        assertThat(sign("theirs")).isZero();

        assertThat(serveflow("bundle", "verify", "--key", path("ours.pub"), bundle.toString()))
                .isEqualTo(1);

        assertThat(err.toString()).contains("which is none of those that are trusted");
    }

    @Test
    void shouldCallAFileWithoutAKeyWrongUse() throws IOException {
        assertThat(serveflow("bundle", "sign", "--key", path("ours.pub"), bundle.toString()))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("option --key: " + file("ours.pub") + ": it holds a PUBLIC KEY block");
        assertThat(serveflow("bundle", "sign", "--key", path("none"), bundle.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("option --key: there is no file");
    }

    @Test
    void shouldClassifyOnlyWithABundleThatIsTrustedWhereThatIsAsked() {
        assertThat(sign("theirs")).isZero();
        assertThat(classify("--trusted-key", path("ours.pub"))).isEqualTo(1);
        assertThat(err.toString()).contains("which is none of those that are trusted");

        assertThat(classify("--trusted-key", path("theirs.pub"), "--require-signature"))
                .as(err.toString())
                .isZero();
        assertThat(classify("--require-signature")).isEqualTo(2);
        assertThat(err.toString()).contains("option --require-signature needs a key");
    }

    @Test
    void shouldReplaceAFolderByACopyAndKeepTheOneBefore() throws IOException {
        final Path next = version("next", "2");
        assertThat(serveflow("bundle", "sign", "--key", path("ours"), next.toString())).isZero();

        assertThat(use(next)).as(err.toString()).isZero();

        assertThat(out.toString()).contains("serveflow-service 2 is at " + bundle + "; ");
        assertThat(bundle.resolve("bundle.sig")).exists();
        assertThat(BundleFiles.in(bundle).manifest().version()).isEqualTo("2");
        final Path before = file("service.before");
        assertThat(BundleFiles.in(before).manifest().version()).isNotEqualTo("2");

        assertThat(use(before)).as(err.toString()).isZero();
        assertThat(BundleFiles.in(bundle).manifest().version()).isNotEqualTo("2");
        assertThat(BundleFiles.in(before).manifest().version()).isEqualTo("2");
        try (Stream<Path> left = Files.list(work)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("."));
        }
    }

    @Test
    void shouldTurnALink() throws IOException {
        final Path link = Files.createSymbolicLink(file("current"), bundle);
        final Path next = version("next", "2");

        assertThat(serveflow("bundle", "use", "--at", link.toString(), next.toString()))
                .as(err.toString())
                .isZero();

        assertThat(Files.readSymbolicLink(link)).isEqualTo(next);
        assertThat(BundleFiles.in(bundle).manifest().version()).isNotEqualTo("2");
    }

    @Test
    void shouldFindTheFolderOfTheTaskInTheSettings() throws IOException {
        final Path device = ChangedBundle.in(work.resolve("device"));
        ChangedBundle.manifest(device, manifest -> manifest.put("task", "device"));
        final Path settings =
                Files.writeString(
                        file("my.properties"),
                        "serveflow.sources=tail\nserveflow.bundles=device:device,service:service\n"
                                + "serveflow.bundle.watch=7\n");

        assertThat(
                        serveflow(
                                "bundle",
                                "use",
                                "--config",
                                settings.toString(),
                                version("next", "2").toString()))
                .as(err.toString())
                .isZero();

        assertThat(out.toString())
                .contains("is at " + bundle + "; a running instance takes it within 7 s");
        assertThat(BundleFiles.in(bundle).manifest().version()).isEqualTo("2");
        assertThat(BundleFiles.in(device).manifest().task()).isEqualTo("device");
    }

    @Test
    void shouldNotReplaceABundleThatComesWithTheProduct() throws IOException {
        final Path settings = Files.writeString(file("my.properties"), "serveflow.sources=tail\n");
        final String shipped = BundleFiles.in(ProjectFiles.bundle("service")).manifest().version();
        final Path next = version("next", "2");
        System.setProperty("serveflow.home", ProjectFiles.path("").toString());
        try {
            assertThat(serveflow("bundle", "use", "--config", settings.toString(), next.toString()))
                    .isEqualTo(1);
        } finally {
            System.clearProperty("serveflow.home");
        }

        assertThat(err.toString())
                .contains("comes with the product; set serveflow.bundle to a folder of your own");
        assertThat(BundleFiles.in(ProjectFiles.bundle("service")).manifest().version())
                .isEqualTo(shipped);
    }

    @Test
    void shouldReplaceABundleOfItsOwnBesideOneThatComesWithTheProduct() throws IOException {
        final Path own = ChangedBundle.in(work.resolve("own"));
        ChangedBundle.manifest(own, manifest -> manifest.put("task", "own"));
        final Path next = ChangedBundle.in(work.resolve("next"));
        ChangedBundle.manifest(next, manifest -> manifest.put("task", "own").put("version", "2"));
        final Path settings =
                Files.writeString(
                        file("my.properties"),
                        "serveflow.sources=tail\nserveflow.bundles=service:"
                                + ProjectFiles.bundle("service")
                                + ",own:own\n");
        System.setProperty("serveflow.home", ProjectFiles.path("").toString());
        try {
            assertThat(serveflow("bundle", "use", "--config", settings.toString(), next.toString()))
                    .as(err.toString())
                    .isZero();
        } finally {
            System.clearProperty("serveflow.home");
        }

        assertThat(BundleFiles.in(own).manifest().version()).isEqualTo("2");
    }

    @Test
    void shouldHonourTheKeysOfTheSettings() throws IOException {
        final Path settings =
                Files.writeString(
                        file("my.properties"),
                        "serveflow.sources=tail\nserveflow.bundle=service\n"
                                + "serveflow.bundle.requireSignature=true\n"
                                + "serveflow.bundle.trustedKeys=ours.pub\n");
        final Path next = version("next", "2");

        assertThat(serveflow("bundle", "use", "--config", settings.toString(), next.toString()))
                .isEqualTo(1);

        assertThat(err.toString()).contains("it has no signature");
        assertThat(BundleFiles.in(bundle).manifest().version()).isNotEqualTo("2");
    }

    @Test
    void shouldReplaceNothingByWhatAnInstanceWouldRefuse() throws IOException {
        final Path damaged = version("damaged", "2");
        Files.writeString(damaged.resolve("slow.onnx"), "x");
        assertThat(use(damaged)).isEqualTo(1);
        assertThat(err.toString()).contains("slow.onnx has the SHA-256");

        final Path other = version("other", "2");
        ChangedBundle.manifest(other, manifest -> manifest.put("task", "device"));
        assertThat(use(other)).isEqualTo(1);
        assertThat(err.toString()).contains("it answers the task device");

        assertThat(use(bundle)).isEqualTo(1);
        assertThat(err.toString()).contains("is at " + bundle + " already");
        assertThat(BundleFiles.in(bundle).manifest().version()).isNotEqualTo("2");
    }

    @Test
    void shouldDeleteNothingThatIsOfNoBundle() throws IOException {
        final Path before = ChangedBundle.in(file("service.before"));
        Files.writeString(before.resolve("notes.txt"), "x");

        assertThat(use(version("next", "2"))).isEqualTo(1);

        assertThat(err.toString()).contains("notes.txt is of no bundle");
        assertThat(before.resolve("notes.txt")).exists();
        assertThat(BundleFiles.in(bundle).manifest().version()).isNotEqualTo("2");
    }

    @Test
    void shouldDeleteNoFolderThatHoldsNoBundleWhereTheOneBeforeWouldGo() throws IOException {
        final Path before = Files.createDirectory(file("service.before"));
        Files.writeString(before.resolve("bundle.md"), "x");

        assertThat(use(version("next", "2"))).isEqualTo(1);

        assertThat(err.toString()).contains(before + " holds no bundle, and is where");
        assertThat(before.resolve("bundle.md")).exists();
        assertThat(BundleFiles.in(bundle).manifest().version()).isNotEqualTo("2");
    }

    /** A name that leads out of the folder and in again is inside only under the folder's name. */
    @Test
    void shouldWriteNoFileOutsideOfTheFolder() throws IOException {
        final Path next = version("next", "2");
        ChangedBundle.manifest(
                next,
                manifest ->
                        ((ObjectNode) manifest.get("files"))
                                .set("../next/CARD.md", manifest.at("/files/CARD.md")));
        final byte[] card = Files.readAllBytes(next.resolve("CARD.md"));

        assertThat(use(next)).isEqualTo(1);

        assertThat(err.toString()).contains("../next/CARD.md is outside the folder");
        assertThat(next.resolve("CARD.md")).hasBinaryContent(card);
        assertThat(BundleFiles.in(bundle).manifest().version()).isNotEqualTo("2");
    }

    private int use(final Path next) {
        return serveflow("bundle", "use", "--at", bundle.toString(), next.toString());
    }

    private Path version(final String folder, final String version) throws IOException {
        final Path made = ChangedBundle.in(file(folder));
        ChangedBundle.manifest(made, manifest -> manifest.put("version", version));
        return made;
    }

    private int classify(final String... options) {
        final String[] all = new String[options.length + 4];
        all[0] = "classify";
        System.arraycopy(options, 0, all, 1, options.length);
        all[options.length + 1] = "--bundle";
        all[options.length + 2] = bundle.toString();
        all[options.length + 3] = ProjectFiles.capture("dns.pcap").toString();
        return serveflow(all);
    }

    private int sign(final String key) {
        return serveflow("bundle", "sign", "--key", path(key), bundle.toString());
    }

    private Path file(final String name) {
        return work.resolve(name);
    }

    private String path(final String name) {
        return file(name).toString();
    }

    private int serveflow(final String... args) {
        return Serveflow.execute(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
