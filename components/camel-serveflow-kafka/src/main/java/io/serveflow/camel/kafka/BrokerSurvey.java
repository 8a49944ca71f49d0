/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import static io.serveflow.camel.kafka.AdminRequests.get;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Asks Kafka, with the options of the component, what a process will find there, and changes
 * nothing: which topics there are, and what it may do with them.
 */
public final class BrokerSurvey {

    private final ServeflowKafkaConfiguration settings;
    private final Properties properties;
    private final Duration patience;

    /**
     * @param settings of the component, with the brokers
     * @param patience how long each answer may take
     */
    public BrokerSurvey(final ServeflowKafkaConfiguration settings, final Duration patience) {
        this.settings = settings;
        this.patience = patience;
        this.properties = settings.clientProperties();
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
    }

    /**
     * What a process does with topics.
     *
     * @param read topics that it reads
     * @param written topics that it sends to
     * @param described topics that it has to see, and neither reads nor sends to
     * @param groups consumer groups in which it reads
     * @param partitions of topics that are missing and are made then; 0 to make none
     */
    public record Use(
            Set<String> read,
            Set<String> written,
            Set<String> described,
            Set<String> groups,
            int partitions) {

        public Use {
            read = Set.copyOf(read);
            written = Set.copyOf(written);
            described = Set.copyOf(described);
            groups = Set.copyOf(groups);
        }

        private Set<String> topics() {
            final Set<String> all = new TreeSet<>(read);
            all.addAll(written);
            all.addAll(described);
            return all;
        }
    }

    /**
     * What was found.
     *
     * @param partitions how many each topic has that is there
     * @param missing topics that are not there
     * @param refused what is not allowed, as "READ topic serveflow", in Kafka's words
     * @param faults what else Kafka says of one of them, as "topic serve/flow (Invalid topic)"
     */
    public record Seen(
            Map<String, Integer> partitions,
            List<String> missing,
            List<String> refused,
            List<String> faults) {

        public Seen {
            partitions = Map.copyOf(partitions);
            missing = List.copyOf(missing);
            refused = List.copyOf(refused);
            faults = List.copyOf(faults);
        }
    }

    /**
     * The topics whose names a regular expression matches, among those that may be seen.
     *
     * @throws BrokerException if Kafka does not answer, or not to us
     */
    public Set<String> matching(final Pattern names) throws BrokerException, InterruptedException {
        final Set<String> found = new TreeSet<>();
        ask(
                admin ->
                        get(admin.listTopics().names()).stream()
                                .filter(names.asMatchPredicate())
                                .forEach(found::add));
        return found;
    }

    /**
     * Looks at all of it.
     *
     * @throws BrokerException if Kafka does not answer, or not to us
     */
    public Seen look(final Use use) throws BrokerException, InterruptedException {
        final Map<String, Integer> partitions = new LinkedHashMap<>();
        final List<String> missing = new ArrayList<>();
        final List<String> refused = new ArrayList<>();
        final List<String> faults = new ArrayList<>();
        ask(
                admin -> {
                    topics(admin, use, partitions, missing, refused, faults);
                    if (!missing.isEmpty() && use.partitions() > 0) {
                        makeable(admin, missing, use.partitions(), refused, faults);
                    }
                    groups(admin, use, refused, faults);
                });
        return new Seen(partitions, missing, refused, faults);
    }

    private static void topics(
            final Admin admin,
            final Use use,
            final Map<String, Integer> partitions,
            final List<String> missing,
            final List<String> refused,
            final List<String> faults)
            throws InterruptedException {
        final Map<String, KafkaFuture<TopicDescription>> asked =
                admin.describeTopics(
                                use.topics(),
                                new DescribeTopicsOptions().includeAuthorizedOperations(true))
                        .topicNameValues();
        for (final String topic : use.topics()) {
            try {
                final TopicDescription found = get(asked.get(topic));
                partitions.put(topic, found.partitions().size());
                require(use.read(), AclOperation.READ, topic, found, refused);
                require(use.written(), AclOperation.WRITE, topic, found, refused);
            } catch (final UnknownTopicOrPartitionException e) {
                missing.add(topic);
            } catch (final AuthorizationException e) {
                refused.add("DESCRIBE topic " + topic);
            } catch (final ApiException e) {
                faults.add(fault("topic " + topic, e));
            }
        }
    }

    /**
     * What Kafka says of one topic or group.
     *
     * @throws ApiException the same, where it is of all of them
     */
    private static String fault(final String of, final ApiException e) {
        if (e instanceof RetriableException || e instanceof AuthenticationException) {
            throw e;
        }
        return of + " (" + ClientFailure.sentence(e) + ")";
    }

    /** Kafka without an authorizer allows all. */
    private static void require(
            final Set<String> topics,
            final AclOperation right,
            final String topic,
            final TopicDescription found,
            final List<String> refused) {
        if (topics.contains(topic) && isLacking(right, found.authorizedOperations())) {
            refused.add(right + " topic " + topic);
        }
    }

    private static boolean isLacking(
            final AclOperation right, final Collection<AclOperation> allowed) {
        return allowed != null && !allowed.contains(right) && !allowed.contains(AclOperation.ALL);
    }

    /** Asks to make topics, and for that not to be done. */
    private static void makeable(
            final Admin admin,
            final List<String> missing,
            final int partitions,
            final List<String> refused,
            final List<String> faults)
            throws InterruptedException {
        final Map<String, KafkaFuture<Void>> asked =
                admin.createTopics(
                                AdminRequests.topics(missing, partitions),
                                new CreateTopicsOptions().validateOnly(true))
                        .values();
        for (final String topic : missing) {
            try {
                get(asked.get(topic));
            } catch (final AuthorizationException e) {
                refused.add("CREATE topic " + topic);
            } catch (final TopicExistsException e) {
                // Another process has made it meanwhile.
            } catch (final ApiException e) {
                faults.add(fault("topic " + topic, e));
            }
        }
    }

    private static void groups(
            final Admin admin, final Use use, final List<String> refused, final List<String> faults)
            throws InterruptedException {
        for (final String group : new TreeSet<>(use.groups())) {
            try {
                final Collection<AclOperation> allowed =
                        get(admin.describeConsumerGroups(
                                                List.of(group),
                                                new DescribeConsumerGroupsOptions()
                                                        .includeAuthorizedOperations(true))
                                        .describedGroups()
                                        .get(group))
                                .authorizedOperations();
                if (isLacking(AclOperation.READ, allowed)) {
                    refused.add("READ group " + group);
                }
            } catch (final GroupIdNotFoundException e) {
                // It is made by whoever reads first; of one that is not there Kafka says no rights.
            } catch (final AuthorizationException e) {
                refused.add("READ group " + group);
            } catch (final ApiException e) {
                faults.add(fault("group " + group, e));
            }
        }
    }

    /** What is asked of Kafka. */
    @FunctionalInterface
    private interface Question {

        void ask(Admin admin) throws InterruptedException;
    }

    private void ask(final Question question) throws BrokerException, InterruptedException {
        final Admin admin;
        try {
            admin = Admin.create(properties);
        } catch (final KafkaException e) {
            throw BrokerException.of(e, settings, patience);
        }
        try {
            question.ask(admin);
        } catch (final KafkaException e) {
            throw BrokerException.of(e, settings, patience);
        } finally {
            admin.close(Duration.ZERO);
        }
    }
}
