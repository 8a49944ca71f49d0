/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import io.serveflow.app.settings.Role;
import io.serveflow.app.settings.Settings;
import io.serveflow.camel.kafka.RequiredTopics;
import io.serveflow.camel.kafka.ServeflowKafkaConfiguration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the parts of the routes hand flows and verdicts to each other: within the process, or by
 * Kafka topics to processes of other roles. The route files are the same; these are the addresses
 * that they ask for.
 */
final class Links {

    /** Holds the flows that wait for their contexts. */
    private static final String JOIN =
            "serveflow-join:slow?maxFlows={{serveflow.slow.maxFlows}}"
                    + "&maxEarly={{serveflow.slow.maxEarly}}"
                    + "&maxSourceShare={{serveflow.slow.maxSourceShare}}"
                    + "&ipv4Prefix={{serveflow.slow.ipv4Prefix}}"
                    + "&ipv6Prefix={{serveflow.slow.ipv6Prefix}}"
                    + "&targetDelay=";

    private static final String DELAY = "{{serveflow.slow.targetDelay}}";

    /** Nobody is refused because of a delay, as the topic keeps what is not read. */
    private static final String NO_LIMIT = "0";

    private static final String OF_A_SOURCE = "&maxSourceReady=";

    /** The route that takes a message and does nothing. */
    private static final String NOWHERE = "direct:unasked";

    private static final String INDEX = "serveflow-index:{{serveflow.index}}";

    private static final String ALERTS = "serveflow-index:{{serveflow.alerts.index}}";

    private static final String FILE = "serveflow-file:{{addresses.serveflow.file.folder}}";

    private final Role role;
    private final boolean kafka;
    private final String prefix;
    private final int partitions;
    private final String brokers;
    private final String sink;
    private final int mostOfASource;

    Links(final Settings settings) {
        role = settings.role();
        kafka = settings.linkedByKafka();
        prefix = settings.text("serveflow.link.prefix");
        partitions = settings.number("serveflow.link.partitions");
        brokers = settings.text("serveflow.kafka.brokers");
        sink = settings.storesInFiles() ? FILE : INDEX;
        mostOfASource =
                SlowRoom.mostOfASource(
                        settings.number("serveflow.slow.maxFlows"),
                        Double.parseDouble(settings.text("serveflow.slow.maxSourceShare")));
    }

    /** Whether other processes have a part in a flow's way from its source to the index. */
    boolean isByKafka() {
        return kafka;
    }

    /** Uncertain flows and contexts: in one topic, so that a flow's records stay in order. */
    private String uncertain() {
        return prefix + "uncertain";
    }

    private String verdicts() {
        return prefix + "verdicts";
    }

    /** The settings that route files ask for. */
    Map<String, String> placeholders() {
        final String join =
                kafka
                        ? JOIN
                                + NO_LIMIT
                                + OF_A_SOURCE
                                + mostOfASource
                                + "&maxWait={{serveflow.link.maxWait}}"
                        : JOIN + DELAY;
        final boolean sends = kafka && role == Role.FAST;
        final Map<String, String> placeholders = new HashMap<>();
        placeholders.put("links.join", join);
        placeholders.put("links.uncertain", sends ? "direct:escalated" : join);
        placeholders.put("links.context", sends ? topic(uncertain(), "flows") : join);
        placeholders.put(
                "links.verdicts", kafka && !role.stores() ? topic(verdicts(), "documents") : sink);
        placeholders.put("links.sink", sink);
        placeholders.put("links.alerts", sink.equals(FILE) ? FILE : ALERTS);
        placeholders.put("links.stored", kafka ? NOWHERE : "direct:hosts");
        if (kafka) {
            placeholders.put(
                    "links.in.uncertain",
                    topic(uncertain(), "flows") + "&groupId=" + prefix + Role.SLOW.id());
            placeholders.put(
                    "links.in.verdicts",
                    topic(verdicts(), "documents") + "&groupId=" + prefix + Role.INDEX.id());
        }
        return placeholders;
    }

    /**
     * What a source is set to, such as to begin at the end of its topic, is not meant for links.
     */
    private static String topic(final String name, final String content) {
        return "serveflow-kafka:"
                + name
                + "?brokers={{addresses.serveflow.kafka.brokers}}&content="
                + content
                + "&autoOffsetReset=earliest&topicIsPattern=false";
    }

    /**
     * The topics that processes of all roles need.
     *
     * @param settings of the component, with what it takes to be let in
     */
    RequiredTopics topics(final ServeflowKafkaConfiguration settings) {
        final ServeflowKafkaConfiguration copy = settings.copy();
        copy.setBrokers(brokers);
        return new RequiredTopics(copy, List.of(uncertain(), verdicts()), partitions);
    }

    /** Where the topics are, for people. */
    String brokers() {
        return brokers;
    }
}
