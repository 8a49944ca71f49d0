/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.camel.support.WrongOptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What refuses to start, and in which words. */
class TailOptionsTest {

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    pollDelay=0         | pollDelay must be 1 to 60000, was 0
                    scanDelay=0         | scanDelay must be 1 to 3600000, was 0
                    finishDelay=-1      | finishDelay must be 0 to 3600000, was -1
                    searchTime=-1       | searchTime must be 0 to 86400000, was -1
                    positionDelay=0     | positionDelay must be 1 to 60000, was 0
                    startAt=middle      | startAt must be beginning or end, was 'middle'
                    rotated=/logs/**/x  | rotated may not hold **
                    rotated=/logs/[x    | rotated is no glob at '[x'
                    rotated=/logs/      | rotated must name files, not a folder
                    format=csv          | format must be auto or one of
                    format=pcap         | format must be auto or one of zeek, eve, conn, ndpid here, was pcap: serveflow-pcap reads captures
                    wait=60001          | wait must be 1 to 60000, was 60001
                    observer={host}     | observer may hold {file}, {folder} and {path}
                    batchSize=0         | batchSize must be 1 to 65536, was 0
                    batchSize=many      | batchSize must be a whole number of at most 2147483647, was 'many'
                    batchDelay=soon     | batchDelay must be a time, in milliseconds or such as 500ms
                    """)
    void shouldRefuseAnOptionThatIsOutOfBounds(final String option, final String message)
            throws Exception {
        try (Tail tail = Tail.create(folder, folder.resolve("serveflow.log").toString(), option)) {
            assertThatThrownBy(tail.context::start).rootCause().hasMessageContaining(message);
        }
    }

    @Test
    void shouldRefuseToFollowWithoutAPositionFile() throws Exception {
        final CamelContext context = new DefaultCamelContext();
        assertThatThrownBy(() -> context.getEndpoint("serveflow-tail:/var/log/serveflow.log"))
                .rootCause()
                .hasMessageContaining(": positionFile must name a file");
        context.stop();
    }

    @Test
    void shouldRefuseAFolderWhereAFileIsAskedFor() throws Exception {
        final CamelContext context = new DefaultCamelContext();
        final Path positions = folder.resolve("p");
        assertThatThrownBy(
                        () ->
                                context.getEndpoint(
                                        "serveflow-tail:/var/log/x.log?positionFile=" + folder))
                .rootCause()
                .hasMessageEndingWith(
                        ": positionFile must name a file, and " + folder + " is a folder");
        assertThatThrownBy(
                        () ->
                                context.getEndpoint(
                                        "serveflow-tail:" + folder + "?positionFile=" + positions))
                .rootCause()
                .hasMessageEndingWith(": path must name a file, and " + folder + " is a folder");
        context.stop();
    }

    @Test
    void shouldRefuseAPositionFileThatAnotherEndpointUses() throws Exception {
        try (Tail tail = Tail.start(folder, folder.resolve("a.log").toString(), "");
                Tail other = Tail.create(folder, folder.resolve("b.log").toString(), "")) {
            assertThatThrownBy(other.context::start)
                    .rootCause()
                    .hasMessageContaining("positionFile")
                    .hasMessageContaining("another endpoint or process uses");
            tail.context.stop();
        }
        try (Tail again = Tail.create(folder, folder.resolve("a.log").toString(), "")) {
            assertThatNoException().isThrownBy(again.context::start);
        }
    }

    @Test
    void shouldRefuseThePositionFileOfOtherFiles() throws Exception {
        Tail.start(folder, folder.resolve("a.log").toString(), "").close();
        try (Tail other = Tail.create(folder, folder.resolve("b.log").toString(), "")) {
            assertThatThrownBy(other.context::start)
                    .hasStackTraceContaining("keeps the positions of " + folder.resolve("a.log"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    \\}$           | ''
                    "offset":\\d+  | "offset":999
                    ^.*$           | ''
                    "version":1    | "version":2
                    """)
    void shouldRefuseADamagedPositionFile(final String part, final String replacement)
            throws Exception {
        final Path log = folder.resolve("a.log");
        NumberedLines.append(log, 0, 10);
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(0, 10);
        }
        final Path positions = Tail.positionFile(folder);
        Files.writeString(positions, Files.readString(positions).replaceAll(part, replacement));
        try (Tail tail = Tail.create(folder, log.toString(), "")) {
            assertThatThrownBy(tail.context::start)
                    .isInstanceOf(WrongOptionException.class)
                    .hasMessageContaining(positions + " is damaged")
                    .hasMessageContaining("delete it to begin again where option startAt says");
        }
    }
}
