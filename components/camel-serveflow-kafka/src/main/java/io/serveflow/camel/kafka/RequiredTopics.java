/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import static io.serveflow.camel.kafka.AdminRequests.get;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The topics that a process cannot begin without: they are there, and have as many partitions each,
 * so that a flow is in the partition of the same number in all of them.
 */
public final class RequiredTopics {

    /** How often Kafka is asked about topics that it has just made. */
    private static final int LOOKS = 50;

    private static final long LOOK_MILLIS = 100;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ServeflowKafkaConfiguration settings;
    private final List<String> names;
    private final int partitions;

    /**
     * @param settings with the brokers
     * @param partitions of topics that are missing, which are then made; 0 to make none
     */
    public RequiredTopics(
            final ServeflowKafkaConfiguration settings,
            final List<String> names,
            final int partitions) {
        this.settings = settings;
        this.names = List.copyOf(names);
        this.partitions = partitions;
    }

    /**
     * Looks whether the topics are as they must be, and makes those that are missing, if allowed.
     *
     * @return whether Kafka has answered; false if it did not in time, or is not ready yet, or the
     *     name of no broker is known yet
     * @throws IllegalArgumentException if a topic is missing, or they differ in partitions; the
     *     message says what to do
     * @throws KafkaException if Kafka refuses to answer
     */
    public boolean require() throws InterruptedException {
        if (!settings.anyBrokerResolves()) {
            return false;
        }
        final Properties properties = settings.clientProperties();
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis() / 2);
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        try (Admin admin = Admin.create(properties)) {
            Map<String, Integer> present = present(admin);
            if (present.size() < names.size() && partitions > 0) {
                make(admin, missing(present));
                for (int i = 0; present.size() < names.size() && i < LOOKS; i++) {
                    Thread.sleep(LOOK_MILLIS);
                    present = present(admin);
                }
            }
            check(present);
            return true;
        } catch (final RetriableException e) {
            return false;
        } catch (final AuthenticationException e) {
            // Not as the cause, whose bare message would be the sentence that a person reads.
            final KafkaException named = new KafkaException(ClientFailure.refusal(settings, e));
            named.addSuppressed(e);
            throw named;
        }
    }

    private List<String> missing(final Map<String, Integer> present) {
        final List<String> missing = new ArrayList<>(names);
        missing.removeAll(present.keySet());
        return missing;
    }

    /** How many partitions each topic has that is there. */
    private Map<String, Integer> present(final Admin admin) throws InterruptedException {
        final Map<String, Integer> present = new LinkedHashMap<>();
        for (final Map.Entry<String, KafkaFuture<TopicDescription>> topic :
                admin.describeTopics(names).topicNameValues().entrySet()) {
            try {
                present.put(topic.getKey(), get(topic.getValue()).partitions().size());
            } catch (final UnknownTopicOrPartitionException e) {
                // It is missing, which the caller looks at.
            }
        }
        return present;
    }

    private void make(final Admin admin, final List<String> missing) throws InterruptedException {
        for (final KafkaFuture<Void> made :
                admin.createTopics(AdminRequests.topics(missing, partitions)).values().values()) {
            try {
                get(made);
            } catch (final TopicExistsException e) {
                // Another process that starts at the same time makes them too.
            }
        }
    }

    private void check(final Map<String, Integer> present) {
        final List<String> missing = missing(present);
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "Kafka at "
                            + settings.getBrokers()
                            + " has no topic "
                            + String.join(", ", missing)
                            + "; make "
                            + (missing.size() == 1 ? "it" : "them")
                            + (names.size() == 1 ? "" : " with as many partitions as the others")
                            + ", or set"
                            + " serveflow.link.partitions to have missing topics made");
        }
        if (present.values().stream().distinct().count() > 1) {
            throw new IllegalArgumentException(
                    "the topics of the link must have equal numbers of partitions, at "
                            + settings.getBrokers()
                            + " they have "
                            + present.entrySet().stream()
                                    .map(topic -> topic.getKey() + " " + topic.getValue())
                                    .collect(Collectors.joining(", "))
                            + "; add partitions to the smaller ones with kafka-topics.sh --alter"
                            + " while no process runs");
        }
    }
}
