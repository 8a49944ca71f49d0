/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemdNoticeTest {

    @TempDir private Path folder;

    @Test
    void shouldSayReadyOnTheSocketThatSystemdNames() throws Exception {
        final Path said = folder.resolve("said");

        new SystemdNotice(
                        Map.of("NOTIFY_SOCKET", "/run/systemd/notify"),
                        program("echo \"$NOTIFY_SOCKET $*\" > '" + said + "'"))
                .ready();

        assertThat(said).hasContent("/run/systemd/notify --ready");
    }

    @Test
    void shouldRunNothingWhereNoSystemdWaits() throws Exception {
        final Path said = folder.resolve("said");

        new SystemdNotice(Map.of(), program("echo > '" + said + "'")).ready();

        assertThat(said).doesNotExist();
    }

    @Test
    void shouldGoOnWhereTheProgramFails() throws Exception {
        final SystemdNotice notice =
                new SystemdNotice(Map.of("NOTIFY_SOCKET", "/nowhere"), program("exit 1"));

        assertThatCode(notice::ready).doesNotThrowAnyException();
    }

    @Test
    void shouldGoOnWhereTheProgramIsMissing() {
        final SystemdNotice notice =
                new SystemdNotice(
                        Map.of("NOTIFY_SOCKET", "/nowhere"), folder.resolve("none").toString());

        assertThatCode(notice::ready).doesNotThrowAnyException();
    }

    private String program(final String script) throws IOException {
        final Path program = folder.resolve("notify");
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return program.toString();
    }
}
