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
import io.serveflow.training.notice.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
            folder.publish(TrainingListener.SILENT);
        }

        assertThat(target.resolve("bundle.json")).hasContent("new");
        assertThat(names(work)).containsExactly("mine");
    }

    @Test
    void shouldKeepTheOlderBundleWhereTheNewOneCannotBePutThere() throws IOException {
        final List<String> before = names(target);
        try (BundleFolder folder = BundleFolder.open(target)) {
            Files.delete(folder.draft());

            assertThatThrownBy(() -> folder.publish(TrainingListener.SILENT))
                    .isInstanceOf(TrainingException.class);
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
            folder.publish(TrainingListener.SILENT);
        }

        assertThat(link).isSymbolicLink();
        assertThat(target.resolve("bundle.json")).hasContent("new");
    }

    @Test
    void shouldRefuseAFolderOfOtherFilesWhereTheOlderBundleIsKept() throws IOException {
        final Path old = Files.createDirectory(work.resolve(".mine.old"));
        Files.writeString(old.resolve("notes.txt"), "mine");

        assertThatThrownBy(() -> BundleFolder.open(target))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("notes.txt, which is of no bundle; move it elsewhere.");

        assertThat(old.resolve("notes.txt")).hasContent("mine");
    }

    @Test
    void shouldDeleteNoOtherFilesThatCameWhileTheBundleWasMade() throws IOException {
        final Path old = work.resolve(".mine.old");
        try (BundleFolder folder = BundleFolder.open(target)) {
            Files.createDirectory(old);
            Files.writeString(old.resolve("notes.txt"), "mine");

            assertThatThrownBy(() -> folder.publish(TrainingListener.SILENT))
                    .isInstanceOf(TrainingException.class);
        }

        assertThat(old.resolve("notes.txt")).hasContent("mine");
        assertThat(target.resolve("bundle.json")).exists();
    }

    @Test
    void shouldRefuseALinkWhereTheOlderBundleIsKept() throws IOException {
        final Path other = Files.createDirectory(work.resolve("other"));
        Files.copy(target.resolve("bundle.json"), other.resolve("bundle.json"));
        Files.createSymbolicLink(work.resolve(".mine.old"), other);

        assertThatThrownBy(() -> BundleFolder.open(target))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("is a link or a file; move it elsewhere.");

        assertThat(other.resolve("bundle.json")).exists();
    }

    @Test
    void shouldDeleteNothingBehindALinkNamedAsTheDraft() throws IOException {
        final Path other = Files.createDirectory(work.resolve("other"));
        Files.writeString(other.resolve("notes.txt"), "mine");
        Files.createSymbolicLink(work.resolve(".mine.draft"), other);

        assertThatThrownBy(() -> BundleFolder.open(target))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("is a link or a file; move it elsewhere");

        assertThat(other.resolve("notes.txt")).hasContent("mine");
    }

    @Test
    void shouldWarnAndKeepTheNewBundleWhereOnlyTheOlderOneCannotBeDeleted() throws IOException {
        final List<String> notices = new ArrayList<>();
        try (BundleFolder folder = BundleFolder.open(target)) {
            Files.writeString(folder.draft().resolve("bundle.json"), "new");
            Files.createDirectories(target.resolve("model/notes"));

            folder.publish(
                    new TrainingListener() {
                        @Override
                        public void notice(final String sentence) {
                            notices.add(sentence);
                        }
                    });
        }

        assertThat(target.resolve("bundle.json")).hasContent("new");
        assertThat(work.resolve(".mine.old/model/notes")).isDirectory();
        assertThat(notices)
                .singleElement()
                .asString()
                .contains("the older one is left in " + work.resolve(".mine.old").toRealPath());
    }

    private static List<String> names(final Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
