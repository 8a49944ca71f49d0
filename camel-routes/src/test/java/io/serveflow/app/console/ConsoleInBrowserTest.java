/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.serveflow.app.fixture.Chromium;
import io.serveflow.app.fixture.IndexedSamples;
import io.serveflow.app.fixture.StoredDocuments;
import io.serveflow.app.panel.Dashboard;
import io.serveflow.app.panel.Dashboards;
import io.serveflow.app.panel.Panel;
import io.serveflow.app.run.RouteApplication;
import io.serveflow.app.run.ServerPorts;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The console page of running routes in a real Chromium, where it is installed: what it shows is
 * what the documents in Elasticsearch say, counted here one by one.
 */
@EnabledIf("io.serveflow.app.fixture.Chromium#isInstalled")
@ExtendWith(OwnElasticsearch.class)
class ConsoleInBrowserTest {

    private static final String INDEX = "logs-serveflow-browser";
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final String HOST = "127.0.0.1";

    /** The text of all cells of a panel's table, row by row. */
    private static final String CELLS =
            "[...document.querySelectorAll('[data-panel=\"%s\"] tbody tr')]"
                    + ".map(row => [...row.children].map(cell => cell.textContent))";

    @TempDir private static Path work;

    private static LocalElasticsearch elasticsearch;
    private static RouteApplication application;
    private static Chromium browser;
    private static URI console;
    private static List<JsonNode> documents;

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
        final List<String> logs = List.of("bittorrent", "openvpn", "stun");
        IndexedSamples.deliver(settings, logs);
        application = new RouteApplication(Optional.empty(), settings);
        application.start();
        await().atMost(LONGEST).until(() -> application.isSettled(logs.size()));
        documents = StoredDocuments.all(server, INDEX);
        browser = Chromium.start(Files.createDirectory(work.resolve("profile")));
        browser.open(console);
        browser.awaitThat("document.querySelectorAll('[role=tab]').length === 6");
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
    void shouldShowRowsInEveryPanelOfEveryDashboard() throws Exception {
        for (final Dashboard dashboard : Dashboards.all()) {
            show(dashboard.id(), "");
            for (final Panel panel : dashboard.panels()) {
                assertThat(
                                browser.ask(
                                                "+document.querySelector('[data-panel=\"%s\"] .body').dataset.rows"
                                                        .formatted(panel.id()))
                                        .asInt())
                        .as(panel.id())
                        .isPositive();
            }
        }
        assertThat(browser.ask("document.querySelectorAll('.problem').length").asInt()).isZero();
    }

    @Test
    void shouldShowAsManyFlowsAsTheIndexHas() throws Exception {
        show("traffic", "");

        assertThat(metric("traffic-flows")).isEqualTo(finals().size());
        assertThat(metric("traffic-sources")).isEqualTo(distinct("/source/ip"));
        assertThat(metric("traffic-labels-count")).isEqualTo(distinct("/serveflow/label"));
        assertThat(metric("traffic-unknown"))
                .isEqualTo(finals().stream().filter(ConsoleInBrowserTest::isUnknown).count());
    }

    @Test
    void shouldShowTheLabelsThatTheIndexCounts() throws Exception {
        show("traffic", "");
        asTable("traffic-labels");
        asTable("traffic-over-time");

        final Map<String, Long> labels = counted("/serveflow/label");
        assertThat(sums("traffic-labels", 1)).isEqualTo(labels);
        final Map<String, Long> overTime = sums("traffic-over-time", 2);
        final long others = overTime.remove("other") == null ? 0 : 1;
        assertThat(labels).containsAllEntriesOf(overTime);
        assertThat(overTime).hasSize(others == 0 ? labels.size() : 10);
    }

    @Test
    void shouldDrawABarForEachLabelThatIsNamed() throws Exception {
        show("traffic", "");

        assertThat(
                        browser.ask(
                                "[...document.querySelectorAll('[data-panel=\"traffic-over-time\"]"
                                        + " .key span')].map(one => one.textContent)"))
                .hasSizeGreaterThan(5)
                .allSatisfy(
                        entry ->
                                assertThat(entry.asText().replaceFirst("^other .*", ""))
                                        .satisfiesAnyOf(
                                                text -> assertThat(text).isEmpty(),
                                                text ->
                                                        assertThat(number(text.split(" ")[1]))
                                                                .isEqualTo(
                                                                        counted("/serveflow/label")
                                                                                .get(
                                                                                        text.split(
                                                                                                        " ")[
                                                                                                0]))));
        assertThat(
                        browser.ask(
                                        "document.querySelectorAll('[data-panel=\"traffic-over-time\"]"
                                            + " rect').length")
                                .asInt())
                .isGreaterThan(5);
    }

