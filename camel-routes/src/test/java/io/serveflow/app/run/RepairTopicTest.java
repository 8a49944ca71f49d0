/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static io.serveflow.app.fixture.StoredDocuments.stage;
import static io.serveflow.app.fixture.StoredDocuments.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.serveflow.app.fixture.EndedCommand;
import io.serveflow.app.fixture.RunSettings;
import io.serveflow.app.fixture.ServeflowProcess;
import io.serveflow.app.fixture.StoredDocuments;
import io.serveflow.app.fixture.StoredVerdicts;
import io.serveflow.app.fixture.UnreliableScorers;
import io.serveflow.app.fixture.UnreliableScorers.Mode;
import io.serveflow.app.repair.RepairLine;
import io.serveflow.camel.kafka.ServeflowKafkaConfiguration;
import io.serveflow.camel.kafka.TopicBacklog;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import io.serveflow.testing.kafka.LocalKafka;
import io.serveflow.testing.kafka.SharedKafka;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.verdict.Verdict;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Flows that a slow tier had no answer for in a topic of a real Kafka, and {@code ./serveflow
 * repair} afterwards, into a real Elasticsearch.
 */
@Timeout(180)
@ExtendWith({OwnElasticsearch.class, SharedKafka.class})
class RepairTopicTest {

    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int PARTITIONS = 2;

    /** So many flows at most a tier is asked about at once. */
    private static final int BATCH = 256;

    private static LocalElasticsearch elasticsearch;

    private final LocalKafka kafka;
    private final String topic = "repair-" + UUID.randomUUID();

    @TempDir private Path work;
    private Properties settings;
    private String index;

    RepairTopicTest(final LocalKafka kafka) {
        this.kafka = kafka;
    }

    @BeforeAll
    static void use(final LocalElasticsearch server) {
        elasticsearch = server;
    }

    @BeforeEach
    void configure() throws IOException {
        kafka.topic(topic, PARTITIONS);
        index = "logs-serveflow-" + topic;
        settings = RunSettings.ofFiles(elasticsearch, index, work);
        settings.remove("serveflow.repair");
        settings.setProperty("serveflow.repair.topic", topic);
        settings.setProperty("serveflow.kafka.brokers", kafka.brokers());
        // A repair that was killed counts as one at work for so long.
        settings.setProperty("camel.component.serveflow-kafka.sessionTimeoutMs", "4000");
        settings.setProperty("camel.component.serveflow-kafka.heartbeatIntervalMs", "1000");
        settings.setProperty(
                "serveflow.bundle",
                DerivedBundle.write(
                                ProjectFiles.bundle("service"),
                                work.resolve("bundle"),
                                "1.0.0",
                                List.of("fast", "slow"),
                                tier ->
                                        tier
                                                + (tier.equals("slow")
                                                        ? UnreliableScorers.ENDING
                                                        : ".onnx"))
                        .toString());
    }

    @AfterEach
    void heal() {
        UnreliableScorers.be(Mode.WORKS);
    }

