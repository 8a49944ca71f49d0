/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.testing.kafka;

import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One Kafka for all tests of this JVM that ask for a {@link LocalKafka}; before each of them it
 * runs. Classes share it, so topics and groups have names of their own.
 */
public final class SharedKafka implements ParameterResolver, BeforeEachCallback {

    private static final Namespace NAMESPACE = Namespace.create(SharedKafka.class);

    @Override
    public void beforeEach(final ExtensionContext context) {
        kafka(context).start();
    }

    @Override
    public boolean supportsParameter(
            final ParameterContext parameter, final ExtensionContext context) {
        return parameter.getParameter().getType() == LocalKafka.class;
    }

    @Override
    public Object resolveParameter(
            final ParameterContext parameter, final ExtensionContext context) {
        return kafka(context);
    }

    private static LocalKafka kafka(final ExtensionContext context) {
        return context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE)
                .getOrComputeIfAbsent(
                        LocalKafka.class, key -> LocalKafka.started(), LocalKafka.class);
    }
}
