/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Transport;
import io.serveflow.training.NotedListener;
import io.serveflow.training.notice.Notices;
import io.serveflow.training.notice.TrainingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelFileTest {

    private static final String GOOD = "a.pcap,1700000000.25,UDP,192.0.2.1,5000,192.0.2.2,53,dns";
    private static final String HEADER =
            "pcap,ts_first,proto,src_ip,src_port,dst_ip,dst_port,label";

    @TempDir private Path folder;

    private final NotedListener heard = new NotedListener();

    @Test
    void shouldReadARow() throws IOException {
        assertThat(read(HEADER + ",source_label,group", GOOD + ",DNS.Google,g7").rows())
                .containsExactly(
                        new LabelRow(
                                2,
                                "a.pcap",
                                1_700_000_000_250_000L,
                                new FlowTuple(Transport.UDP, "192.0.2.1", 5000, "192.0.2.2", 53),
                                "dns",
                                "DNS.Google",
                                "g7"));
    }

    @Test
    void shouldMakeEveryCaptureAGroupWhereTheFileHasNone() throws IOException {
        assertThat(read(HEADER, GOOD).rows()).extracting(LabelRow::group).containsExactly("a.pcap");
    }

    @Test
    void shouldReadColumnsInAnyOrderAndQuotedCells() throws IOException {
        assertThat(
                        read(
                                        "label,extra,dst_port,dst_ip,src_port,src_ip,proto,ts_first,pcap",
                                        "\"a, b\",x,53,192.0.2.2,5000,192.0.2.1,tcp,1.5,\"c"
                                                + " d.pcap\"")
                                .rows())
                .containsExactly(
                        new LabelRow(
                                2,
                                "c d.pcap",
                                1_500_000,
                                new FlowTuple(Transport.TCP, "192.0.2.1", 5000, "192.0.2.2", 53),
                                "a, b",
                                "",
                                "c d.pcap"));
    }

    @Test
    void shouldNameAnIpv6AddressAsTheCoreDoes() throws IOException {
        assertThat(
                        read(HEADER, "a.pcap,1,UDP,2001:DB8:0:0::1,5000,2001:db8::2,53,dns")
                                .rows()
                                .get(0)
                                .tuple())
                .isEqualTo(new FlowTuple(Transport.UDP, "2001:db8::1", 5000, "2001:db8::2", 53));
    }

    @Test
    void shouldLeaveOutRowsThatCannotBeReadAndGoOn() throws IOException {
        final LabelFile file =
                read(
                        HEADER,
                        GOOD.replace("5000", "x"),
                        GOOD.replace("1700000000.25", "yesterday"),
                        GOOD.replace("192.0.2.1", "host.example"),
                        GOOD.replace("UDP", "QUIC"),
                        GOOD);
        assertThat(file.rows()).hasSize(1);
        assertThat(file.unreadable()).isEqualTo(4);
        assertThat(heard.notices())
                .hasSize(4)
                .startsWith(
                        "Row left out: labels.csv line 2: column src_port must be 0 to 65535, was"
                                + " 'x'",
                        "Row left out: labels.csv line 3: column ts_first must be seconds since"
                                + " 1970, was 'yesterday'");
    }

    @Test
    void shouldLeaveOutRowsOfAnotherLength() throws IOException {
        final LabelFile file = read(HEADER, GOOD + ",g1,more", "a.pcap,1", "", GOOD);
        assertThat(file.rows()).hasSize(1);
        assertThat(file.unreadable()).isEqualTo(2);
        assertThat(heard.notices().get(1))
                .isEqualTo("Row left out: labels.csv line 3: column src_ip is empty");
    }

    @Test
    void shouldTellAFewUnreadableRowsAndCountTheRest() throws IOException {
        final String[] lines = new String[20];
        Arrays.fill(lines, GOOD.replace("53", "-1"));
        lines[0] = HEADER;
        lines[1] = GOOD;
        assertThat(read(lines).unreadable()).isEqualTo(18);
        assertThat(heard.notices()).hasSize(6).endsWith("13 more unreadable rows are not listed.");
    }

    @Test
    void shouldRefuseAFileWithoutANeededColumn() {
        assertThatThrownBy(() -> read(HEADER.replace(",proto", ""), GOOD))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("labels.csv has no column proto; it needs pcap,ts_first");
    }

    @Test
    void shouldRefuseAFileWithoutRows() {
        assertThatThrownBy(() -> read(HEADER))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("holds no readable row");
        assertThatThrownBy(() -> read())
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("labels.csv is empty; it needs a header");
    }

    @Test
    void shouldReadAFileThatBeginsWithAByteOrderMark() throws IOException {
        assertThat(read("\ufeff" + HEADER, GOOD).rows()).hasSize(1);
    }

    @Test
    void shouldEndWhereAQuoteIsNeverClosed() throws IOException {
        final LabelFile file = read(HEADER, GOOD, "\"a.pcap,1,UDP", GOOD);
        assertThat(file.rows()).hasSize(1);
        assertThat(file.unreadable()).isEqualTo(1);
        assertThat(heard.notices())
                .singleElement()
                .asString()
                .startsWith("Row left out: labels.csv line ");
    }

    @Test
    void shouldSayThatAFileIsNoUtf8() throws IOException {
        final Path file = folder.resolve("labels.csv");
        final byte[] latin1 =
                (HEADER + "\n" + GOOD + "\n" + GOOD + "\u00fc\n")
                        .getBytes(StandardCharsets.ISO_8859_1);
        Files.write(file, latin1);
        assertThatThrownBy(() -> LabelFile.read(file, LabelChoice.PLAIN, new Notices(heard)))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("labels.csv cannot be read: Invalid UTF-8");
    }

    @Test
    void shouldRefuseAMissingFile() {
        assertThatThrownBy(
                        () ->
                                LabelFile.read(
                                        folder.resolve("none.csv"),
                                        LabelChoice.PLAIN,
                                        new Notices(heard)))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("none.csv");
    }

    private LabelFile read(final String... lines) throws IOException {
        final Path file = folder.resolve("labels.csv");
        Files.writeString(file, String.join("\n", lines));
        final Notices notices = new Notices(heard);
        final LabelFile read = LabelFile.read(file, LabelChoice.PLAIN, notices);
        notices.finish();
        return read;
    }
}
