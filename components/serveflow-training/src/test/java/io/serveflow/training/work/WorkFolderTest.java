/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkFolderTest {

    private static final String KEY = "ab".repeat(32);
    private static final String OTHER = "cd".repeat(32);

    @TempDir private Path folder;

    @Test
    void shouldGiveBackWhatWasKept() {
        work().keep(KEY, new byte[] {1, 2, 3});
        assertThat(work().find(KEY)).hasValue(new byte[] {1, 2, 3});
        assertThat(work().find(OTHER)).isEmpty();
    }

    @Test
    void shouldMakeNoFolderBeforeSomethingIsKept() {
        assertThat(work().find(KEY)).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shouldNotTakeAnEntryUnderAnothersName() throws IOException {
        work().keep(KEY, new byte[] {1});
        Files.copy(entry(KEY), entry(OTHER));
        final WorkFolder work = work();
        assertThat(work.find(OTHER)).isEmpty();
        assertThat(work.damaged()).isEqualTo(1);
    }

    @Test
    void shouldTellAnEntryOfAnyOtherLength() throws IOException {
        work().keep(KEY, new byte[40]);
        final byte[] whole = Files.readAllBytes(entry(KEY));
        for (int length = 0; length < whole.length; length++) {
            Files.write(entry(KEY), Arrays.copyOf(whole, length));
            assertThat(work().find(KEY)).isEmpty();
        }
    }

    @Test
    void shouldRemoveDraftsOfAKilledRunButNoFileOfOthers() throws IOException {
        final WorkFolder work = work();
        work.keep(KEY, new byte[] {1});
        Files.write(work.path().resolve(OTHER + ".entry.tmp"), new byte[] {1});
        work.delete();
        assertThat(folder).isEmptyDirectory();

        work.keep(KEY, new byte[] {1});
        Files.writeString(work.path().resolve("thesis.tex"), "precious");
        work.delete();
        assertThat(work.path()).isDirectoryContaining("glob:**thesis.tex");
        assertThat(entry(KEY)).doesNotExist();
    }

    @Test
    void shouldSayWhyNothingCanBeKept() throws IOException {
        final WorkFolder work = work();
        Files.writeString(work.path(), "no folder");
        work.keep(KEY, new byte[] {1});
        assertThat(work.failure()).isPresent();
        assertThat(work.find(KEY)).isEmpty();
    }

    private WorkFolder work() {
        return WorkFolder.beside(folder.resolve("bundle"));
    }

    private Path entry(final String key) {
        return work().path().resolve(key + ".entry");
    }
}
