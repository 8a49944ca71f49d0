/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import io.serveflow.app.console.HealthAnswer;
import io.serveflow.app.console.HttpGuard;
import io.serveflow.app.settings.Settings;
import io.serveflow.drift.DriftMeter;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowTimeouts;
import io.serveflow.flow.Tunnels;
import io.serveflow.host.HostVotes;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The options of the parts that the application is made of, as its settings say. */
final class PartOptions {

    private final Settings settings;

    PartOptions(final Settings settings) {
        this.settings = settings;
    }

    /** How packets become flows, where no source says otherwise. */
    FlowAssembler.Options assembling() {
        return FlowAssembler.Options.defaults(settings.text("serveflow.observer"))
                .withTunnels(Tunnels.parse(settings.text("serveflow.tunnels")))
                .withTimeouts(timeouts())
                .withCommunityIdSeed(settings.number("serveflow.communityIdSeed"));
    }

    private FlowTimeouts timeouts() {
        return new FlowTimeouts(
                timeoutMicros("tcpNew"),
                timeoutMicros("tcpEstablished"),
                timeoutMicros("tcpClosed"),
                timeoutMicros("udpNew"),
                timeoutMicros("udpEstablished"));
    }

    private long timeoutMicros(final String state) {
        return TimeUnit.MILLISECONDS.toMicros(
                settings.time("serveflow.timeouts." + state).toMillis());
    }

    /** How much traffic is compared with the reference of a bundle. */
    DriftMeter.Options drift() {
        return new DriftMeter.Options(
                settings.number("serveflow.drift.window"),
                settings.number("serveflow.drift.least"));
    }

    /** How many hosts are voted on, and for how long their windows wait for late flows. */
    HostVotes.Options hosts() {
        return new HostVotes.Options(
                settings.number("serveflow.hosts.max"),
                TimeUnit.MILLISECONDS.toMicros(settings.time("serveflow.hosts.grace").toMillis()),
                true);
    }

    /** What the servers of the console and of health and metrics answer to. */
    HttpGuard.Options guard() {
        final String allowed = "serveflow.console.allowedHosts";
        return new HttpGuard.Options(
                settings.number("camel.management.port"),
                settings.has("camel.management.path")
                        ? settings.text("camel.management.path")
                        : "/observe",
                settings.text("camel.management.host"),
                settings.yes("camel.management.healthCheckEnabled")
                        ? Optional.of(
                                new HealthAnswer(
                                        settings.has("camel.management.healthPath")
                                                ? settings.text("camel.management.healthPath")
                                                : "/observe/health"))
                        : Optional.empty(),
                Stream.concat(
                                Stream.of(settings.text("serveflow.console.host")),
                                settings.has(allowed)
                                        ? settings.list(allowed).stream()
                                        : Stream.empty())
                        .toList());
    }
}
