/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.serveflow.flow.FlowRecord;
import io.serveflow.sensor.FlowRecordReader;
import io.serveflow.testing.kafka.SensorLines;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.Verdict.BundleRef;
import io.serveflow.verdict.Verdict.LabelProbability;
import io.serveflow.verdict.Verdict.Latency;
import io.serveflow.verdict.VerdictStage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** What flow records are as Kafka records, and that other bytes are refused with a reason. */
class FlowMessageTest {

    private static final long NOW_MICROS = 1_700_000_100_000_000L;
    private static final Verdict VERDICT =
            new Verdict(
                    new BundleRef("service", "1.2.0", "service", "abc"),
                    "fast",
                    VerdictStage.PROVISIONAL,
                    "dns",
                    0.625,
                    0.1 + 0.2,
                    "uncertain",
                    1,
                    new Latency(0, 1_500, 12),
                    List.of(
                            new LabelProbability("dns", 0.625f),
                            new LabelProbability("tls", 0.25f)));

    /** The version that is written, which no change may make unreadable. */
    static final String VALUE =
            "{\"ts\":1700000000.123456,\"uid\":\"C8\",\"id.orig_h\":\"10.0.0.5\","
                    + "\"id.orig_p\":51514,\"id.resp_h\":\"203.0.113.9\",\"id.resp_p\":443,"
                    + "\"proto\":\"tcp\",\"community_id\":\"1:wAJLGI4jO7D4YrwPk2m+pfI/uKs=\","
                    + "\"stage\":\"first\",\"reason\":\"depth\",\"pkt_dt\":[0.0],"
                    + "\"pkt_orig\":[true],\"pkt_len\":[60],\"pkt_data\":[\"RQAAPA==\"],"
                    + "\"observer\":\"zeek-1\"}\n";

    /** The same version of a context record with what the sensor says of the flow's beginning. */
    static final String SAYING =
            VALUE.replace("\"first\"", "\"context\"")
                    .replace(
                            ",\"observer\"",
                            ",\"app_proto\":\"quic\",\"server_name\":\"www.example.org\","
                                + "\"next_protocol\":\"h3\",\"ech\":true,\"quic_version\":1,"
                                + "\"hello_length\":1734,\"hello_complete\":true,"
                                + "\"hello_versions\":[772],\"hello_ciphers\":[4865,4866],"
                                + "\"hello_extensions\":[0,16,43,57,65037],"
                                + "\"hello_groups\":[4588,29],\"hello_protocols\":[\"h3\"],"
                                + "\"hello_parameters\":[1,3],\"hello_grease\":true,\"observer\"");

    static final String HEADER =
            "{\"task\":\"service\",\"bundle\":{\"name\":\"service\",\"version\":\"1.2.0\","
                    + "\"sha256\":\"abc\"},\"tier\":\"fast\",\"label\":\"dns\","
                    + "\"confidence\":0.625,\"uncertainty\":0.30000000000000004,"
                    + "\"reason\":\"uncertain\",\"packets\":1,\"wait_us\":0,\"queue_us\":1500,"
                    + "\"compute_us\":12,\"top\":[[\"dns\",0.625],[\"tls\",0.25]]}";

    @Test
    void shouldWriteTheSensorRecordAndTheRestAsHeaders() {
        final FlowRecord flow = record(VALUE).readAt(5_000_000_000L);
        final ProducerRecord<byte[], byte[]> written =
                new FlowMessageWriter("t", NOW_MICROS, 7_000_000_000L)
                        .write(new FlowMessage(flow, List.of(VERDICT)));

        assertThat(written.key()).asString().isEqualTo("zeek-1|C8");
        assertThat(written.value()).asString().isEqualTo(VALUE);
        assertThat(
                        StreamSupport.stream(written.headers().spliterator(), false)
                                .map(
                                        header ->
                                                header.key()
                                                        + "="
                                                        + new String(
                                                                header.value(),
                                                                StandardCharsets.UTF_8)))
                .containsExactly(
                        "serveflow-version=1",
                        "serveflow-read=" + (NOW_MICROS - 2_000_000),
                        "serveflow-verdict=" + HEADER);
    }

