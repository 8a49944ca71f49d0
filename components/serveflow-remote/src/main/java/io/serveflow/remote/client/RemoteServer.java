/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote.client;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.grpc.ChannelCredentials;
import io.grpc.ConnectivityState;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.serveflow.remote.RemoteModel;
import io.serveflow.remote.TlsFileException;
import io.serveflow.remote.TlsFiles;
import io.serveflow.remote.protocol.GRPCInferenceServiceGrpc;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One server: its connection, how many requests it has, and whether it is left alone for a while.
 *
 * <p>Safe for use by many threads.
 */
final class RemoteServer implements AutoCloseable {

    private static final int WINDOW = 20;
    private static final int LEAST_CALLS = 5;
    private static final float FAILED_PERCENT = 50;
    private static final int PROBES = 1;

    private final RemoteOptions.Address address;
    private final ManagedChannel channel;
    private final GRPCInferenceServiceGrpc.GRPCInferenceServiceStub stub;
    private final CircuitBreaker breaker;
    private final long openNanos;
    private final AtomicInteger outstanding = new AtomicInteger();

    /** Since when it is left alone, or there is no connection. */
    private volatile long away = System.nanoTime();

    /** The comparison that is under way, for all who wait for it. */
    private Optional<CompletableFuture<Optional<RemoteException>>> comparison = Optional.empty();

    /** The version that was compared with the bundle; none where none was yet. */
    private volatile Optional<String> version = Optional.empty();

    /**
     * The version that its answers state, which need not be one of its metadata: these may name
     * several, none, or those of something else.
     */
    private volatile Optional<String> answered = Optional.empty();

    /** Whether it says that its model is made of the bundle's file. */
    private volatile boolean stating;

    /** Whether the version stands, and is not to be compared again first. */
    private volatile boolean known;

    RemoteServer(final RemoteOptions.Address address, final RemoteOptions options)
            throws IOException {
        this.address = address;
        openNanos = options.openFor().toNanos();
        channel = channel(address, options);
        watchConnection();
        stub = GRPCInferenceServiceGrpc.newStub(channel);
        breaker =
                CircuitBreaker.of(
                        address.toString(),
                        CircuitBreakerConfig.custom()
                                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                                .slidingWindowSize(WINDOW)
                                .minimumNumberOfCalls(LEAST_CALLS)
                                .failureRateThreshold(FAILED_PERCENT)
                                .waitDurationInOpenState(options.openFor())
                                .permittedNumberOfCallsInHalfOpenState(PROBES)
                                .build());
        breaker.getEventPublisher()
                .onStateTransition(
                        event -> {
                            if (event.getStateTransition().getToState()
                                    == CircuitBreaker.State.OPEN) {
                                forget();
                                away = System.nanoTime();
                                // A connection whose other end is gone says nothing of it.
                                channel.enterIdle();
                            }
                        });
    }

    /** What is behind the next connection may be another process with another model. */
    private void watchConnection() {
        final ConnectivityState now = channel.getState(false);
        channel.notifyWhenStateChanged(
                now,
                () -> {
                    if (now == ConnectivityState.READY) {
                        forget();
                    }
                    if (!channel.isShutdown()) {
                        watchConnection();
                    }
                });
    }

    /**
     * Without keep-alive: servers of gRPC permit a ping in five minutes and only while there is a
     * call, which here ends at its deadline, long before.
     */
    private static ManagedChannel channel(
            final RemoteOptions.Address address, final RemoteOptions options) throws IOException {
        try {
            return NettyChannelBuilder.forAddress(
                            address.host(), address.port(), credentials(options))
                    .maxInboundMessageSize(RemoteModel.MOST_BYTES)
                    .disableRetry()
                    .build();
        } catch (final IllegalArgumentException e) {
            final String files = options.tls().map(RemoteOptions.Tls::files).orElse("");
            throw new TlsFileException(
                    files + ": " + (e.getCause() == null ? e : e.getCause()).getMessage(), e);
        }
    }

