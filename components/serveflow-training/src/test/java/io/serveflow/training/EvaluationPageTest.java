/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.training.data.LabelSource;
import io.serveflow.training.evaluation.BundleEvaluation;
import io.serveflow.training.evaluation.EvaluationOptions;
import io.serveflow.training.evaluation.EvaluationReport;
import io.serveflow.training.tier.TierPlan;
import io.serveflow.training.trees.TreeSettings;
import io.serveflow.training.trees.TreeTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of an evaluation, of bundles that are trained on made-up captures. */
class EvaluationPageTest {

    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-11-22T10:15:30.5Z"), ZoneOffset.UTC);
    private static final TreeSettings TREE = new TreeSettings(1, 4, 1, 1, 1, 1, 0);
    private static final TreeSettings BOOSTED = new TreeSettings(8, 3, 0.3, 0.5, 1, 1, 0.5);
    private static final List<TierPlan> TIERS =
            List.of(
                    plan("fastest", "header", 1, TREE),
                    plan("fast", "header", 1, BOOSTED),
                    plan("slow", "header", 4, BOOSTED));

    private static final List<String> SCORES = List.of("macroF1", "weightedF1", "accuracy", "ece");

    @TempDir private static Path folder;

    private static TestCaptures captures;
    private static EvaluationReport cascade;
    private static String html;
    private static PageText page;
    private static JsonNode json;

    @BeforeAll
    static void evaluateACascade() throws IOException {
        captures =
                TestCaptures.services(
                        Files.createDirectories(folder.resolve("captures")), 20, 1, false);
        train("cascade", TIERS);
        cascade = evaluate("cascade", captures);
        html = cascade.html();
        page = PageText.of(html);
        json = new JsonMapper().readTree(cascade.json());
    }

    @Test
    void shouldHaveEverySection() {
        assertThat(page.ids("section"))
                .containsExactly(
                        "tiers",
                        "baselines",
                        "classes",
                        "confusion",
                        "reliability",
                        "cost",
                        "latency",
                        "escalation",
                        "occlusion",
                        "drift");
        assertThat(page.count("svg"))
                .as("reliability of 4 and of 3 classes, cost, latency, 2 hops, occlusion")
                .isEqualTo(4 + 3 + 1 + 1 + 2 + 1);
    }

    @Test
    void shouldBeginWithWhatMustBeKnown() {
        final String text = page.text();
        assertThat(json.get("warnings")).isNotEmpty();
        for (final JsonNode warning : json.get("warnings")) {
            assertThat(text.indexOf(warning.asText()))
                    .isPositive()
                    .isLessThan(text.indexOf("Measured on"));
        }
        assertThat(text)
                .contains("180 flows in 20 captures of 20 groups")
                .contains("3 of the 3 that the bundle knows have flows here");
    }

    @Test
    void shouldSayTheScoresOfItsJson() {
        final List<List<String>> rows = page.table("tiers", 0);
        for (int tier = 0; tier < 3; tier++) {
            final JsonNode expected = json.at("/tiers/" + tier);
            assertThat(rows.get(1 + tier))
                    .startsWith(expected.get("name").asText(), expected.get("packets").asText());
            assertScores(rows.get(1 + tier).subList(2, 6), expected, SCORES);
        }
        assertThat(rows.get(4)).startsWith("cascade", "1–4");
        assertScores(rows.get(4).subList(2, 6), json.get("cascade"), SCORES);
        final List<String> ports = page.table("baselines", 0).get(3);
        assertThat(ports.get(0)).isEqualTo("a table of transport and port");
        assertScores(ports.subList(1, 4), json.at("/baselines/port-table"), SCORES.subList(0, 3));
    }

    @Test
    void shouldSayWhoDecidedAsItsJsonDoes() {
        final List<List<String>> rows = page.table("tiers", 3);
        for (int tier = 0; tier < 3; tier++) {
            final double share =
                    json.at("/cascade/decidedBy/" + rows.get(1 + tier).get(0)).asDouble();
            assertThat(rows.get(1 + tier).get(1)).isEqualTo(Long.toString(Math.round(share * 180)));
            assertThat(rows.get(1 + tier).get(2)).endsWith("\u00a0%");
            assertThat(Double.parseDouble(rows.get(1 + tier).get(2).replace("\u00a0%", "")))
                    .isCloseTo(100 * share, within(0.06));
        }
    }

