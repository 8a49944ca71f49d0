/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.fixture.IndexedSamples;
import io.serveflow.app.fixture.StoredDocuments;
import io.serveflow.camel.elastic.ElasticConnection;
import io.serveflow.camel.elastic.IndexProfile;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The panels, asked of a real Elasticsearch that has verdicts of the shipped routes. */
@ExtendWith(OwnElasticsearch.class)
class PanelSearchTest {

    private static final String INDEX = "logs-serveflow-panels";
    private static final String MALCOLM = "malcolm_beats_serveflow_panels";

    @TempDir private static Path work;

    private static LocalElasticsearch elasticsearch;
    private static PanelSearch search;
    private static List<JsonNode> documents;

    @BeforeAll
    static void store(final LocalElasticsearch server) throws Exception {
        elasticsearch = server;
        IndexedSamples.store(server, INDEX, work);
        documents = StoredDocuments.all(server, INDEX);
        search = search(server.uri(), INDEX, IndexProfile.ECS);
    }

    @AfterAll
    static void close() throws IOException {
        if (search != null) {
            search.close();
        }
    }

    @Test
    void shouldHaveRowsInEveryPanel() {
        assertThat(documents).hasSizeGreaterThan(500);
        for (final Dashboard dashboard : Dashboards.all()) {
            final ObjectNode answer = search.show(dashboard, Scope.ALL);
            assertThat(answer.has("problem")).as(answer.toString()).isFalse();
            for (final Panel panel : dashboard.panels()) {
                final JsonNode shown = answer.at("/panels/" + panel.id());
                assertThat(shown.path("problem").asText()).as(panel.id()).isEmpty();
                assertThat(shown.path("rows")).as(panel.id()).isNotEmpty();
                for (final JsonNode row : shown.get("rows")) {
                    assertThat(row)
                            .as(panel.id())
                            .hasSize(panel.buckets().size() + panel.measures().size())
                            .noneMatch(JsonNode::isNull);
                }
            }
        }
    }

    @Test
    void shouldAnswerForEachPanelWhatTheDocumentsSay() {
        for (final Dashboard dashboard : Dashboards.all()) {
            final ObjectNode answer = search.show(dashboard, Scope.ALL);
            final Map<String, List<List<Shown>>> counted =
                    new CountedPanels(documents, "service", answer.at("/span/interval").asLong())
                            .rows();
            for (final Panel panel : dashboard.panels()) {
                final JsonNode rows = answer.at("/panels/" + panel.id() + "/rows");
                final List<List<Shown>> expected = counted.get(panel.id());
                assertThat(rows).as(panel.id()).hasSameSizeAs(expected);
                for (int i = 0; i < expected.size(); i++) {
                    for (int j = 0; j < expected.get(i).size(); j++) {
                        assertThat(expected.get(i).get(j).isMarked(plain(rows.get(i).get(j))))
                                .as(
                                        "%s, row %d, column %d: %s, and counted %s",
                                        panel.id(), i, j, rows.get(i), expected.get(i).get(j))
                                .isTrue();
                    }
                }
            }
        }
    }

    /** A whole number without what makes it a decimal one. */
    private static String plain(final JsonNode value) {
        return value.isFloatingPointNumber() && value.asDouble() == Math.rint(value.asDouble())
                ? Long.toString(value.asLong())
                : value.asText();
    }

    @Test
    void shouldCountWhatTheDocumentsSay() {
        assertThat(numbers(rows("traffic", "traffic-labels", Scope.ALL)))
                .isEqualTo(counted("label"));
        assertThat(numbers(rows("cascade", "cascade-tiers", Scope.ALL))).isEqualTo(counted("tier"));
        assertThat(numbers(rows("cascade", "cascade-reasons", Scope.ALL)))
                .isEqualTo(counted("reason"));
        assertThat(rows("traffic", "traffic-flows", Scope.ALL).get(0).get(0).asLong())
                .isEqualTo(standing().size());
    }

    @Test
    void shouldCountEveryFlowOnceOverTime() {
        for (final String panel : List.of("traffic-over-time", "cascade-tiers-over-time")) {
            long sum = 0;
            for (final JsonNode row : rows(panel.split("-")[0], panel, Scope.ALL)) {
                sum += row.get(2).asLong();
            }
            assertThat(sum).as(panel).isEqualTo(standing().size());
        }
    }