    /** Also where it is let in by the same options as links and sources. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRepairEveryFlowThatTheSlowTierHadNoAnswerFor(final boolean secured)
            throws Exception {
        if (secured) {
            secure();
        }
        final Ledger ledger = run(Mode.FAILS);
        final Map<String, JsonNode> stood = unanswered();

        assertThat(stood).hasSizeGreaterThan(20);
        assertThat(ledger.total(Ledger.Entry.REPAIR_STORED)).isEqualTo(stood.size());
        assertThat(ledger.total(Ledger.Entry.REPAIR_DROPPED)).isZero();
        assertThat(waiting()).isEqualTo(stood.size());

        final EndedCommand repair = repair(Mode.WORKS);

        assertThat(repair.code()).as(repair.err()).isZero();
        assertThat(repair.out().replaceAll(" +", " "))
                .contains("service %d %<d ".formatted(stood.size()));
        assertRepaired(stood);
        assertThat(waiting()).isZero();
        assertThat(work.resolve("serveflow-repair.ndjson")).doesNotExist();
    }

    private void secure() {
        final String component = "camel.component.serveflow-kafka.";
        settings.setProperty("serveflow.kafka.brokers", kafka.mutualBrokers());
        settings.setProperty(component + "securityProtocol", "SSL");
        settings.setProperty(component + "sslTruststoreType", "PEM");
        settings.setProperty(component + "sslTruststoreLocation", kafka.trustStore().toString());
        settings.setProperty(component + "sslKeystoreType", "PKCS12");
        settings.setProperty(component + "sslKeystoreLocation", kafka.keyStore().toString());
        settings.setProperty(component + "sslKeystorePassword", kafka.keyStorePassword());
    }

    @Test
    void shouldSayInOneLineThatNothingIsToBeRepaired() throws Exception {
        final EndedCommand repair = repair(Mode.WORKS);

        assertThat(repair.code()).as(repair.err()).isZero();
        assertThat(repair.out()).isEmpty();
        assertThat(repair.err()).isEqualTo("serveflow: nothing is to be repaired\n");
    }

    @Test
    void shouldChangeNothingWhenNothingWasCommitted() throws Exception {
        run(Mode.FAILS);
        final Map<String, JsonNode> stood = unanswered();
        repair(Mode.WORKS);
        final int documents = verdicts().size();
        for (int i = 0; i < PARTITIONS; i++) {
            kafka.commit(topic, new TopicPartition(topic, i), 0);
        }

        final EndedCommand again = repair(Mode.WORKS);

        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.out().replaceAll(" +", " "))
                .contains("service %d %<d ".formatted(stood.size()));
        assertThat(verdicts()).hasSize(documents);
    }

    /** Between the first verdict that is stored and the end of what a repair settles at once. */
    @Test
    void shouldRepairEveryFlowOnceWhereARepairIsKilledBeforeItCommits() throws Exception {
        run(Mode.FAILS);
        final Map<String, JsonNode> stood = unanswered();
        final int copies = 8_000 / stood.size();
        multiply(copies);
        final long lines = waiting();
        final Process killed =
                ServeflowProcess.command(
                                List.of("-Xmx256m"),
                                List.of("repair", "--config", stored().toString()))
                        .redirectErrorStream(true)
                        .redirectOutput(work.resolve("killed.log").toFile())
                        .start();
        await().atMost(LONGEST)
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () ->
                                !killed.isAlive()
                                        || StoredDocuments.count(
                                                        elasticsearch,
                                                        index,
                                                        "serveflow.stage:repaired")
                                                > 0);
        killed.destroyForcibly().waitFor();

