/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.serveflow.feature.FeatureEncoder;
import io.serveflow.feature.FeatureEncoders;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Packets;
import io.serveflow.flow.Transport;
import io.serveflow.ledger.Ledger;
import io.serveflow.packet.TransportLocator;
import io.serveflow.sensor.FlowRecordSource;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorInput;
import io.serveflow.testing.samples.Gzip;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.training.NotedListener;
import io.serveflow.training.notice.TrainingException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SizeSequencesTest {

    private static final Path CAPTURES = ProjectFiles.captures();

    @TempDir private Path folder;

    private final NotedListener heard = new NotedListener();

    @Test
    void shouldReadFlowsWithTheirLabels() throws IOException {
        final LabelledCaptures read =
                read(
                        "label,signed_sizes,proto,group,source_label",
                        "chat,100 -200 300,udp,monday,whatsup",
                        "mail,-5,,tuesday,");

        assertThat(read.kind()).isEqualTo(DataKind.SEQUENCES);
        assertThat(read.flows())
                .extracting(LabelledFlow::label, LabelledFlow::application, LabelledFlow::group)
                .containsExactly(tuple("chat", "whatsup", "monday"), tuple("mail", "", "tuesday"));
        assertThat(read.flows())
                .extracting(flow -> flow.context().tuple().transport())
                .containsExactly(Transport.UDP, Transport.TCP);
        assertThat(row(read.flows().get(0).context(), 3)).startsWith(100, -200, 300);
    }

    @Test
    void shouldKeepFlowsTogetherThatBeginAlikeWhereNoGroupIsGiven() throws IOException {
        final String twelve = "1 2 3 4 5 6 7 8 9 10 11 12";
        final List<LabelledFlow> flows =
                read(
                                "label,signed_sizes",
                                "a," + twelve + " 13",
                                "b," + twelve + " -99 7",
                                "b,1 2 3 4 5 6 7 8 9 10 11 -12 13")
                        .flows();

        assertThat(flows.get(0).group()).isEqualTo(flows.get(1).group());
        assertThat(flows.get(2).group()).isNotEqualTo(flows.get(0).group());
    }

    @Test
    void shouldTellAndCountRowsThatCannotBeRead() throws IOException {
        final LabelledCaptures read =
                read(
                        "label,signed_sizes,proto",
                        "a,1 -2,tcp",
                        "a,,tcp",
                        ",1 2,tcp",
                        "a,1 0 2,tcp",
                        "a,1 x,tcp",
                        "a,70000,tcp",
                        "a,1,sctp");

        assertThat(read.flows()).hasSize(1);
        assertThat(read.counts().unreadableRows()).isEqualTo(6);
        assertThat(heard.notices())
                .contains(
                        "Row left out: flows.csv line 3: column signed_sizes is empty",
                        "Row left out: flows.csv line 4: column label is empty",
                        "Row left out: flows.csv line 5: column signed_sizes must hold numbers from"
                                + " -65000 to 65000 other than 0, was '0'",
                        "1 more unreadable rows are not listed.");
    }

    @Test
    void shouldRefuseAFileWithoutAFlow() {
        assertThatThrownBy(() -> read("label,signed_sizes"))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("holds no readable row");
        assertThatThrownBy(() -> read("label,sizes", "a,1"))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("has no column signed_sizes");
    }

    @Test
    void shouldLeaveRowsOutThatAreOfNoClass() throws IOException {
        final Path map = folder.resolve("classes.csv");
        Files.writeString(map, "class,where,label\nvpn_chat,home,chat\nvpn_mail,home,mail\n");
        write(
                "where,label,signed_sizes",
                "home,chat,1 2",
                "work,chat,1 2",
                "home,mail,3 4",
                "home,game,5 6");

        final LabelledCaptures read =
                LabelSource.sequences(file())
                        .withClasses(Optional.of(map))
                        .read("test", List.of(sizes(3)), heard);

        assertThat(read.flows())
                .extracting(LabelledFlow::label)
                .containsExactly("vpn_chat", "vpn_mail");
        assertThat(read.flows())
                .extracting(LabelledFlow::application)
                .containsExactly("chat", "mail");
        assertThat(read.counts().rowsWithoutClass()).isEqualTo(2);
        assertThat(heard.notices())
                .containsExactly("2 of 4 rows are of no class of the class map and are left out.");
    }

    @Test
    void shouldRefuseAClassMapThatSaysTwoThingsOfOneRow() throws IOException {
        final Path map = folder.resolve("classes.csv");
        Files.writeString(map, "class,label\none,chat\ntwo,chat\n");
        write("label,signed_sizes", "chat,1 2");

        assertThatThrownBy(
                        () ->
                                LabelSource.sequences(file())
                                        .withClasses(Optional.of(map))
                                        .read("test", List.of(sizes(3)), heard))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("has two rows for chat");
    }

    @Test
    void shouldGroupByTheColumnsThatAreNamed() throws IOException {
        write("label,place,day,signed_sizes", "a,home,1,1 2", "a,home,2,1 2");

        assertThat(
                        LabelSource.sequences(file())
                                .withGroupBy(List.of("place", "day"))
                                .read("test", List.of(sizes(3)), heard)
                                .flows())
                .extracting(LabelledFlow::group)
                .containsExactly("home/1", "home/2");
    }

    @Test
    void shouldReadAPackedFile() throws IOException {
        final Path packed = folder.resolve("flows.csv.gz");
        Files.write(packed, Gzip.packed("label,signed_sizes\na,1 2\n"));

        assertThat(LabelSource.sequences(packed).read("test", List.of(sizes(1)), heard).flows())
                .hasSize(1);
    }

    @Test
    void shouldRefuseTiersThatReadMoreThanSizes() throws IOException {
        write("label,signed_sizes", "a,1 2");

        assertThatThrownBy(
                        () ->
                                LabelSource.sequences(file())
                                        .read(
                                                "test",
                                                List.of(
                                                        sizes(1),
                                                        new FeatureSpec(
                                                                "header+sizes", 1, 4, Set.of())),
                                                heard))
                .isInstanceOf(TrainingException.class)
                .hasMessage(
                        "A tier reads header+sizes, but size sequences have only what the encoder"
                                + " sizes reads; use tiers of sizes, or labelled captures.");
    }

    @Test
    void shouldGiveTheRowOfTheFlowThatASequenceWasTakenFrom() throws IOException {
        for (final String capture : List.of("ssh.pcapng", "smtp.pcap", "dns.pcap", "quic.pcap")) {
            for (final FlowRecord flow : flows(CAPTURES.resolve(capture))) {
                final String sizes = sizesByHand(flow);
                if (sizes.isEmpty()) {
                    continue;
                }
                final String proto = flow.tuple().transport().sensorName();
                final FlowRecord made =
                        read("label,proto,signed_sizes", "a," + proto + "," + sizes)
                                .flows()
                                .get(0)
                                .context();
                for (final int payloads : new int[] {1, 5, 30, 100}) {
                    assertThat(row(made, payloads)).isEqualTo(row(flow, payloads));
                }
            }
        }
    }

    private static List<FlowRecord> flows(final Path capture) throws IOException {
        final List<FlowRecord> contexts = new ArrayList<>();
        try (FlowRecordSource source =
                SensorInput.open(
                        capture,
                        SensorFormats.installed().only("pcap"),
                        FlowAssembler.Options.defaults("test").withDepth(500),
                        new Ledger(),
                        letter -> {})) {
            for (Optional<FlowRecord> record = source.next();
                    record.isPresent();
                    record = source.next()) {
                if (record.get().stage() == FlowRecord.Stage.CONTEXT) {
                    contexts.add(record.get());
                }
            }
        }
        assertThat(contexts).isNotEmpty();
        return contexts;
    }

    private static String sizesByHand(final FlowRecord flow) {
        final Packets packets = flow.packets();
        final StringJoiner sizes = new StringJoiner(" ");
        for (int i = 0; i < packets.count(); i++) {
            final int start = packets.start(i);
            final long at = TransportLocator.locate(packets.bytes(), start, packets.end(i));
            final int header = TransportLocator.offset(at) - start;
            final int transport =
                    TransportLocator.protocol(at) == TransportLocator.UDP
                            ? 8
                            : (packets.bytes()[start + header + 12] >> 4 & 15) * 4;
            final int size = packets.length(i) - header - transport;
            if (size > 0) {
                sizes.add(Integer.toString(packets.fromOriginator(i) ? size : -size));
            }
        }
        return sizes.toString();
    }

    private static float[] row(final FlowRecord flow, final int payloads) {
        final FeatureEncoder encoder = FeatureEncoders.of(sizes(payloads));
        final FloatBuffer row = FloatBuffer.allocate(encoder.width());
        encoder.encode(flow, row);
        return row.array();
    }

    private static FeatureSpec sizes(final int payloads) {
        return new FeatureSpec("sizes", 1, payloads, Set.of());
    }

    private Path file() {
        return folder.resolve("flows.csv");
    }

    private void write(final String... lines) throws IOException {
        Files.write(file(), List.of(lines));
    }

    private LabelledCaptures read(final String... lines) throws IOException {
        write(lines);
        return LabelSource.sequences(file()).read("test", List.of(sizes(100)), heard);
    }
}
