/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import io.serveflow.batch.Receipt;
import io.serveflow.camel.sensor.BatchSender;
import io.serveflow.camel.sensor.SkippedLog;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of the consumer group, from joining to leaving: polls, makes batches of each poll, and
 * goes on polling with all partitions paused while another thread sends them down the route, which
 * may have to wait. Batches that are sent are acknowledged while the next ones are read.
 *
 * <p>For one thread, but for {@link #standing()}.
 */
final class GroupMember implements ConsumerRebalanceListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GroupMember.class);

    /** Often enough for a rebalance not to wait for this member, and too seldom to cost much. */
    private static final long PAUSED_POLL_MILLIS = 100;

    private final ServeflowKafkaEndpoint endpoint;
    private final ServeflowKafkaConfiguration configuration;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final BatchSender sender;
    private final ExecutorService senderThread;
    private final Ledger ledger;
    private final SkippedLog skipped;
    private final OffsetCommits commits;
    private final Optional<? extends Metric> lastHeartbeat;
    private final PolledContent content;
    private final Map<TopicPartition, AssignedPartition> partitions = new HashMap<>();
    private Optional<Future<Boolean>> underWay = Optional.empty();
    private boolean paused;
    private boolean closing;
    private long lastLook = System.nanoTime();
    private volatile OptionalLong joinedNanos = OptionalLong.empty();
    private volatile int assigned;
    private volatile long lag;

    GroupMember(
            final ServeflowKafkaEndpoint endpoint,
            final KafkaConsumer<byte[], byte[]> consumer,
            final BatchSender sender,
            final ExecutorService senderThread) {
        this.endpoint = endpoint;
        this.configuration = endpoint.getConfiguration();
        this.consumer = consumer;
        this.sender = sender;
        this.senderThread = senderThread;
        this.ledger = endpoint.getComponent().getLedger();
        this.skipped =
                new SkippedLog(endpoint.getEndpointBaseUri(), ledger, System.nanoTime(), LOG::info);
        this.commits = new OffsetCommits(consumer, configuration, ledger);
        this.content = endpoint.content();
        this.lastHeartbeat =
                consumer.metrics().values().stream()
                        .filter(
                                metric ->
                                        metric.metricName()
                                                .name()
                                                .equals("last-heartbeat-seconds-ago"))
                        .findFirst();
    }

    /** Asks to join the group, which it does while it polls. */
    void join() {
        if (configuration.isTopicIsPattern()) {
            consumer.subscribe(Pattern.compile(configuration.getTopic()), this);
        } else {
            consumer.subscribe(configuration.topics(), this);
        }
    }

    /**
     * Does the next thing there is to do, which takes no longer than a poll may wait.
     *
     * @param reading false to bring to its end what was read, and read no more
     */
    void step(final boolean reading) {
        final boolean sent = isSentWithin(PAUSED_POLL_MILLIS);
        if (sent) {
            passTime();
        }
        if (!sent) {
            pollPaused(Duration.ZERO);
        } else if (reading && partitions.values().stream().noneMatch(AssignedPartition::isFull)) {
            resume();
            read(poll(Duration.ofMillis(configuration.getPollTimeoutMs())));
        } else {
            pause();
            pollPaused(Duration.ofMillis(PAUSED_POLL_MILLIS));
        }
        look();
        commits.begin(partitions);
        skipped.at(System.nanoTime());
    }

    /** Lets the time of partitions go on whose route has taken everything that was read. */
    private void passTime() {
        if (sender.failure().isPresent()) {
            return;
        }
        partitions.forEach(
                (id, partition) -> {
                    if (partition.clock().isBehind()) {
                        position(id).ifPresent(partition.clock()::given);
                    }
                });
    }

    /** Where reading goes on; empty if that is to be found out yet. */
    private OptionalLong position(final TopicPartition id) {
        try {
            return OptionalLong.of(consumer.position(id, Duration.ZERO));
        } catch (final TimeoutException | InvalidOffsetException e) {
            return OptionalLong.empty();
        }
    }

    /** Now and then asks where the partitions end, if there is something that waits by that. */
    private void look() {
        final long now = System.nanoTime();
        if (!heedsReceipts()
                || partitions.isEmpty()
                || now - lastLook < PartitionClock.LOOK_NANOS) {
            return;
        }
        lastLook = now;
        try {
            consumer.endOffsets(
                            List.copyOf(partitions.keySet()),
                            Duration.ofNanos(PartitionClock.LOOK_NANOS))
                    .forEach((id, end) -> partitions.get(id).clock().looked(end, now));
        } catch (final TimeoutException e) {
            /* No time passes for whoever waits. */
            LOG.debug("Cannot see where partitions end", e);
        }
    }

    /** Whether every flow that was read is answered. */
    boolean isAnswered() {
        return isSentWithin(0)
                && partitions.values().stream().allMatch(AssignedPartition::isAnswered);
    }

    private void pollPaused(final Duration timeout) {
        if (!poll(timeout).isEmpty()) {
            throw new IllegalStateException("Kafka gave records of partitions that are paused");
        }
    }

    private void pause() {
        paused = true;
        consumer.pause(consumer.assignment());
    }

    private void resume() {
        if (paused) {
            paused = false;
            consumer.resume(consumer.paused());
            final long now = System.nanoTime();
            partitions.values().forEach(partition -> partition.resumed(now));
        }
    }

    /**
     * Polls; where there is no offset to go on from, seeks one and returns nothing.
     *
     * <p>The client is never left to choose an offset itself: it would do so without a word.
     */
    private ConsumerRecords<byte[], byte[]> poll(final Duration timeout) {
        try {
            return consumer.poll(timeout);
        } catch (final OffsetOutOfRangeException e) {
            e.offsetOutOfRangePartitions().forEach(this::leaveRange);
        } catch (final NoOffsetForPartitionException e) {
            beginReading(e);
        }
        return ConsumerRecords.empty();
    }

    private void beginReading(final NoOffsetForPartitionException unknown) {
        final Duration patience = Duration.ofMillis(configuration.getCommitTimeoutMs());
        final Map<TopicPartition, Long> begins =
                switch (configuration.getAutoOffsetReset()) {
                    case ServeflowKafkaConfiguration.EARLIEST ->
                            consumer.beginningOffsets(unknown.partitions(), patience);
                    case ServeflowKafkaConfiguration.LATEST ->
                            consumer.endOffsets(unknown.partitions(), patience);
                    default -> throw unknown;
                };
        begins.forEach(this::goOnAt);
    }

    private void leaveRange(final TopicPartition id, final long wanted) {
        final Duration patience = Duration.ofMillis(configuration.getCommitTimeoutMs());
        final long beginning = consumer.beginningOffsets(List.of(id), patience).get(id);
        if (wanted < beginning) {
            ledger.add(Ledger.Entry.DROPPED, Reason.EXPIRED_IN_KAFKA, beginning - wanted);
            LOG.warn(
                    "{} records of {} expired before they were read, offsets {} to {}; lengthen the"
                            + " retention of the topic, or add consumers",
                    beginning - wanted,
                    id,
                    wanted,
                    beginning - 1);
        } else {
            LOG.warn(
                    "{} ends before offset {}, so it was made anew or has lost records; it is read"
                            + " from its beginning",
                    id,
                    wanted);
            // What was read of the one before may still come: there is no look at its end any more.
            partitions.put(id, newPartition(id)).clock().runBy(System::nanoTime);
        }
        goOnAt(id, beginning);
    }

    private void goOnAt(final TopicPartition id, final long offset) {
        consumer.seek(id, offset);
        partitions.get(id).skipTo(offset);
    }

    private void read(final ConsumerRecords<byte[], byte[]> polled) {
        content.clear();
        final long now = System.nanoTime();
        for (final ConsumerRecord<byte[], byte[]> record : polled) {
            partitions
                    .get(new TopicPartition(record.topic(), record.partition()))
                    .read(record, now);
        }
        long behind = 0;
        for (final Map.Entry<TopicPartition, AssignedPartition> entry : partitions.entrySet()) {
            final OptionalLong left = consumer.currentLag(entry.getKey());
            behind += left.orElse(0);
            if (left.isPresent() && left.getAsLong() == 0) {
                entry.getValue().quiet(now);
            }
        }
        lag = behind;
        if (!content.isEmpty()) {
            pause();
            final Map<TopicPartition, Receipt> receipts = receipts();
            underWay = Optional.of(senderThread.submit(() -> content.send(sender, receipts)));
        } else if (!polled.isEmpty()) {
            receipts().values().forEach(Receipt::release);
        }
    }

    /** The hold of what was read since the last time, by partition. */
    private Map<TopicPartition, Receipt> receipts() {
        final Map<TopicPartition, Receipt> receipts = new LinkedHashMap<>();
        partitions.forEach(
                (id, partition) ->
                        partition.give().ifPresent(receipt -> receipts.put(id, receipt)));
        return receipts;
    }

    /** Whether every batch that was made is sent, or is in time. */
    private boolean isSentWithin(final long millis) {
        if (underWay.isEmpty()) {
            return true;
        }
        try {
            underWay.get().get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (final java.util.concurrent.TimeoutException e) {
            return false;
        } catch (final InterruptedException e) {
            throw new InterruptException(e);
        } catch (final ExecutionException e) {
            throw new IllegalStateException("a batch could not be sent", e.getCause());
        }
    }

    @Override
    public void onPartitionsAssigned(final Collection<TopicPartition> ids) {
        ids.forEach(id -> partitions.put(id, newPartition(id)));
        joinedNanos = OptionalLong.of(System.nanoTime());
        if (paused) {
            consumer.pause(ids);
        }
        assigned = partitions.size();
    }

    /** Whether whoever takes the records is to leave out those of partitions that were lost. */
    private boolean heedsReceipts() {
        return configuration.contentOfValues() == Content.FLOWS;
    }

    private void awaitTaken(final long millis) {
        final long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            if (isSentWithin(millis)) {
                sender.awaitTaken(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        } catch (final InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private AssignedPartition newPartition(final TopicPartition id) {
        return new AssignedPartition(
                content.assigned(id, skipped.ledger()), skipped.ledger(), System.nanoTime());
    }

    /**
     * Commits what is answered. Flows without an answer are read again by whoever gets the
     * partitions, and so their receipts are withdrawn.
     *
     * <p>At a rebalance a route is not waited for that looks at receipts, as one with a join does:
     * it may be held up for long, and the whole group with it, by flows of other partitions too.
     */
    @Override
    public void onPartitionsRevoked(final Collection<TopicPartition> ids) {
        if (!ids.isEmpty() && (closing || !heedsReceipts())) {
            awaitTaken(
                    Math.min(
                            configuration.getShutdownTimeout(),
                            configuration.getMaxPollIntervalMs() / 2));
        }
        final Map<TopicPartition, AssignedPartition> given = new HashMap<>(partitions);
        given.keySet().retainAll(ids);
        commits.finish(given);
        forget(ids);
    }

    /** Others read these partitions already, so nothing may be committed. */
    @Override
    public void onPartitionsLost(final Collection<TopicPartition> ids) {
        LOG.warn(
                "The group went on without this member, which lost {}; what had no answer is read"
                        + " again by others",
                ids);
        forget(ids);
    }

    private void forget(final Collection<TopicPartition> ids) {
        ids.forEach(
                id ->
                        Optional.ofNullable(partitions.remove(id))
                                .ifPresent(AssignedPartition::withdraw));
        assigned = partitions.size();
    }

    /** How this member stands in its group; for any thread. */
    Standing standing() {
        final double secondsAgo =
                lastHeartbeat
                        .map(metric -> (Double) metric.metricValue())
                        .filter(seconds -> seconds >= 0)
                        .orElseGet(this::secondsSinceJoined);
        final boolean heard =
                secondsAgo >= 0 && secondsAgo * 1_000 <= configuration.getSessionTimeoutMs();
        return new Standing(heard, (long) secondsAgo, assigned, lag);
    }

    /** What counts until the first heartbeat: a broker has said who reads what; -1 for never. */
    private double secondsSinceJoined() {
        final OptionalLong joined = joinedNanos;
        return joined.isPresent()
                ? (System.nanoTime() - joined.getAsLong()) / (double) TimeUnit.SECONDS.toNanos(1)
                : -1;
    }

    /** Leaves the group, which gives up the partitions as {@link #onPartitionsRevoked} says. */
    @Override
    @SuppressWarnings("deprecation") // What replaces it is missing in the clients of Camel 4.18.
    public void close() {
        closing = true;
        try {
            consumer.close(
                    Duration.ofMillis(
                            configuration.getShutdownTimeout()
                                    + 2 * configuration.getCommitTimeoutMs()));
        } finally {
            awaitRoute();
            skipped.end();
        }
    }

    /** Whoever reads next does not begin a second batch beside this one's last. */
    private void awaitRoute() {
        try {
            if (underWay.isPresent()) {
                underWay.get().get();
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (final ExecutionException e) {
            LOG.warn("A batch could not be sent and is read again", e.getCause());
        }
    }

    /**
     * How a member stands in its group.
     *
     * @param heard whether the brokers heard from it within the session timeout
     * @param silentSeconds since when they have not; -1 if they never have
     * @param partitions how many it reads
     * @param lag how many records it is behind the ends of its partitions, as it knew at its last
     *     poll
     */
    record Standing(boolean heard, long silentSeconds, int partitions, long lag) {

        /** Of one that is not in the group. */
        static final Standing OUTSIDE = new Standing(false, -1, 0, 0);
    }
}
