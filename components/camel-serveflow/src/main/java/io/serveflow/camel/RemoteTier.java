/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleException;
import io.serveflow.model.TierModel;
import io.serveflow.model.TierSpec;
import io.serveflow.remote.RemoteModel;
import io.serveflow.remote.client.RemoteOptions;
import io.serveflow.remote.client.RemoteScorer;
import io.serveflow.remote.client.Standing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A tier that servers score. The only class here that needs serveflow-remote, and with it gRPC, on
 * the class path; used where an endpoint names servers.
 */
final class RemoteTier {

    private RemoteTier() {}

    /**
     * How servers are asked, as the options of an endpoint say.
     *
     * @throws IllegalArgumentException if one of them is out of its bounds
     */
    static RemoteOptions options(final ServeflowConfiguration configuration) {
        return new RemoteOptions(
                addresses(configuration.getEndpoints()),
                Duration.ofMillis(configuration.getDeadline()),
                configuration.getMaxInFlight(),
                configuration.getMaxRows(),
                Duration.ofMillis(configuration.getOpenFor()),
                tls(configuration));
    }

    private static List<RemoteOptions.Address> addresses(final String endpoints) {
        try {
            return Arrays.stream(endpoints.split(","))
                    .map(String::strip)
                    .map(RemoteOptions.Address::parse)
                    .toList();
        } catch (final IllegalArgumentException e) {
            throw new IllegalArgumentException("endpoints: " + e.getMessage(), e);
        }
    }

    private static Optional<RemoteOptions.Tls> tls(final ServeflowConfiguration configuration) {
        if ((configuration.getCertificate() == null) != (configuration.getPrivateKey() == null)) {
            throw new IllegalArgumentException(
                    "certificate and privateKey must both be set, or none");
        }
        if (!configuration.isTls()) {
            return Optional.empty();
        }
        return Optional.of(
                new RemoteOptions.Tls(
                        Optional.ofNullable(configuration.getTrustedCertificates()).map(Path::of),
                        Optional.ofNullable(configuration.getCertificate())
                                .map(
                                        chain ->
                                                new RemoteOptions.Tls.Own(
                                                        Path.of(chain),
                                                        Path.of(configuration.getPrivateKey())))));
    }

    /**
     * Connects, and compares the model of each server that answers with the bundle.
     *
     * @throws IllegalStateException if a server that answers has another model, which is no fault
     *     of the bundle
     * @throws UncheckedIOException if certificates or keys cannot be read
     */
    static TierPlacement open(
            final ServeflowConfiguration configuration,
            final Bundle bundle,
            final String tier,
            final Ledger ledger) {
        final TierSpec spec = bundle.tier(tier).spec();
        final RemoteModel model =
                new RemoteModel(
                        name(configuration, bundle, tier),
                        spec.encoder().width(),
                        bundle.manifest().labels().size(),
                        bundle.manifest().files().get(spec.file()));
        try {
            final RemoteScorer scorer =
                    RemoteScorer.open(
                            model,
                            options(configuration),
                            () -> ledger.add(Ledger.Entry.RETRIED, Reason.REMOTE_RETRIED, 1));
            return TierPlacement.elsewhere(
                    bundle.manifest().task(), TierModel.of(spec, scorer), () -> servers(scorer));
        } catch (final BundleException e) {
            throw new IllegalStateException(
                    e.getMessage() + "; the server and this process need the same bundle", e);
        } catch (final IOException e) {
            throw new UncheckedIOException(
                    "tier " + tier + ": certificates or keys cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<TierPlacement.Scorer> servers(final RemoteScorer scorer) {
        return scorer.servers().stream()
                .map(server -> new TierPlacement.Scorer(server.address().toString(), state(server)))
                .toList();
    }

    private static String state(final RemoteScorer.ServerState server) {
        return server.standing() == Standing.WELL && !server.connected()
                ? Standing.WITHOUT_CONNECTION.words()
                : server.standing().words();
    }

    private static String name(
            final ServeflowConfiguration configuration, final Bundle bundle, final String tier) {
        return configuration.getRemoteModel() == null
                ? RemoteModel.nameOf(bundle.manifest().task(), tier)
                : configuration.getRemoteModel();
    }
}
