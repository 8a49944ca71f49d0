/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

class OutputFileTest {

    @TempDir private Path work;

    @Test
    void shouldWriteToNoFileThatALinkNamedAsADraftLeadsTo() throws IOException {
        final Path victim = Files.writeString(work.resolve("victim"), "precious");
        final Path link = Files.createSymbolicLink(work.resolve(".link.log.draft"), victim);

        write(work.resolve("link.log"), "new");

        assertThat(victim).hasContent("precious");
        assertThat(link).isSymbolicLink();
        assertThat(work.resolve("link.log")).isRegularFile().hasContent("new");
    }

    @Test
    void shouldLeaveAFileOfTheUserThatIsNamedAsADraft() throws IOException {
        final Path own = Files.writeString(work.resolve(".x.log.draft"), "mine");

        write(work.resolve("x.log"), "new");

        assertThat(own).hasContent("mine");
    }

    @Test
    void shouldLetTwoRunsWriteOneFileWithoutMixingThem() throws IOException {
        final Path file = work.resolve("x.log");

        output(file)
                .write(
                        out -> {
                            out.write("the longer ".getBytes(StandardCharsets.UTF_8));
                            write(file, "other");
                            assertThat(file).hasContent("other");
                            out.write("one".getBytes(StandardCharsets.UTF_8));
                        });

        assertThat(file).hasContent("the longer one");
        assertThat(names()).containsExactly("x.log");
    }

    @Test
    void shouldLeaveNothingBesideAFileWhoseContentFails() throws IOException {
        final Path file = Files.writeString(work.resolve("x.log"), "old");

        assertThatThrownBy(
                        () ->
                                output(file)
                                        .write(
                                                out -> {
                                                    out.write('n');
                                                    throw new IOException("no more");
                                                }))
                .hasMessage("no more");

        assertThat(file).hasContent("old");
        assertThat(names()).containsExactly("x.log");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "rw-rw-rw-", "rwxr-x---"})
    void shouldKeepThePermissionsOfTheFileThatItReplaces(final String permissions)
            throws IOException {
        final Path file = Files.writeString(work.resolve("x.log"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

        write(file, "new");

        assertThat(file).hasContent("new");
        assertThat(permissions(file)).isEqualTo(permissions);
    }

    @Test
    void shouldNotLetOthersReadTheDraftOfAFileThatTheyMayNotRead() throws IOException {
        final Path file = Files.writeString(work.resolve("x.log"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        output(file)
                .write(
                        out -> {
                            for (final String name : names()) {
                                assertThat(permissions(work.resolve(name)))
                                        .as(name)
                                        .isEqualTo("rw-------");
                            }
                        });
    }

    @Test
    void shouldGiveANewFileThePermissionsOfAnyNewFile() throws IOException {
        final Path plain = Files.writeString(work.resolve("plain"), "");

        write(work.resolve("x.log"), "new");

        assertThat(permissions(work.resolve("x.log"))).isEqualTo(permissions(plain));
    }

    @Test
    void shouldReplaceTheFileThatALinkNames() throws IOException {
        final Path file = Files.writeString(work.resolve("x.log"), "old");
        final Path link = Files.createSymbolicLink(work.resolve("link"), file);

        write(link, "new");

        assertThat(link).isSymbolicLink();
        assertThat(file).hasContent("new");
    }

    @Test
    void shouldMakeTheFileThatALinkNamesWhereItIsMissing() throws IOException {
        Files.createDirectory(work.resolve("there"));
        final Path link = Files.createSymbolicLink(work.resolve("link"), Path.of("there/x.log"));

        write(link, "new");

        assertThat(link).isSymbolicLink();
        assertThat(work.resolve("there/x.log")).hasContent("new");
    }

    @Test
    void shouldRefuseALinkThatLeadsBackToItself() throws IOException {
        final Path link = Files.createSymbolicLink(work.resolve("link"), Path.of("link"));

        assertThatThrownBy(() -> output(link))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("a link that leads back to itself; name another file");
    }

    @Test
    void shouldWriteAFileWhoseNameIsAsLongAsAnyMayBe() throws IOException {
        final Path file = work.resolve("x".repeat(255));

        write(file, "new");

        assertThat(file).hasContent("new");
    }

    private static void write(final Path file, final String content) throws IOException {
        output(file).write(out -> out.write(content.getBytes(StandardCharsets.UTF_8)));
    }

    private static OutputFile output(final Path file) throws IOException {
        return OutputFile.of(new CommandLine(new Any()).getCommandSpec(), "--out", file, List.of());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(work)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static String permissions(final Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Command(name = "any")
    private static final class Any {}
}
