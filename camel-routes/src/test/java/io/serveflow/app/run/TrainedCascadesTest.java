/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static io.serveflow.app.fixture.StoredDocuments.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.app.cli.Serveflow;
import io.serveflow.app.fixture.RunSettings;
import io.serveflow.app.fixture.StoredVerdicts;
import io.serveflow.app.observe.VerdictCounts;
import io.serveflow.camel.ServeflowComponent;
import io.serveflow.cascade.SharedRows;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.BundleFiles;
import io.serveflow.model.TierSpec;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bundles that {@code train} makes of the samples, through {@code classify}, {@code evaluate} and
 * the shipped routes into a real Elasticsearch.
 */
@ExtendWith(OwnElasticsearch.class)
class TrainedCascadesTest {

    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** Labels of the samples that are one kind of use; all others are another. */
    private static final Set<String> INFRASTRUCTURE =
            Set.of("dns", "dns_secure", "infra_mgmt", "local_discovery", "win_enterprise");

    private static final int LABEL = 9;

    @TempDir private static Path models;

    private static LocalElasticsearch elasticsearch;
    private static Path one;
    private static Path two;

    /** Of another task than the others, with tiers that are called like parts of the routes. */
    private static Path four;

    @TempDir private Path work;

    @BeforeAll
    static void train(final LocalElasticsearch server) throws IOException {
        final Path labels = ProjectFiles.path("samples/labels.csv");
        final Path use = models.resolve("use.csv");
        Files.write(use, uses(Files.readAllLines(labels)));
        one = train("service", labels, "one", "only=header+payload:1:2");
        two = train("service", labels, "two", "fast=header:1:1", "slow=header+payload:10:3");
        four =
                train(
                        "use",
                        use,
                        "four",
                        "context=header:1:1",
                        "middle=header+known-ports:1:2",
                        "after5=header+payload:5:2",
                        "as-it-comes=header+payload+known-names:10:3");
        elasticsearch = server;
    }

