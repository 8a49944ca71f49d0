/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.ContextInterest;
import org.apache.camel.spi.Metadata;
import org.apache.camel.support.HealthCheckComponent;

/**
 * What the components of all sources share: the account, the dead letters, the slow path's needs.
 */
public abstract class SensorComponent extends HealthCheckComponent {

    @Metadata(
            label = "advanced",
            autowired = true,
            description = "The account that is kept; one of its own unless the registry has one")
    private Ledger ledger;

    @Metadata(
            label = "advanced",
            autowired = true,
            description = "Keeps what cannot be read; without one it is only counted as dropped")
    private DeadLetterSink deadLetters;

    @Metadata(
            label = "advanced",
            autowired = true,
            description =
                    "Says which flows still need their context record; the others' are skipped"
                            + " unread. Without one, every record is read.")
    private ContextInterest contextInterest;

    /** Camel autowires only what is not set, so the defaults come after it. */
    @Override
    protected void doInit() throws Exception {
        super.doInit();
        if (ledger == null) {
            ledger = new Ledger();
        }
        if (deadLetters == null) {
            deadLetters = DeadLetterSink.dropping(ledger);
        }
        if (contextInterest == null) {
            contextInterest = ContextInterest.all();
        }
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
