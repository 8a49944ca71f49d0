/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.testing.elasticsearch;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * An Elasticsearch of its own for each class of tests that asks for a {@link LocalElasticsearch}
 * before all of them; it ends with the last of them.
 */
public final class OwnElasticsearch implements ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(OwnElasticsearch.class);

    @Override
    public boolean supportsParameter(
            final ParameterContext parameter, final ExtensionContext context) {
        return parameter.getParameter().getType() == LocalElasticsearch.class;
    }

    @Override
    public Object resolveParameter(
            final ParameterContext parameter, final ExtensionContext context) {
        return context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(
                        LocalElasticsearch.class, key -> start(), LocalElasticsearch.class);
    }

    private static LocalElasticsearch start() {
        try {
            return LocalElasticsearch.started();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
