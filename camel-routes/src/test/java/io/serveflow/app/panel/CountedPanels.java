/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import com.fasterxml.jackson.databind.JsonNode;
import io.serveflow.app.fixture.StoredDocuments;
import io.serveflow.flow.IpAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What each panel must show of an index, counted from its documents one by one. Nothing here asks
 * Elasticsearch, nor what is declared of a panel: a panel is said a second time.
 */
public final class CountedPanels {

    private static final String LABEL = "/serveflow/label";
    private static final String REASON = "/serveflow/reason";
    private static final String TIER = "/serveflow/tier";
    private static final String TASK = "/serveflow/task";
    private static final String SOURCE = "/source/ip";
    private static final String DESTINATION = "/destination/ip";
    private static final String PORT = "/destination/port";
    private static final String TRANSPORT = "/network/transport";

    private static final Set<String> FELL_BACK =
            Set.of("slow_unavailable", "slow_overloaded", "slow_source_share", "record_too_short");

    private static final Comparator<Group> MOST =
            Comparator.comparingInt((Group group) -> group.documents().size()).reversed();

    private final List<JsonNode> documents;
    private final String task;
    private final long interval;

    /**
     * @param documents all of the index
     * @param task whose flows are shown
     * @param interval how long the stretches of time are, in milliseconds
     */
    public CountedPanels(final List<JsonNode> documents, final String task, final long interval) {
        this.documents = List.copyOf(documents);
        this.task = task;
        this.interval = interval;
    }

    /** Documents of one value, or of one combination of values. */
    private record Group(String key, List<JsonNode> documents) {}

    /** By what documents are grouped, how many groups are shown, and which come first. */
    private record By(
            String field, int most, Comparator<Group> first, Comparator<String> otherwise) {

        private By by(final Comparator<Group> other) {
            return new By(field, most, other, otherwise);
        }
    }

    /** The rows of each panel by its id, in the order in which they are shown. */
    public Map<String, List<List<Shown>>> rows() {
        final List<JsonNode> flows = StoredDocuments.standing(verdicts());
        final List<JsonNode> uncertain = like(flows, CountedPanels::isUncertain);
        final List<JsonNode> elsewhere = like(flows, CountedPanels::isElsewhere);
        final List<JsonNode> fellBack = like(flows, CountedPanels::fellBack);
        final List<JsonNode> repaired =
                like(verdicts(), one -> is(one, "/serveflow/stage", "repaired"));
        final List<JsonNode> escalated =
                like(verdicts(), one -> is(one, "/serveflow/stage", "provisional"));
        final Map<String, List<List<Shown>>> rows = new LinkedHashMap<>();

        rows.put("traffic-flows", number(flows.size()));
        rows.put("traffic-sources", number(distinct(flows, SOURCE)));
        rows.put("traffic-labels-count", number(distinct(flows, LABEL)));
        rows.put("traffic-unknown", number(like(flows, CountedPanels::isUnknown).size()));
        rows.put("traffic-over-time", overTime(flows, name(LABEL, 10)));
        rows.put("traffic-labels", withOthers(flows, name(LABEL, 50)));
        rows.put("traffic-confidence", byConfidence(flows));

        rows.put("uncertain-over-time", overTime(uncertain, name(REASON, 10)));
        rows.put("uncertain-queue", queue(uncertain));
        rows.put("uncertain-labels", withOthers(uncertain, name(LABEL, 20)));
        rows.put(
                "uncertain-sources",
                grouped(
                        uncertain,
                        List.of(address(SOURCE, 20)),
                        some ->
                                List.of(
                                        Shown.count(some.size()),
                                        Shown.count(like(some, CountedPanels::isUnknown).size()),
                                        Shown.count(distinct(some, DESTINATION)))));

        rows.put(
                "ports-labels",
                grouped(flows, List.of(port(20), name(LABEL, 20)), CountedPanels::counted));
        rows.put(
                "ports-elsewhere",
                grouped(
                        elsewhere,
                        List.of(name(LABEL, 20), port(10), address(DESTINATION, 5)),
                        some ->
                                List.of(
                                        Shown.count(some.size()),
                                        Shown.count(distinct(some, SOURCE)),
                                        meanConfidence(some))));
        rows.put(
                "ports-table",
                grouped(
                        flows,
                        List.of(port(25), name(TRANSPORT, 2), name(LABEL, 5)),
                        some ->
                                List.of(
                                        Shown.count(some.size()),
                                        Shown.count(distinct(some, SOURCE)),
                                        Shown.count(distinct(some, DESTINATION)))));

        rows.put(
                "hosts-sources",
                grouped(flows, List.of(address(SOURCE, 50)), CountedPanels::ofHost));
        rows.put(
                "hosts-destinations",
                grouped(flows, List.of(address(DESTINATION, 50)), CountedPanels::ofHost));
        rows.put(
                "hosts-labels",
                grouped(
                        flows,
                        List.of(address(SOURCE, 20), name(LABEL, 20)),
                        CountedPanels::counted));
        rows.put("hosts-verdicts", votes());

        rows.put(
                "cascade-packet-1",
                number(like(flows, one -> is(one, "/serveflow/packets", "1")).size()));
        rows.put("cascade-escalated", number(escalated.size()));
        rows.put(
                "cascade-revised",
                number(like(flows, one -> is(one, "/serveflow/revised", "true")).size()));
        rows.put("cascade-fell-back", number(fellBack.size()));
        rows.put("cascade-tiers", withOthers(flows, name(TIER, 8)));
        rows.put("cascade-reasons", withOthers(flows, name(REASON, 12)));
        rows.put("cascade-tiers-over-time", overTime(flows, name(TIER, 8)));
        rows.put("cascade-latency", grouped(flows, List.of(name(TIER, 8)), CountedPanels::latency));
        rows.put(
                "cascade-latency-over-time",
                eachTime(
                        flows,
                        some -> List.of(latency(some, 50), latency(some, 95), latency(some, 99))));
        rows.put("cascade-degraded", overTime(fellBack, name(REASON, 10)));
        rows.put("cascade-repaired", overTime(repaired, name(LABEL, 10)));
        rows.put(
                "cascade-bundles",
                grouped(
                        flows,
                        List.of(
                                name("/serveflow/bundle/name", 10),
                                name("/serveflow/bundle/version", 10)),
                        some ->
                                List.of(
                                        Shown.count(some.size()),
                                        meanConfidence(some),
                                        Shown.count(like(some, CountedPanels::isUnknown).size()),
                                        Shown.time(first(some)),
                                        Shown.time(last(some)))));
        rows.put(
                "cascade-confidence-over-time",
                eachTime(flows, some -> List.of(meanConfidence(some))));
        return rows;
    }

