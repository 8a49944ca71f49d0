/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.fixture.Chromium;
import io.serveflow.app.fixture.IndexedSamples;
import io.serveflow.app.fixture.StoredDocuments;
import io.serveflow.app.panel.CountedPanels;
import io.serveflow.app.panel.Dashboard;
import io.serveflow.app.panel.Dashboards;
import io.serveflow.app.panel.Panel;
import io.serveflow.app.panel.Panel.Kind;
import io.serveflow.app.panel.Shown;
import io.serveflow.app.run.RouteApplication;
import io.serveflow.app.run.ServerPorts;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The console page of running routes in a real Chromium: what it shows is what the documents in
 * Elasticsearch say, counted here one by one.
 */
@EnabledIf(
        value = "io.serveflow.app.fixture.Chromium#isExpected",
        disabledReason = "no chromium on the PATH, and CI is not true")
@ExtendWith(OwnElasticsearch.class)
class ConsoleInBrowserTest {

    private static final String INDEX = "logs-serveflow-browser";
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final String HOST = "127.0.0.1";

    private static final Pattern DRIFT =
            Pattern.compile(
                    "service: .*: (?<of>[a-z-]+) PSI (?<psi>[0-9.]+), Jensen-Shannon [0-9.]+ over"
                            + " (?<flows>[0-9]+) flows");

    /** The text of all cells of a panel's table, row by row. */
    private static final String CELLS =
            "[...document.querySelectorAll('[data-panel=\"%s\"] tbody tr')]"
                    + ".map(row => [...row.children].map(cell => cell.textContent))";

    /** The number of a panel that is one, as a row of a table. */
    private static final String METRIC =
            "[[document.querySelector('[data-panel=\"%s\"] .metric').textContent]]";

    /** What each bar and dot of a chart says, and its box on the screen. */
    private static final String MARKS =
            "[...document.querySelectorAll('[data-panel=\"%s\"] .body [data-value]')]"
                    + ".map(mark => { const box = mark.getBoundingClientRect();"
                    + " return [mark.dataset.series, mark.dataset.time, mark.dataset.value,"
                    + " box.left, box.top, box.width, box.height]; })";

    /** The cells of a field of colours, each with the names of its row and its column. */
    private static final String HEAT =
            "(() => { const table = document.querySelector('[data-panel=\"%s\"] table.heat');"
                    + " const across = [...table.tHead.rows[0].cells].slice(1)"
                    + ".map(cell => cell.textContent);"
                    + " return [...table.tBodies[0].rows].flatMap(row => [...row.cells].slice(1)"
                    + ".map((cell, i) => [row.cells[0].textContent, across[i], cell.textContent]));"
                    + " })()";

    /** What rounding and the least size of a bar may make a difference of. */
    private static final double PIXELS = 2.1;

    @TempDir private static Path work;

    private static LocalElasticsearch elasticsearch;
    private static RouteApplication application;
    private static Chromium browser;
    private static URI console;
    private static URI management;
    private static List<JsonNode> documents;

    /** What each panel must show, by its id. */
    private static Map<String, List<List<Shown>>> counted;

    @BeforeAll
    static void open(final LocalElasticsearch server) throws Exception {
        elasticsearch = server;
        IndexedSamples.store(server, INDEX, work);
        final Properties settings =
                IndexedSamples.settings(server, INDEX, work.resolve("live"), "sensor-c");
        final int port = ServerPorts.free(HOST);
        console = URI.create("http://" + HOST + ":" + port + "/");
        settings.setProperty("serveflow.console.port", Integer.toString(port));
        settings.setProperty("serveflow.console.packets", "1000");
        settings.setProperty("serveflow.console.window", "all");
        settings.setProperty("serveflow.drift.least", "50");
        final int scraped = ServerPorts.free(HOST);
        management = URI.create("http://" + HOST + ":" + scraped + "/");
        settings.setProperty("camel.management.enabled", "true");
        settings.setProperty("camel.management.port", Integer.toString(scraped));
        final List<String> logs = List.of("bittorrent", "openvpn", "stun", "tftp", "wireguard");
        IndexedSamples.deliver(settings, logs);
        Files.writeString(
                Path.of(settings.getProperty("serveflow.input"), "stun.log"),
                "{\"torn\n",
                StandardOpenOption.APPEND);
        application = new RouteApplication(Optional.empty(), settings);
        application.start();
        await().atMost(LONGEST).until(() -> application.isSettled(logs.size()));
        final List<JsonNode> all = StoredDocuments.all(server, INDEX);
        documents =
                all.stream().filter(one -> text(one, "/serveflow/task").equals("service")).toList();
        browser = Chromium.start(Files.createDirectory(work.resolve("profile")));
        browser.open(console);
        browser.awaitThat("document.querySelectorAll('[role=tab]').length === 6");
        show("traffic", "");
        final long interval =
                browser.ask("latestAnswers.get('traffic-over-time').span.interval").asLong();
        counted = new CountedPanels(all, "service", interval).rows();
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
        if (application != null) {
            application.close();
        }
    }

