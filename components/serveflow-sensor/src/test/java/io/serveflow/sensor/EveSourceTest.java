/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Transport;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EveSourceTest {

    /** Two NTP exchanges as Suricata 7.0.10 wrote them, with what else it wrote of them. */
    private static final String NTP = resource("eve-ntp.json");

    /** The first packet of the first exchange. */
    private static final String ALERT = NTP.substring(0, NTP.indexOf('\n') + 1);

    private final Ledger ledger = new Ledger();
    private final List<DeadLetter> deadLetters = new ArrayList<>();

    @TempDir private Path folder;

    @Test
    void shouldMakeTheRecordsOfEachFlow() throws IOException {
        final List<FlowRecord> records = read(NTP);
        assertThat(records)
                .extracting(record -> record.id().uid() + " " + record.stage())
                .containsExactly(
                        "211176665485507 FIRST",
                        "213113943082867 FIRST",
                        "211176665485507 CONTEXT",
                        "211176665485507 SUMMARY",
                        "213113943082867 CONTEXT",
                        "213113943082867 SUMMARY");
        final FlowRecord context = records.get(2);
        assertThat(context.id().observer()).isEqualTo("suricata-1");
        assertThat(context.tuple())
                .isEqualTo(new FlowTuple(Transport.UDP, "10.77.1.12", 54_357, "10.77.2.20", 123));
        assertThat(context.startMicros()).isEqualTo(1_795_380_456_376_848L);
        assertThat(context.communityId()).isEqualTo("1:alRx+8Pqar4DuFyWfrjFyoSTQwc=");
        assertThat(context.packets().count()).isEqualTo(2);
        assertThat(context.packets().fromOriginator(0)).isTrue();
        assertThat(context.packets().fromOriginator(1)).isFalse();
        assertThat(context.packets().offsetMicros(1)).isEqualTo(14_397);
    }

    @Test
    void shouldTakeThePacketFromItsIpHeaderOn() throws IOException {
        final byte[] frame =
                Base64.getDecoder()
                        .decode(ALERT.replaceAll("(?s).*\"packet\":\"([^\"]*)\".*", "$1"));
        final FlowRecord first = read(ALERT).get(0);
        assertThat(first.packets().bytes())
                .hasSize(frame.length - 14)
                .endsWith(frame[frame.length - 1])
                .startsWith(0x45);
        assertThat(first.packets().length(0)).isEqualTo(frame.length - 14);
    }

    @Test
    void shouldCountRecordsAndPassOverOtherEvents() throws IOException {
        read(NTP);
        assertThat(deadLetters).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.EVENTS)).isEqualTo(Map.of("eve", 6L));
        assertThat(ledger.total(Ledger.Entry.FLOWS)).isEqualTo(2);
        // Another rule's alert for each packet to the server.
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED)).isEqualTo(Map.of("other_event", 2L));
    }

    @Test
    void shouldTakeTheSenderOfPacketOneForTheOriginator() throws IOException {
        final FlowRecord first = read(ALERT.replace("to_server", "to_client")).get(0);
        assertThat(first.tuple())
                .isEqualTo(new FlowTuple(Transport.UDP, "10.77.1.12", 54_357, "10.77.2.20", 123));
        assertThat(first.packets().fromOriginator(0)).isTrue();
    }

    @Test
    void shouldNotTakeALaterPacketForTheFirstOfItsFlow() throws IOException {
        final String later = ALERT.replace("{\"serveflow\":1}", "{\"serveflow\":3}");
        assertThat(read(later)).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED))
                .isEqualTo(Map.of(FlowAssembler.FLOW_BEGUN_BEFORE, 1L));
    }

    @Test
    void shouldReadFieldsInAnyOrder() throws IOException {
        final String type = "\"event_type\":\"alert\",";
        final String reordered = ALERT.replace(type, "").replace("}}\n", "}," + type + "}\n");
        assertThat(read(reordered.replace(",}", "}"))).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"3899999, 0", "3900000, 2", "3900999, 2", "3901000, 0", "39000000000, 0"})
    void shouldTakeOnlyTheRulesOfServeFlow(final String signature, final int records)
            throws IOException {
        assertThat(read(ALERT.replace(":3900012,", ":" + signature + ","))).hasSize(records);
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void shouldPassOverPacketsThatSuricataMadeUp() throws IOException {
        assertThat(read(ALERT.replace("wire/pcap", "stream (flow timeout)"))).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED)).isEqualTo(Map.of("pseudo_packet", 1L));
    }

    @Test
    void shouldPassOverFramesWithoutIp() throws IOException {
        assertThat(read(ALERT.replaceAll("\"packet\":\"[^\"]*\"", "\"packet\":\"AAAA\"")))
                .isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED)).isEqualTo(Map.of("not_ip", 1L));
    }

    @Test
    void shouldReadFramesLongerThanTheFirstBuffer() throws IOException {
        final String packet = ALERT.replaceAll("(?s).*\"packet\":\"([^\"=]*)=*\".*", "$1");
        final String frame = packet.substring(0, packet.length() / 4 * 4) + "AAAA".repeat(3_000);
        assertThat(read(ALERT.replaceAll("\"packet\":\"[^\"]*\"", "\"packet\":\"" + frame + "\"")))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "\"timestamp\":\"2026-11-22T20:47:36.376848+0000\", timestamp",
        "\"flow_id\":211176665485507, flow_id",
        "\"event_type\":\"alert\", event_type",
        "\"signature_id\":3900012, alert.signature_id",
        "\"linktype\":1, packet_info.linktype"
    })
    void shouldTakeANullThatIsNeededAsMissing(final String member, final String field)
            throws IOException {
        final String key = member.substring(0, member.indexOf(':') + 1);
        assertThat(read(ALERT.replace(member, key + "null"))).isEmpty();
        assertThat(onlyDeadLetter().detail()).contains("field '" + field + "' is missing");
    }

    @ParameterizedTest
    @CsvSource({
        "\"pkt_src\":\"wire/pcap\"",
        "\"metadata\":{\"flowints\":{\"serveflow\":1}}",
        "\"flowints\":{\"serveflow\":1}",
        "\"serveflow\":1",
        "\"app_proto\":\"ntp\"",
        "\"community_id\":\"1:alRx+8Pqar4DuFyWfrjFyoSTQwc=\""
    })
    void shouldTakeANullThatIsNotNeededAsUnknown(final String member) throws IOException {
        final String key = member.substring(0, member.indexOf(':') + 1);
        assertThat(ALERT).contains(member);
        assertThat(read(ALERT.replace(member, key + "null"))).hasSize(2);
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void shouldReadNumbersThatAShipperMadeTextOrDoublesOf() throws IOException {
        final List<FlowRecord> records =
                read(
                        ALERT.replace("3900012", "\"3900012\"")
                                        .replace("211176665485507", "2.11176665485507E14")
                                        .replace("\"linktype\":1", "\"linktype\":1.0")
                                        .replace("\"src_port\":54357", "\"src_port\":\"54357\"")
                                        .replace("\"dest_port\":123", "\"dest_port\":123.0")
                                + ALERT.replace("211176665485507", "\"211176665485507\"")
                                        .replace("\"serveflow\":1", "\"serveflow\":\"2\""));

        assertThat(deadLetters).isEmpty();
        assertThat(records)
                .extracting(record -> record.id().uid() + " " + record.packets().count())
                .containsExactly("211176665485507 1", "211176665485507 2");
    }

    @ParameterizedTest
    @CsvSource({"event_type", "timestamp", "flow_id", "packet", "packet_info"})
    void shouldNameAMissingField(final String field) throws IOException {
        assertThat(read(ALERT.replace("\"" + field + "\"", "\"x\""))).isEmpty();
        assertThat(onlyDeadLetter().reason()).isEqualTo("missing_field");
        assertThat(onlyDeadLetter().detail()).contains("field '" + field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"2026-11-22T20:47:36.376848+0000\" | \"yesterday\"  | 'timestamp' is 'yesterday'",
                "\"2026-11-22T20:47:36.376848+0000\" | {}             | 'timestamp' is '{'",
                "211176665485507                     | \"a\"          | 'flow_id' is 'a'",
                "211176665485507                     | 211176665485507211176665485507 | 'flow_id'",
                "3900012                             | \"a rule\"     | 'alert.signature_id'",
                "{\"linktype\":1}                    | {\"linktype\":147} | 'packet_info.linktype'"
                        + " is '147'",
                "{\"linktype\":1}                    | 1              | 'packet_info' is '1'",
                "\"packet\":\"                       | \"packet\":\"* | 'packet' is '*",
                "\"packet\":                         | \"packet\":17,\"y\": | 'packet' is '17'",
            })
    void shouldNameABadFieldAndItsValue(
            final String good, final String bad, final String sentencePart) throws IOException {
        assertThat(read(ALERT.replace(good, bad))).isEmpty();
        assertThat(onlyDeadLetter().reason()).isEqualTo("bad_field");
        assertThat(onlyDeadLetter().detail()).contains(sentencePart);
    }

    @Test
    void shouldGoOnBehindABadLine() throws IOException {
        assertThat(read("{\"timestamp\":\n" + NTP)).hasSize(6);
        assertThat(onlyDeadLetter().reason()).isEqualTo("bad_json");
        assertThat(onlyDeadLetter().offset()).isZero();
        assertThat(ledger.total(Ledger.Entry.EVENTS)).isEqualTo(7);
    }

    @Test
    void shouldKeepATornLastLine() throws IOException {
        final String torn = ALERT.substring(0, ALERT.length() - 20);
        assertThat(read(NTP + torn)).hasSize(6);
        assertThat(onlyDeadLetter().reason()).isEqualTo("torn_line");
        assertThat(onlyDeadLetter().offset()).isEqualTo(NTP.length());
        assertThat(onlyDeadLetter().payload()).isEqualTo(torn);
    }

    @Property
    void shouldOutliveAnyDamage(
            @ForAll @Size(min = 1, max = 4) final List<@IntRange(max = 5_000) Integer> places,
            @ForAll @CharRange(from = '\0', to = '~') final char damage)
            throws IOException {
        final StringBuilder text = new StringBuilder(NTP);
        for (final int place : places) {
            text.setCharAt(place % text.length(), damage);
        }
        folder = Files.createTempDirectory("serveflow");
        deadLetters.clear();
        final long before = ledger.total(Ledger.Entry.EVENTS);
        try {
            final List<FlowRecord> records = read(text.toString());
            assertThat(ledger.total(Ledger.Entry.EVENTS) - before)
                    .isEqualTo(records.size() + deadLetters.size());
        } finally {
            Files.delete(folder.resolve("eve.json"));
            Files.delete(folder);
        }
    }

    private DeadLetter onlyDeadLetter() {
        assertThat(deadLetters).hasSize(1);
        return deadLetters.get(0);
    }

    private List<FlowRecord> read(final String text) throws IOException {
        final Path file = folder.resolve("eve.json");
        Files.writeString(file, text);
        return AllRecords.of(
                new LogSource(
                        file,
                        SensorFormats.installed().only("eve"),
                        FlowAssembler.Options.defaults("suricata-1"),
                        ledger,
                        deadLetters::add));
    }

    private static String resource(final String name) {
        try (InputStream in = EveSourceTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }
}