    @Test
    void shouldSayTheClassesOfItsJson() {
        final List<List<String>> rows = page.table("classes", 0);
        assertThat(rows).hasSize(4);
        for (int c = 0; c < 3; c++) {
            final JsonNode expected = json.at("/perClass/" + c);
            assertThat(rows.get(1 + c))
                    .hasSize(9)
                    .startsWith(
                            expected.get("label").asText(),
                            expected.get("support").asText(),
                            expected.get("groups").asText(),
                            expected.get("captures").asText());
            assertScores(
                    rows.get(1 + c).subList(4, 9),
                    expected,
                    List.of("precision", "recall", "f1", "slowOnlyF1", "portTableF1"));
        }
    }

    @Test
    void shouldCountWhatIsTakenForWhatAsItsJsonDoes() {
        final List<List<String>> rows = page.table("confusion", 0);
        assertThat(rows.get(0)).contains("call", "clock", "video", "flows");
        for (int row = 0; row < 3; row++) {
            final List<String> cells = rows.get(1 + row);
            int sum = 0;
            for (int column = 0; column < 3; column++) {
                final int flows = json.at("/confusion/matrix/" + row + "/" + column).asInt();
                assertThat(cells.get(1 + column)).isEqualTo(flows == 0 ? "" : "" + flows);
                sum += flows;
            }
            sum += json.at("/confusion/unanswered/" + row).asInt();
            assertThat(cells.get(cells.size() - 1)).isEqualTo(Integer.toString(sum));
        }
    }

    @Test
    void shouldSayTheCalibrationOfEachClass() {
        int answers = 0;
        for (final JsonNode entry : json.get("perClass")) {
            answers += entry.get("answers").asInt();
            final Matcher shown =
                    Pattern.compile(
                                    entry.get("label").asText()
                                            + entry.get("answers")
                                            + " answers, ECE (\\d\\.\\d{3})")
                            .matcher(page.text());
            assertThat(shown.find()).as(entry.toString()).isTrue();
            assertScores(List.of(shown.group(1)), entry, List.of("ece"));
        }
        for (final JsonNode unanswered : json.at("/confusion/unanswered")) {
            answers += unanswered.asInt();
        }
        assertThat(answers).isEqualTo(180);
    }

    @Test
    void shouldMarkWhatTheThresholdsOfTheBundleMove() {
        final double stays = json.at("/cascade/decidedBy/fastest").asDouble();
        assertThat(json.at("/hops/0/operatingPoint/escalated").asDouble() + stays)
                .isCloseTo(1, within(0.0002));
        for (int hop = 0; hop < 2; hop++) {
            final JsonNode point = json.at("/hops/" + hop + "/operatingPoint");
            final Matcher shown =
                    Pattern.compile(
                                    "moves ([\\d.]+)\u00a0% of the flows from "
                                            + json.at("/hops/" + hop + "/from").asText()
                                            + " to "
                                            + json.at("/hops/" + hop + "/to").asText()
                                            + " and takes macro-F1 from ([\\d.]+) to (\\d\\.\\d+)")
                            .matcher(page.text());
            assertThat(shown.find()).isTrue();
            assertThat(Double.parseDouble(shown.group(1)))
                    .isCloseTo(100 * point.get("escalated").asDouble(), within(0.06));
            assertScores(List.of(shown.group(2)), json.at("/tiers/" + hop), List.of("macroF1"));
            assertScores(List.of(shown.group(3)), point, List.of("macroF1"));
        }
        assertThat(page.words("escalation"))
                .contains("per-class", "universal", "random", "oracle", "the bundle's threshold");
    }

