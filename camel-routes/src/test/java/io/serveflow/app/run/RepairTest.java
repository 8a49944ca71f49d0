/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static io.serveflow.app.fixture.StoredDocuments.stage;
import static io.serveflow.app.fixture.StoredDocuments.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.app.fixture.EndedCommand;
import io.serveflow.app.fixture.RunSettings;
import io.serveflow.app.fixture.ServeflowProcess;
import io.serveflow.app.fixture.StoredDocuments;
import io.serveflow.app.fixture.StoredVerdicts;
import io.serveflow.app.fixture.UnreliableScorers;
import io.serveflow.app.fixture.UnreliableScorers.Mode;
import io.serveflow.app.fixture.WorkerProcess;
import io.serveflow.app.repair.RepairLine;
import io.serveflow.app.repair.RepairLock;
import io.serveflow.app.repair.TakenRepairs;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.verdict.Verdict;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A slow tier that has no answer for a while, through the shipped routes into a real Elasticsearch,
 * and {@code ./serveflow repair} afterwards.
 */
@Timeout(180)
@ExtendWith(OwnElasticsearch.class)
class RepairTest {

    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final String SLOW = "slow_unavailable";
    private static final List<String> TIERS = List.of("fast", "slow");

    private static LocalElasticsearch elasticsearch;

    @TempDir private Path work;
    private Path store;
    private Properties settings;
    private String index;

    @BeforeAll
    static void use(final LocalElasticsearch server) {
        elasticsearch = server;
    }

    @BeforeEach
    void configure() throws IOException {
        index = "logs-serveflow-" + work.getFileName().toString().toLowerCase();
        settings = RunSettings.ofFiles(elasticsearch, index, work);
        settings.setProperty("serveflow.bundle", bundle("1.0.0").toString());
        store = work.resolve("repair.ndjson");
    }

