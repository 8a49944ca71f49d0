/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.testing.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

/** Where tests find the files of the project. */
class ProjectFilesTest {

    @Test
    void shouldFindSamplesAndBundles() {
        assertThat(ProjectFiles.records("mixed")).isRegularFile().isAbsolute();
        assertThat(ProjectFiles.capture("dns.pcap")).isRegularFile();
        assertThat(ProjectFiles.eve("quic")).isRegularFile();
        assertThat(ProjectFiles.bundle("service")).isDirectory();
    }

    @Test
    void shouldSayWhichFileIsMissing() {
        assertThatIllegalStateException()
                .isThrownBy(() -> ProjectFiles.records("nothing"))
                .withMessageContaining("the project has no samples/records/nothing.log in ")
                .withMessageContaining("serveflow.project");
    }

    @Test
    void shouldSayHowToSetTheProjectsFolder() {
        final String root = System.clearProperty("serveflow.project");
        try {
            assertThatIllegalStateException()
                    .isThrownBy(ProjectFiles::samples)
                    .withMessage(
                            "system property serveflow.project is not set; run the test with Maven,"
                                    + " or with -Dserveflow.project= and the project's folder");
        } finally {
            System.setProperty("serveflow.project", root);
        }
    }
}
