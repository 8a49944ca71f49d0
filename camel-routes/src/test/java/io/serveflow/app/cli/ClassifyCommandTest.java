/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.app.fixture.ChangedBundle;
import io.serveflow.testing.samples.Gzip;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ClassifyCommandTest {

    private static final Path BUNDLE = ProjectFiles.bundle("service");

    /** Made by {@code TinyBundles.writeConn} in the tests of serveflow-inference. */
    private static final Path SUMMARY_BUNDLE =
            ProjectFiles.path("camel-routes/src/test/resources/bundles/tiny-conn");

    private static final Path SAMPLES = ProjectFiles.samples();
    private static final Path DNS = SAMPLES.resolve("captures/dns.pcap");
    private static final ObjectMapper JSON = new JsonMapper();

    private static final String CONN =
            "{\"ts\":1.5,\"uid\":\"C1\",\"id.orig_h\":\"10.0.0.1\",\"id.orig_p\":50000,"
                    + "\"id.resp_h\":\"10.0.0.2\",\"id.resp_p\":53,\"proto\":\"udp\","
                    + "\"duration\":0.002443,\"orig_bytes\":34,\"resp_bytes\":50,"
                    + "\"conn_state\":\"SF\",\"history\":\"Dd\",\"orig_pkts\":1,"
                    + "\"orig_ip_bytes\":62,\"resp_pkts\":1,\"resp_ip_bytes\":78}\n";

    @TempDir private Path work;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void shouldGiveEveryFlowOneFinalVerdict() throws IOException {
        assertThat(classify(DNS)).isZero();

        final List<JsonNode> documents = documents();
        assertThat(documents)
                .isNotEmpty()
                .allMatch(document -> document.at("/serveflow/final").asBoolean())
                .allMatch(document -> document.at("/serveflow/supersedes").isMissingNode());
        assertThat(
                        documents.stream()
                                .map(document -> document.at("/log/id/uid").asText())
                                .distinct())
                .hasSameSizeAs(documents);
    }

    /** That of run: where run needs no setting, this needs no option. */
    @Test
    void shouldTakeTheBundleOfTheProductWhereNoneIsNamed() throws IOException {
        System.setProperty("serveflow.home", ProjectFiles.root().toString());
        try {
            assertThat(execute("--output", "ndjson", DNS.toString())).as(err.toString()).isZero();
        } finally {
            System.clearProperty("serveflow.home");
        }
        final List<String> ofTheProduct = answers();
        out.getBuffer().setLength(0);

        assertThat(classify(DNS)).isZero();

        assertThat(ofTheProduct).containsExactlyInAnyOrderElementsOf(answers()).isNotEmpty();
    }

    @Test
    void shouldAgreeOnACaptureAndOnTheRecordsOfIt() throws IOException {
        classify(SAMPLES.resolve("captures/mqtt.pcap"));
        final List<String> fromCapture = answers();
        out.getBuffer().setLength(0);

        classify(SAMPLES.resolve("records/mqtt.log"));

        assertThat(answers()).containsExactlyInAnyOrderElementsOf(fromCapture).isNotEmpty();
    }

    @Test
    void shouldReadEveryCaptureOfTheSamples() throws IOException {
        final List<Path> captures;
        try (Stream<Path> files = Files.list(SAMPLES.resolve("captures"))) {
            captures = files.sorted().toList();
        }

        assertThat(classify(captures.toArray(Path[]::new))).isZero();

        assertThat(err.toString().lines()).allMatch(line -> line.contains(" packets skipped: "));
        assertThat(documents()).hasSizeGreaterThan(300);
    }

    @Test
    void shouldReadLinesBehindBlanks() throws IOException {
        final Path records = SAMPLES.resolve("records/mqtt.log");
        classify(records);
        final List<String> plain = answers();
        out.getBuffer().setLength(0);
        final Path blanks = work.resolve("blanks.log");
        Files.writeString(
                blanks, "\n  \n\t" + Files.readString(records).replace("\n", "\n\n \n  "));

        assertThat(classify(blanks)).isZero();

        assertThat(answers()).containsExactlyInAnyOrderElementsOf(plain);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void shouldSayThatAFileIsEmpty() throws IOException {
        final Path empty = Files.createFile(work.resolve("empty.log"));
        final Path header =
                Files.writeString(
                        work.resolve("header.log"),
                        "#separator \\x09\n#path\tconn\n#fields\tts\tuid\tconn_state\n");
        final Path capture =
                Files.write(work.resolve("empty.pcap"), Arrays.copyOf(Files.readAllBytes(DNS), 24));

        assertThat(classify(empty, header, capture)).isZero();

        assertThat(err.toString().lines())
                .containsExactly(
                        "serveflow: " + empty + " has no lines",
                        "serveflow: " + header + " has no lines",
                        "serveflow: " + capture + " has no packets");
    }

    @Test
    void shouldSayWhatStandsBehindCompressedData() throws IOException {
        final ByteArrayOutputStream packed = new ByteArrayOutputStream();
        packed.writeBytes(Gzip.packed(Files.readAllBytes(DNS)));
        packed.writeBytes("<html>the proxy is tired</html>".getBytes(StandardCharsets.UTF_8));
        final Path file = Files.write(work.resolve("dns.pcap.gz"), packed.toByteArray());

        assertThat(classify(file)).isZero();

        assertThat(documents()).isNotEmpty();
        assertThat(err.toString())
                .contains("31 bytes behind the compressed data are none and were skipped");
    }

    @Test
    void shouldAnswerFlowsWhoseContextWasCutOff() throws IOException {
        final List<String> firsts =
                Files.readAllLines(SAMPLES.resolve("records/mqtt.log")).stream()
                        .filter(line -> line.contains("\"stage\":\"first\""))
                        .toList();

        assertThat(classify(Files.write(work.resolve("cut.log"), firsts))).isZero();

        assertThat(documents()).hasSameSizeAs(firsts);
    }

    @Test
    void shouldUseTheWholePacketsOfACaptureCutInTheMiddleOfOne() throws IOException {
        final byte[] whole = Files.readAllBytes(DNS);
        final byte[] cut = Arrays.copyOf(whole, whole.length * 2 / 3 + 7);

        assertThat(classify(Files.write(work.resolve("cut.pcap"), cut))).isZero();

        assertThat(documents()).isNotEmpty();
        assertThat(err.toString().lines().filter(line -> !line.contains(" skipped: ")))
                .singleElement()
                .asString()
                .contains("cut.pcap");
    }

    @Test
    void shouldNameAnInputThatIsNotThereAndReadTheOthers() throws IOException {
        assertThat(classify(work.resolve("missing.pcap"), DNS)).isEqualTo(1);

        assertThat(err.toString()).contains("missing.pcap");
        assertThat(documents()).isNotEmpty();
    }

    @Test
    void shouldRefuseABundleWhoseFileWasChanged() throws IOException {
        final Path bundle = ChangedBundle.in(work.resolve("bundle"));
        Files.write(bundle.resolve("fast.onnx"), new byte[] {1, 2, 3});

        assertThat(execute("--bundle", bundle.toString(), DNS.toString())).isNotZero();

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("fast.onnx").contains("SHA-256");
    }

    @Test
    void shouldSayWhatEachHostIs() throws IOException {
        assertThat(
                        execute(
                                "--hosts",
                                "--output",
                                "ndjson",
                                "--bundle",
                                ChangedBundle.voting(work.resolve("voting"), "product").toString(),
                                DNS.toString()))
                .isZero();

        final Map<String, List<JsonNode>> documents =
                documents().stream()
                        .collect(
                                Collectors.groupingBy(
                                        document -> document.at("/event/dataset").asText()));
        assertThat(documents.get("serveflow.host"))
                .isNotEmpty()
                .allMatch(document -> document.at("/host/ip").asText().matches("10[.].*|f[de].*"))
                .allMatch(document -> document.at("/serveflow/confidence").asDouble() > 0);
        assertThat(
                        documents.get("serveflow.host").stream()
                                .mapToInt(document -> document.at("/serveflow/flows").asInt())
                                .sum())
                .isEqualTo(documents.get("serveflow.prediction").size());
    }

    @Test
    void shouldListHostsBelowTheFlows() throws IOException {
        execute(
                "--hosts",
                "--bundle",
                ChangedBundle.voting(work.resolve("voting"), "product").toString(),
                DNS.toString());

        assertThat(out.toString().lines().dropWhile(line -> !line.isEmpty()).skip(1).toList())
                .hasSizeGreaterThan(1)
                .first()
                .asString()
                .startsWith("HOST ")
                .endsWith("RUNNER-UP");
    }

    @Test
    void shouldRefuseToSayWhatHostsAreWithoutAVote() {
        assertThat(execute("--hosts", "--bundle", BUNDLE.toString(), DNS.toString()))
                .isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("needs a bundle with a vote").contains("--vote");
    }

    @Test
    void shouldCallAnUnknownFormatWrongUse() {
        assertThat(execute("--bundle", BUNDLE.toString(), "--format", "netflow", DNS.toString()))
                .isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString())
                .contains("'netflow'; it can be auto, pcap, zeek, eve, conn, ndpid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "conn"})
    void shouldClassifyTheSummariesOfAConnLog(final String format) throws IOException {
        final Path conn =
                Files.writeString(work.resolve("conn.log"), CONN + CONN.replace("C1", "C2"));

        assertThat(
                        execute(
                                "--bundle",
                                SUMMARY_BUNDLE.toString(),
                                "--format",
                                format,
                                "--output",
                                "ndjson",
                                conn.toString()))
                .isZero();

        assertThat(documents())
                .extracting(document -> document.at("/log/id/uid").asText())
                .containsExactly("C1", "C2");
        assertThat(documents())
                .allMatch(document -> document.at("/serveflow/final").asBoolean())
                .allMatch(document -> document.at("/serveflow/packets").asInt() == 0)
                .allMatch(document -> document.at("/serveflow/latency/wait_ms").asDouble() > 2);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void shouldSayThatABundleOfSummariesHasNoUseForPackets() {
        assertThat(execute("--bundle", SUMMARY_BUNDLE.toString(), DNS.toString())).isEqualTo(1);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString())
                .contains(
                        DNS
                                + " has only packets of flows, but bundle tiny-conn reads summaries"
                                + " of them; give it a conn.log or EVE flow events");
    }

    @Test
    void shouldSayThatABundleOfPacketsHasNoUseForSummaries() throws IOException {
        final Path conn = Files.writeString(work.resolve("conn.log"), CONN);

        assertThat(classify(conn)).isEqualTo(1);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines())
                .containsExactly(
                        "serveflow: "
                                + conn
                                + " has only summaries of flows, but bundle serveflow-service reads"
                                + " their packets; give it a capture, a serveflow.log or EVE alerts"
                                + " with packets");
    }

    @Test
    void shouldPassOverTheSummariesBesidePackets() throws IOException {
        final Path both =
                Files.writeString(
                        work.resolve("both.log"),
                        Files.readString(SAMPLES.resolve("records/mqtt.log")) + CONN);

        assertThat(classify(both)).isZero();

        assertThat(documents()).isNotEmpty();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void shouldPrintATableForPeople() {
        execute("--bundle", BUNDLE.toString(), DNS.toString());

        assertThat(out.toString()).startsWith("START").contains("TIER").contains("dns");
    }

    @Test
    void shouldReadACaptureAsFarAsTheTiersOfTheBundle() throws IOException {
        final Path video = SAMPLES.resolve("captures/video.pcap");
        for (final String name : List.of("vpn", "qoe-platform")) {
            out.getBuffer().setLength(0);
            final String bundle = ProjectFiles.path("models").resolve(name).toString();

            assertThat(execute("--bundle", bundle, "--output", "ndjson", video.toString()))
                    .isZero();

            assertThat(documents())
                    .isNotEmpty()
                    .anyMatch(document -> document.at("/serveflow/packets").asInt() > 10);
        }
    }

    @Test
    void shouldRefuseALogWhereABundleReadsSeconds() {
        final String bundle = ProjectFiles.bundle("qoe").toString();
        final Path log = SAMPLES.resolve("records/mqtt.log");

        assertThat(execute("--bundle", bundle, log.toString())).isEqualTo(1);

        assertThat(err.toString())
                .contains(
                        "has only the first packets of flows, but a bundle reads seconds of them");
    }

    @Test
    void shouldSayHowMuchOfALogWasSkippedAndWhy() throws IOException {
        final Path log =
                Files.writeString(
                        work.resolve("conn.log"),
                        CONN
                                + CONN.replace("udp", "unknown_transport")
                                + "{\"ts\":1.5,\"query\":\"x\"}\n".repeat(2));

        assertThat(summaries(log)).isZero();
        assertThat(err.toString().lines())
                .containsExactly(
                        "serveflow: "
                                + log
                                + ": 3 of 4 lines skipped: 2 other_log, 1 not_a_flow_protocol");
        assertThat(documents()).hasSize(1);
    }

    @Test
    void shouldSayThatAllOfACaptureWasSkipped() throws IOException {
        final ByteBuffer arp = ByteBuffer.allocate(24 + 16 + 42).order(ByteOrder.LITTLE_ENDIAN);
        arp.putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4).putLong(0);
        arp.putInt(65_535).putInt(1).putInt(1).putInt(0).putInt(42).putInt(42);
        arp.put(24 + 16 + 12, (byte) 0x08).put(24 + 16 + 13, (byte) 0x06);
        final Path capture = Files.write(work.resolve("arp.pcap"), arp.array());

        assertThat(classify(capture)).isZero();
        assertThat(err.toString().lines())
                .containsExactly("serveflow: " + capture + ": 1 of 1 packets skipped: 1 not_ip");
    }

    @Test
    void shouldSayThatAllOfALogWasSkippedThatAShipperWrote() throws IOException {
        final Path log =
                Files.writeString(
                        work.resolve("topic.json"),
                        "{\"@metadata\":{\"pipeline\":\"zeek.dns\"},"
                                + "\"message\":\"{\\\"ts\\\":1.5}\"}\n");

        assertThat(classify(log)).isZero();
        assertThat(err.toString()).contains(": 1 of 1 lines skipped: 1 other_log");
    }

    @Test
    void shouldFailWhenStrictIfAnythingWasSkippedOrCouldNotBeRead() throws IOException {
        final Path whole = Files.writeString(work.resolve("whole.log"), CONN);
        final Path skipped =
                Files.writeString(work.resolve("skipped.log"), CONN + "{\"ts\":1.5}\n");
        final Path torn = Files.writeString(work.resolve("torn.log"), CONN + "{\"ts\":\n");

        assertThat(summaries(whole, Path.of("--strict"))).isZero();
        assertThat(err.toString()).isEmpty();
        assertThat(summaries(skipped, Path.of("--strict"))).isEqualTo(1);
        assertThat(summaries(torn, Path.of("--strict"))).isEqualTo(1);
        assertThat(summaries(skipped, torn)).isZero();
    }

    private int summaries(final Path... inputs) {
        final List<String> arguments =
                new ArrayList<>(
                        List.of("--bundle", SUMMARY_BUNDLE.toString(), "--output", "ndjson"));
        for (final Path input : inputs) {
            arguments.add(input.toString());
        }
        return execute(arguments.toArray(String[]::new));
    }

    private int classify(final Path... inputs) {
        final List<String> arguments =
                new ArrayList<>(List.of("--bundle", BUNDLE.toString(), "--output", "ndjson"));
        for (final Path input : inputs) {
            arguments.add(input.toString());
        }
        return execute(arguments.toArray(String[]::new));
    }

    private int execute(final String... arguments) {
        return new CommandLine(new ClassifyCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private List<JsonNode> documents() throws IOException {
        final List<JsonNode> documents = new ArrayList<>();
        for (final String line : out.toString().lines().toList()) {
            documents.add(JSON.readTree(line));
        }
        return documents;
    }

    private List<String> answers() throws IOException {
        return documents().stream()
                .map(
                        document ->
                                document.at("/network/community_id").asText()
                                        + " "
                                        + document.get("@timestamp").asText()
                                        + " "
                                        + document.at("/serveflow/label").asText()
                                        + " "
                                        + document.at("/serveflow/confidence").asText())
                .toList();
    }
}
