/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import io.serveflow.app.console.HealthAnswer;
import io.serveflow.app.console.HttpGuard;
import io.serveflow.app.repair.KeptFlows;
import io.serveflow.app.repair.RepairStore;
import io.serveflow.app.repair.RepairTopic;
import io.serveflow.app.settings.Settings;
import io.serveflow.camel.FlowAlerts;
import io.serveflow.drift.DriftMeter;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowTimeouts;
import io.serveflow.flow.Tunnels;
import io.serveflow.host.HostVotes;
import io.serveflow.ledger.Ledger;
import io.serveflow.remote.server.Batching;
import io.serveflow.remote.server.ServerTls;
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

    /** Which verdicts become alerts, and how many of them. */
    FlowAlerts.Options alerts() {
        return new FlowAlerts.Options(
                settings.alerts(),
                Double.parseDouble(settings.text("serveflow.alerts.minConfidence")),
                settings.number("serveflow.alerts.maxPerMinute"));
    }

    /** How requests of other processes are scored together. */
    Batching batching() {
        return new Batching(
                settings.number("serveflow.worker.maxRows"),
                settings.time("serveflow.worker.maxDelay"),
                settings.number("serveflow.worker.maxWaiting"));
    }

    /** What a worker shows to its clients and asks of them; empty for no protection. */
    Optional<ServerTls> workerTls() {
        final String clients = "serveflow.worker.clientCertificates";
        return settings.has("serveflow.worker.certificate")
                ? Optional.of(
                        new ServerTls(
                                settings.path("serveflow.worker.certificate"),
                                settings.path("serveflow.worker.privateKey"),
                                settings.has(clients)
                                        ? Optional.of(settings.path(clients))
                                        : Optional.empty()))
                : Optional.empty();
    }

    /** Where flows are kept whose slow tier had no answer. */
    KeptFlows repairs(final Ledger ledger) {
        return repairTopic(ledger)
                .<KeptFlows>map(topic -> topic)
                .orElseGet(() -> repairStore(ledger));
    }

    private Optional<RepairTopic> repairTopic(final Ledger ledger) {
        return settings.repairTopic()
                .map(
                        topic ->
                                new RepairTopic(
                                        topic,
                                        settings.text("serveflow.kafka.brokers"),
                                        ledger,
                                        System::nanoTime));
    }

    private RepairStore repairStore(final Ledger ledger) {
        return new RepairStore(
                settings.path("serveflow.repair"),
                settings.number("serveflow.repair.maxBytes"),
                ledger,
                System::nanoTime);
    }

    /**
     * What the servers of the console and of health and metrics answer to.
     *
     * @param console whether there is a console
     */
    HttpGuard.Options guard(final boolean console) {
        final String allowed = "serveflow.console.allowedHosts";
        final int port = settings.number("camel.management.port");
        return new HttpGuard.Options(
                port,
                console && port == settings.number("serveflow.console.port"),
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
