/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static io.serveflow.app.fixture.UnreliableScorers.ENDING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.app.cli.Serveflow;
import io.serveflow.app.fixture.RunSettings;
import io.serveflow.app.fixture.StoredDocuments;
import io.serveflow.app.fixture.StoredVerdicts;
import io.serveflow.app.fixture.UnreliableScorers;
import io.serveflow.app.fixture.UnreliableScorers.Mode;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import io.serveflow.testing.kafka.LocalKafka;
import io.serveflow.testing.kafka.SharedKafka;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The roles fast, slow and index, linked by the topics of a real Kafka. */
@ExtendWith({OwnElasticsearch.class, SharedKafka.class})
class KafkaRolesTest {

    private static final Path RECORDS = ProjectFiles.records("mixed");
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final ObjectMapper JSON = new JsonMapper();

    private static LocalElasticsearch elasticsearch;
    private static LocalKafka kafka;

    @TempDir private Path work;

    @BeforeAll
    static void use(final LocalElasticsearch server, final LocalKafka broker) {
        elasticsearch = server;
        kafka = broker;
    }

    @Test
    void shouldGiveTheSameVerdictsAsOneProcess() throws Exception {
        final List<String> lines = Files.readAllLines(RECORDS);
        final Path log = work.resolve("serveflow.log");
        Files.write(log, lines, CREATE, APPEND);
        final String alone = "logs-serveflow-alone";
        try (RouteApplication one =
                new RouteApplication(
                        Optional.empty(), RunSettings.ofTail(elasticsearch, alone, work, log))) {
            one.start();
            awaitFinals(alone, uids(lines));
        }
        final String linked = "logs-serveflow-linked";
        try (RouteApplication index = role("index", linked, "same.");
                RouteApplication slow = role("slow", linked, "same.");
                RouteApplication fast = role("fast", linked, "same.")) {
            for (final RouteApplication one : List.of(index, slow, fast)) {
                one.start();
            }
            Files.write(work.resolve("fast/serveflow.log"), lines, CREATE, APPEND);
            awaitFinals(linked, uids(lines));
            final StoredVerdicts stored = StoredVerdicts.of(elasticsearch, linked);

            assertThat(stored.answers("service"))
                    .isEqualTo(StoredVerdicts.of(elasticsearch, alone).answers("service"));
            stored.assertLinked();
            assertThat(slow.ledger().total(Ledger.Entry.FELL_BACK)).isZero();
            assertThat(index.ledger().total(Ledger.Entry.INDEXED))
                    .isEqualTo(stored.documents().size());
            await().atMost(LONGEST)
                    .until(() -> kafka.committed("same.slow"), KafkaRolesTest::isPositive);
        }
    }

    @Test
    void shouldBeLetInWithAPasswordThatIsSetOnce() throws Exception {
        final List<String> lines = Files.readAllLines(RECORDS);
        final String secured = "logs-serveflow-secured";
        final Properties security = new Properties();
        security.setProperty("serveflow.kafka.brokers", kafka.secureBrokers());
        final String component = "camel.component.serveflow-kafka.";
        security.setProperty(component + "securityProtocol", "SASL_SSL");
        security.setProperty(component + "sslTruststoreType", "PEM");
        security.setProperty(component + "sslTruststoreLocation", kafka.trustStore().toString());
        security.setProperty(
                component + "saslJaasConfig",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\";"
                        .formatted(LocalKafka.USER, LocalKafka.PASSWORD));
        try (RouteApplication index = role("index", secured, "secured.", security);
                RouteApplication slow = role("slow", secured, "secured.", security);
                RouteApplication fast = role("fast", secured, "secured.", security)) {
            for (final RouteApplication one : List.of(index, slow, fast)) {
                one.start();
            }
            Files.write(work.resolve("fast/serveflow.log"), lines, CREATE, APPEND);
            awaitFinals(secured, uids(lines));

            assertThat(slow.ledger().total(Ledger.Entry.FELL_BACK)).isZero();
        }
    }

