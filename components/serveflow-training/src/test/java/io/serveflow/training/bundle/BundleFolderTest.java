/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.training.notice.TrainingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleFolderTest {

    @TempDir private Path work;

    private Path target;

    @BeforeEach
    void copyABundle() throws IOException {
        target = Files.createDirectory(work.resolve("mine"));
        try (Stream<Path> files = Files.list(ProjectFiles.bundle("service"))) {
            for (final Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void shouldReplaceABundleAndLeaveNothingBesideIt() throws IOException {
        try (BundleFolder folder = BundleFolder.open(target)) {
            Files.writeString(folder.draft().resolve("bundle.json"), "new");
            folder.publish();
        }

        assertThat(target.resolve("bundle.json")).hasContent("new");
        assertThat(names(work)).containsExactly("mine");
    }

    @Test
    void shouldKeepTheOlderBundleWhereTheNewOneCannotBePutThere() throws IOException {
        final List<String> before = names(target);
        try (BundleFolder folder = BundleFolder.open(target)) {
            Files.delete(folder.draft());

            assertThatThrownBy(folder::publish).isInstanceOf(TrainingException.class);
        }

        assertThat(names(target)).isEqualTo(before);
    }

    @Test
    void shouldBringBackAnOlderBundleThatARunLeftAside() throws IOException {
        final List<String> before = names(target);
        Files.move(target, work.resolve(".mine.old"));

        BundleFolder.open(target).close();

        assertThat(names(target)).isEqualTo(before);
    }

    @Test
    void shouldReplaceTheFolderThatALinkLeadsTo() throws IOException {
        final Path link = Files.createSymbolicLink(work.resolve("link"), target);
        try (BundleFolder folder = BundleFolder.open(link)) {
            Files.writeString(folder.draft().resolve("bundle.json"), "new");
            folder.publish();
        }

        assertThat(link).isSymbolicLink();
        assertThat(target.resolve("bundle.json")).hasContent("new");
    }

    private static List<String> names(final Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
