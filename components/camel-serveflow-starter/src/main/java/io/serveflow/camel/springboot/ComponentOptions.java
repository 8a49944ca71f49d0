/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.springboot;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Component;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.spi.ComponentCustomizer;
import org.apache.camel.support.PropertyBindingSupport;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Sets the options of one ServeFlow component from {@code camel.component.NAME.OPTION}.
 *
 * <p>A name is taken in the ways that Spring Boot takes names: {@code apiKey}, {@code api-key}, or
 * {@code CAMEL_COMPONENT_SERVEFLOWINDEX_APIKEY} in the environment. Values may refer to beans
 * ({@code #bean:NAME}) as everywhere in Camel. An option that the component does not have, or a
 * value that does not fit, ends the start.
 */
final class ComponentOptions implements ComponentCustomizer {

    private static final String PREFIX = "camel.component.";
    private static final String OURS = "serveflow";

    private final Environment environment;

    ComponentOptions(final Environment environment) {
        this.environment = Objects.requireNonNull(environment, "environment");
    }

    @Override
    public boolean isEnabled(final String name, final Component target) {
        return name.startsWith(OURS);
    }

    /**
     * @throws IllegalArgumentException if an option is not one of the component's, or its value
     *     does not fit; the message names the setting
     */
    @Override
    public void configure(final String name, final Component target) {
        final String prefix = PREFIX + name;
        final Map<String, Object> options = new LinkedHashMap<>();
        Binder.get(environment)
                .bind(prefix, Bindable.mapOf(String.class, String.class))
                .ifBound(options::putAll);
        try {
            PropertyBindingSupport.build()
                    .withCamelContext(target.getCamelContext())
                    .withTarget(target)
                    .withProperties(options)
                    .withConfigurer(target.getComponentPropertyConfigurer())
                    .withIgnoreCase(true)
                    .withMandatory(true)
                    .withRemoveParameters(true)
                    .bind();
        } catch (final PropertyBindingException e) {
            throw new IllegalArgumentException(refusal(prefix, e), e);
        }
    }

    private static String refusal(final String prefix, final PropertyBindingException e) {
        final String setting = prefix + '.' + e.getPropertyName();
        final Throwable cause = e.getCause();
        return cause == null
                ? "setting "
                        + setting
                        + " is no option of the component; its page lists those there are"
                : "setting " + setting + " cannot be set: " + cause.getMessage();
    }
}