    /** Verdicts on flows of the task. */
    private List<JsonNode> verdicts() {
        return like(
                documents,
                one -> is(one, "/event/dataset", "serveflow.prediction") && is(one, TASK, task));
    }

    private static boolean isUnknown(final JsonNode document) {
        return is(document, LABEL, "unknown");
    }

    private static boolean fellBack(final JsonNode document) {
        return FELL_BACK.contains(text(document, REASON));
    }

    private static boolean isUncertain(final JsonNode document) {
        return isUnknown(document) || fellBack(document) || confidence(document) < 0.5f;
    }

    private static boolean isElsewhere(final JsonNode document) {
        final List<Integer> usual = UsualPorts.all().get(text(document, LABEL));
        return usual != null && !usual.contains(document.at(PORT).asInt());
    }

    /** The least certain flow first. */
    private static List<List<Shown>> queue(final List<JsonNode> uncertain) {
        final Comparator<Group> leastCertain =
                Comparator.comparingDouble(
                        group ->
                                group.documents().stream()
                                        .mapToDouble(CountedPanels::confidence)
                                        .min()
                                        .orElseThrow());
        return grouped(
                uncertain,
                List.of(
                        name("/log/id/uid", 50).by(leastCertain),
                        name("/observer/name", 5).by(leastCertain),
                        name(TASK, 5).by(leastCertain)),
                some ->
                        List.of(
                                Shown.measured(
                                        some.stream()
                                                .mapToDouble(CountedPanels::confidence)
                                                .min()
                                                .orElseThrow(),
                                        Shown.SHARE),
                                latest(some, LABEL),
                                latest(some, SOURCE),
                                latest(some, DESTINATION),
                                latest(some, PORT),
                                latest(some, TRANSPORT),
                                latest(some, TIER),
                                latest(some, REASON),
                                Shown.time(last(some))));
    }

