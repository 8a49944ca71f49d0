/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import static io.serveflow.camel.kafka.AdminRequests.get;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What a topic held when this began to read its partitions, read as a member of a consumer group up
 * to there; offsets are committed when whoever reads says so.
 *
 * <p>Members share the partitions. One that takes its time keeps its own as long as it lives, for
 * up to a day. Partitions that another member gets are left to that, with what was read of them and
 * is not committed. Not safe for use by more than one thread.
 */
public final class TopicBacklog implements AutoCloseable {

    /** How long Kafka may take to answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How long it may take to where it is only asked how a topic stands. */
    private static final Duration LOOK = Duration.ofSeconds(10);

    private static final Duration POLL = Duration.ofMillis(200);

    /** How long the group waits for a member that is busy. */
    private static final int LONGEST_MILLIS = 86_400_000;

    /** How often a commit is tried while the group shares out its partitions. */
    private static final int TRIES = 50;

    private final ServeflowKafkaConfiguration settings;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Map<TopicPartition, Share> shares = new HashMap<>();
    private final Queue<ConsumerRecord<byte[], byte[]>> polled = new ArrayDeque<>();
    private int assignments;
    private long passedExpired;

    /**
     * What is in a topic for a group.
     *
     * @param records how many records it has not committed
     * @param expired how many expired before it has, at most; where it has committed nothing, all
     *     that have expired, for some may have been read before Kafka forgot what it had committed
     * @param read whether the group has members
     */
    public record Standing(long records, long expired, boolean read) {}

    /**
     * A record with a value.
     *
     * @param partition the number of its partition
     * @param assignment which of those that the partition came to this member with
     * @param timestamp in ms since 1970, where it has one
     */
    public record Line(
            int partition, int assignment, long offset, OptionalLong timestamp, byte[] value) {}

    /** A partition from when it comes to this member to when it leaves it. */
    private static final class Share {

        private final int assignment;
        private long given;
        private long expired;

        private Share(final int assignment, final long position, final long expired) {
            this.assignment = assignment;
            this.given = position;
            this.expired = expired;
        }
    }

    private TopicBacklog(
            final ServeflowKafkaConfiguration settings,
            final KafkaConsumer<byte[], byte[]> consumer) {
        this.settings = settings;
        this.consumer = consumer;
    }

