/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import io.serveflow.app.settings.Role;
import io.serveflow.app.settings.Settings;
import io.serveflow.camel.kafka.BrokerException;
import io.serveflow.camel.kafka.BrokerSurvey;
import io.serveflow.camel.kafka.ServeflowKafkaComponent;
import io.serveflow.camel.kafka.ServeflowKafkaConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Looks at Kafka as a process will, with the same client and the same options: whether it is let
 * in, whether its topics are there, and whether it may read and send what it has to.
 */
final class KafkaChecks {

    private static final String REACHED = "kafka";
    private static final String TOPICS = "topics";
    private static final String RIGHTS = "kafka rights";
    private static final String BROKERS = "serveflow.kafka.brokers";
    private static final String SOURCE_TOPICS = "serveflow.kafka.topics";

    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final Settings settings;
    private final Duration patience;

    KafkaChecks(final Settings settings) {
        this(settings, PATIENCE);
    }

    /**
     * @param patience how long an answer may take
     */
    KafkaChecks(final Settings settings, final Duration patience) {
        this.settings = settings;
        this.patience = patience;
    }

    /** Nothing where neither a source, a link nor the flows to repair are Kafka's. */
    List<Finding> examine() {
        final boolean reads = settings.sources().contains("kafka");
        if (!settings.talksToKafka()) {
            return List.of();
        }
        final List<Finding> findings = new ArrayList<>();
        if (connections(findings)) {
            try {
                final ServeflowKafkaConfiguration options = options();
                final BrokerSurvey survey = new BrokerSurvey(options, patience);
                if (reads) {
                    source(survey, options, findings);
                }
                if (settings.linkedByKafka()) {
                    link(survey, findings);
                }
                if (settings.sendsToRepairTopic()) {
                    repairs(survey, settings.repairTopic().get(), findings);
                }
            } catch (final BrokerException e) {
                findings.add(
                        Finding.failed(
                                REACHED, settings.text(BROKERS) + " " + e.getMessage(), e.cure()));
            } catch (final IllegalArgumentException | IOException e) {
                findings.add(
                        Finding.failed(
                                REACHED,
                                e.getMessage(),
                                "correct the settings camel.component.serveflow-kafka.*"));
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                findings.add(Finding.skipped(REACHED, "interrupted while Kafka was asked"));
            }
        }
        return findings;
    }

    /** Whether any of the brokers takes connections; the others are there when it is not. */
    private boolean connections(final List<Finding> findings) {
        final List<Finding> each =
                settings.list(BROKERS).stream()
                        .map(
                                address ->
                                        Connections.finding(
                                                REACHED,
                                                address,
                                                "check serveflow.kafka.brokers, and that the"
                                                        + " listener is open to this machine"))
                        .toList();
        final boolean any = each.stream().anyMatch(Connections::isOk);
        each.forEach(
                one ->
                        findings.add(
                                any && !Connections.isOk(one)
                                        ? Finding.warning(one.check(), one.said(), one.cure())
                                        : one));
        return any;
    }

    private ServeflowKafkaConfiguration options() throws IOException {
        final ServeflowKafkaConfiguration options =
                ComponentSettings.bind(settings, "serveflow-kafka", new ServeflowKafkaComponent())
                        .getConfiguration()
                        .copy();
        options.setBrokers(settings.text(BROKERS));
        return options;
    }

    private void source(
            final BrokerSurvey survey,
            final ServeflowKafkaConfiguration options,
            final List<Finding> findings)
            throws BrokerException, InterruptedException {
        final Set<String> topics = new LinkedHashSet<>();
        if (options.isTopicIsPattern()) {
            topics.addAll(survey.matching(Pattern.compile(settings.text(SOURCE_TOPICS))));
            if (topics.isEmpty()) {
                findings.add(
                        Finding.failed(
                                TOPICS,
                                "no topic that may be seen has a name like "
                                        + settings.text(SOURCE_TOPICS),
                                "check serveflow.kafka.topics, and the right to DESCRIBE them"));
                return;
            }
        } else {
            topics.addAll(settings.list(SOURCE_TOPICS));
        }
        final BrokerSurvey.Seen seen =
                survey.look(
                        new BrokerSurvey.Use(
                                topics,
                                Set.of(),
                                Set.of(),
                                Set.of(settings.text("serveflow.kafka.groupId")),
                                0));
        if (faulty(seen, findings)) {
            return;
        }
        findings.add(
                seen.missing().isEmpty()
                        ? Finding.ok(TOPICS, "what sensors send is in " + String.join(", ", topics))
                        : Finding.failed(
                                TOPICS,
                                "there is no topic " + String.join(", ", seen.missing()),
                                "check serveflow.kafka.topics, or make it: whoever sends to it may"
                                        + " not have begun"));
        rights(seen, findings);
    }