    @Test
    void shouldHaveARowForTheValuesThatAreNotShown() {
        final Panel few =
                new Panel(
                        "few",
                        "Few",
                        "Two labels and the rest.",
                        Panel.Kind.BAR,
                        Filter.standing(),
                        List.of(
                                new Bucket.Values("Label", "serveflow.label", Unit.NAME, 2)
                                        .withOthers(),
                                new Bucket.Time("Time", "@timestamp")),
                        List.of(Measure.count("Flows")),
                        48,
                        10);

        final JsonNode answer =
                search.show(new Dashboard("few", "Few", "Few.", List.of(few)), Scope.ALL);

        final Map<String, Long> sums = new HashMap<>();
        answer.at("/panels/few/rows")
                .forEach(row -> sums.merge(row.get(0).asText(), row.get(2).asLong(), Long::sum));
        assertThat(sums).hasSize(3).containsKey("other");
        assertThat(sums.values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(standing().size());
    }

    @Test
    void shouldQueueTheLeastCertainFlowFirst() {
        final JsonNode rows = rows("uncertain", "uncertain-queue", Scope.ALL);

        assertThat(rows.get(0).get(3).asDouble())
                .isEqualTo(
                        standing().stream()
                                .mapToDouble(one -> one.at("/serveflow/confidence").asDouble())
                                .min()
                                .orElseThrow(),
                        org.assertj.core.api.Assertions.within(1e-6));
        final String uid = rows.get(0).get(0).asText();
        assertThat(
                        standing().stream()
                                .filter(one -> one.at("/log/id/uid").asText().equals(uid))
                                .map(one -> one.at("/source/ip").asText()))
                .contains(rows.get(0).get(5).asText());
    }

    @Test
    void shouldNarrowAllPanelsToALabelAHostAndATime() {
        final JsonNode some = standing().get(0);
        final String label = some.at("/serveflow/label").asText();
        final String host = some.at("/source/ip").asText();
        final String time = some.get("@timestamp").asText();

        final Scope scope =
                scope(Map.of("label", label, "host", host, "from", time.substring(0, 23) + "Z"));

        assertThat(rows("traffic", "traffic-flows", scope).get(0).get(0).asLong())
                .isPositive()
                .isEqualTo(
                        standing().stream()
                                .filter(one -> one.at("/serveflow/label").asText().equals(label))
                                .filter(
                                        one ->
                                                one.at("/source/ip").asText().equals(host)
                                                        || one.at("/destination/ip")
                                                                .asText()
                                                                .equals(host))
                                .filter(
                                        one ->
                                                one.get("@timestamp")
                                                                .asText()
                                                                .substring(0, 23)
                                                                .compareTo(time.substring(0, 23))
                                                        >= 0)
                                .count());
    }

    /** Kibana is asked in KQL, which on these filters is the syntax of Lucene in other letters. */
    @Test
    void shouldFindTheSameDocumentsByTheKqlOfEachPanel() throws Exception {
        for (final Dashboard dashboard : Dashboards.all()) {
            for (final Panel panel : dashboard.panels()) {
                final String lucene =
                        panel.filter()
                                .kql()
                                .replace(" : ", ":")
                                .replace(" and ", " AND ")
                                .replace(" or ", " OR ")
                                .replaceAll("\\bnot ", "NOT ")
                                .replace(" < ", ":<");
                assertThat(
                                StoredDocuments.count(
                                        elasticsearch,
                                        INDEX,
                                        URLEncoder.encode(lucene, StandardCharsets.UTF_8)))
                        .as(panel.id())
                        .isPositive()
                        .isEqualTo(
                                documents.stream()
                                        .filter(one -> matches(panel.filter(), one))
                                        .count());
            }
        }
    }

    private static boolean matches(final Filter filter, final JsonNode document) {
        if (filter instanceof Filter.All all) {
            return all.filters().stream().allMatch(one -> matches(one, document));
        }
        if (filter instanceof Filter.Any any) {
            return any.filters().stream().anyMatch(one -> matches(one, document));
        }
        if (filter instanceof Filter.Not not) {
            return !matches(not.filter(), document);
        }
        if (filter instanceof Filter.Dataset dataset) {
            return document.at("/event/dataset").asText().equals("serveflow." + dataset.name());
        }
        if (filter instanceof Filter.Standing) {
            return StoredDocuments.stage(document).equals("final");
        }
        if (filter instanceof Filter.Below below) {
            return field(document, below.field()).isNumber()
                    && field(document, below.field()).floatValue() < below.bound();
        }
        return filter instanceof Filter.Is is
                && is.values().contains(field(document, is.field()).asText());
    }

    private static JsonNode field(final JsonNode document, final String name) {
        return document.at("/" + name.replace('.', '/'));
    }

    @Test
    void shouldCountARepairedFlowOnceWithItsLastVerdict() {
        final List<JsonNode> repaired =
                documents.stream()
                        .filter(one -> StoredDocuments.stage(one).equals("repaired"))
                        .toList();
        final JsonNode one = repaired.get(0);

        final Scope flow =
                scope(
                        Map.of(
                                "host", one.at("/source/ip").asText(),
                                "from", one.get("@timestamp").asText(),
                                "to", one.get("@timestamp").asText()));

        assertThat(numbers(rows("traffic", "traffic-labels", Scope.ALL)))
                .containsEntry(IndexedSamples.REPAIRED, (long) repaired.size());
        assertThat(numbers(rows("traffic", "traffic-labels", flow)))
                .isEqualTo(Map.of(IndexedSamples.REPAIRED, 1L));
        assertThat(search.show(Dashboards.all().get(0), Scope.ALL).has("note")).isFalse();
    }

    @Test
    void shouldNotCountAFlowByTheLabelThatItHadBeforeItsRepair() {
        final JsonNode repaired =
                documents.stream()
                        .filter(one -> StoredDocuments.stage(one).equals("repaired"))
                        .findFirst()
                        .orElseThrow();
        final String before =
                documents.stream()
                        .filter(
                                one ->
                                        one.at("/event/id")
                                                .equals(repaired.at("/serveflow/supersedes")))
                        .map(one -> StoredDocuments.text(one, "label"))
                        .findFirst()
                        .orElseThrow();

        assertThat(
                        rows("traffic", "traffic-flows", scope(Map.of("label", before)))
                                .get(0)
                                .get(0)
                                .asLong())
                .isEqualTo(
                        standing().stream()
                                .filter(one -> StoredDocuments.text(one, "label").equals(before))
                                .count());
    }

    /** Which the languages of other pages can only do by the verdict that came first. */
    @Test
    void shouldFindOneDocumentOfAFlowByEachQueryOfSecurityOnion() throws Exception {
        final JsonNode repaired =
                documents.stream()
                        .filter(one -> StoredDocuments.stage(one).equals("repaired"))
                        .findFirst()
                        .orElseThrow();
        final List<String> queries = new ArrayList<>();
        final Path soc = ProjectFiles.path("security-onion/soc");
        new JsonMapper()
                .readTree(soc.resolve("hunt-queries.json").toFile())
                .forEach(query -> queries.add(query.get("query").asText()));
        new JsonMapper()
                .readTree(soc.resolve("actions.json").toFile())
                .forEach(
                        action ->
                                action.get("links")
                                        .forEach(link -> queries.add(link.asText().substring(10))));

        int ofFlows = 0;
        for (final String query : queries) {
            // One flow is looked into there, down to each of its verdicts.
            if (query.contains("groupby serveflow.task serveflow.label serveflow.stage")) {
                continue;
            }
            final String lucene =
                    query.substring(0, query.indexOf(" | "))
                            .replace("{value|escape}", repaired.at("/source/ip").asText());
            final Map<String, Integer> found = foundByFlow(lucene);
            assertThat(found.values()).as(query).allMatch(count -> count == 1);
            ofFlows += found.isEmpty() ? 0 : 1;
            if (!lucene.contains("serveflow.label") && lucene.endsWith("serveflow.stage:final")) {
                assertThat(found)
                        .as(query)
                        .hasSize(StoredDocuments.standing(documents).size())
                        .containsKey(flow(repaired));
            }
        }
        assertThat(ofFlows).isGreaterThan(4);
    }

    /** How many documents a query of Lucene finds of each flow and task. */
    private static Map<String, Integer> foundByFlow(final String lucene) throws Exception {
        final ObjectNode search = new JsonMapper().createObjectNode().put("size", 10_000);
        search.putObject("query").putObject("query_string").put("query", lucene);
        final Map<String, Integer> found = new HashMap<>();
        StoredDocuments.post(elasticsearch, "/" + INDEX + "/_search", search.toString())
                .at("/hits/hits")
                .forEach(
                        hit -> {
                            final JsonNode one = hit.get("_source");
                            if (one.at("/event/dataset").asText().equals("serveflow.prediction")) {
                                found.merge(flow(one), 1, Integer::sum);
                            }
                        });
        return found;
    }

    private static String flow(final JsonNode document) {
        return document.at("/observer/name").asText()
                + " "
                + document.at("/log/id/uid").asText()
                + " "
                + StoredDocuments.text(document, "task");
    }

    @Test
    void shouldShowOneTaskWhereThereAreSeveral() throws IOException {
        final Dashboard traffic = Dashboards.all().get(0);
        final String flows = "/panels/traffic-flows/rows/0/0";
        try (PanelSearch unknown =
                search(elasticsearch.uri(), INDEX, IndexProfile.ECS, "qoe", "other")) {
            final ObjectNode own = search.show(traffic, Scope.ALL);
            final ObjectNode first = unknown.show(traffic, Scope.ALL);

            assertThat(own.get("tasks"))
                    .extracting(JsonNode::asText)
                    .containsExactly("device", "service");
            assertThat(own.get("task").asText()).isEqualTo("service");
            assertThat(own.at(flows).asLong()).isEqualTo(standing("service").size());
            assertThat(first.get("task").asText()).isEqualTo("device");
            assertThat(first.at(flows).asLong()).isEqualTo(standing("device").size());
            assertThat(search.show(traffic, scope(Map.of("task", "device"))).at(flows))
                    .isEqualTo(first.at(flows));
        }
    }

    /** As two sensors may give it to two flows. */
    @Test
    void shouldTellFlowsOfTheSameIdApart() throws Exception {
        final String index = "panels-same-id";
        final List<JsonNode> two = new ArrayList<>();
        for (final String observer : List.of("sensor-a", "sensor-b")) {
            final ObjectNode one = standing().get(0).deepCopy();
            ((ObjectNode) one.get("event")).put("id", observer);
            ((ObjectNode) one.get("observer")).put("name", observer);
            ((ObjectNode) one.get("serveflow"))
                    .put("confidence", 0.25)
                    .put("label", "of-" + observer);
            two.add(one);
        }
        createIndex(index, "keyword");
        StoredDocuments.create(elasticsearch, index, two);

        try (PanelSearch other = search(elasticsearch.uri(), index, IndexProfile.ECS)) {
            assertThat(
                            other.show(Dashboards.find("uncertain").orElseThrow(), Scope.ALL)
                                    .at("/panels/uncertain-queue/rows"))
                    .extracting(row -> row.get(1).asText() + " " + row.get(4).asText())
                    .containsExactly("sensor-a of-sensor-a", "sensor-b of-sensor-b");
        }
    }

    @Test
    void shouldFindAllDocumentsOfAFlow() {
        final JsonNode provisional =
                documents.stream()
                        .filter(one -> one.at("/serveflow/stage").asText().equals("provisional"))
                        .findFirst()
                        .orElseThrow();
        final String uid = provisional.at("/log/id/uid").asText();

        final ObjectNode answer = search.flow(provisional.at("/observer/name").asText(), uid);

        assertThat(answer.get("documents"))
                .hasSizeGreaterThan(1)
                .allSatisfy(one -> assertThat(one.at("/log/id/uid").asText()).isEqualTo(uid));
    }

    @Test
    void shouldSayThatNothingIsLikeThat() {
        assertThat(
                        search.show(
                                        Dashboards.all().get(0),
                                        scope(Map.of("label", "nothing_is_called_this")))
                                .get("problem")
                                .asText())
                .isEqualTo("Nothing in " + INDEX + " is like that; take a wider search");
    }

    @Test
    void shouldSayFromWhenTheDocumentsAreThatAreNotOfThisTime() {
        final Instant now = Instant.parse("2099-01-01T00:00:00Z");
        final List<String> times =
                documents.stream()
                        .map(one -> one.get("@timestamp").asText().substring(0, 23) + "Z")
                        .sorted()
                        .toList();

        assertThat(
                        search.show(Dashboards.all().get(0), Scope.of(Map.of(), Window.DAY, now))
                                .get("problem")
                                .asText())
                .isEqualTo(
                        "Nothing in "
                                + INDEX
                                + " is of this time (last 24 hours); the first flow that is like"
                                + " that began at "
                                + Instant.parse(times.get(0))
                                + ", the last at "
                                + Instant.parse(times.get(times.size() - 1)));
    }

    /** Of sensors whose clocks are wrong. */
    @Test
    void shouldShowNoOtherTimeThanThatOfTheWindow() throws Exception {
        final String index = "panels-clocks";
        final Instant now = Instant.parse("2026-11-30T12:00:00Z");
        final JsonNode document = standing().get(0);
        final List<JsonNode> three = new ArrayList<>();
        for (final String time :
                List.of("1970-01-01T00:00:01Z", "2026-11-30T11:00:00Z", "2099-01-01T00:00:00Z")) {
            final ObjectNode one = document.deepCopy();
            one.put("@timestamp", time);
            ((ObjectNode) one.get("event")).put("id", time);
            three.add(one);
        }
        createIndex(index, "keyword");
        StoredDocuments.create(elasticsearch, index, three);

        try (PanelSearch other = search(elasticsearch.uri(), index, IndexProfile.ECS)) {
            final ObjectNode answer =
                    other.show(Dashboards.all().get(0), Scope.of(Map.of(), Window.DAY, now));

            assertThat(answer.at("/panels/traffic-flows/rows/0/0").asInt()).isOne();
            assertThat(answer.at("/span/interval").asLong()).isEqualTo(1000);
        }
    }

    @Test
    void shouldSayThatTheDataStreamIsNotThereYet() throws IOException {
        try (PanelSearch other =
                search(elasticsearch.uri(), "logs-serveflow-none", IndexProfile.ECS)) {
            assertThat(other.show(Dashboards.all().get(0), Scope.ALL).get("problem").asText())
                    .isEqualTo(
                            "Elasticsearch has no data stream logs-serveflow-none yet; the first"
                                    + " verdict makes it");
        }
    }

    @Test
    void shouldReadTheDailyIndicesOfMalcolm() throws Exception {
        final Properties settings =
                IndexedSamples.settings(
                        elasticsearch, MALCOLM, work.resolve("malcolm"), "sensor-m");
        settings.setProperty("serveflow.index.profile", "malcolm");
        settings.setProperty("serveflow.elasticsearch.templates", "false");
        putTemplateOfMalcolm();
        IndexedSamples.run(settings, List.of("ssh"));
        final List<JsonNode> stored = StoredDocuments.all(elasticsearch, MALCOLM + "-*");

        try (PanelSearch other = search(elasticsearch.uri(), MALCOLM, IndexProfile.MALCOLM)) {
            final ObjectNode answer = other.show(Dashboards.all().get(0), Scope.ALL);
            final JsonNode queue =
                    other.show(Dashboards.find("uncertain").orElseThrow(), Scope.ALL)
                            .at("/panels/uncertain-queue/rows");
            final JsonNode one = stored.get(0);

            assertThat(answer.at("/panels/traffic-flows/rows/0/0").asLong())
                    .as(answer.toString())
                    .isPositive()
                    .isEqualTo(StoredDocuments.standing(stored).size());
            assertThat(queue.isArray()).isTrue();
            assertThat(other.flow("sensor-m", one.at("/log/id/uid").asText()).get("documents"))
                    .contains(one);
        }
    }

    /** Without the one field whose type Elasticsearch does not have. */
    private static void putTemplateOfMalcolm() throws Exception {
        final ObjectNode template =
                (ObjectNode)
                        new JsonMapper()
                                .readTree(
                                        ProjectFiles.path(
                                                        "elastic-templates/malcolm/index-template.json")
                                                .toFile());
        ((ObjectNode) template.at("/template/mappings/properties/serveflow/properties"))
                .remove("top");
        StoredDocuments.put(
                elasticsearch, "/_index_template/serveflow-malcolm-test", template.toString());
    }

    @Test
    void shouldSayThatMalcolmHasNoVerdictsYet() throws IOException {
        try (PanelSearch other =
                search(elasticsearch.uri(), "malcolm_beats_none", IndexProfile.MALCOLM)) {
            assertThat(other.show(Dashboards.all().get(0), Scope.ALL).get("problem").asText())
                    .isEqualTo(
                            "malcolm_beats_none-* has no documents yet; they are there some seconds"
                                    + " after the verdicts");
        }
    }

    /** Two indices, in one of which labels cannot be counted. */
    @Test
    void shouldSayWhichPanelsMissAPartOfTheAnswer() throws Exception {
        final JsonNode document = standing().get(0);
        for (final String type : List.of("keyword", "text")) {
            final String index = "panels-partial-" + type;
            createIndex(index, type);
            StoredDocuments.create(elasticsearch, index, List.of(document));
        }

        try (PanelSearch other =
                search(elasticsearch.uri(), "panels-partial-*", IndexProfile.ECS)) {
            final ObjectNode answer = other.show(Dashboards.all().get(0), Scope.ALL);

            assertThat(answer.at("/panels/traffic-flows").has("note")).isFalse();
            assertThat(answer.at("/panels/traffic-flows/rows/0/0").asInt()).isEqualTo(2);
            assertThat(answer.at("/panels/traffic-labels/note").asText())
                    .as(answer.toString())
                    .startsWith("Not all of it: 1 of 2 shards of panels-partial-* gave no answer");
        }
    }

    /** An index of its own with the shipped mappings, but for the type of the label. */
    private static void createIndex(final String index, final String type) throws Exception {
        final ObjectNode template =
                (ObjectNode)
                        new JsonMapper()
                                .readTree(
                                        ProjectFiles.path(
                                                        "elastic-templates/component/serveflow-mappings.json")
                                                .toFile());
        final ObjectNode mappings = (ObjectNode) template.at("/template/mappings");
        final ObjectNode own = (ObjectNode) mappings.at("/properties/serveflow/properties");
        own.remove("top");
        own.putObject("label").put("type", type);
        StoredDocuments.put(
                elasticsearch,
                "/" + index,
                new JsonMapper().createObjectNode().set("mappings", mappings).toString());
    }

    @Test
    void shouldGoOnAfterAFaultOfItsOwn() throws IOException {
        try (PanelSearch other =
                new PanelSearch(
                        () -> {
                            throw new IllegalStateException("no settings");
                        },
                        List::of)) {
            for (int i = 0; i < 10; i++) {
                assertThat(other.flow("sensor", "C1").get("problem").asText())
                        .contains("IllegalStateException: no settings");
            }
        }
    }

    @Test
    void shouldSayThatVerdictsGoElsewhere() throws IOException {
        try (PanelSearch other =
                new PanelSearch(() -> new VerdictStore.Elsewhere("They are in files"), List::of)) {
            assertThat(other.show(Dashboards.all().get(0), Scope.ALL).get("problem").asText())
                    .isEqualTo("They are in files");
        }
    }

    @Test
    void shouldSayThatElasticsearchCannotBeReached() throws IOException {
        final URI nobody = URI.create("http://127.0.0.1:1");
        try (PanelSearch other = search(nobody, INDEX, IndexProfile.ECS)) {
            assertThat(other.show(Dashboards.all().get(0), Scope.ALL).get("problem").asText())
                    .startsWith("Elasticsearch at [http://127.0.0.1:1] cannot be reached")
                    .doesNotContain("\n");
        }
    }

    private static Scope scope(final Map<String, String> parameters) {
        return Scope.of(parameters, Window.ALL, Instant.EPOCH);
    }

    private static PanelSearch search(
            final URI server, final String index, final IndexProfile profile) {
        return search(server, index, profile, "service");
    }

    private static PanelSearch search(
            final URI server,
            final String index,
            final IndexProfile profile,
            final String... tasks) {
        return new PanelSearch(
                () -> new VerdictStore.Index(ElasticConnection.to(server), index, profile),
                () -> List.of(tasks));
    }

    /** The verdicts that stand of the task that is shown. */
    private static List<JsonNode> standing() {
        return standing("service");
    }

    private static List<JsonNode> standing(final String task) {
        return StoredDocuments.standing(documents).stream()
                .filter(one -> StoredDocuments.text(one, "task").equals(task))
                .toList();
    }

    private static JsonNode rows(final String dashboard, final String panel, final Scope scope) {
        return search.show(Dashboards.find(dashboard).orElseThrow(), scope)
                .at("/panels/" + panel + "/rows");
    }

    private static Map<String, Long> numbers(final JsonNode rows) {
        final Map<String, Long> numbers = new HashMap<>();
        rows.forEach(row -> numbers.put(row.get(0).asText(), row.get(1).asLong()));
        return numbers;
    }

    private static Map<String, Long> counted(final String field) {
        return standing().stream()
                .collect(
                        Collectors.groupingBy(
                                one -> one.at("/serveflow/" + field).asText(),
                                Collectors.counting()));
    }
}
