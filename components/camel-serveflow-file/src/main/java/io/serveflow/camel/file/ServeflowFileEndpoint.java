/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

import java.util.Optional;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.support.DefaultEndpoint;

/** Write the verdicts of flow batches to rotated files, acknowledged when they are durable. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "serveflow-file",
        title = "ServeFlow File",
        syntax = "serveflow-file:folder",
        producerOnly = true,
        category = {Category.FILE, Category.MONITORING})
public class ServeflowFileEndpoint extends DefaultEndpoint {

    @UriParam private final ServeflowFileConfiguration configuration;

    public ServeflowFileEndpoint(
            final String uri,
            final ServeflowFileComponent component,
            final ServeflowFileConfiguration configuration) {
        super(uri, component);
        this.configuration = configuration;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        configuration.validate();
    }

    @Override
    public Producer createProducer() {
        return new ServeflowFileProducer(this);
    }

    @Override
    public Consumer createConsumer(final Processor processor) {
        throw new UnsupportedOperationException(
                "serveflow-file writes only, so a route cannot start from " + this);
    }

    /** Why verdicts are held or were given up, or empty. */
    Optional<String> trouble() {
        return getComponent().commit(configuration).flatMap(GroupCommit::trouble);
    }

    /** How many verdicts are held. */
    long heldDocuments() {
        return getComponent().commit(configuration).map(GroupCommit::heldDocuments).orElse(0L);
    }

    /** For how long verdicts have been held without a break, nanoseconds. */
    long heldNanos() {
        return getComponent().commit(configuration).map(GroupCommit::heldNanos).orElse(0L);
    }

    @Override
    public ServeflowFileComponent getComponent() {
        return (ServeflowFileComponent) super.getComponent();
    }

    public ServeflowFileConfiguration getConfiguration() {
        return configuration;
    }
}
