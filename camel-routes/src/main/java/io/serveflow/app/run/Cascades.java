/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import io.serveflow.app.settings.Role;
import io.serveflow.camel.FlowAlerts;
import io.serveflow.flow.FlowRecord;
import io.serveflow.model.BundleException;
import io.serveflow.model.BundleFiles;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.TierSpec;
import io.serveflow.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.TemplatedRouteDefinition;

/**
 * The routes of the cascades: for each bundle in use, those that the templates in {@code
 * cascade.camel.yaml} give for its list of tiers.
 *
 * <p>The tiers up to the first that reads more than packet 1 are asked on first records, that one
 * and those behind it on context records.
 */
public final class Cascades extends RouteBuilder {

    private static final String WAITING = "direct:waiting";
    private static final String CONTEXT = "direct:context/";

    /** Begins the names of routes that are no tier, which no tier can be called. */
    private static final String PART = "#";

    private final List<Cascade> cascades;
    private final Role role;

    private Cascades(final List<Cascade> cascades, final Role role) {
        this.cascades = List.copyOf(cascades);
        this.role = role;
    }

    /**
     * Reads the tier lists of bundles.
     *
     * @param bundles locations by the tasks that they are stated for; under the empty text where
     *     the bundle alone says its task
     * @param role which tiers this process asks
     * @throws BundleException if a bundle cannot be read, answers another task than stated, reads
     *     nothing that a route gives it, or has no tier for the role
     */
    public static Cascades of(final Map<String, String> bundles, final Role role) {
        final List<Cascade> cascades = new ArrayList<>();
        bundles.forEach((task, location) -> cascades.add(Cascade.of(task, location)));
        final Cascades made = new Cascades(cascades, role);
        made.requireTiers();
        return made;
    }

    private void requireTiers() {
        if (role == Role.SLOW && !asksOnContext()) {
            throw new BundleException(
                    "serveflow.role is slow, but no tier of "
                            + cascades.stream()
                                    .map(Cascade::location)
                                    .collect(Collectors.joining(", "))
                            + " reads more than packet 1, so processes of the role fast answer"
                            + " every flow; run none of the role slow");
        }
    }

    /** Whether any tier reads more than packet 1. */
    private boolean asksOnContext() {
        return cascades.stream().anyMatch(cascade -> !cascade.context.isEmpty());
    }

    /** The tasks that are answered, in the order in which they are stated. */
    List<String> tasks() {
        return cascades.stream().map(Cascade::task).toList();
    }

    /** Those of them that flows are asked about when their first packet is there. */
    List<String> tasksOnFirst() {
        return cascades.stream()
                .filter(cascade -> !cascade.first.isEmpty())
                .map(Cascade::task)
                .toList();
    }

    /**
     * What is wrong with labels that are to be alerted on: those that no bundle gives would never
     * be.
     */
    public List<String> alertFaults(final List<FlowAlerts.Rule> alerts) {
        final List<String> faults = new ArrayList<>();
        for (final FlowAlerts.Rule alert : alerts) {
            final List<Cascade> asked =
                    cascades.stream()
                            .filter(cascade -> alert.task().map(cascade.task::equals).orElse(true))
                            .toList();
            if (asked.isEmpty()) {
                faults.add(
                        "setting serveflow.alerts names the task "
                                + alert.task().orElseThrow()
                                + ", which no bundle in use answers; they answer "
                                + String.join(", ", tasks()));
            } else if (asked.stream().noneMatch(one -> one.gives(alert.label()))) {
                faults.add(
                        "setting serveflow.alerts names the label '"
                                + alert.label()
                                + "', which no bundle in use gives; there are "
                                + asked.stream()
                                        .flatMap(one -> one.labels.stream())
                                        .distinct()
                                        .collect(Collectors.joining(", ")));
            }
        }
        return faults;
    }

    /** Whether a task has tiers that are asked on context records. */
    boolean asksOnContext(final String task) {
        return cascades.stream()
                .anyMatch(cascade -> cascade.task.equals(task) && !cascade.context.isEmpty());
    }

    /** Whether every context record is of use, whether its flow waits for it or not. */
    boolean readsEveryContext() {
        return cascades.stream().anyMatch(cascade -> cascade.first.isEmpty());
    }