    @Test
    void shouldShowPortsAgainstLabels() throws Exception {
        show("ports", "");

        final JsonNode heat =
                browser.ask(
                        "(() => { const table ="
                            + " document.querySelector('[data-panel=\"ports-labels\"] table');"
                            + " const labels = [...table.tHead.rows[0].cells].slice(1).map(cell =>"
                            + " cell.textContent); return [...table.tBodies[0].rows].flatMap(row =>"
                            + " [...row.cells].slice(1).map((cell, i) => [row.cells[0].textContent,"
                            + " labels[i], cell.textContent])).filter(one => one[2]); })()");

        assertThat(heat).hasSizeGreaterThan(10);
        for (final JsonNode cell : heat) {
            assertThat(number(cell.get(2).asText()))
                    .as(cell.toString())
                    .isEqualTo(
                            finals().stream()
                                    .filter(
                                            one ->
                                                    text(one, "/destination/port")
                                                            .equals(cell.get(0).asText()))
                                    .filter(
                                            one ->
                                                    text(one, "/serveflow/label")
                                                            .equals(cell.get(1).asText()))
                                    .count());
        }
    }

    @Test
    void shouldShowWhatHostsDo() throws Exception {
        show("hosts", "");

        final JsonNode rows = browser.ask(CELLS.formatted("hosts-sources"));
        assertThat(rows).isNotEmpty();
        for (final JsonNode row : rows) {
            final List<JsonNode> flows =
                    finals().stream()
                            .filter(one -> text(one, "/source/ip").equals(row.get(0).asText()))
                            .toList();
            assertThat(number(row.get(1).asText())).isEqualTo(flows.size());
            assertThat(number(row.get(2).asText()))
                    .isEqualTo(flows.stream().filter(ConsoleInBrowserTest::isUnknown).count());
            assertThat(number(row.get(3).asText()))
                    .isEqualTo(
                            flows.stream()
                                    .map(one -> text(one, "/serveflow/label"))
                                    .distinct()
                                    .count());
        }
    }

    @Test
    void shouldShowTheCascadeAndWhatNoDocumentHas() throws Exception {
        show("cascade", "");
        asTable("cascade-tiers");
        asTable("cascade-reasons");

        assertThat(sums("cascade-tiers", 1)).isEqualTo(counted("/serveflow/tier"));
        assertThat(sums("cascade-reasons", 1)).isEqualTo(counted("/serveflow/reason"));
        assertThat(metric("cascade-escalated"))
                .isEqualTo(
                        documents.stream()
                                .filter(one -> text(one, "/serveflow/stage").equals("provisional"))
                                .count());
        browser.awaitThat(
                "document.querySelector('[data-panel=process]').textContent.includes('Dropped')");
        assertThat(
                        browser.ask("document.querySelector('[data-panel=process]').textContent")
                                .asText())
                .contains("Drift", "Dead letters", "service fastest");
    }

    @Test
    void shouldNarrowEverythingByWhatIsTypedAndClicked() throws Exception {
        show("traffic", "");
        browser.ask("document.querySelector('#search [name=label]').focus()");
        browser.type("web_*");
        browser.press("Enter");
        awaitLoaded("label=web_");
        final List<JsonNode> web =
                finals().stream()
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
    void shouldSayWhatIsWrongWithASearch() throws Exception {
        show("traffic", "host=example.org");

        assertThat(browser.ask("document.querySelector('.problem').textContent").asText())
                .startsWith("host is no IPv4 or IPv6 address");
    }

    @Test
    void shouldOpenAFlowOfTheQueueDownToItsPackets() throws Exception {
        final JsonNode uncertain =
                finals().stream()
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

            assertThat(
                            browser.ask(
                                    "[...document.querySelectorAll('#panels .problem')].map(one =>"
                                            + " one.textContent)"))
                    .hasSize(Dashboards.all().get(0).panels().size())
                    .allSatisfy(
                            problem ->
                                    assertThat(problem.asText())
                                            .startsWith("Elasticsearch at ")
                                            .contains("cannot be reached"));
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
        browser.ask("location.hash = 'live'");
        browser.awaitThat("!document.getElementById('live').hidden");
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

    private static void asTable(final String panel) throws Exception {
        browser.ask(
                "(() => { const button = document.querySelector('[data-panel=\"%s\"] .head button');"
                                .formatted(panel)
                        + " if (button.getAttribute('aria-pressed') !== 'true') button.click();"
                        + " })()");
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

    private static List<JsonNode> finals() {
        final List<JsonNode> finals = new ArrayList<>(documents);
        finals.removeIf(one -> !text(one, "/serveflow/stage").equals("final"));
        return finals;
    }

    private static boolean isUnknown(final JsonNode document) {
        return text(document, "/serveflow/label").equals("unknown");
    }

    private static boolean isUncertain(final JsonNode document) {
        return isUnknown(document) || document.at("/serveflow/confidence").asDouble() < 0.5;
    }

    private static Map<String, Long> counted(final String field) {
        return finals().stream()
                .map(one -> text(one, field))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    private static long distinct(final String field) {
        final Set<String> values =
                finals().stream().map(one -> text(one, field)).collect(Collectors.toSet());
        return values.size();
    }

    private static String text(final JsonNode document, final String field) {
        return document.at(field).asText();
    }
}