    @Test
    void shouldSayWhatHidingCosts() {
        final List<List<String>> rows = page.table("occlusion", 0);
        assertThat(rows.get(1).get(0)).isEqualTo("nothing hidden");
        assertThat(rows).hasSize(2 + json.get("occlusions").size());
        for (int i = 0; i < json.get("occlusions").size(); i++) {
            assertScores(
                    List.of(rows.get(2 + i).get(1)),
                    json.at("/occlusions/" + i),
                    List.of("macroF1"));
        }
    }

    @Test
    void shouldLoadNothingAndRunNothing() {
        assertThat(page.count("script")).isZero();
        assertThat(page.count("link")).isZero();
        assertThat(page.count("img")).isZero();
        assertThat(html).contains("Content-Security-Policy").doesNotContain("@import");
        assertThat(Pattern.compile("(?:href|src)=\"([^\"]*)\"").matcher(html).results())
                .allSatisfy(link -> assertThat(link.group(1)).startsWith("#"));
        assertThat(Pattern.compile("url\\(([^)]*)\\)").matcher(html).results())
                .allSatisfy(reference -> assertThat(reference.group(1)).startsWith("#"));
    }

    @Test
    void shouldNameEveryElementOnce() {
        final Map<String, Integer> seen = new HashMap<>();
        Pattern.compile(" id=\"([^\"]*)\"")
                .matcher(html)
                .results()
                .forEach(id -> seen.merge(id.group(1), 1, Integer::sum));
        assertThat(seen).isNotEmpty().allSatisfy((id, times) -> assertThat(times).isOne());
        assertThat(Pattern.compile("url\\(#([^)]*)\\)").matcher(html).results())
                .allSatisfy(reference -> assertThat(seen).containsKey(reference.group(1)));
    }

    /** Whatever its reader prefers, light or dark. */
    @Test
    void shouldLeaveItsColoursToTheStyleSheet() {
        assertThat(html).contains("prefers-color-scheme:dark");
        final String drawn = html.substring(html.indexOf("<body>"));
        assertThat(drawn).contains("fill:var(--blue)", "stroke:var(--orange)");
        assertThat(drawn).doesNotContain("rgb(", "fill=\"#", "stroke=\"#", "fill:#", "stroke:#");
    }

    @Test
    void shouldBeTheSamePageForTheSameMeasurements() {
        assertThat(cascade.html()).isEqualTo(html);
    }

    @Test
    void shouldShowTheCandidatesThatTiersWereChosenAmong() throws IOException {
        final ObjectMapper mapper = new JsonMapper();
        final Path crafted = Files.createDirectories(folder.resolve("crafted"));
        try (Stream<Path> files = Files.list(folder.resolve("cascade"))) {
            for (final Path file : files.toList()) {
                Files.copy(file, crafted.resolve(file.getFileName()));
            }
        }
        final Path manifest = crafted.resolve("bundle.json");
        final ObjectNode root = (ObjectNode) mapper.readTree(manifest.toFile());
        final ArrayNode candidates = root.withObject("/metrics").putArray("candidates");
        addCandidate(candidates, "tree", 1, 0.4, 1.5, true);
        addCandidate(candidates, "forest", 1, 0.35, 6, false);
        addCandidate(candidates, "four", 4, 0.9, 3, true);
        mapper.writeValue(manifest.toFile(), root);
        final PageText shown = PageText.of(evaluate("crafted", captures).html());
        assertThat(shown.text())
                .contains(
                        "3 candidates were compared when the bundle was trained; 2 are on the"
                                + " front. The best one, four, reached 0.900 for 4.00\u00a0µs");
        assertThat(shown.words("cost")).contains("1 packet", "4 packets");
    }

    @Test
    void shouldDoWithoutHopsWhereThereIsOneTier() throws IOException {
        train("alone", List.of(plan("only", "header", 1, TREE)));
        final EvaluationReport report = evaluate("alone", captures);
        final PageText alone = PageText.of(report.html());
        assertThat(alone.ids("section")).contains("latency", "cost").doesNotContain("escalation");
        assertThat(alone.text())
                .contains("The only tier, only, reaches macro-F1")
                .doesNotContain("cascade");
    }