    @Test
    void shouldRunACascadeOfOneTier() throws Exception {
        final Ledger ledger = run("one", Map.of("serveflow.bundle", one.toString()));

        final StoredVerdicts verdicts = closed(ledger, "one", Map.of("service", one));
        assertThat(verdicts.provisional()).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.ESCALATED)).isEmpty();
    }

    @Test
    void shouldRunACascadeOfTwoTiers() throws Exception {
        final Ledger ledger = run("two", Map.of("serveflow.bundle", two.toString()));

        final StoredVerdicts verdicts = closed(ledger, "two", Map.of("service", two));
        assertThat(verdicts.provisional()).isNotEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.ESCALATED)).containsOnlyKeys("service/fast-slow");
    }

    @Test
    void shouldRunACascadeOfFourTiersWhateverTheyAreCalled() throws Exception {
        final Ledger ledger = run("four", Map.of("serveflow.bundle", four.toString()));

        final StoredVerdicts verdicts = closed(ledger, "four", Map.of("use", four));
        assertThat(verdicts.provisional()).isNotEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.ESCALATED))
                .containsOnlyKeys(
                        "use/context-middle", "use/middle-after5", "use/after5-as-it-comes");
    }

    @Test
    void shouldRunTwoTasksAtOnceAndMakeTheFeaturesThatBothReadOnce() throws Exception {
        run("service", Map.of("serveflow.bundle", two.toString()));
        run("use", Map.of("serveflow.bundle", four.toString()));
        final Properties settings =
                settings("both", Map.of("serveflow.bundles", "service:" + two + ",use:" + four));
        final Ledger ledger;
        final SharedRows rows;
        try (RouteApplication application = new RouteApplication(Optional.empty(), settings)) {
            application.start();
            await().atMost(LONGEST).until(() -> application.isSettled(1));
            ledger = application.ledger();
            rows = application.context().getComponent("serveflow", ServeflowComponent.class).rows();
        }

        final StoredVerdicts verdicts = closed(ledger, "both", Map.of("service", two, "use", four));
        assertThat(verdicts.answers("service"))
                .isEqualTo(StoredVerdicts.of(elasticsearch, index("service")).answers("service"));
        assertThat(verdicts.answers("use"))
                .isEqualTo(StoredVerdicts.of(elasticsearch, index("use")).answers("use"));
        /* Both ask about each flow with the features header of packet 1, and about others apart. */
        final long flows = ledger.total(Ledger.Entry.FLOWS);
        assertThat(rows.reused()).isEqualTo(flows);
        assertThat(rows.made()).isEqualTo(flows + ledger.total(Ledger.Entry.ESCALATED));
    }

    @Test
    void shouldRunClassifyAndEvaluateWhatCraftMakes() throws Exception {
        final Path captures = Files.createDirectory(work.resolve("captures"));
        for (final String name :
                List.of(
                        "dns.pcap",
                        "http.pcap",
                        "ntp.pcap",
                        "ssh.pcapng",
                        "ldap.pcap",
                        "ftp.pcap")) {
            Files.copy(ProjectFiles.capture(name), captures.resolve(name));
        }
        final Path labels = work.resolve("labels.csv");
        Files.write(
                labels,
                Files.readAllLines(models.resolve("use.csv")).stream()
                        .filter(
                                row ->
                                        row.startsWith("pcap,")
                                                || Files.exists(
                                                        captures.resolve(
                                                                row.substring(
                                                                        0, row.indexOf(',')))))
                        .toList());
        final Path crafted = work.resolve("crafted");
        assertThat(
                        serveflow(
                                "train",
                                "--craft",
                                "--without-ports",
                                "--folds=3",
                                "--task=use",
                                "--labels=" + labels,
                                "--captures=" + captures,
                                "--out=" + crafted))
                .contains("serveflow-use 1");

        assertUsable(crafted, labels, captures);
        closed(
                run("crafted", Map.of("serveflow.bundle", crafted.toString())),
                "crafted",
                Map.of("use", crafted));
    }

    @Test
    void shouldClassifyAndEvaluateACascadeOfFourTiers() throws Exception {
        assertUsable(four, models.resolve("use.csv"), ProjectFiles.captures());
    }

    /** Such tiers wait for seconds, which no sensor sends. */
    @Test
    void shouldEvaluateTiersThatReadSecondsAsTheyClassify() throws Exception {
        final Path use = models.resolve("use.csv");
        final Path seconds =
                train("use", use, "seconds", "after1s=windows:1:2", "after5s=windows:5:3");
        final List<String> inputs = new ArrayList<>();
        try (Stream<Path> captures = Files.list(ProjectFiles.captures())) {
            captures.map(Path::toString).sorted().forEach(inputs::add);
        }
        inputs.addAll(0, List.of("classify", "--bundle=" + seconds, "--output=ndjson"));

        final List<String> classified = serveflow(inputs.toArray(String[]::new)).lines().toList();
        final JsonNode evaluated =
                new JsonMapper()
                        .readTree(
                                serveflow(
                                        "evaluate",
                                        "--bundle=" + seconds,
                                        "--labels=" + use,
                                        "--captures=" + ProjectFiles.captures(),
                                        "--json=-"));

        for (final String tier : List.of("after1s", "after5s")) {
            final long decided =
                    classified.stream()
                            .filter(flow -> flow.contains("\"tier\":\"" + tier + "\""))
                            .count();
            assertThat(decided).isPositive();
            assertThat(evaluated.at("/cascade/decidedBy/" + tier).asDouble())
                    .isCloseTo((double) decided / classified.size(), within(0.0001));
        }
    }

    private void assertUsable(final Path bundle, final Path labels, final Path captures)
            throws Exception {
        final List<String> tiers = tiers(bundle);
        final String flows =
                serveflow(
                        "classify",
                        "--bundle=" + bundle,
                        "--output=ndjson",
                        ProjectFiles.records("mixed").toString());
        assertThat(flows.lines()).hasSize(290);
        assertThat(flows.lines())
                .allMatch(
                        flow ->
                                tiers.stream()
                                        .anyMatch(
                                                tier ->
                                                        flow.contains(
                                                                "\"tier\":\"" + tier + "\"")));
        assertThat(
                        serveflow(
                                "evaluate",
                                "--bundle=" + bundle,
                                "--labels=" + labels,
                                "--captures=" + captures,
                                "--html=" + work.resolve("report.html")))
                .contains("the cascade reaches accuracy");
        assertThat(work.resolve("report.html")).content().contains(tiers);
    }

    /**
     * Asserts that every flow has one final verdict for each task, that all verdicts are linked,
     * and that the account is closed, for each task by itself.
     */
    private static StoredVerdicts closed(
            final Ledger ledger, final String name, final Map<String, Path> bundles)
            throws Exception {
        final StoredVerdicts verdicts = StoredVerdicts.of(elasticsearch, index(name));
        final long flows = ledger.total(Ledger.Entry.FLOWS);
        assertThat(flows).isEqualTo(290);
        for (final Ledger.Entry loss :
                List.of(
                        Ledger.Entry.DROPPED,
                        Ledger.Entry.DEAD_LETTERED,
                        Ledger.Entry.FELL_BACK,
                        Ledger.Entry.DUPLICATES)) {
            assertThat(ledger.byDetail(loss))
                    .as(loss.id())
                    .allSatisfy(
                            (detail, n) -> {
                                assertThat(n).as(detail).isZero();
                            });
        }
        verdicts.assertLinked();
        bundles.forEach(
                (task, bundle) -> {
                    assertThat(verdicts.finals(task)).hasSize((int) flows);
                    assertThat(VerdictCounts.ofTask(ledger, task).last()).isEqualTo(flows);
                    assertEscalated(ledger, verdicts, task, tiers(bundle));
                });
        assertThat(ledger.total(Ledger.Entry.INDEXED)).isEqualTo(verdicts.documents().size());
        assertThat(verdicts.documents())
                .extracting(document -> text(document, "task"))
                .hasSameElementsAs(bundles.keySet());
        /* A context is used by the flows that wait for it, or by nobody. */
        assertThat(ledger.total(Ledger.Entry.EVENTS))
                .isEqualTo(
                        flows
                                + verdicts.provisional().size()
                                + ledger.total(Ledger.Entry.SUPERSEDED));
        return verdicts;
    }

    /** Every flow that a tier is asked about is decided by it or moves on to the next one. */
    private static void assertEscalated(
            final Ledger ledger,
            final StoredVerdicts verdicts,
            final String task,
            final List<String> tiers) {
        final Map<String, Long> counted = ledger.byDetail(Ledger.Entry.VERDICTS);
        long asked = ledger.total(Ledger.Entry.FLOWS);
        for (int i = 0; i < tiers.size(); i++) {
            final String tier = tiers.get(i);
            for (final String stage : List.of("provisional", "final")) {
                assertThat(counted.getOrDefault(task + "/" + tier + "/" + stage, 0L))
                        .as("%s/%s/%s", task, tier, stage)
                        .isEqualTo(verdicts.count(task, tier, stage));
            }
            final long escalated = asked - verdicts.count(task, tier, "final");
            final String hop = i + 1 < tiers.size() ? tier + "-" + tiers.get(i + 1) : "none";
            assertThat(ledger.byDetail(Ledger.Entry.ESCALATED).getOrDefault(task + "/" + hop, 0L))
                    .as("%s/%s", task, hop)
                    .isEqualTo(escalated);
            asked = escalated;
        }
        assertThat(asked).isZero();
    }

    private static List<String> tiers(final Path bundle) {
        return BundleFiles.in(bundle).manifest().tiers().stream().map(TierSpec::name).toList();
    }

    private static List<String> uses(final List<String> rows) {
        final List<String> uses = new ArrayList<>(rows.subList(0, 1));
        for (final String row : rows.subList(1, rows.size())) {
            final String[] cells = row.split(",", -1);
            cells[LABEL] = INFRASTRUCTURE.contains(cells[LABEL]) ? "infrastructure" : "content";
            uses.add(String.join(",", cells));
        }
        return uses;
    }

    /** Few rounds and blind to ports, so that tiers are unsure of some flows. */
    private static Path train(
            final String task, final Path labels, final String name, final String... tiers) {
        final Path bundle = models.resolve(name);
        serveflow(
                Stream.concat(
                                Stream.of(
                                        "train",
                                        "--without-ports",
                                        "--folds=3",
                                        "--task=" + task,
                                        "--labels=" + labels,
                                        "--captures=" + ProjectFiles.captures(),
                                        "--out=" + bundle),
                                Stream.of(tiers).map(tier -> "--tier=" + tier))
                        .toArray(String[]::new));
        return bundle;
    }

    /** Runs a command that must succeed; what it prints. */
    private static String serveflow(final String... args) {
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        assertThat(Serveflow.execute(new PrintWriter(out, true), new PrintWriter(err, true), args))
                .as("%s: %s", String.join(" ", args), err)
                .isZero();
        return out.toString();
    }

    private static String index(final String name) {
        return "logs-serveflow-trained." + name;
    }

    private Ledger run(final String name, final Map<String, String> more) throws Exception {
        try (RouteApplication application =
                new RouteApplication(Optional.empty(), settings(name, more))) {
            application.start();
            await().atMost(LONGEST).until(() -> application.isSettled(1));
            return application.ledger();
        }
    }

    private Properties settings(final String name, final Map<String, String> more)
            throws IOException {
        final Properties settings = RunSettings.ofFiles(elasticsearch, index(name), work);
        /* On a busy machine flows would keep the fast answer, of which this is no test. */
        settings.setProperty("serveflow.slow.targetDelay", "0");
        more.forEach(settings::setProperty);
        if (more.containsKey("serveflow.bundles")) {
            settings.remove("serveflow.bundle");
        }
        final Path log = work.resolve("in/mixed.log");
        if (Files.notExists(log)) {
            Files.copy(ProjectFiles.records("mixed"), log);
        }
        return settings;
    }
}
