/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote.server;

import io.grpc.Context;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory for requests that are under way: one that no longer fits is refused as
 * RESOURCE_EXHAUSTED while it comes in, and those that are in are served.
 *
 * <p>gRPC itself bounds each request, and not how much all of them take together.
 */
final class ReceivingRoom extends ServerStreamTracer.Factory implements ServerInterceptor {

    private static final Context.Key<Request> REQUEST = Context.key("serveflow-request");

    private final long mostBytes;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    /**
     * @param mostBytes of all requests together
     */
    ReceivingRoom(final long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** How many requests were refused so far. */
    long refused() {
        return refused.get();
    }

    /** How many bytes of requests are inside. */
    long bytes() {
        return bytes.get();
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(final String method, final Metadata headers) {
        return new Request();
    }

    @Override
    public <I, O> ServerCall.Listener<I> interceptCall(
            final ServerCall<I, O> call,
            final Metadata headers,
            final ServerCallHandler<I, O> next) {
        final Request request = REQUEST.get();
        request.begin(call);
        return new SimpleForwardingServerCallListener<I>(next.startCall(call, headers)) {
            @Override
            public void onMessage(final I message) {
                if (!request.refused) {
                    super.onMessage(message);
                }
            }

            @Override
            public void onHalfClose() {
                if (!request.refused) {
                    super.onHalfClose();
                }
            }
        };
    }

    /**
     * A request from its first byte to the end of its call. Bytes come on one thread, before the
     * message that they make up.
     */
    private final class Request extends ServerStreamTracer {

        private final AtomicLong taken = new AtomicLong();
        private volatile ServerCall<?, ?> call;
        private volatile boolean refused;

        private void begin(final ServerCall<?, ?> begun) {
            call = begun;
        }

        @Override
        public Context filterContext(final Context context) {
            return context.withValue(REQUEST, this);
        }

        @Override
        public void inboundWireSize(final long read) {
            taken.addAndGet(read);
            if (bytes.addAndGet(read) > mostBytes && !refused) {
                refused = true;
                ReceivingRoom.this.refused.incrementAndGet();
                call.close(
                        Status.RESOURCE_EXHAUSTED.withDescription(
                                "requests under way may take "
                                        + mostBytes
                                        + " bytes together; send fewer at once, or give the worker"
                                        + " more memory (-Xmx)"),
                        new Metadata());
            }
        }

        @Override
        public void streamClosed(final Status status) {
            bytes.addAndGet(-taken.getAndSet(0));
        }
    }
}
