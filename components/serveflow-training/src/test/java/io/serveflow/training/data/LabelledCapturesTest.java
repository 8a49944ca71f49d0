/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.data;

import static io.serveflow.training.TestCaptures.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.testing.samples.Gzip;
import io.serveflow.training.NotedListener;
import io.serveflow.training.TestCaptures;
import io.serveflow.training.TestCaptures.Packet;
import io.serveflow.training.notice.TrainingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelledCapturesTest {

    private static final String CLIENT = "192.0.2.1";
    private static final String SERVER = "198.51.100.7";

    @TempDir private Path folder;

    private final NotedListener heard = new NotedListener();
    private TestCaptures captures;

    @BeforeEach
    void open() {
        captures = new TestCaptures(folder);
    }

    @Test
    void shouldGiveTheContextRecordOfALabelledFlow() throws IOException {
        final Packet query = new Packet(at(0), CLIENT, 5000, SERVER, 53, 30);
        final Packet answer = new Packet(at(0.02), SERVER, 53, CLIENT, 5000, 90);
        captures.capture("a.pcap", List.of(query, answer)).row("a.pcap", query, "dns", "g1");
        final LabelledCaptures read = read();
        assertThat(read.flows()).hasSize(1);
        final LabelledFlow flow = read.flows().get(0);
        assertThat(flow.label()).isEqualTo("dns");
        assertThat(flow.group()).isEqualTo("g1");
        assertThat(flow.context().stage()).isEqualTo(FlowRecord.Stage.CONTEXT);
        assertThat(flow.context().packets().count()).isEqualTo(2);
        assertThat(read.counts()).isEqualTo(new LabelledCaptures.Counts(1, 0, 0, 1, 0, 0, 0, 0, 0));
        assertThat(heard.notices()).isEmpty();
    }

    @Test
    void shouldMatchARowInTheOtherDirection() throws IOException {
        final Packet query = new Packet(at(0), CLIENT, 5000, SERVER, 53, 30);
        final Packet turned = new Packet(at(0), SERVER, 53, CLIENT, 5000, 30);
        captures.capture("a.pcap", List.of(query)).row("a.pcap", turned, "dns", "g1");
        assertThat(read().flows())
                .singleElement()
                .satisfies(
                        flow -> assertThat(flow.context().tuple().originator()).isEqualTo(CLIENT));
    }

    @Test
    void shouldTakeTheFlowThatStartsNearest() throws IOException {
        final Packet early = new Packet(at(0), CLIENT, 5000, SERVER, 53, 30);
        final Packet late = new Packet(at(500), CLIENT, 5000, SERVER, 53, 31);
        final Packet near = new Packet(at(490), CLIENT, 5000, SERVER, 53, 30);
        captures.capture("a.pcap", List.of(early, late)).row("a.pcap", near, "dns", "g1");
        final LabelledCaptures read = read();
        assertThat(read.flows())
                .singleElement()
                .satisfies(flow -> assertThat(flow.context().startMicros()).isEqualTo(at(500)));
        assertThat(read.counts().flowsWithoutRow()).isEqualTo(1);
    }

    @Test
    void shouldGiveAFlowToOneRowOnly() throws IOException {
        final Packet query = new Packet(at(0), CLIENT, 5000, SERVER, 53, 30);
        captures.capture("a.pcap", List.of(query))
                .row("a.pcap", query, "dns", "g1")
                .row("a.pcap", query, "web", "g1");
        final LabelledCaptures read = read();
        assertThat(read.flows()).extracting(LabelledFlow::label).containsExactly("dns");
        assertThat(read.counts().rowsWithoutFlow()).isEqualTo(1);
        assertThat(heard.notices())
                .containsExactly("Line 3 of the labels means a flow that is not in a.pcap.");
    }

    @Test
    void shouldCountFlowsThatNoRowMeans() throws IOException {
        final Packet query = new Packet(at(0), CLIENT, 5000, SERVER, 53, 30);
        final Packet other = new Packet(at(1), CLIENT, 5001, SERVER, 53, 30);
        captures.capture("a.pcap", List.of(query, other)).row("a.pcap", query, "dns", "g1");
        assertThat(read().counts().flowsWithoutRow()).isEqualTo(1);
    }

    @Test
    void shouldSayOnceHowManyPacketsWereSkippedAndWhy() throws IOException {
        final Packet query = new Packet(at(0), CLIENT, 5000, SERVER, 53, 30);
        captures.capture("a.pcap", List.of(query, query))
                .capture("b.pcap", List.of(query))
                .row("a.pcap", query, "dns", "g1")
                .row("b.pcap", query, "dns", "g2");
        breakTheFirstPacket("a.pcap");
        breakTheFirstPacket("b.pcap");

        assertThat(read().flows()).hasSize(1);

        assertThat(heard.notices())
                .last()
                .isEqualTo("2 of 3 packets of the captures skipped: 2 malformed.");
    }

    /** Lets the IP header of the first packet, behind those of the capture, be too short. */
    private void breakTheFirstPacket(final String capture) throws IOException {
        final Path file = folder.resolve(capture);
        final byte[] bytes = Files.readAllBytes(file);
        final int ip = 24 + 16;
        assertThat(bytes[ip]).isEqualTo((byte) 0x45);
        bytes[ip + 3] = 1;
        Files.write(file, bytes);
    }

    @Test
    void shouldGoOnWithoutACaptureThatIsMissingOrNone() throws IOException {
        final Packet query = new Packet(at(0), CLIENT, 5000, SERVER, 53, 30);
        Files.writeString(
                folder.resolve("text.pcap"), "this is no capture, whatever its name says");
        captures.capture("a.pcap", List.of(query))
                .row("gone.pcap", query, "dns", "g1")
                .row("text.pcap", query, "dns", "g2")
                .row("text.pcap", query, "dns", "g2")
                .row("a.pcap", query, "dns", "g3");
        final LabelledCaptures read = read();
        assertThat(read.flows()).extracting(LabelledFlow::group).containsExactly("g3");
        assertThat(read.counts()).isEqualTo(new LabelledCaptures.Counts(4, 0, 0, 1, 2, 3, 0, 0, 0));
        assertThat(heard.notices())
                .hasSize(2)
                .startsWith(
                        "Capture gone.pcap is not in the captures folder; its 1 labelled flows are"
                                + " left out.");
        assertThat(heard.notices().get(1))
                .startsWith("Capture text.pcap cannot be read (")
                .endsWith("its 2 labelled flows are left out.");
    }

    @Test
    void shouldUseWhatIsWholeOfACaptureThatIsCutOff() throws IOException {
        final Packet query = new Packet(at(0), CLIENT, 5000, SERVER, 53, 30);
        final Packet cut = new Packet(at(1), CLIENT, 5001, SERVER, 53, 30);
        captures.capture("a.pcap", List.of(query, cut)).row("a.pcap", query, "dns", "g1");
        final Path file = folder.resolve("a.pcap");
        final byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 10));
        final LabelledCaptures read = read();
        assertThat(read.flows()).hasSize(1);
        assertThat(read.counts().deadLetters()).isEqualTo(1);
        assertThat(heard.notices()).singleElement().asString().startsWith("a.pcap: ");
    }

    @Test
    void shouldUseWhatIsWholeOfACompressedCaptureThatIsCutOff() throws IOException {
        final List<Packet> packets =
                IntStream.range(0, 200)
                        .mapToObj(i -> new Packet(at(i), CLIENT, 5000 + i, SERVER, 53, 30))
                        .toList();
        captures.capture("plain", packets).row("a.pcap.gz", packets.get(0), "dns", "g1");
        final byte[] compressed = Gzip.packed(Files.readAllBytes(folder.resolve("plain")));
        Files.write(
                folder.resolve("a.pcap.gz"), Arrays.copyOf(compressed, compressed.length - 100));
        final LabelledCaptures read = read();
        assertThat(read.flows()).hasSize(1);
        assertThat(read.counts().deadLetters()).isEqualTo(1);
        assertThat(heard.notices()).first().asString().startsWith("a.pcap.gz: ");
    }

    @Test
    void shouldGoOnWithoutACaptureThatIsEmptyOrAFolderOrNoName() throws IOException {
        final Packet query = new Packet(at(0), CLIENT, 5000, SERVER, 53, 30);
        Files.createFile(folder.resolve("empty.pcap"));
        Files.createDirectory(folder.resolve("folder.pcap"));
        captures.capture("a.pcap", List.of(query))
                .row("empty.pcap", query, "dns", "g1")
                .row("folder.pcap", query, "dns", "g2")
                .row("no\0name.pcap", query, "dns", "g3")
                .row("a.pcap", query, "dns", "g4");
        final LabelledCaptures read = read();
        assertThat(read.flows()).extracting(LabelledFlow::group).containsExactly("g4");
        assertThat(read.counts().missingCaptures()).isEqualTo(3);
        assertThat(read.counts().rowsWithoutCapture()).isEqualTo(3);
        assertThat(heard.notices()).hasSize(3);
    }

    @Test
    void shouldStopWithOneSentenceWhereNoFlowIsLeft() throws IOException {
        final Packet query = new Packet(at(0), CLIENT, 5000, SERVER, 53, 30);
        final Packet other = new Packet(at(0), CLIENT, 6000, SERVER, 53, 30);
        captures.capture("a.pcap", List.of(query)).row("a.pcap", other, "dns", "g1");
        assertThatThrownBy(this::read)
                .isInstanceOf(TrainingException.class)
                .hasMessageStartingWith("None of the 1 rows of ")
                .hasMessageEndingWith("check that both belong together.");
    }

    @Test
    void shouldStopWhereTheFolderIsMissing() throws IOException {
        captures.row("a.pcap", new Packet(at(0), CLIENT, 1, SERVER, 2, 3), "dns", "g").write();
        assertThatThrownBy(
                        () ->
                                LabelledCaptures.read(
                                        captures.labels(),
                                        folder.resolve("none"),
                                        LabelChoice.PLAIN,
                                        FlowAssembler.Options.defaults("test"),
                                        heard))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("none does not exist or is not a folder");
    }

    private LabelledCaptures read() throws IOException {
        captures.write();
        return LabelledCaptures.read(
                captures.labels(),
                folder,
                LabelChoice.PLAIN,
                FlowAssembler.Options.defaults("test"),
                heard);
    }
}