    private void link(final BrokerSurvey survey, final List<Finding> findings)
            throws BrokerException, InterruptedException {
        final String prefix = settings.text("serveflow.link.prefix");
        final String uncertain = prefix + "uncertain";
        final String verdicts = prefix + "verdicts";
        final Role role = settings.role();
        final int partitions = settings.number("serveflow.link.partitions");
        final BrokerSurvey.Seen seen =
                survey.look(
                        switch (role) {
                            case FAST ->
                                    new BrokerSurvey.Use(
                                            Set.of(),
                                            Set.of(uncertain, verdicts),
                                            Set.of(),
                                            Set.of(),
                                            partitions);
                            case SLOW ->
                                    new BrokerSurvey.Use(
                                            Set.of(uncertain),
                                            Set.of(verdicts),
                                            Set.of(),
                                            Set.of(prefix + role.id()),
                                            partitions);
                            case INDEX, ALL ->
                                    new BrokerSurvey.Use(
                                            Set.of(verdicts),
                                            Set.of(),
                                            Set.of(uncertain),
                                            Set.of(prefix + role.id()),
                                            partitions);
                        });
        if (faulty(seen, findings)) {
            return;
        }
        findings.add(linked(seen, partitions));
        rights(seen, findings);
    }

    /** What {@code run} sends there; {@code repair}, often another user's, reads it. */
    private void repairs(
            final BrokerSurvey survey, final String topic, final List<Finding> findings)
            throws BrokerException, InterruptedException {
        final int partitions = settings.number("serveflow.link.partitions");
        final BrokerSurvey.Seen seen =
                survey.look(
                        new BrokerSurvey.Use(
                                Set.of(), Set.of(topic), Set.of(), Set.of(), partitions));
        if (faulty(seen, findings)) {
            return;
        }
        if (seen.missing().isEmpty()) {
            findings.add(Finding.ok(TOPICS, "flows to repair are kept in " + topic));
        } else if (partitions > 0) {
            findings.add(
                    Finding.ok(
                            TOPICS,
                            "there is no topic "
                                    + topic
                                    + " for flows to repair yet; run makes it, with "
                                    + partitions));
        } else {
            findings.add(
                    Finding.failed(
                            TOPICS,
                            "there is no topic " + topic + " for flows to repair",
                            "check serveflow.repair.topic; make it, or set"
                                    + " serveflow.link.partitions to have it made"));
        }
        rights(seen, findings);
        reading(survey, topic, seen, findings);
    }

    /** What {@code repair} takes in a group that has the name of the topic, beside the rest. */
    private static void reading(
            final BrokerSurvey survey,
            final String topic,
            final BrokerSurvey.Seen sent,
            final List<Finding> findings)
            throws BrokerException, InterruptedException {
        final List<String> lacking =
                new ArrayList<>(
                        survey.look(
                                        new BrokerSurvey.Use(
                                                Set.of(topic),
                                                Set.of(),
                                                Set.of(),
                                                Set.of(topic),
                                                0))
                                .refused());
        lacking.removeAll(sent.refused());
        if (!lacking.isEmpty()) {
            findings.add(
                    Finding.warning(
                            RIGHTS,
                            "this user may not " + String.join(", ", lacking),
                            "only ./serveflow repair needs that: run it as a user who may, or allow"
                                    + " it with kafka-acls.sh --add --allow-principal User:NAME"));
        }
    }

    /** Whether Kafka has anything against a topic or group itself; what else is found is less. */
    private static boolean faulty(final BrokerSurvey.Seen seen, final List<Finding> findings) {
        if (seen.faults().isEmpty()) {
            return false;
        }
        findings.add(
                Finding.failed(
                        TOPICS,
                        "Kafka refuses " + String.join(", ", seen.faults()),
                        "change what it names: the topic, its group, or"
                                + " serveflow.link.partitions"));
        return true;
    }

    private static Finding linked(final BrokerSurvey.Seen seen, final int partitions) {
        final String present =
                seen.partitions().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(topic -> topic.getKey() + " " + topic.getValue())
                        .collect(Collectors.joining(", "));
        if (seen.partitions().values().stream().distinct().count() > 1) {
            return Finding.failed(
                    TOPICS,
                    "the topics of the link have unequal numbers of partitions: " + present,
                    "add partitions to the smaller ones with kafka-topics.sh --alter while no"
                            + " process runs");
        }
        if (seen.missing().isEmpty()) {
            return Finding.ok(TOPICS, "those of the link, with their partitions: " + present);
        }
        final String missing = "there is no topic " + String.join(", ", seen.missing());
        return partitions > 0
                ? Finding.ok(TOPICS, missing + " yet; run makes it, with " + partitions)
                : Finding.failed(
                        TOPICS,
                        missing,
                        "check serveflow.link.prefix; make it with as many partitions as the other,"
                                + " or set serveflow.link.partitions to have it made");
    }

    private static void rights(final BrokerSurvey.Seen seen, final List<Finding> findings) {
        if (seen.refused().isEmpty()) {
            findings.add(Finding.ok(RIGHTS, "this user may do all that is needed"));
        } else {
            findings.add(
                    Finding.failed(
                            RIGHTS,
                            "this user may not " + String.join(", ", seen.refused()),
                            "allow it with kafka-acls.sh --add --allow-principal User:NAME"));
        }
    }
}
