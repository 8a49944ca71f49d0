/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

import io.serveflow.camel.support.CheckedConfigurer;
import io.serveflow.camel.support.OptionText;
import io.serveflow.camel.support.RawValues;
import io.serveflow.camel.support.ServeflowBeans;
import io.serveflow.camel.support.Shared;
import io.serveflow.ledger.Ledger;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.OnCamelContextStopping;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * Writes the verdicts of a {@code FlowBatch} to files that an agent ships.
 *
 * <p>Owns the writers: endpoints of one folder with the same options share one.
 */
@Component("serveflow-file")
public class ServeflowFileComponent extends HealthCheckComponent {

    @Metadata private ServeflowFileConfiguration configuration = new ServeflowFileConfiguration();

    @Metadata(label = "advanced", autowired = true)
    private Ledger ledger;

    @Metadata(label = "advanced", autowired = true)
    private Clock clock;

    private final Shared<List<Object>, Writer> writers =
            new Shared<>(writer -> writer.commit().close());
    private final Disk disk;

    /** A writer with the options that it was made of. */
    private record Writer(List<Object> options, GroupCommit commit) {}

    public ServeflowFileComponent() {
        this(new SystemDisk());
    }

    ServeflowFileComponent(final Disk disk) {
        this.disk = disk;
    }

    @Override
    public PropertyConfigurer getComponentPropertyConfigurer() {
        return CheckedConfigurer.of("serveflow-file", super.getComponentPropertyConfigurer());
    }

    @Override
    protected Endpoint createEndpoint(
            final String uri, final String remaining, final Map<String, Object> parameters)
            throws Exception {
        final ServeflowFileConfiguration copy = configuration.copy();
        copy.setFolder(remaining);
        final ServeflowFileEndpoint endpoint = new ServeflowFileEndpoint(uri, this, copy);
        RawValues.restore(uri, parameters);
        OptionText.check(uri, getEndpointPropertyConfigurer(), parameters);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        // Routes stop only when their exchanges have ended, so tries must end before that.
        final OnCamelContextStopping drain =
                context -> writers.values().forEach(writer -> writer.commit().drain());
        getCamelContext().addLifecycleStrategy(LifecycleStrategySupport.adapt(drain));
    }

    /**
     * Begins a use of the writer of a folder, the same for equal options; it ends with the last
     * use.
     *
     * @throws IOException if the folder cannot be read
     */
    Use writer(final ServeflowFileConfiguration of) throws IOException {
        final Shared.Use<Writer> use =
                writers.acquire(
                        of.sameFor(),
                        () ->
                                new Writer(
                                        of.sameFor(),
                                        new GroupCommit(
                                                RotatedFiles.open(
                                                        of.files(),
                                                        disk,
                                                        clock(),
                                                        System::nanoTime,
                                                        account()),
                                                of.commit(),
                                                "ServeflowFile",
                                                getCamelContext(),
                                                System::nanoTime,
                                                account())));
        return new Use(use.value().commit(), use::release);
    }

    /**
     * A use of a writer.
     *
     * @param release ends it
     */
    record Use(GroupCommit commit, Runnable release) {}

    /** The writer of these options, if there is one. */
    Optional<GroupCommit> commit(final ServeflowFileConfiguration of) {
        return writers.values().stream()
                .filter(writer -> writer.options().equals(of.sameFor()))
                .map(Writer::commit)
                .findFirst();
    }

    /** The account that endpoints keep, as of the start of the first one. */
    private synchronized Ledger account() {
        ledger = ServeflowBeans.of(getCamelContext()).ledger(ledger);
        return ledger;
    }

    /** The clock in use. */
    Clock clock() {
        return Objects.requireNonNullElseGet(clock, Clock::systemUTC);
    }

    /** How many verdicts that were brought to all endpoints have no end yet, held or not. */
    public long openDocuments() {
        return writers.values().stream().mapToLong(one -> one.commit().openDocuments()).sum();
    }

    /** How many verdicts all endpoints hold because they cannot be written. */
    public long heldDocuments() {
        return writers.values().stream().mapToLong(one -> one.commit().heldDocuments()).sum();
    }

    /** For how long the endpoint that has held verdicts longest has done so, seconds. */
    public double heldSeconds() {
        return writers.values().stream().mapToLong(one -> one.commit().heldNanos()).max().orElse(0)
                / 1e9;
    }

    public ServeflowFileConfiguration getConfiguration() {
        return configuration;
    }

    /** Options that all endpoints of the component begin with. */
    public void setConfiguration(final ServeflowFileConfiguration configuration) {
        this.configuration = configuration;
    }

    public Ledger getLedger() {
        return ledger;
    }

    /**
     * The account in which written, returned and retried verdicts are counted; without it one that
     * all ServeFlow components of the Camel context share.
     */
    public void setLedger(final Ledger ledger) {
        this.ledger = ledger;
    }

    public Clock getClock() {
        return clock;
    }

    /**
     * The clock that event.created and the names of files are read from, by default the system's.
     */
    public void setClock(final Clock clock) {
        this.clock = clock;
    }
}