    /**
     * Looks at a topic without reading it.
     *
     * @param settings with the brokers, the topic and the group
     * @throws IOException if that cannot be done; the message says why, for people
     */
    public static Standing look(final ServeflowKafkaConfiguration settings)
            throws IOException, InterruptedException {
        requireName(settings);
        final Properties properties = settings.clientProperties();
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) LOOK.toMillis() / 2);
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) LOOK.toMillis());
        try (Admin admin = Admin.create(properties)) {
            final Map<TopicPartition, Long> ends =
                    offsets(admin, partitions(admin, settings.getTopic()), OffsetSpec.latest());
            final Map<TopicPartition, Long> begins =
                    offsets(admin, ends.keySet(), OffsetSpec.earliest());
            final Map<TopicPartition, OffsetAndMetadata> committed =
                    committed(admin, settings.getGroupId());
            long records = 0;
            long expired = 0;
            for (final Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
                final Optional<OffsetAndMetadata> reached =
                        Optional.ofNullable(committed.get(end.getKey()));
                final long begin = begins.get(end.getKey());
                records += end.getValue() - position(reached, begin, end.getValue());
                expired += expired(reached, begin, end.getValue());
            }
            return new Standing(records, expired, hasMembers(admin, settings.getGroupId()));
        } catch (final KafkaException e) {
            throw failure(settings, e);
        }
    }

    private static Set<TopicPartition> partitions(final Admin admin, final String topic)
            throws InterruptedException {
        return get(admin.describeTopics(List.of(topic)).topicNameValues().get(topic))
                .partitions()
                .stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .collect(Collectors.toSet());
    }

    private static Map<TopicPartition, Long> offsets(
            final Admin admin, final Set<TopicPartition> partitions, final OffsetSpec which)
            throws InterruptedException {
        return get(
                        admin.listOffsets(
                                        partitions.stream()
                                                .collect(
                                                        Collectors.toMap(
                                                                Function.identity(), one -> which)))
                                .all())
                .entrySet()
                .stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                (final Map.Entry<TopicPartition, ListOffsetsResultInfo> one) ->
                                        one.getValue().offset()));
    }

    private static Map<TopicPartition, OffsetAndMetadata> committed(
            final Admin admin, final String group) throws InterruptedException {
        try {
            return get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        } catch (final GroupIdNotFoundException e) {
            return Map.of();
        }
    }

    private static boolean hasMembers(final Admin admin, final String group)
            throws InterruptedException {
        try {
            return !get(admin.describeConsumerGroups(List.of(group)).describedGroups().get(group))
                    .members()
                    .isEmpty();
        } catch (final GroupIdNotFoundException e) {
            return false;
        }
    }

    /** Where a group goes on: at its beginning where a topic was made anew, or has lost records. */
    private static long position(
            final Optional<OffsetAndMetadata> committed, final long begin, final long end) {
        return committed
                .map(OffsetAndMetadata::offset)
                .filter(offset -> offset >= begin && offset <= end)
                .orElse(begin);
    }

    /** How many records before the first that is there were not committed, as far as is known. */
    private static long expired(
            final Optional<OffsetAndMetadata> committed, final long begin, final long end) {
        return Math.max(
                0,
                begin
                        - committed
                                .map(OffsetAndMetadata::offset)
                                .filter(offset -> offset <= end)
                                .orElse(0L));
    }

    /**
     * Joins the group.
     *
     * @param settings with the brokers, the topic and the group
     * @return empty where other members have all partitions
     * @throws IOException if that cannot be done; the message says why, for people
     */
    public static Optional<TopicBacklog> join(final ServeflowKafkaConfiguration settings)
            throws IOException {
        requireName(settings);
        final ServeflowKafkaConfiguration member = settings.copy();
        member.setGroupInstanceId("");
        member.setTopicIsPattern(false);
        member.setMaxPollIntervalMs(LONGEST_MILLIS);
        KafkaConsumer<byte[], byte[]> consumer = null;
        try {
            consumer = new KafkaConsumer<>(member.consumerProperties(0));
            final TopicBacklog backlog = new TopicBacklog(member, consumer);
            if (backlog.isAssigned()) {
                return Optional.of(backlog);
            }
            backlog.close();
            return Optional.empty();
        } catch (final KafkaException e) {
            if (consumer != null) {
                consumer.close();
            }
            throw failure(member, e);
        }
    }

    private static void requireName(final ServeflowKafkaConfiguration settings) throws IOException {
        if (!settings.anyBrokerResolves()) {
            throw new IOException(
                    "no name of Kafka's brokers " + settings.getBrokers() + " is known");
        }
    }

    private boolean isAssigned() {
        consumer.subscribe(settings.topics(), new Sharing());
        final long begun = System.nanoTime();
        while (shares.isEmpty() && System.nanoTime() - begun < PATIENCE.toNanos()) {
            poll();
        }
        return !shares.isEmpty();
    }

    /**
     * The next record with a value; empty where all is read that was there when this began.
     *
     * @throws IOException if Kafka gives none for half a minute, or refuses to
     */
    public Optional<Line> next() throws IOException {
        try {
            long heard = System.nanoTime();
            while (!polled.isEmpty() || !isAtEnd()) {
                final ConsumerRecord<byte[], byte[]> record = polled.poll();
                if (record != null) {
                    final Share share = shares.get(partition(record));
                    share.given = record.offset() + 1;
                    if (record.value() != null) {
                        return Optional.of(line(record, share.assignment));
                    }
                } else if (poll()) {
                    heard = System.nanoTime();
                } else if (System.nanoTime() - heard > PATIENCE.toNanos()) {
                    throw new IOException(
                            "Kafka at %s has given nothing more of the topic %s for %d s"
                                    .formatted(
                                            settings.getBrokers(),
                                            settings.getTopic(),
                                            PATIENCE.toSeconds()));
                }
            }
            return Optional.empty();
        } catch (final KafkaException e) {
            throw failure(settings, e);
        }
    }

    private static Line line(final ConsumerRecord<byte[], byte[]> record, final int assignment) {
        return new Line(
                record.partition(),
                assignment,
                record.offset(),
                record.timestamp() < 0 ? OptionalLong.empty() : OptionalLong.of(record.timestamp()),
                record.value());
    }

    private boolean isAtEnd() {
        return shares.keySet().stream()
                .allMatch(partition -> consumer.position(partition) >= ends.get(partition));
    }

    /** Takes what Kafka gives; returns whether it was anything. */
    private boolean poll() {
        consumer.pause(
                shares.keySet().stream()
                        .filter(partition -> consumer.position(partition) >= ends.get(partition))
                        .toList());
        boolean any = false;
        try {
            for (final ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                any = true;
                if (record.offset() < ends.get(partition(record))) {
                    polled.add(record);
                }
            }
        } catch (final OffsetOutOfRangeException e) {
            e.offsetOutOfRangePartitions().forEach(this::leaveRange);
            any = true;
        }
        return any;
    }

    /** Goes on with the oldest record where others have expired meanwhile. */
    private void leaveRange(final TopicPartition partition, final long wanted) {
        final long begin = consumer.beginningOffsets(List.of(partition), PATIENCE).get(partition);
        shares.get(partition).expired += Math.max(0, begin - wanted);
        consumer.seek(partition, begin);
    }

    private static TopicPartition partition(final ConsumerRecord<byte[], byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    /**
     * Whether a line is this member's to commit: not where another one has its partition, or has
     * had it since, for then it was, or will be, given again.
     */
    public boolean has(final Line line) {
        final Share share = shares.get(new TopicPartition(settings.getTopic(), line.partition()));
        return share != null && share.assignment == line.assignment();
    }

    /**
     * Commits what was given out.
     *
     * @param before offsets that are not to be passed, by partition
     * @throws IOException if Kafka does not take it; what was given out is given again then
     */
    public void commit(final Map<Integer, Long> before) throws IOException {
        try {
            for (int i = 0; i < TRIES; i++) {
                try {
                    consumer.commitSync(offsets(before), PATIENCE);
                    passExpired();
                    return;
                } catch (final RebalanceInProgressException e) {
                    // Nothing new may be read before it is over.
                    consumer.pause(consumer.assignment());
                    poll();
                    consumer.resume(consumer.paused());
                }
            }
        } catch (final CommitFailedException e) {
            throw new IOException(
                    "another member of the group "
                            + settings.getGroupId()
                            + " has the partitions by now, and is given the same records again",
                    e);
        } catch (final KafkaException e) {
            throw failure(settings, e);
        }
        throw new IOException(
                "the group " + settings.getGroupId() + " does not come to rest; try again");
    }

    /** What expired before an offset that is committed is of no other member any more. */
    private void passExpired() {
        for (final Share share : shares.values()) {
            passedExpired += share.expired;
            share.expired = 0;
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(final Map<Integer, Long> before) {
        return shares.entrySet().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                one ->
                                        new OffsetAndMetadata(
                                                Math.min(
                                                        one.getValue().given,
                                                        before.getOrDefault(
                                                                one.getKey().partition(),
                                                                Long.MAX_VALUE)))));
    }

    /**
     * How many records had expired, or did so meanwhile, before the group has read them, at most;
     * of the partitions that are this member's, and of those it has committed an offset of.
     */
    public long expired() {
        return passedExpired + shares.values().stream().mapToLong(share -> share.expired).sum();
    }

    private static IOException failure(
            final ServeflowKafkaConfiguration settings, final KafkaException e) {
        final String sentence;
        if (e instanceof UnknownTopicOrPartitionException) {
            sentence =
                    "Kafka at %s has no topic %s"
                            .formatted(settings.getBrokers(), settings.getTopic());
        } else if (e instanceof AuthenticationException refused) {
            sentence = ClientFailure.refusal(settings, refused);
        } else if (e instanceof RetriableException) {
            sentence = "Kafka at %s does not answer".formatted(settings.getBrokers());
        } else {
            sentence =
                    "the topic %s of Kafka at %s cannot be read: %s"
                            .formatted(
                                    settings.getTopic(),
                                    settings.getBrokers(),
                                    ClientFailure.sentence(e));
        }
        // Not as the cause, whose bare message would be the sentence that a person reads.
        final IOException named = new IOException(sentence);
        named.addSuppressed(e);
        return named;
    }

    /** Leaves the group. */
    @Override
    public void close() {
        consumer.close();
    }

    /** Begins partitions where the group has come to, and leaves those that others get. */
    private final class Sharing implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(final Collection<TopicPartition> partitions) {
            assignments++;
            final Set<TopicPartition> ours = Set.copyOf(partitions);
            final Map<TopicPartition, OffsetAndMetadata> committed =
                    consumer.committed(ours, PATIENCE);
            final Map<TopicPartition, Long> begins = consumer.beginningOffsets(ours, PATIENCE);
            final Map<TopicPartition, Long> now = consumer.endOffsets(ours, PATIENCE);
            for (final TopicPartition partition : ours) {
                // One that comes back is read as far as it was to be.
                ends.putIfAbsent(partition, now.get(partition));
                final long begin = begins.get(partition);
                final Optional<OffsetAndMetadata> reached =
                        Optional.ofNullable(committed.get(partition));
                final long position = position(reached, begin, now.get(partition));
                consumer.seek(partition, position);
                shares.put(
                        partition,
                        new Share(
                                assignments,
                                position,
                                expired(reached, begin, now.get(partition))));
            }
        }

        @Override
        public void onPartitionsRevoked(final Collection<TopicPartition> partitions) {
            shares.keySet().removeAll(partitions);
            polled.removeIf(record -> partitions.contains(partition(record)));
        }

        @Override
        public void onPartitionsLost(final Collection<TopicPartition> partitions) {
            onPartitionsRevoked(partitions);
        }
    }
}