    @AfterEach
    void heal() {
        UnreliableScorers.be(Mode.WORKS);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"WORKS", "WAITS"},
            mode = EnumSource.Mode.EXCLUDE)
    void shouldRepairEveryFlowThatTheSlowTierHadNoAnswerFor(final Mode mode) throws Exception {
        final Ledger ledger = run(mode);
        final Map<String, JsonNode> stood = unanswered();

        assertThat(stood).hasSizeGreaterThan(20);
        assertThat(Files.readAllLines(store)).hasSize(stood.size());
        assertThat(ledger.total(Ledger.Entry.REPAIR_STORED)).isEqualTo(stood.size());
        assertThat(ledger.byDetail(Ledger.Entry.FELL_BACK))
                .isEqualTo(Map.of("service/tier_failed", (long) stood.size()));

        final EndedCommand repair = repair();

        assertThat(repair.code()).as(repair.err()).isZero();
        assertThat(repair.out().lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "task flows repaired revised left",
                        "service %d %d %d 0".formatted(stood.size(), stood.size(), revised()));
        assertRepaired(stood);
        assertThat(answersOf(repaired())).containsAllEntriesOf(answersOf(healthy(stood)));
        assertThat(filesOfStore()).isEmpty();
    }

    /** One that is gone refuses, and one that stands still says nothing. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldRepairTheFlowsOfAWorkerThatWasAway(final boolean killed) throws Exception {
        final Properties ofWorker = new Properties();
        ofWorker.setProperty("serveflow.bundle", ProjectFiles.bundle("service").toString());
        settings.putAll(ofWorker);
        settings.setProperty("serveflow.slow.deadline", "2000");
        try (WorkerProcess worker = WorkerProcess.start(work.resolve("worker"), ofWorker)) {
            settings.setProperty("serveflow.slow.endpoints", worker.address());
            if (killed) {
                worker.kill();
            } else {
                worker.freeze();
            }
            run(Mode.WORKS);
            final Map<String, JsonNode> stood = unanswered();
            final EndedCommand away = repair();
            if (killed) {
                worker.startAgain();
            } else {
                worker.thaw();
            }
            final EndedCommand back = repair();

            assertThat(stood).hasSizeGreaterThan(10);
            assertThat(away.code()).isOne();
            assertThat(away.err())
                    .contains("the slow tier has no answer yet for flows that stay in");
            assertThat(back.code()).as(back.err()).isZero();
            assertRepaired(stood);
            assertThat(answersOf(repaired())).isEqualTo(answersOf(healthy(stood)));
        }
    }

    /** With every label chosen, a flow has an alert for each that stood. */
    @Test
    void shouldAlertOnRepairedVerdictsWhoseLabelIsAnother() throws Exception {
        final String alerts = alertOnEveryLabel();
        run(Mode.FAILS);
        final int before = StoredDocuments.of(elasticsearch, alerts).size();

        final EndedCommand repair = repair();

        assertThat(repair.code()).as(repair.err()).isZero();
        assertThat(before).isEqualTo(byFlow("final").size());
        assertThat(revised()).isBetween(1L, repaired().size() - 1L);
        assertThat(StoredDocuments.of(elasticsearch, alerts))
                .hasSize(before + (int) revised())
                .filteredOn(alert -> stage(alert).equals("repaired"))
                .allSatisfy(
                        alert ->
                                assertThat(text(alert, "label"))
                                        .isEqualTo(text(repaired().get(uid(alert)), "label")));
    }

    /** The alerts are lost for good, as the flows leave the file when their verdicts are stored. */
    @Test
    void shouldSayLastHowManyAlertsWereMoreThanTheMinuteMayHave() throws Exception {
        final String alerts = alertOnEveryLabel();
        run(Mode.FAILS);
        final Map<String, JsonNode> stood = unanswered();
        final int before = StoredDocuments.of(elasticsearch, alerts).size();
        settings.setProperty("serveflow.alerts.maxPerMinute", "1");

        final EndedCommand repair = repair();

        final long dropped = before + revised() - StoredDocuments.of(elasticsearch, alerts).size();
        assertThat(dropped).isPositive();
        assertThat(repair.code()).isOne();
        assertThat(repair.err().lines())
                .last()
                .asString()
                .startsWith("serveflow: " + dropped + " alerts were dropped")
                .contains("serveflow.alerts.maxPerMinute");
        assertRepaired(stood);
    }

    /** Returns the index of the alerts. */
    private String alertOnEveryLabel() throws IOException {
        final String alerts = index.replace("logs-serveflow-", "logs-serveflow.alerts-");
        settings.setProperty("serveflow.alerts.index", alerts);
        settings.setProperty(
                "serveflow.alerts",
                labels().stream().map(label -> label + ":low").collect(Collectors.joining(",")));
        return alerts;
    }

    private static List<String> labels() throws IOException {
        final List<String> labels = new ArrayList<>(List.of("unknown"));
        new JsonMapper()
                .readTree(ProjectFiles.bundle("service").resolve("bundle.json").toFile())
                .get("labels")
                .forEach(label -> labels.add(label.asText()));
        return labels;
    }

    /** A worker that waits a second for more flows answers no live one in time. */
    @Test
    void shouldGiveTheSlowTierMoreTimeThanLiveFlowsHave() throws Exception {
        final Properties ofWorker = new Properties();
        ofWorker.setProperty("serveflow.bundle", ProjectFiles.bundle("service").toString());
        ofWorker.setProperty("serveflow.worker.maxDelay", "1000");
        settings.setProperty("serveflow.bundle", ProjectFiles.bundle("service").toString());
        settings.setProperty("serveflow.slow.deadline", "100");
        try (WorkerProcess worker = WorkerProcess.start(work.resolve("worker"), ofWorker)) {
            settings.setProperty("serveflow.slow.endpoints", worker.address());
            run(Mode.WORKS);
            final Map<String, JsonNode> stood = unanswered();

            final EndedCommand repair = repair();

            assertThat(stood).hasSizeGreaterThan(10);
            assertThat(repair.code()).as(repair.err()).isZero();
            assertRepaired(stood);
        }
    }

    @Test
    void shouldChangeNothingWhenItIsRunAgain() throws Exception {
        run(Mode.FAILS);
        final byte[] lines = Files.readAllBytes(store);
        repair();
        final int documents = verdicts().documents().size();

        final EndedCommand second = repair();
        Files.write(store, lines);
        final EndedCommand killedBeforeTheEnd = repair();

        assertThat(second.code()).isZero();
        assertThat(second.err()).contains("nothing is to be repaired");
        assertThat(killedBeforeTheEnd.code()).as(killedBeforeTheEnd.err()).isZero();
        assertThat(verdicts().documents()).hasSize(documents);
    }

    @Test
    void shouldLeaveTheFlowsOfATierThatIsStillAway() throws Exception {
        run(Mode.FAILS);
        final List<String> lines = Files.readAllLines(store);
        final List<String> many = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            many.addAll(lines);
        }
        Files.write(store, many);

        final EndedCommand away = repair(Mode.FAILS);

        assertThat(away.code()).isOne();
        assertThat(away.out().replaceAll(" +", " ")).contains("service 768 0 0 768");
        assertThat(away.err()).contains("the slow tier has no answer yet for flows that stay in");
        assertThat(filesOfStore()).hasSize(1).doesNotContain(store);
        assertThat(Files.readAllLines(filesOfStore().get(0)))
                .containsExactlyInAnyOrderElementsOf(many);
        assertThat(repaired()).isEmpty();

        final EndedCommand back = repair();

        assertThat(back.code()).as(back.err()).isZero();
        assertRepaired(unanswered());
        assertThat(filesOfStore()).isEmpty();
    }

    /** As of a timer that goes on while the tier is away. */
    @Test
    void shouldLeaveWhatIsNewWhereItIsWhileTheTierIsAway() throws Exception {
        run(Mode.FAILS);
        final List<String> lines = Files.readAllLines(store);
        for (int i = 0; i < 5; i++) {
            repair(Mode.FAILS);
            Files.write(store, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }

        final List<Path> files = taken();
        final EndedCommand sixth = repair(Mode.FAILS);

        assertThat(files).hasSize(3);
        assertThat(sixth.err().lines())
                .containsOnlyOnce(
                        "serveflow: the slow tier has no answer yet for flows that stay in "
                                + files.get(0)
                                + " and 2 more; run ./serveflow repair again when it answers");
        assertThat(taken()).isEqualTo(files);
        assertThat(store).exists();
        assertThat(repair().code()).isZero();
        assertThat(filesOfStore()).isEmpty();
    }

    @Test
    void shouldLeaveThoseFlowsThatHaveNoAnswerAgain() throws Exception {
        run(Mode.FAILS);
        final Map<String, JsonNode> stood = unanswered();

        final EndedCommand half = repair(Mode.GIVES_HALF);

        assertThat(half.code()).isOne();
        assertThat(repaired()).hasSizeBetween(1, stood.size() - 1);
        assertThat(Files.readAllLines(filesOfStore().get(0)))
                .hasSize(stood.size() - repaired().size());

        assertThat(repair().code()).isZero();
        assertRepaired(stood);
    }

    @Test
    void shouldSupersedeTheVerdictOfAnOlderBundleWithOneOfANewer() throws Exception {
        run(Mode.FAILS);
        final byte[] lines = Files.readAllBytes(store);
        final Map<String, JsonNode> stood = unanswered();
        final Object older = settings.setProperty("serveflow.bundle", bundle("2.0.0").toString());

        assertThat(repair().code()).isZero();

        assertRepaired(stood);
        assertThat(repaired().values())
                .extracting(document -> document.at("/serveflow/bundle/version").asText())
                .containsOnly("2.0.0");
        Files.write(store, lines);
        settings.put("serveflow.bundle", older);
        repair();
        assertThat(repaired()).hasSize(stood.size());
    }

    @Test
    void shouldPutLinesAsideWithWhichNothingCanBeAsked() throws Exception {
        run(Mode.FAILS);
        final Map<String, JsonNode> stood = unanswered();
        final List<String> lines = new ArrayList<>(Files.readAllLines(store));
        final String first = lines.get(0);
        final List<String> bad =
                List.of(
                        "not JSON",
                        first.replace("\"version\":1,\"id\"", "\"version\":2,\"id\""),
                        first.replaceFirst("\"uid\":\"[^\"]+", "\"uid\":\"other"),
                        cut(first),
                        first.substring(0, 300));
        lines.addAll(1, bad.subList(0, 4));
        Files.writeString(store, String.join("\n", lines) + "\n\n \n" + bad.get(4));

        final EndedCommand repair = repair();

        assertThat(repair.code()).isOne();
        assertThat(repair.err())
                .contains("the line at byte " + (first.length() + 1) + " of ")
                .contains("it is no whole JSON object")
                .contains("it is of version 2 of the format, and this program reads version 1")
                .contains("its id is not that of its record and verdict")
                .contains("the record holds fewer packets than the tier reads")
                .contains("5 lines were put aside, as nothing can be asked with them");
        assertThat(Files.readAllLines(work.resolve("repair.ndjson.remaining")))
                .containsExactlyInAnyOrderElementsOf(bad);
        assertRepaired(stood);
        assertThat(filesOfStore()).isEmpty();
    }

    @Test
    void shouldCountTheFlowsThatTheStoreHasNoRoomFor() throws Exception {
        settings.setProperty("serveflow.repair.maxBytes", "20000");

        final Ledger ledger = run(Mode.FAILS);

        final int stood = unanswered().size();
        final int kept = Files.readAllLines(store).size();
        assertThat(kept).isBetween(1, stood - 1);
        assertThat(Files.size(store)).isLessThanOrEqualTo(20_000);
        assertThat(ledger.total(Ledger.Entry.REPAIR_STORED)).isEqualTo(kept);
        assertThat(ledger.byDetail(Ledger.Entry.REPAIR_DROPPED))
                .isEqualTo(Map.of("repair_store_full", (long) stood - kept));
        assertThat(ledger.total(Ledger.Entry.DROPPED)).isZero();
        repair();
        assertThat(repaired()).hasSize(kept);
    }

    @Test
    void shouldRepairBesideTheRoutesThatKeepFlows() throws Exception {
        UnreliableScorers.be(Mode.FAILS);
        try (RouteApplication application = new RouteApplication(Optional.empty(), settings)) {
            input("one.log", line -> line);
            application.start();
            await().atMost(LONGEST).until(() -> application.isSettled(1));
            final Map<String, JsonNode> stood = unanswered();

            final EndedCommand repair = repair(Mode.WORKS, "--url", elasticsearch.uri().toString());

            assertThat(repair.code()).as(repair.err()).isZero();
            assertRepaired(stood);
            UnreliableScorers.be(Mode.FAILS);
            input("two.log", line -> line.replace("\"uid\":\"", "\"uid\":\"again-"));
            await().atMost(LONGEST).until(() -> application.isSettled(2));
            assertThat(Files.readAllLines(store)).hasSize(unanswered().size() - stood.size());
        }
        assertThat(repair().code()).isZero();
        assertRepaired(unanswered());
    }

    @Test
    void shouldLeaveFlowsOfATaskThatNobodyAnswers() throws Exception {
        run(Mode.FAILS);
        final List<String> lines = Files.readAllLines(store);
        settings.setProperty("serveflow.bundle", ProjectFiles.bundle("device").toString());

        final EndedCommand repair = repair();

        assertThat(repair.code()).isOne();
        assertThat(repair.err())
                .contains("no bundle in use has a tier that is asked about the task service");
        assertThat(Files.readAllLines(filesOfStore().get(0))).isEqualTo(lines);
    }

    @Test
    void shouldHaveWhatIsRefusedInItsFileBeforeTheFlowsAreGivenUp() throws Exception {
        run(Mode.FAILS);
        UnreliableScorers.be(Mode.WORKS);
        final int flows = Files.readAllLines(store).size();
        Files.delete(work.resolve("in/mixed.log"));
        refuseAll();
        try (RouteApplication application = new RouteApplication(Optional.empty(), settings)) {
            application.start();
            try (Repair repair = new Repair(application, read -> {});
                    TakenRepairs taken =
                            TakenRepairs.take(store, Clock.systemUTC()).orElseThrow()) {
                final boolean left = repair.repair(taken);

                assertThat(left).isFalse();
                assertThat(taken.file()).doesNotExist();
                assertThat(Files.readAllLines(taken.refused()))
                        .hasSize(flows)
                        .allMatch(letter -> letter.contains("\"reason\":\"index_400\""));
            }
        }
    }

    @Test
    void shouldKeepAllFlowsWhereWhatIsRefusedCannotBeKept() throws Exception {
        run(Mode.FAILS);
        final List<String> lines = Files.readAllLines(store);
        refuseAll();
        Files.createDirectory(work.resolve("repair.ndjson.refused"));

        final EndedCommand repair = repair();

        assertThat(repair.code()).isOne();
        assertThat(repair.err()).contains("repair.ndjson.refused could not be written");
        assertThat(taken()).hasSize(1);
        assertThat(repair.err()).contains("all lines are still in " + taken().get(0));
        assertThat(Files.readAllLines(taken().get(0))).isEqualTo(lines);
    }

    @Test
    void shouldKeepWhatIsRefusedBesideTheFileThatItIsOf() throws Exception {
        run(Mode.FAILS);
        final List<String> lines = Files.readAllLines(store);
        final Path one = work.resolve("one.ndjson");
        final Path two = work.resolve("two.ndjson");
        Files.write(one, lines.subList(0, 7));
        Files.write(two, lines.subList(7, 10));
        refuseAll();

        final EndedCommand repair = repair(Mode.WORKS, one.toString(), two.toString());

        assertThat(repair.code()).isOne();
        assertThat(repair.err())
                .contains("Elasticsearch refused 7 verdicts, which are in " + one + ".refused")
                .contains("Elasticsearch refused 3 verdicts, which are in " + two + ".refused");
        assertThat(Files.readAllLines(Path.of(one + ".refused"))).hasSize(7);
        assertThat(Files.readAllLines(Path.of(two + ".refused"))).hasSize(3);
        assertThat(one).doesNotExist();
        assertThat(Files.readAllLines(store)).isEqualTo(lines);
    }

    /** Has Elasticsearch refuse every verdict from now on. */
    private void refuseAll() throws Exception {
        index += ".refusing";
        settings.setProperty("serveflow.index", index);
        settings.setProperty("serveflow.elasticsearch.templates", "false");
        StoredDocuments.put(
                elasticsearch,
                "/_index_template/" + index,
                """
                {"index_patterns":["%s"],"priority":1000,"data_stream":{},"template":{"mappings":
                 {"properties":{"serveflow":{"properties":{"tier":{"type":"long"}}}}}}}
                """
                        .formatted(index));
    }

    @Test
    void shouldAskOnlyAboutTheFlowsOfATaskThatSomebodyAnswers() throws Exception {
        run(Mode.FAILS);
        final Map<String, JsonNode> stood = unanswered();
        final List<String> lines = Files.readAllLines(store);
        final List<String> ofNobody = new ArrayList<>();
        while (ofNobody.size() < 4 * 256) {
            lines.forEach(line -> ofNobody.add(ofTask(line, "nobody")));
        }
        Files.write(store, ofNobody);
        Files.write(store, lines, StandardOpenOption.APPEND);

        final EndedCommand repair = repair();

        assertThat(repair.code()).isOne();
        assertThat(repair.out().lines().map(line -> line.replaceAll(" +", " ")))
                .contains("nobody %d 0 0 %<d".formatted(ofNobody.size()));
        assertRepaired(stood);
        assertThat(Files.readAllLines(taken().get(0)))
                .containsExactlyInAnyOrderElementsOf(ofNobody);
    }

    /** The line with a verdict on another question. */
    private static String ofTask(final String line, final String task) {
        final RepairLine flow = RepairLine.decode(line.getBytes(StandardCharsets.UTF_8));
        final Verdict of = flow.stood();
        final Verdict verdict =
                new Verdict(
                        new Verdict.BundleRef(
                                of.bundle().name(),
                                of.bundle().version(),
                                task,
                                of.bundle().sha256()),
                        of.tier(),
                        of.stage(),
                        of.label(),
                        of.confidence(),
                        of.uncertainty(),
                        of.reason(),
                        of.packets(),
                        of.latency(),
                        of.top());
        return encoded(new RepairLine(flow.context(), verdict));
    }

    @Test
    void shouldSayInOneSentenceThatAnotherRepairIsAtWork() throws Exception {
        run(Mode.FAILS);
        final List<String> lines = Files.readAllLines(store);
        try (RepairLock other = RepairLock.take(store).orElseThrow()) {
            assertThat(other).isNotNull();

            final EndedCommand repair = repair();

            assertThat(repair.code()).isEqualTo(75);
            assertThat(repair.out()).isEmpty();
            assertThat(repair.err())
                    .isEqualTo(
                            "serveflow: another ./serveflow repair is at work on " + store + "\n");
            assertThat(Files.readAllLines(store)).isEqualTo(lines);
        }
        assertThat(repair().code()).isZero();
    }

    /** As a timer starts it on the machine of a process of the role slow, which links by Kafka. */
    @Test
    void shouldSayInOneLineThatNothingIsToBeRepaired() throws Exception {
        linkByAKafkaThatIsAway();
        final Process repair = process("repair");

        assertThat(repair.waitFor()).isZero();
        assertThat(work.resolve("repair.log")).hasContent("serveflow: nothing is to be repaired");
        assertThat(filesOfStore()).isEmpty();
        assertThat(work.resolve("repair.ndjson.lock")).doesNotExist();
    }

    /** The first waits for Elasticsearch, for as long as that takes. */
    @Test
    void shouldEndTheSecondOfTwoWithACodeOfItsOwn() throws Exception {
        run(Mode.FAILS);
        linkByAKafkaThatIsAway();
        final String there =
                (String)
                        settings.setProperty(
                                "serveflow.elasticsearch.urls",
                                "http://127.0.0.1:" + WorkerProcess.freePort());
        final Process first = process("first");
        try {
            await().atMost(LONGEST).until(this::isRepairing);

            final Process second = process("second");

            assertThat(second.waitFor()).isEqualTo(75);
            assertThat(work.resolve("second.log"))
                    .hasContent("serveflow: another ./serveflow repair is at work on " + store);
        } finally {
            first.destroyForcibly().waitFor();
        }
        final EndedCommand next = repair(Mode.WORKS, "--url", there);
        assertThat(next.code()).as(next.err()).isZero();
        assertRepaired(unanswered());
    }

    private void linkByAKafkaThatIsAway() throws IOException {
        settings.setProperty("serveflow.role", "slow");
        settings.setProperty("serveflow.link", "kafka");
        settings.setProperty("serveflow.kafka.brokers", "127.0.0.1:" + WorkerProcess.freePort());
    }

    private boolean isRepairing() throws IOException {
        final Optional<RepairLock> free = RepairLock.take(store);
        if (free.isPresent()) {
            free.get().close();
        }
        return free.isEmpty();
    }

    /** {@code ./serveflow repair}, which prints to {@code NAME.log}. */
    private Process process(final String name) throws IOException {
        return ServeflowProcess.command(
                        List.of("-Xmx256m"), List.of("repair", "--config", stored().toString()))
                .redirectErrorStream(true)
                .redirectOutput(work.resolve(name + ".log").toFile())
                .start();
    }

    /** Named as the sentence names it that says that flows are left. */
    @Test
    void shouldRepairAFileThatWasTakenByItsName() throws Exception {
        run(Mode.FAILS);
        final Map<String, JsonNode> stood = unanswered();
        repair(Mode.FAILS);
        final Path left = taken().get(0);

        final EndedCommand still = repair(Mode.FAILS, left.toString());
        final EndedCommand back = repair(Mode.WORKS, left.toString(), store.toString());

        assertThat(still.code()).isOne();
        assertThat(back.code()).as(back.err()).isZero();
        assertRepaired(stood);
        assertThat(filesOfStore()).isEmpty();
    }

    /** As the page of repair has it, with another folder. */
    @Test
    void shouldGiveTheLinesToAnyEndpointAndRepairAFileOfThem() throws Exception {
        final String page = Files.readString(ProjectFiles.path("docs/reference/repair.md"));
        final int steps = page.indexOf("        - split:");
        Files.writeString(
                Files.createDirectories(work.resolve("camel")).resolve("repair.camel.yaml"),
                """
                - route:
                    id: unanswered
                    from:
                      uri: direct:unanswered
                      steps:
                %s
                - route:
                    id: repaired
                    from:
                      uri: direct:repaired
                      steps:
                        - to: serveflow-index:{{serveflow.index}}
                """
                        .formatted(
                                page.substring(steps, page.indexOf("```", steps))
                                        .replace(
                                                "/mnt/repair",
                                                work.resolve("elsewhere").toString())));
        final Path lines = work.resolve("elsewhere/lines");

        run(Mode.FAILS);

        assertThat(store).doesNotExist();
        assertThat(Files.readAllLines(lines)).hasSize(unanswered().size());
        assertThat(repair(Mode.WORKS, lines.toString()).code()).isZero();
        assertRepaired(unanswered());
    }

    private Path bundle(final String version) throws IOException {
        return DerivedBundle.write(
                ProjectFiles.bundle("service"),
                work.resolve("bundle-" + version),
                version,
                TIERS,
                name -> name.equals("slow") ? name + UnreliableScorers.ENDING : name + ".onnx");
    }

    /** The line with a record of two packets. */
    private static String cut(final String line) {
        final RepairLine flow = RepairLine.decode(line.getBytes(StandardCharsets.UTF_8));
        final FlowRecord context = flow.context();
        final FlowRecord cut =
                new FlowRecord(
                        context.id(),
                        context.tuple(),
                        context.communityId(),
                        context.startMicros(),
                        context.stage(),
                        FlowRecord.End.DEPTH,
                        context.packets().first(2),
                        context.readNanos());
        return encoded(new RepairLine(cut, flow.stood()));
    }

    private static String encoded(final RepairLine flow) {
        return new String(flow.encode(), StandardCharsets.UTF_8).stripTrailing();
    }

    private void input(final String name, final Function<String, String> change)
            throws IOException {
        try (Stream<String> lines = Files.lines(ProjectFiles.records("mixed"))) {
            Files.write(work.resolve("in").resolve(name), lines.map(change).toList());
        }
    }

    /** Runs the routes over the log of samples. */
    private Ledger run(final Mode mode) throws Exception {
        UnreliableScorers.be(mode);
        input("mixed.log", line -> line);
        try (RouteApplication application = new RouteApplication(Optional.of(work), settings)) {
            application.start();
            await().atMost(LONGEST).until(() -> application.isSettled(1));
            return application.ledger();
        }
    }

    private EndedCommand repair() throws IOException {
        return repair(Mode.WORKS);
    }

    private EndedCommand repair(final Mode mode, final String... more) throws IOException {
        UnreliableScorers.be(mode);
        final Path file = stored();
        final List<String> args = new ArrayList<>(List.of("repair", "--config", file.toString()));
        Collections.addAll(args, more);
        return EndedCommand.of(args.toArray(String[]::new));
    }

    /** The settings, in a file. */
    private Path stored() throws IOException {
        final Path file = work.resolve("serveflow.properties");
        try (OutputStream stream = Files.newOutputStream(file)) {
            settings.store(stream, null);
        }
        return file;
    }

    /** The store and what was taken of it. */
    private List<Path> filesOfStore() throws IOException {
        try (Stream<Path> files = Files.list(work).sorted()) {
            return files.filter(file -> file.getFileName().toString().startsWith("repair.ndjson"))
                    .filter(file -> !file.toString().matches(".*\\.(remaining|refused|lock)"))
                    .toList();
        }
    }

    private List<Path> taken() throws IOException {
        return filesOfStore().stream().filter(file -> !file.equals(store)).toList();
    }

    private StoredVerdicts verdicts() throws Exception {
        return StoredVerdicts.of(elasticsearch, index);
    }

    /** The documents of flows that fell back, by flow. */
    private Map<String, JsonNode> unanswered() throws Exception {
        return byFlow("final").entrySet().stream()
                .filter(one -> text(one.getValue(), "reason").equals(SLOW))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private Map<String, JsonNode> repaired() throws Exception {
        return byFlow("repaired");
    }

    private Map<String, JsonNode> byFlow(final String stage) throws Exception {
        return verdicts().documents().stream()
                .filter(document -> stage(document).equals(stage))
                .collect(Collectors.toMap(RepairTest::uid, document -> document));
    }

    private long revised() throws Exception {
        return repaired().values().stream()
                .filter(document -> document.at("/serveflow/revised").asBoolean())
                .count();
    }

    /** Each of these has one document that supersedes it, and nothing else was repaired. */
    private void assertRepaired(final Map<String, JsonNode> stood) throws Exception {
        final Map<String, JsonNode> repaired = repaired();
        assertThat(repaired.keySet()).isEqualTo(stood.keySet());
        repaired.forEach(
                (flow, document) -> {
                    final JsonNode before = stood.get(flow);
                    assertThat(text(document, "supersedes"))
                            .isEqualTo(before.at("/event/id").asText());
                    assertThat(text(document, "tier")).isEqualTo("slow");
                    assertThat(document.at("/serveflow/final").asBoolean()).isTrue();
                    assertThat(document.at("/serveflow/revised").asBoolean())
                            .isEqualTo(!text(document, "label").equals(text(before, "label")));
                    assertThat(document.at("/network/community_id"))
                            .isEqualTo(before.at("/network/community_id"));
                    assertThat(document.at("/@timestamp")).isEqualTo(before.at("/@timestamp"));
                });
    }

    /** What a slow tier without trouble says of these flows. */
    private Map<String, JsonNode> healthy(final Map<String, JsonNode> flows) throws Exception {
        final String broken = index;
        index = broken + ".healthy";
        settings.setProperty("serveflow.index", index);
        try {
            run(Mode.WORKS);
            return byFlow("final").entrySet().stream()
                    .filter(one -> flows.containsKey(one.getKey()))
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        } finally {
            index = broken;
            settings.setProperty("serveflow.index", index);
        }
    }

    private static Map<String, String> answersOf(final Map<String, JsonNode> documents) {
        return documents.entrySet().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                one ->
                                        text(one.getValue(), "label")
                                                + " "
                                                + text(one.getValue(), "confidence")
                                                + " "
                                                + text(one.getValue(), "reason")));
    }

    private static String uid(final JsonNode document) {
        return document.at("/log/id/uid").asText();
    }
}