        assertThat(waiting()).as(Files.readString(work.resolve("killed.log"))).isPositive();
        assertThat(lines).isEqualTo((long) stood.size() * (copies + 1));
        // Until Kafka knows that it is gone, it counts as one at work.
        await().atMost(LONGEST).until(() -> kafka.members(topic).isEmpty());
        final EndedCommand next = repair(Mode.WORKS);
        assertThat(next.code()).as(next.err()).isZero();
        assertRepaired(stood);
        assertThat(waiting()).isZero();
    }

    /** Sends what is in the topic so many times more. */
    private void multiply(final int copies) throws Exception {
        final List<byte[]> values = values();
        try (KafkaProducer<String, byte[]> producer = kafka.producer()) {
            for (int i = 0; i < copies; i++) {
                values.forEach(value -> producer.send(new ProducerRecord<>(topic, value)));
            }
        }
    }

    @Test
    void shouldLeaveTheFlowsOfATierThatIsStillAway() throws Exception {
        run(Mode.FAILS);
        final Map<String, JsonNode> stood = unanswered();

        final EndedCommand away = repair(Mode.FAILS);

        assertThat(away.code()).isOne();
        assertThat(away.err())
                .contains(
                        "the slow tier has no answer yet for flows that stay in the topic "
                                + topic
                                + " of Kafka at "
                                + kafka.brokers());
        assertThat(waiting()).isEqualTo(stood.size());
        assertThat(values()).as("nothing was sent there again").hasSize(stood.size());
        assertThat(byFlow("repaired")).isEmpty();

        final EndedCommand back = repair(Mode.WORKS);

        assertThat(back.code()).as(back.err()).isZero();
        assertRepaired(stood);
    }

    @Test
    void shouldGiveUpATierThatIsStillAwayAfterThreeBatches() throws Exception {
        run(Mode.FAILS);
        final Map<String, JsonNode> stood = unanswered();
        multiply(2_000 / stood.size());
        final long lines = waiting();

        final EndedCommand away = repair(Mode.FAILS);

        assertThat(away.code()).isOne();
        assertThat(away.out().replaceAll(" +", " ")).contains("service 768 0 0 768");
        assertThat(waiting()).isEqualTo(lines);
        assertThat(repair(Mode.WORKS).code()).isZero();
        assertRepaired(stood);
    }

    /** Also where a tier that may be away was asked about some of them. */
    @Test
    void shouldHoldNoMoreThanAThousandFlowsThatStay() throws Exception {
        run(Mode.FAILS);
        final List<byte[]> service = values();
        assertThat(service).hasSizeLessThan(BATCH);
        final int others = 1_100;
        final byte[] other = ofTask("other", service.get(0));
        try (KafkaProducer<String, byte[]> producer = kafka.producer()) {
            for (int i = 0; i < others; i++) {
                producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, other));
            }
        }

        final EndedCommand repair = repair(Mode.FAILS);

        assertThat(repair.code()).isOne();
        assertThat(repair.out().replaceAll(" +", " "))
                .contains("service %d 0 0 %<d".formatted(service.size()))
                .contains("other %d 0 0 %<d".formatted(others));
        assertThat(values()).hasSize(service.size() + others + 1_024);
        assertThat(waiting()).isEqualTo(service.size() + others);
    }

    /** A line of the same flow as one of a task that no bundle in use has. */
    private static byte[] ofTask(final String task, final byte[] line) {
        final RepairLine flow = RepairLine.decode(line);
        final Verdict stood = flow.stood();
        return new RepairLine(
                        flow.context(),
                        new Verdict(
                                new Verdict.BundleRef(
                                        stood.bundle().name(),
                                        stood.bundle().version(),
                                        task,
                                        stood.bundle().sha256()),
                                stood.tier(),
                                stood.stage(),
                                stood.label(),
                                stood.confidence(),
                                stood.uncertainty(),
                                stood.reason(),
                                stood.packets(),
                                stood.latency(),
                                stood.top()))
                .encode();
    }

    @Test
    void shouldSendOnlyFlowsThatWereAskedAboutToTheEnd() throws Exception {
        for (int i = 0; i < PARTITIONS; i++) {
            try (KafkaProducer<String, byte[]> producer = kafka.producer()) {
                producer.send(new ProducerRecord<>(topic, i, null, LocalKafka.bytes("torn")));
            }
        }
        final int stood = (int) run(Mode.FAILS).total(Ledger.Entry.REPAIR_STORED);
        multiply(2_000 / stood);
        final int lines = values().size();

        final EndedCommand away = repair(Mode.FAILS);

        assertThat(away.out().replaceAll(" +", " ")).contains("service 768 0 0 768");
        assertThat(values()).hasSize(lines + 3 * BATCH);
    }

    @Test
    void shouldRepairFlowsBehindThoseThatHaveNoAnswer() throws Exception {
        run(Mode.FAILS);
        final Map<String, JsonNode> stood = unanswered();

        final EndedCommand half = repair(Mode.GIVES_HALF);

        assertThat(half.code()).isOne();
        assertThat(byFlow("repaired")).hasSizeBetween(1, stood.size() - 1);
        assertThat(waiting()).isPositive();
        assertThat(repair(Mode.WORKS).code()).isZero();
        assertRepaired(stood);
        assertThat(waiting()).isZero();
    }

    @Test
    void shouldPutLinesAsideWithWhichNothingCanBeAsked() throws Exception {
        run(Mode.FAILS);
        final Map<String, JsonNode> stood = unanswered();
        try (KafkaProducer<String, byte[]> producer = kafka.producer()) {
            producer.send(
                    new ProducerRecord<>(topic, 0, null, LocalKafka.bytes("{\"version\":2}")));
        }

        final EndedCommand repair = repair(Mode.WORKS);

        assertThat(repair.code()).isOne();
        assertThat(repair.err())
                .contains(
                        " of %s-0 is in %s now: it is of version 2 of the format"
                                .formatted(topic, work.resolve(topic + ".remaining")))
                .contains("1 lines were put aside");
        assertThat(work.resolve(topic + ".remaining")).hasContent("{\"version\":2}");
        assertRepaired(stood);
        assertThat(repair(Mode.WORKS).err()).contains("nothing is to be repaired");
    }

    @Test
    void shouldSayThatAnotherRepairIsAtWork() throws Exception {
        run(Mode.FAILS);
        final long lines = waiting();
        try (TopicBacklog other = TopicBacklog.join(group()).orElseThrow()) {
            assertThat(other.next()).isPresent();

            final EndedCommand second = repair(Mode.WORKS);

            assertThat(second.code()).isEqualTo(75);
            assertThat(second.err())
                    .isEqualTo(
                            "serveflow: another ./serveflow repair is at work on the topic "
                                    + topic
                                    + " of Kafka at "
                                    + kafka.brokers()
                                    + "\n");
        }
        assertThat(waiting()).isEqualTo(lines);
        assertThat(repair(Mode.WORKS).code()).isZero();
    }

    /** The verdicts stand, and are stored, all the same. */
    @Test
    void shouldCountTheFlowsThatKafkaDoesNotTakeAndGoOn() throws Exception {
        final String nobody = "127.0.0.1:" + LocalKafka.freePort();
        settings.setProperty("serveflow.kafka.brokers", nobody);

        final Ledger ledger = run(Mode.FAILS);

        final int stood = unanswered().size();
        assertThat(stood).isGreaterThan(20);
        assertThat(ledger.total(Ledger.Entry.REPAIR_STORED)).isZero();
        assertThat(ledger.byDetail(Ledger.Entry.REPAIR_DROPPED))
                .isEqualTo(Map.of("repair_topic_failed", (long) stood));
        assertThat(ledger.total(Ledger.Entry.DROPPED)).isZero();
        final EndedCommand repair = repair(Mode.WORKS);
        assertThat(repair.code()).isOne();
        assertThat(repair.err()).isEqualTo("serveflow: Kafka at " + nobody + " does not answer\n");
    }

    @Test
    void shouldCountEveryFlowOnceWhereKafkaGoesAwayMeanwhile() throws Exception {
        UnreliableScorers.be(Mode.FAILS);
        final Ledger ledger;
        final Logger log = (Logger) LoggerFactory.getLogger(RouteApplication.class);
        final ListAppender<ILoggingEvent> said = new ListAppender<>();
        final Level before = log.getLevel();
        try (RouteApplication application = new RouteApplication(Optional.of(work), settings)) {
            application.start();
            kafka.hold();
            Files.copy(ProjectFiles.records("mixed"), work.resolve("in/mixed.log"));
            await().atMost(LONGEST).until(() -> application.isSettled(1));
            ledger = application.ledger();
            assertThat(ledger.total(Ledger.Entry.REPAIR_DROPPED)).isZero();
            log.setLevel(Level.INFO);
            log.addAppender(said);
            said.start();
        } finally {
            log.detachAppender(said);
            log.setLevel(before);
        }
        final int stood = unanswered().size();
        assertThat(said.list)
                .last()
                .asString()
                .endsWith(" 0 dropped, %d flows not kept for ./serveflow repair".formatted(stood));
        assertThat(stood).isGreaterThan(20);
        assertThat(ledger.total(Ledger.Entry.REPAIR_STORED)).isZero();
        assertThat(ledger.byDetail(Ledger.Entry.REPAIR_DROPPED))
                .isEqualTo(Map.of("repair_topic_failed", (long) stood));
    }

    @Test
    void shouldEndTheStartWhereTheTopicIsMissing() throws Exception {
        settings.setProperty("serveflow.repair.topic", "missing");
        try (RouteApplication application = new RouteApplication(Optional.of(work), settings)) {
            assertThatThrownBy(application::start)
                    .hasMessageContaining("has no topic missing; make it, or set");
        }
    }

    private Ledger run(final Mode mode) throws Exception {
        UnreliableScorers.be(mode);
        Files.copy(ProjectFiles.records("mixed"), work.resolve("in/mixed.log"));
        try (RouteApplication application = new RouteApplication(Optional.of(work), settings)) {
            application.start();
            await().atMost(LONGEST).until(() -> application.isSettled(1));
            return application.ledger();
        }
    }

    private EndedCommand repair(final Mode mode) throws IOException {
        UnreliableScorers.be(mode);
        return EndedCommand.of("repair", "--config", stored().toString());
    }

    /** The settings, in a file. */
    private Path stored() throws IOException {
        final Path file = work.resolve("serveflow.properties");
        try (OutputStream stream = Files.newOutputStream(file)) {
            settings.store(stream, null);
        }
        return file;
    }

    private ServeflowKafkaConfiguration group() {
        final ServeflowKafkaConfiguration group = new ServeflowKafkaConfiguration();
        group.setBrokers(kafka.brokers());
        group.setTopic(topic);
        group.setGroupId(topic);
        return group;
    }

    /** How many lines no repair has given up yet. */
    private long waiting() throws IOException, InterruptedException {
        return TopicBacklog.look(group()).records();
    }

    /** All that the topic holds. */
    private List<byte[]> values() throws IOException {
        final ServeflowKafkaConfiguration another = group();
        another.setGroupId(topic + "-test-" + UUID.randomUUID());
        final List<byte[]> values = new ArrayList<>();
        try (TopicBacklog all = TopicBacklog.join(another).orElseThrow()) {
            Optional<TopicBacklog.Line> line = all.next();
            while (line.isPresent()) {
                values.add(line.get().value());
                line = all.next();
            }
        }
        return values;
    }

    private List<JsonNode> verdicts() throws Exception {
        return StoredVerdicts.of(elasticsearch, index).documents();
    }

    /** The documents of flows that fell back, by flow. */
    private Map<String, JsonNode> unanswered() throws Exception {
        return byFlow("final").entrySet().stream()
                .filter(one -> text(one.getValue(), "reason").equals("slow_unavailable"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The one document of a stage of each flow. */
    private Map<String, JsonNode> byFlow(final String stage) throws Exception {
        return verdicts().stream()
                .filter(document -> stage(document).equals(stage))
                .collect(
                        Collectors.toMap(
                                document -> document.at("/log/id/uid").asText(),
                                document -> document));
    }

    /** Each of these has one document that supersedes it, and nothing else was repaired. */
    private void assertRepaired(final Map<String, JsonNode> stood) throws Exception {
        final Map<String, JsonNode> repaired = byFlow("repaired");
        assertThat(repaired.keySet()).isEqualTo(stood.keySet());
        repaired.forEach(
                (flow, document) -> {
                    assertThat(text(document, "supersedes"))
                            .isEqualTo(stood.get(flow).at("/event/id").asText());
                    assertThat(text(document, "tier")).isEqualTo("slow");
                });
    }
}
