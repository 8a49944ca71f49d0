/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.app.fixture.ChangedBundle;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
