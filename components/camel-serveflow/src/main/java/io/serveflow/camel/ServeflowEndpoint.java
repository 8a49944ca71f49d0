/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** Answer for network flows with one tier of a ServeFlow bundle, in process with ONNX Runtime. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "serveflow",
        title = "ServeFlow",
        syntax = "serveflow:tier",
        category = {Category.AI},
        producerOnly = true,
        remote = false,
        headersClass = ServeflowConstants.class)
public class ServeflowEndpoint extends DefaultEndpoint {

    @UriPath
    @Metadata(required = true, description = "Name of the tier in the bundle, such as fastest")
    private final String tier;

    @UriParam private final ServeflowConfiguration configuration;

    public ServeflowEndpoint(
            final String uri,
            final ServeflowComponent component,
            final String tier,
            final ServeflowConfiguration configuration) {
        super(uri, component);
        this.tier = tier;
        this.configuration = configuration;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        getComponent().complete();
    }

    @Override
    public Producer createProducer() {
        return new ServeflowProducer(this);
    }

    @Override
    public Consumer createConsumer(final Processor processor) {
        throw new UnsupportedOperationException(
                "serveflow:" + tier + " answers flows; it has none to consume");
    }

    @Override
    public boolean isRemote() {
        return false;
    }

    @Override
    public ServeflowComponent getComponent() {
        return (ServeflowComponent) super.getComponent();
    }

    public String getTier() {
        return tier;
    }

    public ServeflowConfiguration getConfiguration() {
        return configuration;
    }
}