    /** Votes on hosts, of all tasks; the host with the latest flow first. */
    private List<List<Shown>> votes() {
        final Comparator<Group> latest =
                Comparator.comparingLong((Group group) -> last(group.documents())).reversed();
        return grouped(
                like(documents, one -> is(one, "/event/dataset", "serveflow.host")),
                List.of(address("/host/ip", 50).by(latest), name(TASK, 5).by(latest)),
                some ->
                        List.of(
                                Shown.time(last(some)),
                                latest(some, LABEL),
                                Shown.between(
                                        ofLatest(some).stream()
                                                .mapToDouble(CountedPanels::confidence)
                                                .min()
                                                .orElseThrow(),
                                        ofLatest(some).stream()
                                                .mapToDouble(CountedPanels::confidence)
                                                .max()
                                                .orElseThrow(),
                                        Shown.SHARE),
                                latest(some, "/serveflow/flows"),
                                latest(some, "/serveflow/unknown_flows"),
                                latest(some, "/serveflow/bundle/name")));
    }

    private static List<Shown> ofHost(final List<JsonNode> some) {
        return List.of(
                Shown.count(some.size()),
                Shown.count(like(some, CountedPanels::isUnknown).size()),
                Shown.count(distinct(some, LABEL)),
                Shown.count(distinct(some, PORT)),
                meanConfidence(some),
                Shown.time(last(some)));
    }

    private static List<Shown> latency(final List<JsonNode> some) {
        return List.of(
                Shown.count(some.size()),
                latency(some, 50),
                latency(some, 95),
                latency(some, 99),
                Shown.mean(
                        values(some, one -> one.at("/serveflow/latency/compute_us").asLong()),
                        Shown.MICROS));
    }

    private static Shown latency(final List<JsonNode> some, final double percent) {
        return Shown.percentile(
                values(some, one -> one.at("/serveflow/latency/total_ms").floatValue()),
                percent,
                Shown.MILLIS);
    }

    private static Shown meanConfidence(final List<JsonNode> some) {
        return Shown.mean(values(some, CountedPanels::confidence), Shown.SHARE);
    }

    /** What the latest document says, or each of those that are as late. */
    private static Shown latest(final List<JsonNode> some, final String field) {
        return Shown.oneOf(
                ofLatest(some).stream().map(one -> text(one, field)).collect(Collectors.toSet()));
    }

    private static List<JsonNode> ofLatest(final List<JsonNode> some) {
        final long last = last(some);
        return like(some, one -> millis(one) == last);
    }

    private static List<List<Shown>> number(final long number) {
        return List.of(List.of(Shown.count(number)));
    }

    private static List<Shown> counted(final List<JsonNode> some) {
        return List.of(Shown.count(some.size()));
    }

