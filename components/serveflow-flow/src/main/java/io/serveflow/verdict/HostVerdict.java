/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.verdict;

import io.serveflow.verdict.Verdict.BundleRef;
import io.serveflow.verdict.Verdict.LabelProbability;
import java.util.List;
import java.util.Objects;

/**
 * What a host is, by the verdicts on its flows within a window of time.
 *
 * @param observer the sensor that saw the flows
 * @param host the host's address
 * @param startMicros where the window begins, microseconds since the epoch
 * @param endMicros where it ends; flows that begin then are of the next one
 * @param label what the host is, or {@link Verdict#UNKNOWN} if most of its flows are unknown
 * @param confidence probability of the most probable label, 0 to 1; of an unknown host it is that
 *     of the first of {@code top}
 * @param flows how many flows were counted
 * @param unknownFlows how many of them are unknown
 * @param firstMicros when the first of them began
 * @param lastMicros when the last of them began
 * @param top the most probable labels, most probable first, at most three
 */
public record HostVerdict(
        BundleRef bundle,
        String observer,
        String host,
        long startMicros,
        long endMicros,
        String label,
        double confidence,
        long flows,
        long unknownFlows,
        long firstMicros,
        long lastMicros,
        List<LabelProbability> top) {

    public HostVerdict {
        Objects.requireNonNull(bundle, "bundle");
        Objects.requireNonNull(observer, "observer");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(label, "label");
        top = List.copyOf(top);
    }
}