    @Test
    void shouldReadWhatThisVersionWrites() throws BadMessageException {
        final FlowMessage message = reader(0).read(of(VALUE, HEADER));

        assertThat(message.verdicts()).containsExactly(VERDICT);
        assertThat(message.record()).isEqualTo(record(VALUE).readAt(message.record().readNanos()));
    }

    @Test
    void shouldHandOnWhatTheSensorSaysOfTheFlowsBeginning() throws BadMessageException {
        final FlowMessage message = reader(0).read(of(SAYING));

        assertThat(message.record().handshake().orElseThrow().name()).isEqualTo("www.example.org");
        assertThat(new FlowMessageWriter("t", NOW_MICROS, 0).write(message).value())
                .asString()
                .isEqualTo(SAYING);
    }

    @Test
    void shouldGoOnFromWhenTheFirstProcessReadIt() throws BadMessageException {
        final ConsumerRecord<byte[], byte[]> from = of(VALUE, HEADER);
        from.headers().remove(FlowMessage.READ);
        from.headers().add(FlowMessage.READ, bytes(Long.toString(NOW_MICROS - 3_000_000)));

        assertThat(reader(9_000_000_000L).read(from).record().readNanos())
                .isEqualTo(6_000_000_000L);
    }

    @Test
    void shouldTakeNowForATimeThatIsStillToCome() throws BadMessageException {
        final ConsumerRecord<byte[], byte[]> from = of(VALUE, HEADER);
        from.headers().remove(FlowMessage.READ);
        from.headers().add(FlowMessage.READ, bytes(Long.toString(NOW_MICROS + 1)));

        assertThat(reader(9_000_000_000L).read(from).record().readNanos())
                .isEqualTo(9_000_000_000L);
    }

    @Test
    void shouldRefuseAnotherVersion() {
        final ConsumerRecord<byte[], byte[]> from = of(VALUE, HEADER);
        from.headers().remove(FlowMessage.VERSION);
        from.headers().add(FlowMessage.VERSION, bytes("2"));

        assertRefused(
                from,
                "bad_header",
                "header serveflow-version is 2, and this process reads version 1; run the same"
                        + " version everywhere");
    }

    @Test
    void shouldRefuseAFirstRecordWithoutAVerdict() {
        assertRefused(
                of(VALUE),
                "bad_header",
                "a first record has the verdict of a tier, this one has none");
    }

    @Test
    void shouldRefuseAContextWithAVerdict() {
        assertRefused(
                of(SensorLines.context("C1"), HEADER),
                "bad_header",
                "only first records have verdicts, this one is CONTEXT");
    }

    @Test
    void shouldRefuseTwoVerdictsOfATask() {
        assertRefused(
                of(VALUE, HEADER, HEADER), "bad_header", "there are two verdicts of task service");
    }

    @Test
    void shouldSayWhatIsWrongWithAVerdict() {
        assertRefused(
                of(VALUE, HEADER.replace("0.625,\"unc", "\"x\",\"unc")),
                "bad_header",
                "header serveflow-verdict: confidence is no number");
    }

    @Test
    void shouldSkipFieldsThatItDoesNotKnow() throws BadMessageException {
        final String more = HEADER.replace("{\"task\"", "{\"later\":{\"a\":[1]},\"task\"");

        assertThat(reader(0).read(of(VALUE, more)).verdicts()).containsExactly(VERDICT);
    }

    @Test
    void shouldGiveTheReasonOfALineThatIsNoRecord() {
        assertThat(
                        catchThrowableOfType(
                                        BadMessageException.class,
                                        () -> reader(0).read(of("{\"ts\":", HEADER)))
                                .reason())
                .isEqualTo("bad_json");
    }

    @Property(tries = 300)
    void shouldReadBackWhatItWrote(
            @ForAll("records") final FlowRecord record, @ForAll("verdicts") final Verdict verdict)
            throws BadMessageException {
        final List<Verdict> verdicts =
                record.stage() == FlowRecord.Stage.FIRST ? List.of(verdict) : List.of();
        final FlowMessage read =
                reader(0).read(consumed(new FlowMessage(record.readAt(0), verdicts)));

        assertThat(read.record()).isEqualTo(record.readAt(read.record().readNanos()));
        assertThat(read.verdicts()).isEqualTo(verdicts);
    }