    @Test
    void shouldCountEachPanelThatThereIs() {
        assertThat(counted.keySet())
                .containsExactlyElementsOf(
                        Dashboards.all().stream()
                                .flatMap(one -> one.panels().stream())
                                .map(Panel::id)
                                .toList());
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void shouldWriteInEachPanelWhatTheDocumentsSay(final Dashboard dashboard) throws Exception {
        show(dashboard.id(), "");

        for (final Panel panel : dashboard.panels()) {
            assertThat(counted.get(panel.id())).as(panel.id()).isNotEmpty();
            if (panel.kind() == Kind.METRIC) {
                assertRows(panel, browser.ask(METRIC.formatted(panel.id())));
            } else {
                asTable(panel, true);
                assertRows(panel, browser.ask(CELLS.formatted(panel.id())));
            }
        }
        assertThat(browser.ask("document.querySelectorAll('.problem').length").asInt()).isZero();
    }

    private static void assertRows(final Panel panel, final JsonNode shown) {
        final List<List<Shown>> rows = counted.get(panel.id());
        for (int i = 0; i < Math.min(rows.size(), shown.size()); i++) {
            assertThat(shown.get(i)).as("%s, row %d", panel.id(), i).hasSize(rows.get(i).size());
            for (int j = 0; j < rows.get(i).size(); j++) {
                final Shown expected = rows.get(i).get(j);
                final String cell = shown.get(i).get(j).asText();
                assertThat(expected.isWritten(cell))
                        .as(
                                "%s, row %d, column %d: %s, and counted %s",
                                panel.id(), i, j, shown.get(i), expected)
                        .isTrue();
            }
        }
        assertThat(shown).as(panel.id()).hasSize(rows.size());
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void shouldDrawInEachChartWhatTheDocumentsSay(final Dashboard dashboard) throws Exception {
        show(dashboard.id(), "");

        for (final Panel panel : dashboard.panels()) {
            asTable(panel, false);
            final List<List<Shown>> rows = counted.get(panel.id());
            switch (panel.kind()) {
                case BAR -> {
                    final boolean overTime = panel.buckets().size() > 1;
                    final List<Mark> marks = marks(panel);
                    assertMarks(panel, marks, rows);
                    if (overTime) {
                        assertStacked(panel, marks);
                        assertSums(panel, rows);
                    } else {
                        assertInProportion(panel, marks, Mark::width);
                    }
                }
                case LINE -> {
                    final List<Mark> marks = marks(panel);
                    for (int i = 0; i < panel.measures().size(); i++) {
                        final String series = panel.measures().get(i).label();
                        final int column = i + 1;
                        final List<Mark> line =
                                marks.stream().filter(one -> one.series().equals(series)).toList();
                        assertMarks(
                                panel,
                                line,
                                rows.stream()
                                        .map(
                                                row ->
                                                        List.of(
                                                                Shown.name(series),
                                                                row.get(0),
                                                                row.get(column)))
                                        .toList());
                    }
                    assertThat(marks).hasSize(rows.size() * panel.measures().size());
                    assertHigherTheGreater(panel, marks);
                }
                case HEAT -> assertHeat(panel, rows);
                default -> assertThat(marks(panel)).as(panel.id()).isEmpty();
            }
        }
    }

    /** What a bar or a dot says that it is, and how large it is on the screen. */
    private record Mark(
            String series,
            String time,
            String value,
            double left,
            double top,
            double width,
            double height) {

        private double number() {
            return Double.parseDouble(value);
        }
    }

    private static List<Mark> marks(final Panel panel) throws Exception {
        final List<Mark> marks = new ArrayList<>();
        for (final JsonNode one : browser.ask(MARKS.formatted(panel.id()))) {
            marks.add(
                    new Mark(
                            one.get(0).asText(),
                            one.get(1).asText(),
                            one.get(2).asText(),
                            one.get(3).asDouble(),
                            one.get(4).asDouble(),
                            one.get(5).asDouble(),
                            one.get(6).asDouble()));
        }
        return marks;
    }

    /** One mark for each row, whose last value is the number that it stands for. */
    private static void assertMarks(
            final Panel panel, final List<Mark> marks, final List<List<Shown>> rows) {
        assertThat(marks).as(panel.id()).hasSameSizeAs(rows);
        for (final List<Shown> row : rows) {
            assertThat(marks)
                    .as("%s: a mark for %s", panel.id(), row)
                    .anyMatch(
                            mark ->
                                    row.get(0).isMarked(mark.series())
                                            && (row.size() < 3 || row.get(1).isMarked(mark.time()))
                                            && row.get(row.size() - 1).isMarked(mark.value()));
        }
    }

    private static void assertInProportion(
            final Panel panel, final List<Mark> marks, final ToDoubleFunction<Mark> size) {
        final Mark greatest =
                marks.stream().max(Comparator.comparingDouble(Mark::number)).orElseThrow();
        final double unit = size.applyAsDouble(greatest) / greatest.number();
        assertThat(unit).as(panel.id()).isPositive();
        for (final Mark mark : marks) {
            assertThat(size.applyAsDouble(mark))
                    .as("%s: %s", panel.id(), mark)
                    .isCloseTo(mark.number() * unit, within(PIXELS));
        }
    }

    /** Bars of one time stand on each other, and those of a later time to the right. */
    private static void assertStacked(final Panel panel, final List<Mark> marks) {
        assertInProportion(panel, marks, Mark::height);
        final Map<Long, List<Mark>> byTime =
                marks.stream()
                        .collect(
                                Collectors.groupingBy(
                                        mark -> Long.parseLong(mark.time()),
                                        TreeMap::new,
                                        Collectors.toList()));
        double right = 0;
        for (final List<Mark> stack : byTime.values()) {
            assertThat(stack)
                    .allSatisfy(
                            mark ->
                                    assertThat(mark.left())
                                            .isCloseTo(stack.get(0).left(), within(0.1)));
            assertThat(stack.get(0).left()).as(panel.id()).isGreaterThan(right - 0.1);
            right = stack.get(0).left() + stack.get(0).width();
            final List<Mark> fromTop =
                    stack.stream().sorted(Comparator.comparingDouble(Mark::top)).toList();
            for (int i = 1; i < fromTop.size(); i++) {
                assertThat(fromTop.get(i).top())
                        .as("%s: %s", panel.id(), fromTop.get(i))
                        .isCloseTo(
                                fromTop.get(i - 1).top() + fromTop.get(i - 1).height(),
                                within(PIXELS));
            }
        }
    }

    private static void assertHigherTheGreater(final Panel panel, final List<Mark> marks) {
        final List<Mark> ascending =
                marks.stream().sorted(Comparator.comparingDouble(Mark::number)).toList();
        for (int i = 1; i < ascending.size(); i++) {
            assertThat(ascending.get(i).top())
                    .as("%s: %s", panel.id(), ascending.get(i))
                    .isLessThanOrEqualTo(ascending.get(i - 1).top() + 0.1);
        }
    }

    /** The key of colours says how many of each there are. */
    private static void assertSums(final Panel panel, final List<List<Shown>> rows)
            throws Exception {
        final Map<String, Long> sums = new HashMap<>();
        rows.forEach(
                row ->
                        sums.merge(
                                row.get(0).plain().get(0),
                                Long.parseLong(row.get(2).plain().get(0)),
                                Long::sum));
        final Map<String, Long> said = new HashMap<>();
        browser.ask(
                        "[...document.querySelectorAll('[data-panel=\"%s\"] .key span')].map(one => one.textContent)"
                                .formatted(panel.id()))
                .forEach(
                        entry -> {
                            final int space = entry.asText().lastIndexOf(' ');
                            said.put(
                                    entry.asText().substring(0, space),
                                    number(entry.asText().substring(space + 1)));
                        });
        assertThat(said).as(panel.id()).isEqualTo(sums);
    }

    /** Each cell has its number, and those that no flow is in are empty. */
    private static void assertHeat(final Panel panel, final List<List<Shown>> rows)
            throws Exception {
        final JsonNode cells = browser.ask(HEAT.formatted(panel.id()));
        final Map<List<String>, String> shown = new HashMap<>();
        cells.forEach(
                cell ->
                        shown.put(
                                List.of(cell.get(0).asText(), cell.get(1).asText()),
                                cell.get(2).asText()));
        final Map<List<String>, String> expected = new HashMap<>();
        for (final String down : plain(rows, 0)) {
            plain(rows, 1).forEach(across -> expected.put(List.of(down, across), ""));
        }
        rows.forEach(
                row ->
                        expected.put(
                                List.of(row.get(0).plain().get(0), row.get(1).plain().get(0)),
                                row.get(2).written().get(0)));
        assertThat(shown).as(panel.id()).isEqualTo(expected);
        assertThat(cells).as(panel.id()).hasSize(expected.size());
    }

    private static Set<String> plain(final List<List<Shown>> rows, final int column) {
        return rows.stream().map(row -> row.get(column).plain().get(0)).collect(Collectors.toSet());
    }

    private static Stream<Dashboard> dashboards() {
        return Dashboards.all().stream();
    }

    /** The verdicts of this process are those of its sensor. */
    @Test
    void shouldShowOnLiveWhatThisProcessHasStored() throws Exception {
        showLive();
        final List<JsonNode> own =
                documents.stream()
                        .filter(one -> text(one, "/observer/name").equals("sensor-c"))
                        .toList();
        final List<JsonNode> last =
                own.stream().filter(one -> text(one, "/serveflow/stage").equals("final")).toList();

        assertThat(live("flows")).isEqualTo(Integer.toString(last.size()));
        assertThat(number(live("indexed"))).isEqualTo(own.size());
        assertThat(live("lost")).isEqualTo("1");
        final Map<String, Long> tiers = counted(last, "/serveflow/tier");
        final double early = tiers.getOrDefault("fastest", 0L) + tiers.getOrDefault("fast", 0L);
        assertThat(live("first"))
                .isEqualTo(String.format(Locale.ROOT, "%.1f %%", 100 * early / last.size()));
        assertThat(texts("#tierkey > span"))
                .containsExactlyInAnyOrderElementsOf(
                        tiers.entrySet().stream()
                                .map(
                                        tier ->
                                                String.format(
                                                        Locale.ROOT,
                                                        "%s %d (%.1f %%)",
                                                        tier.getKey(),
                                                        tier.getValue(),
                                                        100.0 * tier.getValue() / last.size()))
                                .toList());
        final List<String> labels = texts("#labels > span");
        final Map<String, Long> shown = new HashMap<>();
        for (int i = 0; i < labels.size(); i += 2) {
            shown.put(labels.get(i), number(labels.get(i + 1)));
        }
        assertThat(shown).isEqualTo(counted(last, "/serveflow/label"));
        final double[] latencies =
                last.stream()
                        .mapToDouble(one -> one.at("/serveflow/latency/total_ms").asDouble())
                        .sorted()
                        .toArray();
        assertThat(Double.parseDouble(live("median").replaceAll(" m?s$", "")))
                .isCloseTo(
                        latencies[(latencies.length - 1) / 2]
                                / (live("median").endsWith(" ms") ? 1 : 1e3),
                        withinPercentage(5));
    }

    @Test
    void shouldShowTheLatestVerdictsOnLive() throws Exception {
        showLive();
        final Set<String> stored =
                documents.stream()
                        .filter(one -> text(one, "/observer/name").equals("sensor-c"))
                        .map(
                                one ->
                                        String.join(
                                                " ",
                                                end(one, "/source"),
                                                end(one, "/destination"),
                                                text(one, "/network/transport"),
                                                text(one, "/serveflow/label"),
                                                String.format(
                                                        Locale.ROOT,
                                                        "%.3f",
                                                        one.at("/serveflow/confidence").asDouble()),
                                                text(one, "/serveflow/tier"),
                                                text(one, "/serveflow/stage")
                                                        + (one.at("/serveflow/revised").asBoolean()
                                                                ? ", revised"
                                                                : ""),
                                                text(one, "/serveflow/packets")))
                        .collect(Collectors.toSet());

        assertThat(
                        browser.ask(
                                "[...document.querySelectorAll('#latest tr')].map(row =>"
                                        + " [...row.cells].slice(0, 8).map(cell =>"
                                        + " cell.textContent).join(' '))"))
                .hasSize(40)
                .allSatisfy(row -> assertThat(stored).contains(row.asText()));
    }

    private static String end(final JsonNode document, final String side) {
        return text(document, side + "/ip") + ":" + text(document, side + "/port");
    }

    /** What stands in no document is compared with what monitoring reads. */
    @Test
    void shouldShowTheLedgerDriftAndWhatWasLostAsMetricsDo() throws Exception {
        showLive();
        final Map<String, Double> scraped = scrape();
        final Map<String, Long> metrics = new TreeMap<>();
        for (final Ledger.Entry entry : Ledger.Entry.values()) {
            final String name = entry == Ledger.Entry.DEAD_LETTERED ? "dead_letters" : entry.id();
            final long sum =
                    scraped.entrySet().stream()
                            .filter(
                                    one ->
                                            one.getKey()
                                                    .split("\\{")[0]
                                                    .equals("serveflow_" + name + "_total"))
                            .mapToLong(one -> one.getValue().longValue())
                            .sum();
            if (sum > 0) {
                metrics.put(entry.id().replace('_', ' '), sum);
            }
        }
        final Map<String, Long> ledger = new TreeMap<>();
        final List<String> drift = new ArrayList<>();
        browser.ask(
                        "[...document.querySelectorAll('#ledger tr')].map(row =>"
                                + " [...row.cells].map(cell => cell.textContent))")
                .forEach(
                        row -> {
                            if (row.get(0).asText().equals("drift")) {
                                drift.add(row.get(2).asText());
                            } else {
                                ledger.put(row.get(0).asText(), number(row.get(1).asText()));
                            }
                        });

        assertThat(ledger).isEqualTo(metrics).containsEntry("dead lettered", 1L);
        assertThat(drift)
                .singleElement()
                .satisfies(
                        line -> {
                            final Matcher said = DRIFT.matcher(line);
                            assertThat(said.matches()).as(line).isTrue();
                            assertThat(said.group("psi"))
                                    .isEqualTo(
                                            String.format(
                                                    Locale.ROOT,
                                                    "%.2f",
                                                    scraped.get(
                                                            "serveflow_drift_psi{distribution=\"%s\",task=\"service\"}"
                                                                    .formatted(said.group("of")))));
                            assertThat(said.group("flows"))
                                    .isEqualTo(
                                            Integer.toString(
                                                    scraped.get(
                                                                    "serveflow_drift_flows{task=\"service\"}")
                                                            .intValue()));
                        });

        show("cascade", "");
        browser.awaitThat(
                "document.querySelector('[data-panel=process]').textContent.includes('Dropped')");
        final Map<String, String> process = new HashMap<>();
        final List<String> names = texts("[data-panel=process] dt");
        final List<String> said = texts("[data-panel=process] dd");
        for (int i = 0; i < names.size(); i++) {
            process.put(names.get(i), said.get(i));
        }
        assertThat(process)
                .containsEntry("Drift", drift.get(0))
                .containsEntry("Dropped", Long.toString(metrics.getOrDefault("dropped", 0L)))
                .containsEntry("Waiting for the slow tier", "0")
                .containsEntry("Held for Elasticsearch", "0");
        assertThat(process.get("Dead letters")).matches("1, [a-z_]+ 1");
        assertThat(process.get("Tiers")).contains("service fastest: ", "service slow: ");
    }

    /** The samples of a scrape by name and labels, as they are written. */
    private static Map<String, Double> scrape() throws Exception {
        final String metrics =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(management.resolve("/observe/metrics"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
        return metrics.lines()
                .filter(line -> !line.startsWith("#"))
                .collect(
                        Collectors.toMap(
                                line -> line.substring(0, line.lastIndexOf(' ')),
                                line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1))));
    }

    @Test
    void shouldNarrowEverythingToAHostThatIsTyped() throws Exception {
        final String host =
                counted(standing(), "/source/ip").entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .orElseThrow()
                        .getKey();
        final String network = host.substring(0, host.lastIndexOf('.') + 1);
        show("traffic", "");
        final long all = metric("traffic-flows");

        type("host", host);
        awaitLoaded("host=" + host);
        assertThat(metric("traffic-flows"))
                .isPositive()
                .isLessThan(all)
                .isEqualTo(touching(address -> address.equals(host)));

        type("host", network + "0/24");
        awaitLoaded("host=" + network + "0/24");
        assertThat(metric("traffic-flows"))
                .isEqualTo(touching(address -> address.startsWith(network)));

        type("host", "");
        browser.awaitThat("!location.hash.includes('host=')");
    }

    private static long touching(final Predicate<String> addresses) {
        return standing().stream()
                .filter(
                        one ->
                                addresses.test(text(one, "/source/ip"))
                                        || addresses.test(text(one, "/destination/ip")))
                .count();
    }

    @Test
    void shouldNarrowEverythingToATimeThatIsTyped() throws Exception {
        final List<Long> times =
                standing().stream().map(ConsoleInBrowserTest::millis).sorted().toList();
        final long from = times.get(times.size() / 4) / 1000;
        final long to = times.get(times.size() * 3 / 4) / 1000;
        show("traffic", "");

        browser.ask(
                "(() => { const fields = document.getElementById('search').elements; fields.from.value = '%s'; fields.to.value = '%s'; fields.to.focus(); })()"
                        .formatted(local(from), local(to)));
        browser.press("Enter");
        awaitLoaded("to=");

        assertThat(metric("traffic-flows"))
                .isPositive()
                .isLessThan(times.size())
                .isEqualTo(
                        times.stream()
                                .filter(time -> time / 1000 >= from && time / 1000 <= to)
                                .count());
        assertThat(times.get(0) / 1000).as("some are before").isLessThan(from);
        assertThat(times.get(times.size() - 1) / 1000).as("some are after").isGreaterThan(to);
    }

    private static String local(final long seconds) {
        return Instant.ofEpochSecond(seconds).toString().replace("Z", "");
    }

    @Test
    void shouldNarrowEverythingByWhatIsTypedAndClicked() throws Exception {
        show("traffic", "");
        type("label", "web_*");
        awaitLoaded("label=web_");
        final List<JsonNode> web =
                standing().stream()
                        .filter(one -> text(one, "/serveflow/label").startsWith("web_"))
                        .toList();
        assertThat(metric("traffic-flows")).isEqualTo(web.size()).isPositive();

        browser.ask(
                "[...document.querySelectorAll('[role=tab]')].find(tab => tab.textContent ==="
                        + " 'Hosts').click()");
        awaitLoaded("hosts?label=web_");
        final String host =
                browser.ask(
                                "(() => { const host ="
                                    + " document.querySelector('[data-panel=\"hosts-sources\"] td"
                                    + " button'); host.click(); return host.textContent; })()")
                        .asText();
        awaitLoaded("host=" + host);
        assertThat(sums("hosts-sources", 1).get(host))
                .isEqualTo(
                        web.stream().filter(one -> text(one, "/source/ip").equals(host)).count());
    }

    @Test
    void shouldShowOneTaskAndOfferTheOthers() throws Exception {
        show("traffic", "");
        final String task = "document.querySelector('#search [name=task]')";
        assertThat(browser.ask(task + ".value").asText()).isEqualTo("service");
        assertThat(browser.ask("document.getElementById('tasklabel').hidden").asBoolean())
                .isFalse();

        browser.ask(task + ".value = 'device'; " + task + ".dispatchEvent(new Event('change'))");
        awaitLoaded("task=device");
        assertThat(metric("traffic-flows"))
                .isEqualTo(
                        StoredDocuments.standing(StoredDocuments.all(elasticsearch, INDEX)).stream()
                                .filter(one -> text(one, "/serveflow/task").equals("device"))
                                .count());
    }

    @Test
    void shouldLookBackAsFarAsIsChosen() throws Exception {
        show("traffic", "");
        final String time = "document.querySelector('#search [name=last]')";
        assertThat(browser.ask(time + ".value").asText()).isEqualTo("all");

        browser.ask(time + ".value = '15m'; " + time + ".dispatchEvent(new Event('change'))");
        awaitLoaded("last=15m");
        assertThat(browser.ask("document.querySelector('.problem').textContent").asText())
                .startsWith("Nothing in " + INDEX + " is of this time (last 15 minutes)");

        browser.ask("narrow({ from: '2026-11-22T00:00:00Z' })");
        awaitLoaded("from=2026-11-22");
        assertThat(browser.ask("location.hash.includes('last=')").asBoolean()).isFalse();
        assertThat(browser.ask(time + ".value").asText()).isEmpty();
        assertThat(metric("traffic-flows")).isEqualTo(standing().size());

        browser.ask(time + ".value = '24h'; " + time + ".dispatchEvent(new Event('change'))");
        awaitLoaded("last=24h");
        assertThat(browser.ask("location.hash.includes('from=')").asBoolean()).isFalse();
    }

    /** As of a document that somebody else has put there. */
    @Test
    void shouldSayThatItCannotShowAFlow() throws Exception {
        final ObjectNode strange = documents.get(0).deepCopy();
        ((ObjectNode) strange.get("event")).put("id", "strange").put("dataset", "strange");
        ((ObjectNode) strange.get("observer")).put("name", "sensor-x");
        ((ObjectNode) strange.get("serveflow")).remove("latency");
        StoredDocuments.create(elasticsearch, INDEX, List.of(strange));

        browser.ask(
                "location.hash = 'uncertain?flow=sensor-x+" + text(strange, "/log/id/uid") + "'");

        browser.awaitThat(
                "document.querySelector('dialog[open]')?.textContent"
                        + ".includes('This page cannot show this flow')");
        browser.ask("document.querySelector('dialog').close()");
        browser.awaitThat("!location.hash.includes('flow=')");
    }

    @Test
    void shouldSayWhatIsWrongWithASearch() throws Exception {
        show("traffic", "host=example.org");

        assertThat(browser.ask("document.querySelector('.problem').textContent").asText())
                .startsWith("host is no IPv4 or IPv6 address");
    }

    @Test
    void shouldOpenAFlowOfTheQueueDownToItsPackets() throws Exception {
        final JsonNode uncertain =
                standing().stream()
                        .filter(one -> text(one, "/observer/name").equals("sensor-c"))
                        .filter(ConsoleInBrowserTest::isUncertain)
                        .findFirst()
                        .orElseThrow();
        final String uid = text(uncertain, "/log/id/uid");
        final String time = text(uncertain, "/@timestamp").substring(0, 23) + "Z";
        show("uncertain", "from=" + time + "&to=" + time);
        browser.ask(
                "(() => { const flow ="
                        + " [...document.querySelectorAll('[data-panel=\"uncertain-queue\"] td"
                        + " button')].find(one => one.textContent === '"
                        + uid
                        + "'); flow.focus(); flow.click(); })()");
        browser.awaitThat("document.querySelectorAll('dialog[open] pre').length > 0");

        final String shown = browser.ask("document.querySelector('dialog').textContent").asText();
        final List<JsonNode> ofFlow =
                documents.stream()
                        .filter(one -> text(one, "/log/id/uid").equals(uid))
                        .filter(one -> text(one, "/observer/name").equals("sensor-c"))
                        .toList();
        assertThat(shown).contains(uid, text(ofFlow.get(0), "/network/community_id"));
        assertThat(browser.ask("document.querySelectorAll('dialog [data-why]').length").asInt())
                .isEqualTo(ofFlow.size());
        assertThat(browser.ask("document.querySelector('dialog pre').textContent").asText())
                .as("an IPv4 or IPv6 header")
                .matches("(?s)0000 {2}(4|6)[0-9a-f] .*");

        browser.press("Escape");
        browser.awaitThat(
                "!document.querySelector('dialog').open && !location.hash.includes('flow=')");
    }

    @Test
    void shouldBeUsedByKeyboard() throws Exception {
        show("traffic", "");
        browser.ask("document.querySelector('[role=tab][aria-selected=true]').focus()");
        browser.press("ArrowRight");
        awaitLoaded("uncertain");
        assertThat(browser.ask("document.activeElement.textContent").asText())
                .isEqualTo("Uncertain flows");
        browser.press("/");
        assertThat(browser.ask("document.activeElement.name").asText()).isEqualTo("label");
        assertThat(
                        browser.ask(
                                        "[...document.querySelectorAll('[role=tab]')].filter(tab =>"
                                                + " tab.tabIndex === 0).length")
                                .asInt())
                .isEqualTo(1);
    }

    /** Through the tabs the arrows go, so that only the chosen one is a stop. */
    @Test
    void shouldStopWithTheTabKeyAtAllThatCanBeUsed() throws Exception {
        show("traffic", "");
        final String usable =
                "[...document.querySelectorAll('a[href], button, input, select, [tabindex]')]"
                        + ".filter(one => one.checkVisibility() && one.tabIndex >= 0)";
        final int stops = browser.ask(usable + ".length").asInt();
        browser.ask("document.activeElement.blur(); window.stops = new Set()");

        // A field for times is several stops.
        for (int i = 0; i < 2 * stops; i++) {
            browser.press("Tab");
            browser.ask("stops.add(document.activeElement).size");
        }

        assertThat(stops).isGreaterThan(20);
        assertThat(
                        browser.ask(
                                usable
                                        + ".filter(one => !stops.has(one)).map(one =>"
                                        + " one.outerHTML)"))
                .isEmpty();
        assertThat(
                        browser.ask(
                                usable
                                        + ".filter(one => !(one.textContent.trim() ||"
                                        + " one.getAttribute('aria-label') || one.labels?.length))"
                                        + ".map(one => one.outerHTML)"))
                .as("without a name")
                .isEmpty();
        browser.ask("document.querySelector('[data-panel] button').focus()");
        assertThat(browser.ask("getComputedStyle(document.activeElement).outlineStyle").asText())
                .isEqualTo("solid");
    }

    @Test
    void shouldGiveTheFocusBackWhenAFlowIsClosed() throws Exception {
        show("uncertain", "");
        final String flows = "document.querySelector('[data-panel=\"uncertain-queue\"] .body')";
        final String uid =
                browser.ask(
                                "(() => { const flow = "
                                        + flows
                                        + ".querySelector('td button');"
                                        + " flow.focus(); return flow.textContent; })()")
                        .asText();

        for (final boolean redrawn : List.of(false, true)) {
            browser.press("Enter");
            browser.awaitThat("document.querySelectorAll('dialog[open] dl').length > 0");
            assertThat(
                            browser.ask(
                                            "document.querySelector('dialog').contains(document.activeElement)")
                                    .asBoolean())
                    .isTrue();
            if (redrawn) {
                browser.ask("draw(panelOfFlows(), " + flows + ")");
            }
            browser.press("Escape");
            browser.awaitThat(
                    "!document.querySelector('dialog').open && !location.hash.includes('flow=')");
            assertThat(browser.ask("document.activeElement.textContent").asText())
                    .as(redrawn ? "drawn anew" : "as it was")
                    .isEqualTo(uid);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void shouldBeReadableInBothThemes(final String theme) throws Exception {
        final String contrast;
        try (InputStream script =
                ConsoleInBrowserTest.class.getResourceAsStream("/console/contrast.js")) {
            contrast = new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (final Dashboard dashboard : Dashboards.all()) {
            show(dashboard.id(), "theme=" + theme);
            for (final Panel panel : dashboard.panels()) {
                asTable(panel, false);
            }
            assertContrast(dashboard.id() + " in " + theme, browser.ask(contrast));
        }
        show("uncertain", "theme=" + theme);
        browser.ask("document.querySelector('[data-panel=\"uncertain-queue\"] td button').click()");
        browser.awaitThat("document.querySelectorAll('dialog[open] dl').length > 0");
        assertContrast("a flow in " + theme, browser.ask(contrast));
        browser.press("Escape");
        browser.ask("location.hash = 'live?theme=" + theme + "'");
        browser.awaitThat("!document.getElementById('live').hidden");
        assertContrast("live in " + theme, browser.ask(contrast));
        browser.ask("location.hash = 'live'");
    }

    @Test
    void shouldFitANarrowWindow() throws Exception {
        browser.resize(700);
        try {
            for (final Dashboard dashboard : Dashboards.all()) {
                show(dashboard.id(), "");
                for (final Panel panel : dashboard.panels()) {
                    asTable(panel, false);
                }
                assertThat(
                                browser.ask(
                                                "document.documentElement.scrollWidth -"
                                                        + " document.documentElement.clientWidth")
                                        .asInt())
                        .as("%s: pixels beyond the window", dashboard.id())
                        .isZero();
                assertThat(
                                browser.ask(
                                        "[...document.querySelectorAll('svg text')].map(text =>"
                                                + " text.getBoundingClientRect().height)"))
                        .as("%s: height of the text in charts", dashboard.id())
                        .allMatch(height -> height.asDouble() > 10);
            }
        } finally {
            browser.resize(1320);
        }
    }

    /** As on Live, on which a tier has a colour of its own. */
    @Test
    void shouldDrawATierInOneColour() throws Exception {
        showLive();
        final String colour = "getComputedStyle(document.querySelector('%s')).%s";
        final Map<String, String> live = new HashMap<>();
        for (final String tier : List.of("fastest", "fast", "slow")) {
            live.put(
                    tier,
                    browser.ask(colour.formatted("#tierkey ." + tier, "backgroundColor")).asText());
        }
        show("cascade", "");
        for (final Panel panel : Dashboards.find("cascade").orElseThrow().panels()) {
            asTable(panel, false);
        }

        assertThat(live.values()).doesNotHaveDuplicates();
        for (final Map.Entry<String, String> tier : live.entrySet()) {
            final String drawn =
                    colour.formatted(
                            "[data-panel=\"cascade-tiers-over-time\"] rect[data-series=\""
                                    + tier.getKey()
                                    + "\"]",
                            "fill");
            assertThat(browser.ask(drawn).asText()).isEqualTo(tier.getValue());
        }
    }

    private static void assertContrast(final String where, final JsonNode found) {
        assertThat(found.get("texts").asInt()).as(where).isGreaterThan(50);
        assertThat(found.get("faults")).as(where).isEmpty();
    }

    @Test
    void shouldFollowTheThemeOfTheSystemUnlessOneIsChosen() throws Exception {
        show("traffic", "");
        browser.ask("localStorage.clear()");
        show("ports", "");
        final String ground = "getComputedStyle(document.body).backgroundColor";
        browser.preferDark(false);
        final String light = browser.ask(ground).asText();
        browser.preferDark(true);
        final String dark = browser.ask(ground).asText();
        assertThat(dark).isNotEqualTo(light);

        browser.ask("document.getElementById('theme').click()");
        assertThat(browser.ask(ground).asText()).isEqualTo(light);
        browser.ask("document.getElementById('theme').click()");
        browser.preferDark(false);
        assertThat(browser.ask(ground).asText()).isEqualTo(dark);
        browser.ask("document.getElementById('theme').click()");
        assertThat(browser.ask(ground).asText()).isEqualTo(light);
    }

    @Test
    void shouldSayThatElasticsearchCannotBeReachedAndGoOn() throws Exception {
        elasticsearch.stop();
        try {
            show("traffic", "");

            assertThat(browser.ask("document.getElementById('boardnote').textContent").asText())
                    .startsWith("Elasticsearch at ")
                    .contains("cannot be reached");
            assertThat(browser.ask("document.querySelectorAll('.problem').length").asInt())
                    .as("it is said once")
                    .isOne();
            browser.ask("location.hash = 'live'");
            browser.awaitThat("!document.getElementById('live').hidden");
            assertThat(
                            browser.ask(
                                            "+document.getElementById('flows').textContent.replace(',',"
                                                + " '')")
                                    .asInt())
                    .isPositive();
        } finally {
            elasticsearch.start();
        }
    }

    @Test
    void shouldBreakNoRuleOfItsPolicyAndAskNobodyElse() throws Exception {
        for (final Dashboard dashboard : Dashboards.all()) {
            show(dashboard.id(), "");
        }

        assertThat(browser.complaints())
                .filteredOn(complaint -> !complaint.contains("status of 400"))
                .isEmpty();
        assertThat(
                        browser.ask(
                                "[...new Set(performance.getEntriesByType('resource').map(one =>"
                                        + " new URL(one.name).origin))]"))
                .hasSize(1);
    }

    /** Shows a dashboard from anew and waits until all is there. */
    private static void show(final String dashboard, final String narrowed) throws Exception {
        showLive();
        browser.ask(
                "document.getElementById('panels').dataset.loaded = ''; location.hash = '"
                        + dashboard
                        + (narrowed.isEmpty() ? "" : "?" + narrowed)
                        + "'");
        awaitLoaded(dashboard);
    }

    private static void awaitLoaded(final String inAddress) {
        browser.awaitThat(
                "decodeURIComponent(location.hash).includes('%s') && +document.getElementById('panels').dataset.loaded === turn"
                        .formatted(inAddress));
    }

    private static void showLive() throws Exception {
        browser.ask("location.hash = 'live'");
        browser.awaitThat("!document.getElementById('live').hidden");
        browser.awaitThat("document.querySelectorAll('#latest tr').length > 0");
    }

    /** Shows a panel as a table or as a chart, if it can be both. */
    private static void asTable(final Panel panel, final boolean wanted) throws Exception {
        browser.ask(
                "(() => { const button = document.querySelector('[data-panel=\"%s\"] .head button');"
                                .formatted(panel.id())
                        + " if (button && button.getAttribute('aria-pressed') !== '"
                        + wanted
                        + "') button.click(); })()");
    }

    /** Types into a field of the search, over what is there, and searches. */
    private static void type(final String field, final String text) throws Exception {
        browser.ask("document.querySelector('#search [name=%s]').select()".formatted(field));
        browser.ask("document.querySelector('#search [name=%s]').value = ''".formatted(field));
        browser.ask("document.querySelector('#search [name=%s]').focus()".formatted(field));
        browser.type(text);
        browser.press("Enter");
    }

    private static String live(final String tile) throws Exception {
        return browser.ask("document.getElementById('" + tile + "').textContent").asText();
    }

    private static List<String> texts(final String selector) throws Exception {
        final List<String> texts = new ArrayList<>();
        browser.ask(
                        "[...document.querySelectorAll('%s')].map(one => one.textContent)"
                                .formatted(selector))
                .forEach(one -> texts.add(one.asText()));
        return texts;
    }

    private static long metric(final String panel) throws Exception {
        return number(
                browser.ask(
                                "document.querySelector('[data-panel=\"%s\"] .metric').textContent"
                                        .formatted(panel))
                        .asText());
    }

    /** The numbers in a column of a panel's table, summed by its first column. */
    private static Map<String, Long> sums(final String panel, final int column) throws Exception {
        final Map<String, Long> sums = new HashMap<>();
        for (final JsonNode row : browser.ask(CELLS.formatted(panel))) {
            sums.merge(row.get(0).asText(), number(row.get(column).asText()), Long::sum);
        }
        return sums;
    }

    private static long number(final String text) {
        return Long.parseLong(text.replace(",", ""));
    }

    private static List<JsonNode> standing() {
        return StoredDocuments.standing(documents);
    }

    private static boolean isUnknown(final JsonNode document) {
        return text(document, "/serveflow/label").equals("unknown");
    }

    private static boolean isUncertain(final JsonNode document) {
        return isUnknown(document) || document.at("/serveflow/confidence").asDouble() < 0.5;
    }

    private static Map<String, Long> counted(final List<JsonNode> some, final String field) {
        return some.stream()
                .map(one -> text(one, field))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    private static long millis(final JsonNode document) {
        return Instant.parse(text(document, "/@timestamp")).toEpochMilli();
    }

    private static String text(final JsonNode document, final String field) {
        return document.at(field).asText();
    }
}
