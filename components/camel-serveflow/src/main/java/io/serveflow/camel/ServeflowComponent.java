/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.camel.support.CheckedConfigurer;
import io.serveflow.camel.support.OptionText;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleManifest;
import io.serveflow.verdict.Verdict.BundleRef;
import io.serveflow.verdict.VerdictListener;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/**
 * In-process inference: {@code serveflow:TIER} answers for flows with one tier of a bundle.
 *
 * <p>The component owns the bundles. Endpoints of the same folder share one, and with it the ONNX
 * sessions; it is opened, checked and self-tested when the first of them starts, and closed when
 * the last one stops.
 */
@Component("serveflow")
public class ServeflowComponent extends DefaultComponent {

    @Metadata(description = "The options that endpoints start from")
    private ServeflowConfiguration configuration = new ServeflowConfiguration();

    @Metadata(
            label = "advanced",
            autowired = true,
            description = "The account that is kept; one of its own unless the registry has one")
    private Ledger ledger;

    @Metadata(
            label = "advanced",
            autowired = true,
            description = "Told of each verdict that is given out")
    private VerdictListener verdictListener;

    private final Map<Path, SharedBundle> bundles = new HashMap<>();

    /** Camel autowires only what is not set, so the defaults come after it. */
    @Override
    protected void doInit() throws Exception {
        super.doInit();
        if (ledger == null) {
            ledger = new Ledger();
        }
        if (verdictListener == null) {
            verdictListener = (flow, verdict) -> {};
        }
    }

    @Override
    public PropertyConfigurer getComponentPropertyConfigurer() {
        return CheckedConfigurer.of("serveflow", super.getComponentPropertyConfigurer());
    }

    @Override
    protected Endpoint createEndpoint(
            final String uri, final String remaining, final Map<String, Object> parameters)
            throws Exception {
        if (remaining.isBlank()) {
            throw new IllegalArgumentException(
                    "a serveflow endpoint names its tier, as in serveflow:fast; this one does not: "
                            + uri);
        }
        final ServeflowEndpoint endpoint =
                new ServeflowEndpoint(uri, this, remaining, configuration.copy());
        OptionText.check(uri, getEndpointPropertyConfigurer(), parameters);
        setProperties(endpoint, parameters);
        if (endpoint.getConfiguration().getBundle() == null) {
            throw new IllegalArgumentException(
                    "option bundle is missing on " + uri + "; set it to the folder of a bundle");
        }
        return endpoint;
    }

    /** The bundle in a folder, opened if nobody uses it yet. Give it back with {@link #release}. */
    Bundle acquire(final Path folder) {
        synchronized (bundles) {
            final SharedBundle shared =
                    bundles.computeIfAbsent(folder, path -> new SharedBundle(Bundle.load(path)));
            shared.users++;
            return shared.bundle;
        }
    }

    /** Ends one use of the bundle in a folder; the last one closes it. */
    void release(final Path folder) {
        synchronized (bundles) {
            final SharedBundle shared = bundles.get(folder);
            if (--shared.users == 0) {
                bundles.remove(folder);
                shared.bundle.close();
            }
        }
    }

    /** The bundles that started endpoints answer with. */
    public List<BundleRef> bundles() {
        synchronized (bundles) {
            return bundles.values().stream().map(shared -> shared.bundle.ref()).toList();
        }
    }

    /** What a bundle says of itself that started endpoints answer with. */
    public Optional<BundleManifest> manifest(final BundleRef ref) {
        synchronized (bundles) {
            return bundles.values().stream()
                    .map(shared -> shared.bundle)
                    .filter(bundle -> bundle.ref().equals(ref))
                    .map(Bundle::manifest)
                    .findFirst();
        }
    }

    public ServeflowConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(final ServeflowConfiguration configuration) {
        this.configuration = configuration;
    }

    public Ledger getLedger() {
        return ledger;
    }

    public void setLedger(final Ledger ledger) {
        this.ledger = ledger;
    }

    public VerdictListener getVerdictListener() {
        return verdictListener;
    }

    public void setVerdictListener(final VerdictListener verdictListener) {
        this.verdictListener = verdictListener;
    }

    private static final class SharedBundle {

        private final Bundle bundle;
        private int users;

        private SharedBundle(final Bundle bundle) {
            this.bundle = bundle;
        }
    }
}
