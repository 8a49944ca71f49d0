/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SensorStreamTest {

    private static final long SECOND = 1_000_000;

    /** What Suricata 7.0.10 wrote of two NTP exchanges, packets and other events. */
    private static final List<String> EVE = resource("eve-ntp.json").lines().toList();

    /** The lines that hold packets: two requests, two answers. */
    private static final List<String> PACKETS =
            EVE.stream().filter(line -> line.contains("SERVEFLOW packet")).toList();

    private static final String FLOW_EVENT =
            EVE.stream()
                    .filter(line -> line.contains("\"event_type\":\"flow\""))
                    .findFirst()
                    .orElseThrow();

    private static final String ZEEK =
            """
            {"ts":1484319032.865799,"uid":"C8cFq12jP","id.orig_h":"10.0.0.5","id.orig_p":51514,\
            "id.resp_h":"203.0.113.9","id.resp_p":443,"proto":"tcp","stage":"first",\
            "pkt_dt":[0.0],"pkt_orig":[true],"pkt_len":[60],"pkt_data":["RQAAPA=="]}\
            """;

    private final Ledger ledger = new Ledger();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private final List<FlowRecord> records = new ArrayList<>();
    private SensorStream stream = stream(SensorFormats.installed(), uid -> true);
    private long position;

    @Test
    void shouldReadTheLinesOfSuricata() {
        EVE.forEach(this::line);
        stream.finish();

        assertThat(records)
                .extracting(record -> record.id().uid() + " " + record.stage())
                .containsExactly(
                        "211176665485507 FIRST",
                        "213113943082867 FIRST",
                        "211176665485507 CONTEXT",
                        "211176665485507 SUMMARY",
                        "213113943082867 CONTEXT",
                        "213113943082867 SUMMARY");
        assertThat(deadLetters).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.EVENTS)).isEqualTo(Map.of("eve", 6L));
    }

    @Test
    void shouldReadTheLinesOfZeek() {
        line(ZEEK);
        line(ZEEK.replace("\"first\"", "\"context\",\"reason\":\"end\""));

        assertThat(records)
                .extracting(FlowRecord::stage)
                .containsExactly(FlowRecord.Stage.FIRST, FlowRecord.Stage.CONTEXT);
        assertThat(ledger.byDetail(Ledger.Entry.EVENTS)).isEqualTo(Map.of("zeek", 2L));
    }

    @Test
    void shouldPassOverContextsThatNobodyNeeds() {
        stream = stream(SensorFormats.installed(), uid -> false);
        line(ZEEK);
        line(ZEEK.replace("\"first\"", "\"context\",\"reason\":\"end\""));

        assertThat(records).hasSize(1);
        assertThat(ledger.total(Ledger.Entry.SUPERSEDED)).isEqualTo(1);
    }

    @Test
    void shouldGoOnAfterABadLine() {
        line(PACKETS.get(0));
        line("{\"event_type\":\"alert\",");
        line(PACKETS.get(1));

        assertThat(records).hasSize(2);
        assertThat(deadLetters).hasSize(1);
        final DeadLetter letter = deadLetters.get(0);
        assertThat(letter.source()).isEqualTo("test");
        assertThat(letter.offset()).isEqualTo(1);
        assertThat(letter.reason()).isEqualTo("bad_json");
        assertThat(letter.payload()).isEqualTo("{\"event_type\":\"alert\",");
        assertThat(ledger.byDetail(Ledger.Entry.EVENTS)).isEqualTo(Map.of("eve", 3L));
    }

    @Test
    void shouldPassOverEmptyLines() {
        line("");

        assertThat(ledger.total(Ledger.Entry.EVENTS)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3:41.610149+0000\",\"flow_id\":1}", "0x00", "{\"a\":1}", "}"})
    void shouldNotTellTheFormatByALineThatDoesNot(final String torn) {
        line(torn);
        EVE.forEach(this::line);

        assertThat(deadLetters).hasSize(1);
        assertThat(records).hasSize(6);
    }

    @Test
    void shouldTakeTheNamedFormatWhateverComes() {
        stream = stream(SensorFormats.installed().only("zeek"), uid -> true);
        line(PACKETS.get(0));

        assertThat(records).isEmpty();
        assertThat(deadLetters).extracting(DeadLetter::reason).containsExactly("missing_field");
    }

    @Test
    void shouldRefuseACapture() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stream(SensorFormats.installed().only("pcap"), uid -> true))
                .withMessage("a capture has no lines; replay it");
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 200, 600})
    void shouldReadAnEventThatBeginsInsideATornOne(final int kept) {
        line(PACKETS.get(0).substring(0, kept) + PACKETS.get(1));

        assertThat(records).hasSize(1);
        assertThat(deadLetters).extracting(DeadLetter::reason).containsExactly("torn_line");
        assertThat(deadLetters.get(0).payload()).isEqualTo(PACKETS.get(0).substring(0, kept));
    }

    @Test
    void shouldReadEventsBetweenWhichTheLineEndIsLost() {
        line(PACKETS.get(0) + PACKETS.get(1));

        assertThat(records).hasSize(2);
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void shouldReadAnEventThatBeginsInsideOneOfAnotherKind() {
        line(FLOW_EVENT.substring(0, 150) + PACKETS.get(0));

        assertThat(records).hasSize(1);
    }

    @Test
    void shouldReadWhatIsWholeAmongManyTornEvents() {
        final String torn = PACKETS.get(0).substring(0, 300);
        line(torn + torn + PACKETS.get(1) + torn);

        assertThat(records).hasSize(1);
        assertThat(deadLetters).hasSize(3);
        assertThat(ledger.byDetail(Ledger.Entry.EVENTS)).isEqualTo(Map.of("eve", 4L));
    }

    @Test
    void shouldReadAZeekRecordThatBeginsInsideATornOne() {
        line(ZEEK.substring(0, 100) + ZEEK);

        assertThat(records).hasSize(1);
        assertThat(deadLetters).extracting(DeadLetter::reason).containsExactly("torn_line");
    }

    @Test
    void shouldReadAZeekRecordThatBeginsInsideATornContextThatNobodyNeeds() {
        stream = stream(SensorFormats.installed(), uid -> false);
        final String context =
                ZEEK.replace(
                        "\"stage\":\"first\"",
                        "\"community_id\":\"1:x\",\"stage\":\"context\",\"reason\":\"end\"");
        line(context.substring(0, context.indexOf("\"pkt_len\"")) + ZEEK);

        assertThat(records).extracting(FlowRecord::stage).containsExactly(FlowRecord.Stage.FIRST);
        assertThat(ledger.total(Ledger.Entry.SUPERSEDED)).isEqualTo(1);
        assertThat(ledger.byDetail(Ledger.Entry.EVENTS)).isEqualTo(Map.of("zeek", 2L));
    }

    @Test
    void shouldReadALastLineWithoutEndThatIsWhole() {
        final byte[] bytes = PACKETS.get(0).getBytes(StandardCharsets.UTF_8);
        stream.unterminated(bytes, 0, bytes.length, 0);

        assertThat(records).hasSize(1);
    }

    @Test
    void shouldKeepALastLineThatIsTornAsADeadLetter() {
        final byte[] bytes = PACKETS.get(0).getBytes(StandardCharsets.UTF_8);
        stream.unterminated(bytes, 0, bytes.length - 1, 7);

        assertThat(records).isEmpty();
        assertThat(deadLetters).hasSize(1);
        assertThat(deadLetters.get(0).reason()).isEqualTo("torn_line");
        assertThat(deadLetters.get(0).offset()).isEqualTo(7);
    }

    @Test
    void shouldKeepTheBeginningOfALineThatIsTooLong() {
        stream.tooLong("xabcx".getBytes(StandardCharsets.UTF_8), 1, 4, 9);

        assertThat(deadLetters).hasSize(1);
        assertThat(deadLetters.get(0).reason()).isEqualTo("line_too_long");
        assertThat(deadLetters.get(0).detail()).contains("1048576");
        assertThat(deadLetters.get(0).payload()).isEqualTo("abc");
        assertThat(ledger.total(Ledger.Entry.EVENTS)).isEqualTo(1);
    }

    @Test
    void shouldNameTheFileThatALineStandsIn() {
        stream.continueIn("rotated");
        line("{}");

        assertThat(deadLetters.get(0).source()).isEqualTo("rotated");
    }

    @Test
    void shouldCompleteContextsWhileNoLineComes() {
        line(PACKETS.get(0));
        stream.elapse(10 * SECOND);
        assertThat(records).hasSize(1);

        stream.elapse(10 * SECOND + 1);

        assertThat(records).hasSize(2);
        assertThat(records.get(1).end()).isEqualTo(FlowRecord.End.TIMEOUT);
    }

    @Test
    void shouldSayWhichLinesSayWhatTimeItIs() {
        assertThat(line(PACKETS.get(0))).isTrue();
        assertThat(line(FLOW_EVENT)).isFalse();
        assertThat(line("{}")).isFalse();
        assertThat(line("")).isFalse();
        assertThat(line(PACKETS.get(1).substring(0, 100) + PACKETS.get(1))).isTrue();
    }

    @Test
    void shouldLetTimePassBeforeTheFirstLine() {
        stream.elapse(SECOND);
        stream.finish();

        assertThat(records).isEmpty();
        assertThat(stream.oldestHeld()).isEmpty();
    }

    @Test
    void shouldKnowTheOldestLineOfWhichARecordIsToCome() {
        line(FLOW_EVENT);
        assertThat(stream.oldestHeld()).isEmpty();
        line(PACKETS.get(0));
        line(PACKETS.get(1));
        assertThat(stream.oldestHeld()).hasValue(1);

        stream.finish();

        assertThat(stream.oldestHeld()).isEmpty();
    }

    @Test
    void shouldGiveTheHeldRecordsToAnotherStreamThatReadsFromTheOldestOn() {
        PACKETS.subList(0, 3).forEach(this::line);
        final int oldest = (int) stream.oldestHeld().orElseThrow();
        records.clear();

        stream = stream(SensorFormats.installed(), uid -> true);
        PACKETS.subList(oldest, PACKETS.size()).forEach(this::line);
        stream.finish();

        assertThat(records)
                .filteredOn(record -> record.stage() == FlowRecord.Stage.CONTEXT)
                .hasSize(2)
                .allSatisfy(context -> assertThat(context.packets().count()).isEqualTo(2));
    }

    @Test
    void shouldHoldNothingOfZeekWhoseRecordsAreWhole() {
        line(ZEEK);

        assertThat(stream.oldestHeld()).isEmpty();
    }

    private boolean line(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return stream.line(bytes, 0, bytes.length, position++);
    }

    private SensorStream stream(final SensorFormats formats, final ContextInterest interest) {
        return new SensorStream(
                "test",
                formats,
                FlowAssembler.Options.defaults("sensor"),
                ledger,
                deadLetters::add,
                interest,
                records::add);
    }

    private static String resource(final String name) {
        try (InputStream in = SensorStreamTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }
}
