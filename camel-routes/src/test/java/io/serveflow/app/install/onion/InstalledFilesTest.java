/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.onion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.app.install.InstallException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder that has the name of a draft, and something in it, is like a disk that is full. */
class InstalledFilesTest {

    private static final byte[] EARLIER = "earlier".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NOW = "now".getBytes(StandardCharsets.UTF_8);

    @TempDir private Path folder;

    private Path list;
    private Path file;

    @BeforeEach
    void namePaths() {
        list = folder.resolve("serveflow.sha256");
        file = folder.resolve("salt/one");
    }

    @Test
    void shouldMakeNoFileThatTheListCannotTake() throws IOException {
        block(list);

        assertThatThrownBy(() -> files().write(file, NOW))
                .isInstanceOf(InstallException.class)
                .hasMessageStartingWith(list + " could not be written, and is as it was (");
        assertThat(file).doesNotExist();
    }

    @Test
    void shouldKnowAFileThatCouldNotBeReplaced() throws IOException {
        files().write(file, EARLIER);
        block(file);

        assertThatThrownBy(() -> files().write(file, NOW)).hasMessageContaining("is as it was");

        assertThat(file).hasBinaryContent(EARLIER);
        assertThat(files().wrote(file, EARLIER)).isTrue();
        assertThat(files().wrote(file, NOW)).isTrue();
    }

    @Test
    void shouldKnowAReplacedFileByWhatIsInItAlone() throws IOException {
        files().write(file, EARLIER);

        files().write(file, NOW);

        assertThat(files().wrote(file, EARLIER)).isFalse();
        assertThat(list).content().containsOnlyOnce(file.toString());
        assertThat(folder).isDirectoryNotContaining("glob:**.serveflow-new");
    }

    /** A second name of the list would show what was written into it in place. */
    @Test
    void shouldReplaceTheListAsAWhole() throws IOException {
        files().write(file, EARLIER);
        final String before = Files.readString(list);
        final Path second = Files.createLink(folder.resolve("second"), list);

        files().write(file, NOW);

        assertThat(second).hasContent(before);
    }

    @Test
    void shouldTakeAwayTheFoldersThatItMadeAlone() throws IOException {
        final Path theirs = Files.createDirectory(folder.resolve("pillar"));
        files().write(file, NOW);
        files().write(theirs.resolve("one"), NOW);

        files().delete(file, folder);
        files().delete(theirs.resolve("one"), theirs);

        assertThat(file.getParent()).doesNotExist();
        assertThat(theirs).isEmptyDirectory();
        assertThat(list).doesNotExist();
    }

    @Test
    void shouldKnowLinesByWhatIsInThemAlone() throws IOException {
        final Path theirs = Files.writeString(folder.resolve("theirs"), "");
        files().writeLines(theirs, "earlier", "earlier");

        files().writeLines(theirs, "now", "now");

        assertThat(files().wroteLines(theirs, "earlier")).isFalse();
        assertThat(files().wroteLines(theirs, "now")).isTrue();
        assertThat(files().has(theirs)).isFalse();
    }

    @Test
    void shouldRefuseAListThatNamesAFolderElsewhere() throws IOException {
        Files.writeString(list, "# folder " + folder.getParent() + "\n");

        assertThatThrownBy(this::files).hasMessageContaining(" is damaged at the line ");
    }

    @Test
    void shouldRefuseAListThatNamesFilesElsewhere() throws IOException {
        Files.writeString(list, "0".repeat(64) + "  " + folder + "/../elsewhere\n");

        assertThatThrownBy(this::files)
                .isInstanceOf(InstallException.class)
                .hasMessageContaining("which is no digest with a file below " + folder);
    }

    private InstalledFiles files() throws IOException {
        return InstalledFiles.in(list);
    }

    private static void block(final Path file) throws IOException {
        Files.createDirectories(file.resolveSibling(file.getFileName() + ".serveflow-new/in"));
    }
}
