/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.camel.support.CheckedConfigurer;
import io.serveflow.camel.support.OptionFaults;
import io.serveflow.camel.support.OptionText;
import io.serveflow.camel.support.RawValues;
import io.serveflow.camel.support.ServeflowBeans;
import io.serveflow.candidate.CandidateListener;
import io.serveflow.cascade.SharedRows;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleFiles;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.BundleTrust;
import io.serveflow.model.Bundles;
import io.serveflow.model.onnx.DeviceMissingException;
import io.serveflow.model.onnx.OnnxDevice;
import io.serveflow.model.onnx.OnnxScorers;
import io.serveflow.verdict.VerdictListener;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultComponent;

/**
 * In-process inference: {@code serveflow:TIER} answers flows with one tier of a bundle.
 *
 * <p>Endpoints of the same bundle share it, and with it the models; it is opened, checked and
 * self-tested when the first of them starts, and closed when the last one stops.
 */
@Component("serveflow")
public class ServeflowComponent extends DefaultComponent {

    private static final String REF = "ref:";
    private static final String BEAN = "#";

    /** There if servers can be asked; not named as a class, which is loaded only where it is. */
    private static final String REMOTE = "io.serveflow.remote.client.RemoteScorer";

    @Metadata(description = "The options that endpoints start from")
    private ServeflowConfiguration configuration = new ServeflowConfiguration();

    @Metadata(
            label = "advanced",
            autowired = true,
            description =
                    "The account that is kept; without it one that all ServeFlow components of the"
                            + " Camel context share")
    private Ledger ledger;

    @Metadata(
            label = "advanced",
            autowired = true,
            description = "Called with each verdict that is given out")
    private VerdictListener verdictListener;

    @Metadata(
            label = "advanced",
            autowired = true,
            description =
                    "The bundles in use, which others may listen to; those of its own endpoints"
                            + " unless the registry has one")
    private Bundles bundles;

    @Metadata(
            defaultValue = "0",
            description =
                    "Milliseconds between two looks at the folders of the bundles in use; one that"
                            + " has changed is taken into use between two messages, or refused. 0:"
                            + " they are read at the start only",
            javaType = "java.time.Duration")
    private long watch;

    @Metadata(
            label = "advanced",
            autowired = true,
            description = "Called with how bundles do that are compared with those in use")
    private CandidateListener candidateListener;

    private final Shadows shadows = new Shadows();
    private final Map<String, Canary> byLocation = new ConcurrentHashMap<>();

    private Optional<LiveBundles> watching = Optional.empty();

    /** Those of all endpoints, so that tiers of several bundles share them too. */
    private final SharedRows rows = new SharedRows();

    private final Set<TierPlacement> placements = new CopyOnWriteArraySet<>();

    /** Fills in what neither an option nor the registry has, when an endpoint is made ready. */
    synchronized void complete() {
        ledger = ServeflowBeans.of(getCamelContext()).ledger(ledger);
        if (verdictListener == null) {
            verdictListener = (flow, verdict) -> {};
        }
        if (bundles == null) {
            bundles = new Bundles();
        }
        if (candidateListener == null) {
            candidateListener = CandidateListener.SILENT;
        }
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        if (watch > 0) {
            complete();
            watching = Optional.of(LiveBundles.watch(getCamelContext(), bundles, ledger, watch));
        }
    }

    @Override
    protected void doStop() throws Exception {
        watching.ifPresent(LiveBundles::close);
        watching = Optional.empty();
        shadows.close(getCamelContext());
        super.doStop();
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
        RawValues.restore(uri, parameters);
        OptionText.check(uri, getEndpointPropertyConfigurer(), parameters);
        setProperties(endpoint, parameters);
        final OptionFaults faults = new OptionFaults();
        if (endpoint.getConfiguration().getBundle() == null) {
            faults.add(
                    "bundle is missing; set it to the folder of a bundle, or to classpath: or ref:"
                            + " with one");
        }
        faults.range("maxRecords", endpoint.getConfiguration().getMaxRecords(), 1, Long.MAX_VALUE);
        final String device = endpoint.getConfiguration().getDevice();
        if (device != null) {
            faults.reading(() -> OnnxDevice.of(device));
        }
        checkCanary(endpoint.getConfiguration(), faults);
        final double share = endpoint.getConfiguration().getCanaryShare();
        if (!(share >= 0 && share <= 1)) {
            faults.add("canaryShare must be 0 to 1, was " + share);
        }
        faults.reading(() -> TrustOptions.of(endpoint.getConfiguration()));
        if (endpoint.getConfiguration().hasEndpoints()) {
            checkRemote(endpoint.getConfiguration(), faults);
        }
        faults.check("serveflow:" + remaining);
        return endpoint;
    }

    /** Where the tier is scored elsewhere, that is with the model of the bundle in use. */
    private static void checkCanary(
            final ServeflowConfiguration configuration, final OptionFaults faults) {
        if (configuration.getCanary() == null || configuration.getCanary().isBlank()) {
            return;
        }
        if (configuration.hasEndpoints()) {
            faults.add(
                    "canary is set although endpoints names servers, which score with the bundle in"
                            + " use alone; leave one of the two out");
        }
        if (configuration.getDevice() != null && !configuration.getDevice().equals("cpu")) {
            faults.add(
                    "canary is set although device is "
                            + configuration.getDevice()
                            + "; a canary is computed on the CPU, so leave one of the two out");
        }
    }

