/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote.client;

import io.grpc.Status;
import io.serveflow.remote.client.RemoteException.Kind;
import java.util.regex.Pattern;

/**
 * What the status of a failed call means.
 *
 * <p>The protocol says nothing of codes, and servers use one for several things: Triton answers
 * with {@code UNAVAILABLE} where its queue is full, and with {@code NOT_FOUND} while it loads a
 * model. What each of them says is in {@code src/test/resources/io/serveflow/remote/exchanges}.
 */
final class StatusMeaning {

    /** A model that is there and cannot score yet: Triton, twice; OpenVINO, twice; MLServer. */
    private static final Pattern LOADING =
            Pattern.compile(
                    "has no available versions|is not at ready state"
                            + "|Model with requested version is not (?:found|loaded yet)"
                            + "|^Model .* is not ready");

    /** Requests that wait at Triton are too many, or waited longer than its queue permits. */
    private static final Pattern FULL =
            Pattern.compile("Exceeds maximum queue size|Request timeout expired");

    private StatusMeaning() {}

    /** Whether the server has the model, and only does not score yet. */
    static boolean isLoading(final Status status) {
        return switch (status.getCode()) {
            case NOT_FOUND, INVALID_ARGUMENT, UNAVAILABLE -> says(status, LOADING);
            default -> false;
        };
    }

    static Kind kind(final Status status) {
        if (isLoading(status)) {
            return Kind.UNAVAILABLE;
        }
        return switch (status.getCode()) {
            case DEADLINE_EXCEEDED -> Kind.DEADLINE;
            case RESOURCE_EXHAUSTED -> Kind.OVERLOADED;
            case NOT_FOUND, INVALID_ARGUMENT, UNIMPLEMENTED -> Kind.MODEL;
            case UNAVAILABLE -> says(status, FULL) ? Kind.OVERLOADED : Kind.UNAVAILABLE;
            // A server that ends cancels what it has not answered.
            case CANCELLED -> Kind.UNAVAILABLE;
            default -> Kind.FAILED;
        };
    }

    private static boolean says(final Status status, final Pattern words) {
        return status.getDescription() != null && words.matcher(status.getDescription()).find();
    }
}