    @Test
    void shouldStoreTheFinalVerdictsOfFlowsThatTheRoleSlowHasNoRoomFor() throws Exception {
        final List<String> lines = Files.readAllLines(RECORDS);
        final String full = "logs-serveflow-full";
        final Properties room = new Properties();
        room.setProperty("serveflow.slow.maxFlows", "1");
        try (RouteApplication index = role("index", full, "full.");
                RouteApplication slow = role("slow", full, "full.", room);
                RouteApplication fast = role("fast", full, "full.")) {
            for (final RouteApplication one : List.of(index, slow, fast)) {
                one.start();
            }
            Files.write(work.resolve("fast/serveflow.log"), lines, CREATE, APPEND);

            awaitFinals(full, uids(lines));

            final StoredVerdicts stored = StoredVerdicts.of(elasticsearch, full);
            assertThat(stored.documents())
                    .filteredOn(
                            one -> StoredDocuments.text(one, "reason").equals("slow_overloaded"))
                    .hasSizeGreaterThan(10);
            stored.assertLinked();
        }
    }

    /** While the slow tier answers nothing, the flows behind the scan are read all the same. */
    @Test
    void shouldAnswerAQuietSourceBehindAScanThatTheSlowTierCannotFollow() throws Exception {
        final List<String> quiet = Files.readAllLines(RECORDS);
        final List<String> scan =
                IntStream.range(0, 12).mapToObj(i -> scan(quiet, i)).flatMap(List::stream).toList();
        final String behind = "logs-serveflow-behind";
        final Properties room = new Properties();
        room.setProperty("serveflow.slow.maxFlows", "1500");
        room.setProperty("serveflow.bundle", unreliableBundle());
        UnreliableScorers.be(Mode.WAITS);
        try (RouteApplication index = role("index", behind, "behind.");
                RouteApplication slow = role("slow", behind, "behind.", room);
                RouteApplication fast = role("fast", behind, "behind.")) {
            for (final RouteApplication one : List.of(index, slow, fast)) {
                one.start();
            }
            Files.write(work.resolve("fast/serveflow.log"), scan, CREATE, APPEND);
            Files.write(work.resolve("fast/serveflow.log"), quiet, CREATE, APPEND);
            try {
                await().atMost(LONGEST)
                        .until(() -> hasForwarded(fast.ledger(), scan.size() + quiet.size()));
                final long flows =
                        fast.ledger().byDetail(Ledger.Entry.FORWARDED).get("behind.uncertain");
                await().atMost(LONGEST)
                        .until(() -> slow.ledger().total(Ledger.Entry.EVENTS) == flows);
            } finally {
                UnreliableScorers.be(Mode.WORKS);
            }

            awaitFinals(behind, union(uids(scan), uids(quiet)));

            final Map<String, JsonNode> finals =
                    StoredVerdicts.of(elasticsearch, behind).finals("service");
            assertThat(uids(quiet))
                    .extracting(uid -> StoredDocuments.text(finals.get(uid), "tier"))
                    .filteredOn(tier -> tier.equals("slow"))
                    .hasSizeGreaterThan(10);
            assertThat(uids(quiet))
                    .extracting(uid -> StoredDocuments.text(finals.get(uid), "reason"))
                    .doesNotContain("slow_source_share", "slow_overloaded", "slow_unavailable");
            assertThat(slow.ledger().byDetail(Ledger.Entry.FELL_BACK))
                    .containsOnlyKeys("service/slow_source_share");
        }
    }

    /** Whether so many events were read, and Kafka has all that came of them. */
    private static boolean hasForwarded(final Ledger ledger, final long events) {
        return ledger.total(Ledger.Entry.EVENTS) == events
                && ledger.total(Ledger.Entry.SENT) == ledger.total(Ledger.Entry.FORWARDED);
    }

    /** The same flows once more, all opened by one prefix. */
    private static List<String> scan(final List<String> lines, final int number) {
        return lines.stream()
                .filter(line -> line.contains("\"id.orig_h\":\"10."))
                .map(line -> line.replace("\"uid\":\"", "\"uid\":\"scan" + number))
                .map(
                        line ->
                                line.replaceFirst(
                                        "\"id.orig_h\":\"[^\"]*\"",
                                        "\"id.orig_h\":\"203.0.113." + number + "\""))
                .toList();
    }

    private static Set<String> union(final Set<String> some, final Set<String> more) {
        final Set<String> all = new TreeSet<>(some);
        all.addAll(more);
        return all;
    }