    @Test
    void shouldSayThatOneGroupTeachesNoBaseline() throws IOException {
        final TestCaptures one = new TestCaptures(captures.folder());
        rows().filter(row -> row.endsWith(",group1")).forEach(one::row);
        final EvaluationReport report = evaluate("cascade", rewritten("one-group.csv", one));
        assertThat(PageText.of(report.html()).text())
                .contains(
                        "All flows are of one group, so there is nothing to learn a baseline from")
                .doesNotContain("port table");
    }

    @Test
    void shouldShowLabelsThatTheBundleDoesNotKnowAndEscapeThem() throws IOException {
        final String nasty = "a<b>&\"'</style><script>x";
        final TestCaptures foreign = new TestCaptures(captures.folder());
        rows().map(
                        row ->
                                row.contains(",clock,")
                                        ? row.replace(
                                                ",clock,",
                                                ",\"" + nasty.replace("\"", "\"\"") + "\",")
                                        : row)
                .forEach(foreign::row);
        final EvaluationReport report = evaluate("cascade", rewritten("foreign.csv", foreign));
        final PageText shown = PageText.of(report.html());
        assertThat(shown.count("script")).isZero();
        assertThat(shown.table("classes", 0))
                .anySatisfy(row -> assertThat(row.get(0)).isEqualTo(nasty + " (not known)"))
                .anySatisfy(row -> assertThat(row).startsWith("clock", "0", "0", "0", "–"));
        assertThat(shown.table("confusion", 0).get(0))
                .as("nothing can be said to be of it")
                .doesNotContain(nasty);
        assertThat(shown.text()).contains("and 1 that it does not know: " + nasty);
    }

    /** Three decimals of what has four in the JSON, which may round a little otherwise. */
    private static void assertScores(
            final List<String> shown, final JsonNode expected, final List<String> fields) {
        for (int i = 0; i < fields.size(); i++) {
            assertThat(shown.get(i)).matches("\\d\\.\\d{3}");
            assertThat(Double.parseDouble(shown.get(i)))
                    .as(fields.get(i))
                    .isCloseTo(expected.get(fields.get(i)).asDouble(), within(0.000_56));
        }
        assertThat(shown).hasSameSizeAs(fields);
    }

    private static void addCandidate(
            final ArrayNode candidates,
            final String name,
            final int packets,
            final double macroF1,
            final double micros,
            final boolean front) {
        candidates
                .addObject()
                .put("name", name)
                .put("packets", packets)
                .put("macroF1", macroF1)
                .put("featureMicros", 1)
                .put("inferenceMicros", micros)
                .put("medianWaitMs", 0)
                .put("front", front);
    }

    private static Stream<String> rows() throws IOException {
        return Files.readAllLines(captures.labels()).stream().skip(1);
    }

    /** Other labels for the same captures. */
    private static Path rewritten(final String name, final TestCaptures rows) throws IOException {
        final Path kept = folder.resolve("kept.csv");
        Files.copy(captures.labels(), kept);
        rows.write();
        Files.move(captures.labels(), folder.resolve(name));
        Files.move(kept, captures.labels());
        return folder.resolve(name);
    }

    private static void train(final String out, final List<TierPlan> tiers) {
        new Training(options(out).withTiers(tiers), new NotedListener(), CLOCK, System::nanoTime)
                .run();
    }

    private static TrainingOptions options(final String out) {
        return TrainingOptions.defaults(
                        "service", captures.labels(), captures.folder(), folder.resolve(out))
                .withDataNote("Generated flows.");
    }

    private static EvaluationReport evaluate(final String bundle, final TestCaptures of) {
        return evaluate(bundle, of.labels());
    }

    private static EvaluationReport evaluate(final String bundle, final Path labels) {
        return new BundleEvaluation(
                        new EvaluationOptions(
                                folder.resolve(bundle),
                                LabelSource.captures(labels, captures.folder()),
                                1),
                        new NotedListener(),
                        System::nanoTime)
                .run();
    }

    private static TierPlan plan(
            final String name,
            final String encoder,
            final int packets,
            final TreeSettings settings) {
        return new TierPlan(
                name,
                new FeatureSpec(encoder, 1, packets, Set.of()),
                new TreeTrainer(settings),
                "cpu",
                0.002);
    }
}
