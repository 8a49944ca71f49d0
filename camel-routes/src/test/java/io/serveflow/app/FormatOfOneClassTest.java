/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.app.cli.Serveflow;
import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.SensorFormat;
import io.serveflow.testing.kafka.LocalKafka;
import io.serveflow.testing.kafka.SharedKafka;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.File;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A format that one class adds is read by every source and by {@code classify}. */
@ExtendWith(SharedKafka.class)
class FormatOfOneClassTest {

    /** A SYN of 192.0.2.10:40000 to 198.51.100.20:443. */
    private static final String SYN =
            Base64.getEncoder()
                    .encodeToString(
                            HexFormat.of()
                                    .parseHex(
                                            "450000280001400040060000c000020ac6336414"
                                                    + "9c4001bb000000010000000050022000"
                                                    + "00000000"));

    private static final List<String> LINES =
            List.of(
                    "{\"toy_packet\":\"" + SYN + "\",\"flow\":\"T1\",\"micros\":1700000000000000}",
                    "toy " + SYN + " T2 1700000000000001");

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final List<FlowRecord> records = new CopyOnWriteArrayList<>();
    private final List<DeadLetter> letters = new CopyOnWriteArrayList<>();
    private final Ledger ledger = new Ledger();

    @TempDir private Path folder;

    @BeforeEach
    void bind() {
        context.getRegistry().bind("toy", new ToyFormat());
        context.getRegistry().bind("ledger", ledger);
        context.getRegistry().bind("letters", DeadLetterSink.class, (DeadLetterSink) letters::add);
        context.getShutdownStrategy().setTimeout(5);
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void shouldFollowALogOfAFormatThatIsABean() throws Exception {
        final Path log = Files.write(folder.resolve("toy.log"), LINES);

        start("serveflow-tail:" + log + "?positionFile=" + folder.resolve("positions.json"));

        awaitBothFlows();
    }

    @Test
    void shouldReadASocketOfAFormatThatIsABean() throws Exception {
        final Path path = folder.resolve("toy.sock");
        start("serveflow-socket:unix:" + path + "?format=toy");

        try (SocketChannel sensor = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            sensor.connect(UnixDomainSocketAddress.of(path));
            final ByteBuffer text =
                    ByteBuffer.wrap(
                            (String.join("\n", LINES) + "\n").getBytes(StandardCharsets.UTF_8));
            while (text.hasRemaining()) {
                sensor.write(text);
            }
            awaitBothFlows();
        }
    }

    @Test
    void shouldReadATopicOfAFormatThatIsABean(final LocalKafka kafka) throws Exception {
        kafka.topic("toys", 1);
        try (KafkaProducer<String, byte[]> producer = kafka.producer()) {
            for (final String line : LINES) {
                producer.send(new ProducerRecord<>("toys", line.getBytes(StandardCharsets.UTF_8)));
            }
        }

        start("serveflow-kafka:toys?brokers=" + kafka.brokers() + "&groupId=toys&pollTimeoutMs=50");

        awaitBothFlows();
    }

    @Test
    void shouldNameAFormatThatIsABeanAmongThoseThatThereAre() {
        assertThatThrownBy(
                        () ->
                                context.getEndpoint(
                                        "serveflow-socket:unix:"
                                                + folder.resolve("x.sock")
                                                + "?format=netflow"))
                .rootCause()
                .hasMessageEndingWith(
                        ": format must be auto or one of pcap, zeek, eve, conn, ndpid, toy,"
                                + " was netflow");
    }

    @Test
    void shouldClassifyAFileOfAFormatOnTheClassPath() throws Exception {
        final Path log = Files.write(folder.resolve("toy.log"), LINES);

        final List<String> verdicts = classify(installed(), "auto", log);

        assertThat(verdicts).hasSize(2);
        for (final String line : verdicts) {
            final JsonNode verdict = new JsonMapper().readTree(line);
            assertThat(verdict.at("/source/ip").asText()).isEqualTo("192.0.2.10");
            assertThat(verdict.at("/destination/port").asInt()).isEqualTo(443);
        }
        assertThat(classify(installed(), "toy", log)).hasSize(2);
    }

    @Test
    void shouldRefuseTheFileWithoutTheFormat() throws Exception {
        final Path log = Files.write(folder.resolve("toy.log"), LINES);

        assertThat(classify("", "auto", log)).isEmpty();
    }

    /** A folder that names the class as a jar would that brings it. */
    private String installed() throws IOException {
        final Path services = Files.createDirectories(folder.resolve("toy/META-INF/services"));
        Files.writeString(
                services.resolve(SensorFormat.class.getName()), ToyFormat.class.getName() + "\n");
        return folder.resolve("toy").toString();
    }

    private List<String> classify(final String more, final String format, final Path log)
            throws Exception {
        final Path out = folder.resolve("verdicts.ndjson");
        final Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path")
                                        + (more.isEmpty() ? "" : File.pathSeparator + more),
                                Serveflow.class.getName(),
                                "classify",
                                "--bundle",
                                ProjectFiles.bundle("service").toString(),
                                "--output",
                                "ndjson",
                                "--format",
                                format,
                                log.toString())
                        .redirectError(folder.resolve("classify.log").toFile())
                        .redirectOutput(out.toFile())
                        .start();
        process.waitFor();
        return Files.readAllLines(out);
    }

    private void start(final String uri) throws Exception {
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri)
                                .process(
                                        exchange ->
                                                take(
                                                        exchange.getMessage()
                                                                .getBody(FlowBatch.class)));
                    }
                });
        context.start();
    }

    private void take(final FlowBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            records.add(batch.record(i));
        }
    }

    private void awaitBothFlows() {
        await().untilAsserted(() -> assertThat(firsts()).containsExactlyInAnyOrder("T1", "T2"));
        assertThat(letters).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.EVENTS)).containsKey("toy");
    }

    private List<String> firsts() {
        final List<String> uids = new ArrayList<>();
        for (final FlowRecord record : records) {
            if (record.stage() == FlowRecord.Stage.FIRST) {
                uids.add(record.id().uid());
            }
        }
        return uids;
    }
}