    /** Of several tasks at once, and of one whose bundle has no tier on packet 1. */
    @ParameterizedTest
    @ValueSource(strings = {"service,device", "contexts"})
    void shouldGiveWhatOneProcessGivesOfOtherBundles(final String which) throws Exception {
        final Properties bundles = new Properties();
        final List<String> tasks = List.of(which.replace("contexts", "service").split(","));
        if (which.equals("contexts")) {
            bundles.setProperty(
                    "serveflow.bundle",
                    DerivedBundle.write(
                                    ProjectFiles.bundle("service"),
                                    work.resolve("bundle"),
                                    "1.0.0",
                                    List.of("slow"))
                            .toString());
        } else {
            bundles.setProperty(
                    "serveflow.bundles",
                    "service:%s,device:%s"
                            .formatted(
                                    ProjectFiles.bundle("service"), ProjectFiles.bundle("device")));
        }
        final List<String> lines = Files.readAllLines(RECORDS);
        final String alone = "logs-serveflow-whole-" + tasks.size();
        final String linked = "logs-serveflow-parts-" + tasks.size();
        final Path log = work.resolve("serveflow.log");
        Files.write(log, lines, CREATE, APPEND);
        final Properties whole = RunSettings.ofTail(elasticsearch, alone, work, log);
        final String prefix = "bundles-" + tasks.size() + ".";
        whole.putAll(bundles);
        if (tasks.size() > 1) {
            whole.remove("serveflow.bundle");
        }
        try (RouteApplication one = new RouteApplication(Optional.empty(), whole)) {
            one.start();
            awaitFinals(alone, tasks, uids(lines));
        }
        try (RouteApplication index = role("index", linked, prefix, bundles);
                RouteApplication slow = role("slow", linked, prefix, bundles);
                RouteApplication fast = role("fast", linked, prefix, bundles)) {
            for (final RouteApplication one : List.of(index, slow, fast)) {
                one.start();
            }
            Files.write(work.resolve("fast/serveflow.log"), lines, CREATE, APPEND);
            awaitFinals(linked, tasks, uids(lines));
        }
        final StoredVerdicts stored = StoredVerdicts.of(elasticsearch, linked);
        for (final String task : tasks) {
            assertThat(stored.answers(task))
                    .isEqualTo(StoredVerdicts.of(elasticsearch, alone).answers(task));
        }
        stored.assertLinked();
    }

    @Test
    void shouldRepairWhatTheRoleSlowHasKeptWithItsSettings() throws Exception {
        final Set<String> flows = uids(Files.readAllLines(RECORDS));
        final String repaired = "logs-serveflow-repaired";
        final Properties bundle = new Properties();
        bundle.setProperty("serveflow.bundle", unreliableBundle());
        UnreliableScorers.be(Mode.FAILS);
        try (RouteApplication index = role("index", repaired, "repaired.");
                RouteApplication slow = role("slow", repaired, "repaired.", bundle);
                RouteApplication fast = role("fast", repaired, "repaired.", bundle)) {
            for (final RouteApplication one : List.of(index, slow, fast)) {
                one.start();
            }
            Files.copy(RECORDS, work.resolve("fast/serveflow.log"));
            awaitFinals(repaired, flows);
        } finally {
            UnreliableScorers.be(Mode.WORKS);
        }
        final Set<String> stood = ids(repaired, "final", "/event/id");

        final StringWriter err = new StringWriter();
        final int code =
                Serveflow.execute(
                        new PrintWriter(new StringWriter()),
                        new PrintWriter(err),
                        "repair",
                        "--config",
                        stored(settings("slow", repaired, "repaired.", bundle)).toString());

        assertThat(code).as(err.toString()).isZero();
        assertThat(stood).hasSizeGreaterThan(20);
        assertThat(ids(repaired, "repaired", "/serveflow/supersedes")).isEqualTo(stood);
        assertThat(work.resolve("slow/repair.ndjson")).doesNotExist();
    }

    /** Of the verdicts of a stage on flows that the slow tier had no answer for. */
    private static Set<String> ids(final String index, final String stage, final String field)
            throws Exception {
        return StoredDocuments.of(elasticsearch, index).stream()
                .filter(document -> StoredDocuments.stage(document).equals(stage))
                .filter(
                        document ->
                                stage.equals("repaired")
                                        || StoredDocuments.text(document, "reason")
                                                .equals("slow_unavailable"))
                .map(document -> document.at(field).asText())
                .collect(Collectors.toSet());
    }

    private Path stored(final Properties settings) throws IOException {
        final Path file = work.resolve("serveflow.properties");
        try (OutputStream stream = Files.newOutputStream(file)) {
            settings.store(stream, null);
        }
        return file;
    }

