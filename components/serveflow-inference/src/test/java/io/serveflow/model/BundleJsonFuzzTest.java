/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The fuzz target of manifests: any bytes are refused with a sentence, or are a manifest that is
 * written and read as the same.
 */
class BundleJsonFuzzTest {

    static Stream<Named<byte[]>> seeds() {
        return Stream.of(
                Named.of("a manifest", BundleJsonTest.JSON.getBytes(StandardCharsets.UTF_8)),
                Named.of("a reference", BundleJsonTest.REFERENCE.getBytes(StandardCharsets.UTF_8)));
    }

    @MethodSource("seeds")
    @FuzzTest
    void bundleJson(final byte[] json) {
        final BundleManifest manifest;
        try {
            manifest = BundleJson.read(json);
        } catch (final BundleException e) {
            assertThat(e).hasMessageStartingWith(BundleJson.FILE + ": ");
            return;
        }
        final byte[] written = BundleJson.write(manifest);
        assertThat(BundleJson.write(BundleJson.read(written))).isEqualTo(written);
    }
}