    /** Ten ranges, each with its first value and without its last. */
    private static List<List<Shown>> byConfidence(final List<JsonNode> flows) {
        final List<List<Shown>> rows = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            final float from = i / 10f;
            final float to = i < 9 ? (i + 1) / 10f : Float.POSITIVE_INFINITY;
            rows.add(
                    List.of(
                            Shown.name(i < 9 ? "0." + i + " to 0." + (i + 1) : "0.9 and more"),
                            Shown.count(
                                    like(
                                                    flows,
                                                    one ->
                                                            confidence(one) >= from
                                                                    && confidence(one) < to)
                                            .size())));
        }
        return rows;
    }

    /** The commonest values over time, and all others as one more. */
    private List<List<Shown>> overTime(final List<JsonNode> some, final By by) {
        final List<List<Shown>> rows = new ArrayList<>();
        for (final Group group : withRest(some, by)) {
            byTime(group.documents())
                    .forEach(
                            (time, then) ->
                                    rows.add(
                                            List.of(
                                                    Shown.name(group.key()),
                                                    Shown.time(time),
                                                    Shown.count(then.size()))));
        }
        return rows;
    }

    private List<List<Shown>> eachTime(
            final List<JsonNode> some, final Function<List<JsonNode>, List<Shown>> measures) {
        final List<List<Shown>> rows = new ArrayList<>();
        byTime(some)
                .forEach(
                        (time, then) -> {
                            final List<Shown> row = new ArrayList<>();
                            row.add(Shown.time(time));
                            row.addAll(measures.apply(then));
                            rows.add(row);
                        });
        return rows;
    }

    private SortedMap<Long, List<JsonNode>> byTime(final List<JsonNode> some) {
        return some.stream()
                .collect(
                        Collectors.groupingBy(
                                one -> Math.floorDiv(millis(one), interval) * interval,
                                TreeMap::new,
                                Collectors.toList()));
    }

    private static List<List<Shown>> withOthers(final List<JsonNode> some, final By by) {
        return withRest(some, by).stream()
                .map(
                        group ->
                                List.of(
                                        Shown.name(group.key()),
                                        Shown.count(group.documents().size())))
                .toList();
    }

    private static List<Group> withRest(final List<JsonNode> some, final By by) {
        final List<Group> groups = new ArrayList<>(groups(some, by));
        final Collection<String> named = new HashSet<>(groups.stream().map(Group::key).toList());
        final List<JsonNode> rest = like(some, one -> !named.contains(text(one, by.field())));
        if (!rest.isEmpty()) {
            groups.add(new Group("other", rest));
        }
        return groups;
    }

    private static List<List<Shown>> grouped(
            final List<JsonNode> some,
            final List<By> levels,
            final Function<List<JsonNode>, List<Shown>> measures) {
        if (levels.isEmpty()) {
            return List.of(measures.apply(some));
        }
        final List<List<Shown>> rows = new ArrayList<>();
        for (final Group group : groups(some, levels.get(0))) {
            for (final List<Shown> rest :
                    grouped(group.documents(), levels.subList(1, levels.size()), measures)) {
                final List<Shown> row = new ArrayList<>();
                row.add(Shown.name(group.key()));
                row.addAll(rest);
                rows.add(row);
            }
        }
        return rows;
    }

    private static List<Group> groups(final List<JsonNode> some, final By by) {
        return some.stream()
                .filter(one -> one.at(by.field()).isValueNode())
                .collect(Collectors.groupingBy(one -> text(one, by.field())))
                .entrySet()
                .stream()
                .map(entry -> new Group(entry.getKey(), entry.getValue()))
                .sorted(by.first().thenComparing(Group::key, by.otherwise()))
                .limit(by.most())
                .toList();
    }

    private static By name(final String field, final int most) {
        return new By(field, most, MOST, Comparator.naturalOrder());
    }

    private static By port(final int most) {
        return new By(PORT, most, MOST, Comparator.comparingInt(Integer::parseInt));
    }

    private static By address(final String field, final int most) {
        return new By(
                field,
                most,
                MOST,
                (one, other) -> Arrays.compareUnsigned(sixteen(one), sixteen(other)));
    }

    /** An address as Elasticsearch orders them: one of IPv4 is mapped into IPv6. */
    private static byte[] sixteen(final String address) {
        final byte[] bytes = IpAddress.parse(address);
        if (bytes.length == 16) {
            return bytes;
        }
        final byte[] mapped = new byte[16];
        mapped[10] = -1;
        mapped[11] = -1;
        System.arraycopy(bytes, 0, mapped, 12, 4);
        return mapped;
    }

    private static List<JsonNode> like(
            final List<JsonNode> some, final Predicate<JsonNode> condition) {
        return some.stream().filter(condition).toList();
    }

    private static long distinct(final List<JsonNode> some, final String field) {
        return some.stream()
                .filter(one -> one.at(field).isValueNode())
                .map(one -> text(one, field))
                .distinct()
                .count();
    }

    private static double[] values(
            final List<JsonNode> some, final ToDoubleFunction<JsonNode> value) {
        return some.stream().mapToDouble(value).toArray();
    }

    /** As Elasticsearch keeps it. */
    private static float confidence(final JsonNode document) {
        return document.at("/serveflow/confidence").floatValue();
    }

    private static long first(final List<JsonNode> some) {
        return some.stream().mapToLong(CountedPanels::millis).min().orElseThrow();
    }

    private static long last(final List<JsonNode> some) {
        return some.stream().mapToLong(CountedPanels::millis).max().orElseThrow();
    }

    private static long millis(final JsonNode document) {
        return Instant.parse(text(document, "/@timestamp")).toEpochMilli();
    }

    private static boolean is(final JsonNode document, final String field, final String value) {
        return text(document, field).equals(value);
    }

    private static String text(final JsonNode document, final String field) {
        return document.at(field).asText();
    }
}
