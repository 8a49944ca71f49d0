/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import io.serveflow.camel.sensor.BatchSender;
import io.serveflow.camel.sensor.SourceHealthCheck;
import io.serveflow.camel.support.IdleStrategy;
import io.serveflow.camel.support.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.Suspendable;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckAware;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;

/**
 * Reads with as many members of the group as are asked for, each with a thread that sends.
 *
 * <p>When the route stops, it reads no more, and ends when every flow that was read is
 * acknowledged, or was handed back to be read again, or Camel's time to shut down is over.
 */
public class ServeflowKafkaConsumer extends DefaultConsumer
        implements HealthCheckAware, ShutdownAware, Suspendable {

    private final ServeflowKafkaEndpoint endpoint;
    private volatile List<Member> members = List.of();
    private Optional<ExecutorService> senderThreads = Optional.empty();
    private HealthCheck healthCheck;

    public ServeflowKafkaConsumer(
            final ServeflowKafkaEndpoint endpoint, final Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        healthCheck = new SourceHealthCheck(this, this::state);
        healthCheck.setEnabled(endpoint.getComponent().isHealthCheckConsumerEnabled());
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        read();
    }

    private void read() {
        try {
            begin();
        } catch (final RuntimeException e) {
            // Camel does not stop what failed to start.
            endReading();
            throw e;
        }
    }

    private void begin() {
        final int count = endpoint.getConfiguration().getConsumersCount();
        final ExecutorService senders =
                threads().newFixedThreadPool(this, "ServeflowKafkaSend", count);
        senderThreads = Optional.of(senders);
        final List<Member> made = new ArrayList<>();
        try {
            open(made, count, senders);
        } catch (final RuntimeException e) {
            made.forEach(member -> member.reader().close());
            throw e;
        }
        members = List.copyOf(made);
        members.forEach(member -> member.worker().start());
    }

    private void open(final List<Member> made, final int count, final ExecutorService senders) {
        for (int i = 0; i < count; i++) {
            final BatchSender sender = new BatchSender(this, endpoint);
            final KafkaReader reader =
                    new KafkaReader(endpoint, i, sender, senders, getExceptionHandler());
            final Worker worker =
                    Worker.of(
                            endpoint.getCamelContext(),
                            "ServeflowKafkaRead",
                            IdleStrategy.none(),
                            reader);
            made.add(new Member(worker, reader, sender, endpoint.getConfiguration().getBrokers()));
            reader.open();
        }
    }

    @Override
    protected void doStop() throws Exception {
        endReading();
        super.doStop();
    }

    @Override
    protected void doSuspend() {
        endReading();
    }

    @Override
    protected void doResume() {
        read();
    }

    /**
     * Waits for the batches under way, commits what is answered and leaves the group; bounded by
     * {@code shutdownTimeout} and {@code commitTimeoutMs}.
     */
    private void endReading() {
        members.forEach(member -> member.worker().requestStop());
        members.forEach(member -> member.sender().stop());
        final ServeflowKafkaConfiguration configuration = endpoint.getConfiguration();
        final long patience =
                configuration.getShutdownTimeout()
                        + configuration.getPollTimeoutMs()
                        + 3 * configuration.getCommitTimeoutMs();
        Worker.stop(members.stream().map(Member::worker).toList(), patience);
        members.stream()
                .filter(member -> !member.worker().isRunning())
                .forEach(member -> member.reader().close());
        senderThreads.ifPresent(threads -> threads().shutdownGraceful(threads));
        senderThreads = Optional.empty();
        members = List.of();
    }

    /** Called first of all when the route or the context stops. */
    @Override
    public boolean deferShutdown(final ShutdownRunningTask shutdownRunningTask) {
        members.forEach(member -> member.reader().drain());
        return true;
    }

    @Override
    public int getPendingExchangesSize() {
        return (int) members.stream().filter(Member::isPending).count();
    }

    @Override
    public void prepareShutdown(final boolean suspendOnly, final boolean forced) {
        members.forEach(member -> member.reader().drain());
    }

    private ExecutorServiceManager threads() {
        return endpoint.getCamelContext().getExecutorServiceManager();
    }

    @Override
    public ServeflowKafkaEndpoint getEndpoint() {
        return endpoint;
    }

    @Override
    public void setHealthCheck(final HealthCheck healthCheck) {
        this.healthCheck = healthCheck;
    }

    @Override
    public HealthCheck getHealthCheck() {
        return healthCheck;
    }

    private SourceHealthCheck.State state() {
        final List<Member> now = members;
        final ServeflowKafkaConfiguration configuration = endpoint.getConfiguration();
        final List<GroupMember.Standing> standings =
                now.stream().map(member -> member.reader().standing()).toList();
        return new SourceHealthCheck.State(
                now.stream().flatMap(member -> member.trouble().stream()).findFirst(),
                Map.of(
                        "topic", configuration.getTopic(),
                        "brokers", configuration.getBrokers(),
                        "group", configuration.getGroupId(),
                        "partitions",
                                standings.stream().mapToInt(GroupMember.Standing::partitions).sum(),
                        "lag", standings.stream().mapToLong(GroupMember.Standing::lag).sum()));
    }

    /** A member of the group, its thread, and what takes its batches down the route. */
    private record Member(Worker worker, KafkaReader reader, BatchSender sender, String brokers) {

        /** A batch that its route fails with is not waited for, as it is read again. */
        private boolean isPending() {
            return reader.isPending() && sender.failure().isEmpty();
        }

        private Optional<String> trouble() {
            if (reader.trouble().isPresent()) {
                return reader.trouble()
                        .map(
                                e ->
                                        "Kafka at "
                                                + brokers
                                                + " cannot be read: "
                                                + ClientFailure.sentence(e));
            }
            if (sender.failure().isPresent()) {
                return sender.failure()
                        .map(e -> "the route does not take what is read: " + e.getMessage());
            }
            final GroupMember.Standing standing = reader.standing();
            return standing.heard() ? Optional.empty() : Optional.of(silence(standing));
        }

        private String silence(final GroupMember.Standing standing) {
            return "no broker of "
                    + brokers
                    + (standing.silentSeconds() < 0
                            ? " has answered yet"
                            : " has answered in the last " + standing.silentSeconds() + " s")
                    + "; it is read on when one does";
        }
    }
}
