/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.camel.support.WrongOptionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PositionFileTest {

    @Test
    void shouldNameTheOptionWhereItsFolderCannotBeMade(@TempDir final Path folder)
            throws IOException {
        final Path file = Files.writeString(folder.resolve("file"), "");
        final Path positions = file.resolve("positions");

        assertThatThrownBy(() -> PositionFile.open(positions, "/var/log/serveflow.log"))
                .isInstanceOf(WrongOptionException.class)
                .hasNoCause()
                .hasMessageStartingWith(
                        "option positionFile names " + positions + ", whose folder cannot be made")
                .hasMessageEndingWith("name a file in a folder that this process may write to");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "null",
                "[1]",
                "\0\0\0\0",
                "\0\0\0\0\0\0\0\uffff",
                "{\"a\":1}"
            })
    void shouldSayOfWhatIsNoPositionFileWhatItIs(final String content, @TempDir final Path folder)
            throws IOException {
        final Path file = Files.writeString(folder.resolve("positions"), content);

        assertThat(PositionFile.fault(file, "/var/log/serveflow.log"))
                .get()
                .asString()
                .startsWith("the position file " + file + " is damaged (")
                .contains("delete it to begin again");
        assertThat(file).hasContent(content);
    }

    /** Of a file that was written whole. */
    @ParameterizedTest
    @MethodSource("spoilt")
    void shouldSayWhatIsWrongWithAFileThatWasWritten(
            final UnaryOperator<String> spoil, final String said, @TempDir final Path folder)
            throws IOException {
        final Path file = folder.resolve("positions");
        try (PositionFile held = PositionFile.open(file, "/var/log/serveflow.log")) {
            held.write(
                    new Positions(
                            Instant.EPOCH,
                            List.of(
                                    new FilePosition(
                                            "serveflow",
                                            "/var/log/serveflow.log",
                                            Optional.of("key"),
                                            new Fingerprint(3, "ab"),
                                            7,
                                            Instant.EPOCH,
                                            false))));
        }
        assertThat(PositionFile.fault(file, "/var/log/serveflow.log")).isEmpty();
        final String whole = Files.readString(file);
        final String spoiltOne = spoil.apply(whole);
        assertThat(spoiltOne).isNotEqualTo(whole);
        Files.writeString(file, spoiltOne);

        assertThat(PositionFile.fault(file, "/var/log/serveflow.log"))
                .get()
                .asString()
                .startsWith("the position file " + file + " is damaged (" + said);
    }

    static Stream<Arguments> spoilt() {
        return Stream.of(
                spoilt(text -> text.substring(0, text.length() / 2), "Unexpected end"),
                spoilt(text -> text.replace(":7,", ":8,"), "its check sum is not that of"),
                spoilt(text -> text.replace("crc32", "crc"), "its check sum is not that of"),
                spoilt(text -> text.replace("positions", "position"), "it has no positions"),
                spoilt(text -> sealed(text, "version\":1", "version\":2"), "its version is not 1"),
                spoilt(text -> sealed(text, "1970", "soon"), "Text 'soon"));
    }

    private static Arguments spoilt(final UnaryOperator<String> spoil, final String said) {
        return Arguments.of(spoil, said);
    }

    /** With something else in it, and the check sum of that. */
    private static String sealed(final String text, final String what, final String instead) {
        final String begin = "{\"positions\":";
        final String behind = ",\"crc32\":";
        final String content =
                text.substring(begin.length(), text.indexOf(behind)).replace(what, instead);
        final CRC32 crc = new CRC32();
        crc.update(content.getBytes(StandardCharsets.UTF_8));
        return begin + content + behind + crc.getValue() + "}";
    }

    /** Also where nothing was read by then. */
    @Test
    void shouldFindNoFaultWithItsOwnFileWhileItIsInUseAndOneWithThatOfOthers(
            @TempDir final Path folder) throws IOException {
        final Path file = folder.resolve("positions");
        assertThat(PositionFile.fault(file, "/var/log/serveflow.log")).isEmpty();
        try (PositionFile held = PositionFile.open(file, "/var/log/serveflow.log")) {
            held.write(new Positions(Instant.EPOCH, List.of()));

            assertThat(PositionFile.fault(file, "/var/log/serveflow.log")).isEmpty();
            assertThat(PositionFile.fault(file, "/var/log/other.log"))
                    .contains(
                            "option positionFile names "
                                    + file
                                    + ", which keeps the positions of /var/log/serveflow.log, not"
                                    + " of /var/log/other.log; name another file");
        }
    }

    @Test
    void shouldSayThatAFileCannotBeRead(@TempDir final Path folder) {
        assertThat(PositionFile.fault(folder, "/var/log/serveflow.log"))
                .get()
                .asString()
                .startsWith("the position file " + folder + " cannot be read: ");
    }

    /** POSIX lets go of a lock when its process closes the file once, whoever opened it. */
    @Test
    void shouldKeepOtherProcessesOutAlsoAfterItRefusedASecondEndpoint(@TempDir final Path folder)
            throws Exception {
        final Path file = folder.resolve("positions");
        try (PositionFile held = PositionFile.open(file, "/var/log/serveflow.log")) {
            assertThatThrownBy(() -> PositionFile.open(file, "/var/log/serveflow.log"))
                    .hasMessageContaining("which another endpoint or process uses");
            assertThat(held).hasToString(file.toString());

            assertThat(openedElsewhere(file)).isEqualTo(1);
        }
        assertThat(openedElsewhere(file)).isZero();
        PositionFile.open(file, "/var/log/serveflow.log").close();
    }

    /** The exit code of a process that opens the file. */
    private static int openedElsewhere(final Path file) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")),
                        Opening.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** Opens a position file in a process of its own, and ends at once. */
    static final class Opening {

        public static void main(final String[] arguments) throws IOException {
            PositionFile.open(Path.of(arguments[0]), "/var/log/serveflow.log").close();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldNameTheFileThatADiskHasNoRoomFor(@TempDir final Path folder) throws IOException {
        final Path file = folder.resolve("positions");
        Files.createSymbolicLink(folder.resolve("positions.next"), Path.of("/dev/full"));
        try (PositionFile held = PositionFile.open(file, "/var/log/serveflow.log")) {
            assertThatThrownBy(() -> held.write(new Positions(Instant.EPOCH, List.of())))
                    .hasMessage(
                            "positions cannot be written to "
                                    + file
                                    + " (java.io.IOException: No space left on device); see that"
                                    + " its disk has room and that this process may write there");
        }
    }
}