    @Test
    void shouldSayThatNoTierIsForTheRoleSlow() throws Exception {
        final Properties first = new Properties();
        first.setProperty(
                "serveflow.bundle",
                DerivedBundle.write(
                                ProjectFiles.bundle("service"),
                                work.resolve("bundle"),
                                "1.0.0",
                                List.of("fast"))
                        .toString());
        try (RouteApplication slow = role("slow", "logs-serveflow-none", "none.", first)) {
            assertThatThrownBy(slow::start)
                    .hasMessageStartingWith("serveflow.role is slow, but no tier of ")
                    .hasMessageEndingWith("run none of the role slow");
        }
    }

    @Test
    void shouldSayAtTheStartWhichTopicIsMissing() throws Exception {
        final Properties none = new Properties();
        none.setProperty("serveflow.link.partitions", "0");
        try (RouteApplication fast = role("fast", "logs-serveflow-none", "none.", none)) {
            assertThatThrownBy(fast::start)
                    .hasMessageContaining("has no topic none.uncertain, none.verdicts; make them");
        }
    }

    @Test
    void shouldReadLinksFromTheirBeginningWhateverSourcesAreSetTo() throws Exception {
        final List<String> lines = Files.readAllLines(RECORDS);
        final String pinned = "logs-serveflow-pinned";
        final Properties ofSources = new Properties();
        ofSources.setProperty("camel.component.serveflow-kafka.autoOffsetReset", "latest");
        ofSources.setProperty("camel.component.serveflow-kafka.topicIsPattern", "true");
        try (RouteApplication fast = role("fast", pinned, "pinned.", ofSources);
                RouteApplication slow = role("slow", pinned, "pinned.", ofSources);
                RouteApplication index = role("index", pinned, "pinned.", ofSources)) {
            fast.start();
            Files.write(work.resolve("fast/serveflow.log"), lines, CREATE, APPEND);
            final long contexts =
                    lines.stream()
                            .filter(line -> json(line).get("stage").asText().equals("context"))
                            .count();
            await().atMost(LONGEST)
                    .until(
                            () ->
                                    fast.ledger()
                                                    .byDetail(Ledger.Entry.FORWARDED)
                                                    .getOrDefault("pinned.uncertain", 0L)
                                            > contexts);

            slow.start();
            index.start();
            awaitFinals(pinned, uids(lines));
        }
    }

    private static boolean isPositive(final Map<?, Long> offsets) {
        return offsets.values().stream().mapToLong(Long::longValue).sum() > 0;
    }

    /** A bundle whose slow tier does as {@link UnreliableScorers} is set. */
    private String unreliableBundle() throws IOException {
        return DerivedBundle.write(
                        ProjectFiles.bundle("service"),
                        work.resolve("bundle"),
                        "1.0.0",
                        List.of("fast", "slow"),
                        tier -> tier + (tier.equals("slow") ? ENDING : ".onnx"))
                .toString();
    }

    private RouteApplication role(final String role, final String index, final String prefix)
            throws IOException {
        return role(role, index, prefix, new Properties());
    }

    private RouteApplication role(
            final String role, final String index, final String prefix, final Properties more)
            throws IOException {
        return new RouteApplication(Optional.empty(), settings(role, index, prefix, more));
    }

    private Properties settings(
            final String role, final String index, final String prefix, final Properties more)
            throws IOException {
        final Path folder = Files.createDirectories(work.resolve(role));
        final Properties settings =
                RunSettings.ofTail(elasticsearch, index, folder, folder.resolve("serveflow.log"));
        settings.setProperty("serveflow.role", role);
        settings.setProperty("serveflow.link", "kafka");
        settings.setProperty("serveflow.link.prefix", prefix);
        settings.setProperty("serveflow.link.partitions", "3");
        settings.setProperty("serveflow.kafka.brokers", kafka.brokers());
        settings.putAll(more);
        if (settings.containsKey("serveflow.bundles")) {
            settings.remove("serveflow.bundle");
        }
        return settings;
    }

    private void awaitFinals(final String index, final Set<String> flows) {
        awaitFinals(index, List.of("service"), flows);
    }

    private void awaitFinals(
            final String index, final List<String> tasks, final Set<String> flows) {
        for (final String task : tasks) {
            await().atMost(LONGEST)
                    .until(
                            () ->
                                    StoredVerdicts.of(elasticsearch, index)
                                            .finals(task)
                                            .keySet()
                                            .equals(flows));
        }
    }

    private static Set<String> uids(final List<String> lines) {
        return lines.stream()
                .map(KafkaRolesTest::json)
                .map(line -> line.get("uid").asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static JsonNode json(final String line) {
        try {
            return JSON.readTree(line);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