    private static ChannelCredentials credentials(final RemoteOptions options) throws IOException {
        if (options.tls().isEmpty()) {
            return InsecureChannelCredentials.create();
        }
        final RemoteOptions.Tls tls = options.tls().get();
        final TlsChannelCredentials.Builder builder = TlsChannelCredentials.newBuilder();
        if (tls.trusted().isPresent()) {
            TlsFiles.requireCertificates("trustedCertificates", tls.trusted().get());
            builder.trustManager(tls.trusted().get().toFile());
        }
        if (tls.own().isPresent()) {
            TlsFiles.requirePair(
                    "certificate", tls.own().get().chain(), "privateKey", tls.own().get().key());
            builder.keyManager(tls.own().get().chain().toFile(), tls.own().get().key().toFile());
        }
        return builder.build();
    }

    RemoteOptions.Address address() {
        return address;
    }

    GRPCInferenceServiceGrpc.GRPCInferenceServiceStub stub() {
        return stub;
    }

    /** How it stands when one is chosen; of the least ordinal is asked. */
    Standing standing() {
        if (breaker.getState() == CircuitBreaker.State.OPEN) {
            return isAwayForLong() ? Standing.TO_BE_TRIED : Standing.LEFT_ALONE;
        }
        if (breaker.getState() == CircuitBreaker.State.HALF_OPEN) {
            return Standing.TO_BE_TRIED;
        }
        if (channel.getState(false) != ConnectivityState.TRANSIENT_FAILURE) {
            return Standing.WELL;
        }
        if (isAwayForLong()) {
            // The wait before the next attempt to connect would grow to minutes.
            away = System.nanoTime();
            channel.resetConnectBackoff();
        }
        return Standing.WITHOUT_CONNECTION;
    }

    private boolean isAwayForLong() {
        return System.nanoTime() - away >= openNanos;
    }

    /** Requests that it has. */
    int outstanding() {
        return outstanding.get();
    }

    boolean isConnected() {
        return channel.getState(false) == ConnectivityState.READY;
    }

    /** Whether it may be asked now; if so, the caller calls {@link #ended} once. */
    boolean begin() {
        if (!breaker.tryAcquirePermission()) {
            return false;
        }
        outstanding.incrementAndGet();
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            channel.resetConnectBackoff();
        }
        return true;
    }

    /**
     * Compares its model, or waits for the comparison that is under way.
     *
     * @param begin begins one, and completes what it is given
     */
    void compare(
            final Consumer<CompletableFuture<Optional<RemoteException>>> begin,
            final Consumer<Optional<RemoteException>> compared) {
        final CompletableFuture<Optional<RemoteException>> waiting;
        final boolean first;
        synchronized (this) {
            first = comparison.isEmpty();
            waiting = comparison.orElseGet(CompletableFuture::new);
            comparison = Optional.of(waiting);
        }
        waiting.thenAccept(compared);
        if (first) {
            final CompletableFuture<Optional<RemoteException>> answer = new CompletableFuture<>();
            answer.thenAccept(
                    outcome -> {
                        synchronized (this) {
                            comparison = Optional.empty();
                        }
                        waiting.complete(outcome);
                    });
            try {
                begin.accept(answer);
            } catch (final RuntimeException e) {
                answer.complete(
                        Optional.of(
                                new RemoteException(
                                        RemoteException.Kind.FAILED,
                                        address + " cannot be asked: " + e,
                                        e)));
            }
        }
    }

    void ended(final long nanos, final RuntimeException failure) {
        outstanding.decrementAndGet();
        breaker.onError(nanos, TimeUnit.NANOSECONDS, failure);
    }

    void ended(final long nanos) {
        outstanding.decrementAndGet();
        breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
    }

    /** Whether its model has been compared with the bundle. */
    boolean isKnown() {
        return known;
    }

    /**
     * Notes that its model is the tier's.
     *
     * @param compared the version of the model
     * @param stated whether it says that the model is made of the bundle's file, whatever versions
     *     it had before
     */
    void know(final String compared, final boolean stated) {
        version = Optional.of(compared);
        stating = stated;
        if (stated) {
            answered = Optional.empty();
        }
        known = true;
    }

    /** Whether it says of its model, by a digest, that it is made of the bundle's file. */
    boolean isStating() {
        return stating;
    }

    /** Notes the version that an answer states, if it states one. */
    void answered(final String stated) {
        if (!stated.isEmpty()) {
            answered = Optional.of(stated);
        }
    }

    /** The version that its answers have stated; empty where none has. */
    Optional<String> answered() {
        return answered;
    }

    void forget() {
        known = false;
    }

    /** The version that was compared last, empty where the server states none or several. */
    Optional<String> version() {
        return version;
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