    @Property(tries = 2_000)
    void shouldRefuseOrReadWhatIsDamaged(
            @ForAll("records") final FlowRecord record,
            @ForAll("verdicts") final Verdict verdict,
            @ForAll final boolean header,
            @ForAll @IntRange(max = 4_096) final int at,
            @ForAll final byte to) {
        final FlowMessage message =
                new FlowMessage(
                        record.readAt(0),
                        record.stage() == FlowRecord.Stage.FIRST ? List.of(verdict) : List.of());
        final ConsumerRecord<byte[], byte[]> from = consumed(message);
        final byte[] damaged =
                header && !message.verdicts().isEmpty()
                        ? from.headers().lastHeader(FlowMessage.VERDICT).value()
                        : from.value();
        damaged[at % damaged.length] = to;

        final Optional<BadMessageException> refusal = refusal(from);
        refusal.ifPresent(
                e -> {
                    assertThat(e.reason()).matches("[a-z_]+");
                    assertThat(e.getMessage()).isNotBlank();
                });
    }

    private static Optional<BadMessageException> refusal(
            final ConsumerRecord<byte[], byte[]> from) {
        try {
            reader(0).read(from);
            return Optional.empty();
        } catch (final BadMessageException e) {
            return Optional.of(e);
        }
    }

    @Provide
    Arbitrary<FlowRecord> records() {
        try {
            return Arbitraries.of(
                    Files.readAllLines(ProjectFiles.records("mixed")).stream()
                            .limit(100)
                            .map(FlowMessageTest::record)
                            .toList());
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Provide
    Arbitrary<Verdict> verdicts() {
        final Arbitrary<String> words = Arbitraries.strings().ofMinLength(1).ofMaxLength(12);
        final Arbitrary<Double> shares = Arbitraries.doubles().between(0, 1);
        final Arbitrary<List<LabelProbability>> top =
                Combinators.combine(words, shares)
                        .as((label, share) -> new LabelProbability(label, share.floatValue()))
                        .list()
                        .ofMaxSize(3);
        final Arbitrary<Latency> latencies =
                Arbitraries.longs().between(-1_000, 1_000_000).map(t -> new Latency(t, t, t));
        return Combinators.combine(words, words, words, shares, shares, latencies, top)
                .as(
                        (bundle, tier, label, confidence, uncertainty, latency, likely) ->
                                new Verdict(
                                        new BundleRef(bundle, "1", "task", "0"),
                                        tier,
                                        VerdictStage.PROVISIONAL,
                                        label,
                                        confidence,
                                        uncertainty,
                                        "uncertain",
                                        3,
                                        latency,
                                        likely));
    }

    private static void assertRefused(
            final ConsumerRecord<byte[], byte[]> from, final String reason, final String message) {
        assertThatThrownBy(() -> reader(0).read(from))
                .isInstanceOfSatisfying(
                        BadMessageException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessage(message);
    }

    private static FlowMessageReader reader(final long nanos) {
        final Instant now = Instant.ofEpochSecond(NOW_MICROS / 1_000_000);
        return new FlowMessageReader(Clock.fixed(now, ZoneOffset.UTC), () -> nanos);
    }

    private static FlowRecord record(final String line) {
        final byte[] bytes = bytes(line.strip());
        return new FlowRecordReader("sensor").read(bytes, 0, bytes.length);
    }

    private static ConsumerRecord<byte[], byte[]> of(final String value, final String... verdicts) {
        final Headers headers = new RecordHeaders();
        headers.add(FlowMessage.VERSION, bytes("1"));
        headers.add(FlowMessage.READ, bytes("1"));
        for (final String verdict : verdicts) {
            headers.add(FlowMessage.VERDICT, bytes(verdict));
        }
        return consumed(bytes(value), headers);
    }

    private static ConsumerRecord<byte[], byte[]> consumed(final FlowMessage message) {
        final ProducerRecord<byte[], byte[]> written =
                new FlowMessageWriter("t", NOW_MICROS, 0).write(message);
        return consumed(written.value(), written.headers());
    }

    private static ConsumerRecord<byte[], byte[]> consumed(
            final byte[] value, final Headers headers) {
        return new ConsumerRecord<>(
                "t",
                0,
                0,
                0,
                TimestampType.CREATE_TIME,
                0,
                value.length,
                null,
                value,
                headers,
                Optional.empty());
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
