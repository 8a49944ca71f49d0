/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundleWriterTest {

    /** SHA-256 of the three bytes "abc" (FIPS 180-2, appendix B.1). */
    private static final String ABC_SHA256 =
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir private Path folder;

    @Test
    void shouldWriteFilesAndTheirChecksums() throws IOException {
        final Path directory = folder.resolve("service");

        final BundleManifest written =
                new BundleWriter(directory)
                        .file("fast.onnx", new byte[] {'a', 'b', 'c'})
                        .finish(TinyBundles.MANIFEST);

        assertThat(written.files()).containsOnlyKeys("fast.onnx").containsValue(ABC_SHA256);
        assertThat(directory.resolve("fast.onnx")).hasContent("abc");
        assertThat(BundleJson.read(Files.readAllBytes(directory.resolve("bundle.json"))))
                .isEqualTo(written);
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("bundle.json", "fast.onnx");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".", "..", "../x", "a/b", "/x", "bundle.json", ".hidden"})
    void shouldRefuseWhatIsNoPlainFileName(final String name) throws IOException {
        final BundleWriter writer = new BundleWriter(folder);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer.file(name, new byte[0]))
                .withMessageContaining("'" + name + "'");
    }
}
