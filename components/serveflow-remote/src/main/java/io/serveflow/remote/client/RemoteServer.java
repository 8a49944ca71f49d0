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
import io.serveflow.remote.protocol.GRPCInferenceServiceGrpc;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

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
    private static final int MOST_BYTES = 64 << 20;

    /** Not below what servers of gRPC permit by default; they would end the connection. */
    private static final long KEEP_ALIVE_MINUTES = 5;

    private final RemoteOptions.Address address;
    private final ManagedChannel channel;
    private final GRPCInferenceServiceGrpc.GRPCInferenceServiceStub stub;
    private final CircuitBreaker breaker;
    private final AtomicInteger outstanding = new AtomicInteger();

    /** The version that was compared with the bundle; none where none was yet. */
    private volatile Optional<String> version = Optional.empty();

    /** Whether the version stands, and is not to be compared again first. */
    private volatile boolean known;

    RemoteServer(final RemoteOptions.Address address, final RemoteOptions options)
            throws IOException {
        this.address = address;
        channel =
                NettyChannelBuilder.forAddress(address.host(), address.port(), credentials(options))
                        .keepAliveTime(KEEP_ALIVE_MINUTES, TimeUnit.MINUTES)
                        .maxInboundMessageSize(MOST_BYTES)
                        .disableRetry()
                        .build();
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
                                // A connection whose other end is gone says nothing of it.
                                channel.enterIdle();
                            }
                        });
    }

    private static ChannelCredentials credentials(final RemoteOptions options) throws IOException {
        if (options.tls().isEmpty()) {
            return InsecureChannelCredentials.create();
        }
        final RemoteOptions.Tls tls = options.tls().get();
        final TlsChannelCredentials.Builder builder = TlsChannelCredentials.newBuilder();
        if (tls.trusted().isPresent()) {
            builder.trustManager(tls.trusted().get().toFile());
        }
        if (tls.own().isPresent()) {
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

    /** How dear it is to ask this one: the fewest requests, and last those with no connection. */
    long load() {
        final boolean away =
                channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE
                        || breaker.getState() != CircuitBreaker.State.CLOSED;
        return outstanding.get() + (away ? Integer.MAX_VALUE : 0L);
    }

    /** Whether it may be asked now; if so, the caller calls {@link #ended} once. */
    boolean begin() {
        if (!breaker.tryAcquirePermission()) {
            return false;
        }
        outstanding.incrementAndGet();
        // The wait before the next attempt to connect grows to minutes otherwise.
        channel.resetConnectBackoff();
        return true;
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

    void know(final String compared) {
        version = Optional.of(compared);
        known = true;
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
