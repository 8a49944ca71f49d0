/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.batch.FlowBatch;
import io.serveflow.model.Bundle;
import io.serveflow.model.SignedFolder;
import io.serveflow.model.SigningKey;
import io.serveflow.testing.samples.ProjectFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignedBundlesTest {

    private static final SigningKey OURS = SigningKey.generate();
    private static final SigningKey THEIRS = SigningKey.generate();

    @TempDir private Path work;

    private final CamelContext context = new DefaultCamelContext();
    private Path bundle;
    private Path keys;

    @BeforeEach
    void start() throws Exception {
        bundle = Files.createDirectory(work.resolve("service"));
        try (Stream<Path> files = Files.list(ProjectFiles.bundle("service"))) {
            for (final Path file : files.toList()) {
                Files.copy(file, bundle.resolve(file.getFileName()));
            }
        }
        keys = Files.writeString(work.resolve("ours.pub"), OURS.verifying().pem());
        context.start();
    }

    @AfterEach
    void stop() throws Exception {
        context.close();
    }

    @Test
    void shouldAnswerWithABundleOfATrustedKey() throws Exception {
        new SignedFolder(bundle).sign(OURS);

        assertThat(ask(bundle.toString(), required()).isEmpty()).isFalse();
    }

    @Test
    void shouldNotStartWithABundleThatIsNotSigned() {
        assertThatThrownBy(() -> ask(bundle.toString(), required()))
                .hasStackTraceContaining("it has no signature, bundle.sig, and one is required");
    }

    @Test
    void shouldNotStartWithABundleOfAnotherKey() throws Exception {
        new SignedFolder(bundle).sign(THEIRS);

        assertThatThrownBy(() -> ask(bundle.toString(), "&trustedKeys=" + keys))
                .hasStackTraceContaining("which is none of those that are trusted");
    }

    @Test
    void shouldAskWhoHasSignedABundleOfTheRegistryToo() throws Exception {
        try (Bundle own = Bundle.load(bundle)) {
            context.getRegistry().bind("own", own);

            assertThatThrownBy(() -> ask("ref:own", required()))
                    .hasStackTraceContaining("it has no signature");
        }
    }

    @Test
    void shouldSayThatAKeyIsMissingOrNone() throws Exception {
        assertThatThrownBy(() -> ask(bundle.toString(), "&requireSignature=true"))
                .hasStackTraceContaining("requireSignature is true, but no key is trusted");
        Files.writeString(keys, "hello");
        assertThatThrownBy(() -> ask(bundle.toString(), required()))
                .hasStackTraceContaining(
                        "trustedKeys names "
                                + keys
                                + ", which is no file of public Ed25519 keys in PEM");
    }

    private String required() {
        return "&requireSignature=true&trustedKeys=" + keys;
    }

    private FlowBatch ask(final String location, final String options) throws Exception {
        try (ProducerTemplate template = context.createProducerTemplate()) {
            return template.requestBody(
                    "serveflow:fast?bundle=" + location + options,
                    Samples.firstLine(),
                    FlowBatch.class);
        }
    }
}
