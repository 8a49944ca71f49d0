/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.samples.Gzip;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SensorInputTest {

    private static final String EVE =
            "{\"timestamp\":\"2026-11-22T20:47:36.376848+0000\",\"event_type\":\"stats\"}\n";
    private static final String ZEEK =
            "{\"ts\":1.5,\"uid\":\"C\",\"stage\":\"first\",\"pkt_dt\":[0.0],\"pkt_data\":[]}\n";
    private static final String TSV =
            "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"
                    + "#path\tserveflow\n#fields\tts\tuid\tpkt_data\n";

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a1b2c3d4",
                "d4c3b2a1",
                "a1b23c4d",
                "4d3cb2a1",
            })
    void shouldTellPcapByItsMagic(final String magic) throws IOException {
        final byte[] header = new byte[24];
        System.arraycopy(HexFormat.of().parseHex(magic), 0, header, 0, 4);
        final boolean littleEndian = magic.endsWith("a1");
        header[littleEndian ? 4 : 5] = 2;
        header[littleEndian ? 6 : 7] = 4;
        header[littleEndian ? 20 : 23] = 1;
        assertThat(opened(header)).isInstanceOf(CaptureSource.class);
        assertThat(opened(Gzip.packed(header))).isInstanceOf(CaptureSource.class);
    }

    @Test
    void shouldTellTheFormOfALogByItsFields() throws IOException {
        assertThat(opened(EVE)).isInstanceOf(LogSource.class);
        assertThat(opened(ZEEK)).isInstanceOf(LogSource.class);
        assertThat(opened(TSV)).isInstanceOf(LogSource.class);
        assertThat(opened("{\"ts\":1.5,\"uid\":\"C\",\"conn_state\":\"SF\"}"))
                .isInstanceOf(LogSource.class);
        assertThat(opened(TSV.replace("pkt_data", "conn_state"))).isInstanceOf(LogSource.class);
    }

    @Test
    void shouldTellTheFormOfACompressedLog() throws IOException {
        assertThat(opened(Gzip.packed(EVE.getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(LogSource.class);
    }

    @Test
    void shouldTellTheFormByALaterLineWhenTheFirstIsDamaged() throws IOException {
        assertThat(opened("\r\n:5,\"tx_id\":0}\n{\"ts\":\n" + EVE)).isInstanceOf(LogSource.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"  ", "\t", "\n \n\t\n   ", "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n "})
    void shouldTellTheFormBehindBlanks(final String blanks) throws IOException {
        assertThat(opened(blanks + EVE)).isInstanceOf(LogSource.class);
        assertThat(opened(blanks + ZEEK)).isInstanceOf(LogSource.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ufeff", "\ufeff\ufeff", "\ufeff \t", "\ufeff\n"})
    void shouldTellTheFormBehindAByteOrderMark(final String mark) throws IOException {
        assertThat(opened(mark + EVE)).isInstanceOf(LogSource.class);
        assertThat(opened(mark + ZEEK)).isInstanceOf(LogSource.class);
    }

    @Test
    void shouldTellTheFormOfATsvLogBehindAByteOrderMark() throws IOException {
        assertThat(
                        opened(
                                "\ufeff#separator \\x09\n#path\tconn\n#fields\tts\tuid\tid.orig_h"
                                        + "\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tduration"
                                        + "\torig_bytes\tresp_bytes\tconn_state\n"))
                .isInstanceOf(LogSource.class);
    }

    @Test
    void shouldTellTheFormBehindManyBlankLines() throws IOException {
        assertThat(opened(" \n".repeat(100) + EVE)).isInstanceOf(LogSource.class);
    }

    @Test
    void shouldTellTheFormByTheBeginningOfATornLine() throws IOException {
        assertThat(opened(ZEEK.substring(0, ZEEK.indexOf("0.0]")))).isInstanceOf(LogSource.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n\r\n", "  \n\t\n"})
    void shouldGiveNoRecordsFromAnEmptyFile(final String text) throws IOException {
        try (FlowRecordSource source = opened(text)) {
            assertThat(source.next()).isEmpty();
        }
    }

    @Test
    void shouldNotLookWhenTheFormatIsGiven() throws IOException {
        assertThat(opened(write("x.log", EVE), SensorFormats.installed().only("zeek")))
                .isInstanceOf(LogSource.class);
    }

    @ParameterizedTest
    @MethodSource("others")
    void shouldSayWhatAFileLooksLike(final String text, final String looks) {
        assertThatThrownBy(() -> opened(text))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("input looks like " + looks + "; what can be read are pcap")
                .hasMessageNotContaining("\n");
    }

    static Stream<Arguments> others() {
        return Stream.of(
                arguments(
                        TSV.replace("serveflow", "dns").replace("pkt_data", "query"),
                        "a Zeek dns.log, which has no flows"),
                arguments(
                        "{\"ts\":1.5,\"uid\":\"C\",\"query\":\"x\"}",
                        "a Zeek log other than serveflow.log and conn.log"),
                arguments("#fields\tts\tuid\n", "a Zeek log other than serveflow.log and conn.log"),
                arguments(
                        "{\"a\":1,\"b\":{\"event_type\":2}}",
                        "JSON lines of another kind, with the fields [a, b]"),
                arguments("{\"a\":", "JSON lines of which the first is damaged"),
                arguments(
                        "<html><head><title>Not found",
                        "text that begins with '<html><head><title>Not f'"),
                arguments("# a comment", "text that begins with '# a comment'"),
                arguments("\u007fELF\u0002", "binary data that begins with 0x7f454c4602"));
    }

    @Test
    void shouldNameAFileThatIsNotThere() {
        final Path file = folder.resolve("nothing.log");
        assertThatThrownBy(() -> opened(file, SensorFormats.installed()))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ": there is no such file");
    }

    @Test
    void shouldRefuseAFolder() {
        assertThatThrownBy(() -> opened(folder, SensorFormats.installed()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is a folder");
    }

    @Test
    @EnabledIf("hasNullDevice")
    void shouldAskForTheFormatOfWhatCanBeReadOnlyOnce() throws IOException {
        final Path device = Path.of("/dev/null");
        assertThatThrownBy(() -> opened(device, SensorFormats.installed()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("its format must be named");
        assertThat(opened(device, SensorFormats.installed().only("eve")))
                .isInstanceOf(LogSource.class);
    }

    static boolean hasNullDevice() {
        return Files.exists(Path.of("/dev/null"));
    }

    private FlowRecordSource opened(final String text) throws IOException {
        return opened(write("input", text), SensorFormats.installed());
    }

    private FlowRecordSource opened(final byte[] bytes) throws IOException {
        return opened(Files.write(folder.resolve("input"), bytes), SensorFormats.installed());
    }

    private FlowRecordSource opened(final Path file, final SensorFormats formats)
            throws IOException {
        final FlowRecordSource source =
                SensorInput.open(
                        file,
                        formats,
                        FlowAssembler.Options.defaults("sensor-1"),
                        new Ledger(),
                        letter -> {
                            throw new AssertionError(letter);
                        });
        source.close();
        return source;
    }

    private Path write(final String name, final String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
