/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import io.serveflow.camel.support.ServeflowBeans;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.ContextInterest;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Metadata;
import org.apache.camel.support.HealthCheckComponent;

/**
 * What the components of all sources share: the account, the dead letters, the slow path's needs.
 */
public abstract class SensorComponent extends HealthCheckComponent {

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
            description =
                    "Keeps what cannot be read: the path of a file, or a bean as #NAME. A source"
                            + " does not start without it")
    private DeadLetterSink deadLetters;

    @Metadata(
            label = "advanced",
            autowired = true,
            description =
                    "Says which flows still need their context record; the others' are skipped"
                            + " unread. Without one, every record is read.")
    private ContextInterest contextInterest;

    /** Names of dead letter files are understood before any option is set. */
    @Override
    public void setCamelContext(final CamelContext camelContext) {
        super.setCamelContext(camelContext);
        ServeflowBeans.of(camelContext);
    }

    /** Fills in what neither an option nor the registry has, when an endpoint is made ready. */
    synchronized void complete() {
        ledger = ServeflowBeans.of(getCamelContext()).ledger(ledger);
        if (contextInterest == null) {
            contextInterest = ContextInterest.all();
        }
    }

    /** Where dead letters go; a source does not start without it. */
    DeadLetterSink openDeadLetters() {
        return ServeflowBeans.deadLetters(getDefaultName(), ledger, deadLetters);
    }

    public Ledger getLedger() {
        return ledger;
    }

    public void setLedger(final Ledger ledger) {
        this.ledger = ledger;
    }

    public DeadLetterSink getDeadLetters() {
        return deadLetters;
    }

    public void setDeadLetters(final DeadLetterSink deadLetters) {
        this.deadLetters = deadLetters;
    }

    public ContextInterest getContextInterest() {
        return contextInterest;
    }

    public void setContextInterest(final ContextInterest contextInterest) {
        this.contextInterest = contextInterest;
    }
}