    /** The settings that {@code flows.camel.yaml} and {@code tasks.camel.yaml} ask for. */
    Map<String, String> placeholders() {
        final List<String> first =
                cascades.stream()
                        .filter(cascade -> !cascade.first.isEmpty())
                        .map(cascade -> "direct:tier/" + cascade.task + "/" + cascade.first.get(0))
                        .toList();
        final Stream<String> waiting = first.isEmpty() ? Stream.empty() : Stream.of(WAITING);
        final List<String> context =
                role == Role.FAST
                        ? forOthers()
                        : Stream.concat(
                                        waiting,
                                        cascades.stream()
                                                .filter(cascade -> cascade.first.isEmpty())
                                                .map(
                                                        cascade ->
                                                                "direct:as-it-comes/"
                                                                        + cascade.task))
                                .toList();
        final List<String> joined =
                cascades.stream()
                        .filter(cascade -> !cascade.first.isEmpty() && !cascade.context.isEmpty())
                        .map(cascade -> onContext(cascade.task))
                        .toList();
        return Map.of(
                "cascades.joined", one(joined, "direct:tasks-joined"),
                "cascades.first", one(first, "direct:tasks-first"),
                "cascades.first.list", String.join(",", first),
                "cascades.context", one(context, "direct:tasks-context"),
                "cascades.context.list", String.join(",", context));
    }

    /** The address of the tiers that are asked on context records. */
    static String onContext(final String task) {
        return CONTEXT + task;
    }

    /** Where contexts go that other processes ask tiers about. */
    private List<String> forOthers() {
        return asksOnContext() ? List.of(WAITING) : List.of();
    }

    private static String one(final List<String> uris, final String several) {
        return switch (uris.size()) {
            case 0 -> "direct:unasked";
            case 1 -> uris.get(0);
            default -> several;
        };
    }

    @Override
    public void configure() {
        cascades.forEach(this::addRoutes);
    }

    private void addRoutes(final Cascade cascade) {
        if (role == Role.ALL || role == Role.FAST) {
            addFirst(cascade);
        }
        if (role == Role.ALL || role == Role.SLOW) {
            addContext(cascade);
        }
    }

    private void addFirst(final Cascade cascade) {
        final List<String> first = cascade.first;
        for (int i = 0; i < first.size(); i++) {
            if (i < first.size() - 1) {
                addTier("tier-then-next", cascade, first.get(i))
                        .parameter("next", first.get(i + 1));
            } else {
                addTier(
                        cascade.context.isEmpty() ? "last-tier" : "tier-then-wait",
                        cascade,
                        first.get(i));
            }
        }
    }

    private void addContext(final Cascade cascade) {
        final List<String> context = cascade.context;
        for (int i = 0; i < context.size(); i++) {
            if (i == 0) {
                add("tiers-on-context", cascade, PART + "context")
                        .parameter("tier", context.get(i));
            }
            if (i < context.size() - 1) {
                addTier("context-tier-then-next", cascade, context.get(i))
                        .parameter("next", context.get(i + 1));
            } else {
                addTier("last-context-tier", cascade, context.get(i));
            }
        }
        if (cascade.first.isEmpty()) {
            add("contexts-as-they-come", cascade, PART + "as-it-comes");
        }
    }

    private TemplatedRouteDefinition addTier(
            final String template, final Cascade cascade, final String tier) {
        return add(template, cascade, "/" + tier)
                .parameter("tier", tier)
                .parameter("bundle", SourceAddresses.raw(cascade.location));
    }

    /**
     * @param name what follows the task in the route's name, which no other route may have
     */
    private TemplatedRouteDefinition add(
            final String template, final Cascade cascade, final String name) {
        return templatedRoute(template)
                .routeId(cascade.task + name)
                .parameter("task", cascade.task);
    }

    /**
     * One bundle.
     *
     * @param first its tiers that are asked on first records, in order
     * @param labels that it may give
     * @param context those that are asked on context records, in order
     */
    private record Cascade(
            String task,
            String location,
            List<String> labels,
            List<String> first,
            List<String> context) {

        private boolean gives(final String label) {
            return label.equals(Verdict.UNKNOWN) || labels.contains(label);
        }

        private static Cascade of(final String stated, final String location) {
            final BundleManifest manifest =
                    BundleFiles.at(location, Cascades.class.getClassLoader()::getResourceAsStream)
                            .manifest();
            if (!stated.isEmpty() && !stated.equals(manifest.task())) {
                throw new BundleException(
                        "bundle "
                                + location
                                + " answers the task "
                                + manifest.task()
                                + ", but serveflow.bundles names it for "
                                + stated
                                + "; write "
                                + manifest.task()
                                + ":"
                                + location);
            }
            final List<String> first = new ArrayList<>();
            final List<String> context = new ArrayList<>();
            for (final TierSpec tier : manifest.tiers()) {
                if (context.isEmpty() && tier.answers(FlowRecord.Stage.FIRST)) {
                    first.add(tier.name());
                } else if (tier.answers(FlowRecord.Stage.CONTEXT)) {
                    context.add(tier.name());
                } else {
                    throw new BundleException(
                            "bundle "
                                    + location
                                    + ": tier "
                                    + tier.name()
                                    + " reads summaries of flows, which are asked about by a route"
                                    + " of your own; examples/summaries.camel.yaml is one");
                }
            }
            return new Cascade(manifest.task(), location, manifest.labels(), first, context);
        }
    }
}