    private void checkRemote(
            final ServeflowConfiguration configuration, final OptionFaults faults) {
        if (configuration.getDevice() != null) {
            faults.add(
                    "device is "
                            + configuration.getDevice()
                            + " although endpoints names servers; set one of the two");
        }
        if (!configuration.isTls()
                && (configuration.getTrustedCertificates() != null
                        || configuration.getCertificate() != null)) {
            faults.add("tls is false although certificates are set; set tls=true to use them");
        }
        if (getCamelContext().getClassResolver().resolveClass(REMOTE) == null) {
            faults.add(
                    "endpoints names servers, which takes serveflow-remote on the class path; add"
                            + " it as a dependency");
        } else {
            faults.reading(() -> RemoteTier.options(configuration));
        }
    }

    /**
     * Begins a use of the bundle at the location that is stated: a folder, {@code file:} or {@code
     * classpath:} with one, or {@code ref:} with the name of a {@link Bundle} in the registry,
     * which whoever bound it closes.
     *
     * @param member makes ready for each bundle that comes into use there
     */
    Bundles.Use open(final ServeflowConfiguration configuration, final Bundles.Member member) {
        complete();
        final String stated = configuration.getBundle();
        final BundleTrust trust = TrustOptions.of(configuration);
        if (isBean(stated)) {
            final String name = bean(stated);
            return bundles.open(
                    REF + name,
                    CamelContextHelper.mandatoryLookup(getCamelContext(), name, Bundle.class),
                    trust,
                    member);
        }
        return bundles.open(files(stated), trust, member);
    }

    /** Begins to compare a tier with that of the candidate that its endpoint names, if any. */
    Optional<ShadowTier> shadow(
            final ServeflowConfiguration configuration, final String tier, final Bundle used) {
        if (configuration.getShadow() == null || configuration.getShadow().isBlank()) {
            return Optional.empty();
        }
        return shadows.open(
                getCamelContext(),
                new Shadows.Place(
                        tier, files(configuration.getShadow()), TrustOptions.of(configuration)),
                used.manifest(),
                ledger,
                candidateListener);
    }

    /**
     * Begins to have a canary answer a share of the flows of a tier, if its endpoint names one.
     *
     * @param live the tier of the canary
     */
    Optional<CanaryTier> canary(
            final ServeflowConfiguration configuration, final String tier, final LiveTier live) {
        if (configuration.getCanary() == null || configuration.getCanary().isBlank()) {
            return Optional.empty();
        }
        complete();
        final BundleManifest used = manifest(configuration.getBundle());
        final BundleManifest candidate = manifest(configuration.getCanary());
        if (!candidate.task().equals(used.task())) {
            return Optional.empty();
        }
        used.requireAlike(candidate);
        final ServeflowConfiguration canaries = configuration.copy();
        canaries.setBundle(configuration.getCanary());
        final Bundles.Use use = open(canaries, live);
        live.begin(use);
        try {
            final Canary canary =
                    byLocation.computeIfAbsent(
                            use.location(),
                            location -> new Canary(configuration.getCanaryShare(), ledger));
            final ShadowTier reference =
                    new ShadowTier(
                            tier,
                            shadows.executor(getCamelContext()),
                            new Ledger(),
                            CandidateListener.SILENT);
            reference.begin(open(configuration, reference));
            return Optional.of(new CanaryTier(tier, canary, live, reference));
        } catch (final RuntimeException e) {
            live.close();
            throw e;
        }
    }

    private BundleManifest manifest(final String stated) {
        return isBean(stated)
                ? CamelContextHelper.mandatoryLookup(getCamelContext(), bean(stated), Bundle.class)
                        .manifest()
                : files(stated).manifest();
    }

    private static String bean(final String stated) {
        return stated.substring(stated.indexOf(REF) == 0 ? REF.length() : 1);
    }

    /**
     * Loads a bundle once more, with one tier on a device; the caller closes it.
     *
     * @throws IllegalArgumentException if the bundle is one that somebody else has loaded
     * @throws DeviceMissingException if the device cannot be used
     */
    Bundle load(
            final ServeflowConfiguration configuration,
            final String tier,
            final OnnxDevice device) {
        final String stated = configuration.getBundle();
        if (isBean(stated)) {
            throw new IllegalArgumentException(
                    "device "
                            + device
                            + " is asked for, but whoever binds the bundle "
                            + stated
                            + " has chosen one by loading it; name the bundle's folder instead");
        }
        return Bundle.load(
                files(stated), TrustOptions.of(configuration), OnnxScorers.with(tier, device));
    }

    /** Whether the bundle is a bean of the registry, which whoever bound it has loaded. */
    static boolean isBean(final String stated) {
        return stated.startsWith(REF) || stated.startsWith(BEAN);
    }

    private BundleFiles files(final String stated) {
        return BundleFiles.at(
                stated, name -> getCamelContext().getClassResolver().loadResourceAsStream(name));
    }

    /** Notes where a tier is scored whose endpoint has started. */
    void placed(final TierPlacement placement) {
        placements.add(placement);
    }

    /** Forgets a tier whose endpoint has stopped. */
    void removed(final TierPlacement placement) {
        placements.remove(placement);
    }

    /** Where the tiers are scored that are in use, in the order in which they started. */
    public List<TierPlacement> placements() {
        return List.copyOf(placements);
    }

    /** The rows of features that the tiers of all endpoints read. */
    public SharedRows rows() {
        return rows;
    }

    public CandidateListener getCandidateListener() {
        return candidateListener;
    }

    public void setCandidateListener(final CandidateListener candidateListener) {
        this.candidateListener = candidateListener;
    }

    public long getWatch() {
        return watch;
    }

    public void setWatch(final long watch) {
        this.watch = watch;
    }

    public Bundles getBundles() {
        return bundles;
    }

    public void setBundles(final Bundles bundles) {
        this.bundles = bundles;
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
}
