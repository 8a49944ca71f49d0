/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.support;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.GeneratedPropertyConfigurer;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.PropertyConfigurerGetter;

/**
 * The generated configurer of a component, with a check before it: however options are set, as
 * {@code camel.component.NAME.OPTION} or in a program, a text that is no number is an error and not
 * 0.
 */
public final class CheckedConfigurer
        implements GeneratedPropertyConfigurer, PropertyConfigurerGetter {

    private final String component;
    private final GeneratedPropertyConfigurer generated;
    private final PropertyConfigurerGetter types;

    private CheckedConfigurer(
            final String component,
            final GeneratedPropertyConfigurer generated,
            final PropertyConfigurerGetter types) {
        this.component = component;
        this.generated = generated;
        this.types = types;
    }

    /**
     * The same configurer with the check.
     *
     * @param component its name, which messages begin with
     */
    public static PropertyConfigurer of(
            final String component, final PropertyConfigurer configurer) {
        return configurer instanceof GeneratedPropertyConfigurer generated
                        && configurer instanceof PropertyConfigurerGetter types
                ? new CheckedConfigurer(component, generated, types)
                : configurer;
    }

    @Override
    public boolean configure(
            final CamelContext context,
            final Object target,
            final String name,
            final Object value,
            final boolean ignoreCase) {
        if (value != null) {
            OptionText.check(component, generated, Map.of(name, value));
        }
        return generated.configure(context, target, name, value, ignoreCase);
    }

    @Override
    public Class<?> getOptionType(final String name, final boolean ignoreCase) {
        return types.getOptionType(name, ignoreCase);
    }

    @Override
    public String[] getAutowiredNames() {
        return types.getAutowiredNames();
    }

    @Override
    public Object getCollectionValueType(
            final Object target, final String name, final boolean ignoreCase) {
        return types.getCollectionValueType(target, name, ignoreCase);
    }

    @Override
    public Object getOptionValue(final Object target, final String name, final boolean ignoreCase) {
        return types.getOptionValue(target, name, ignoreCase);
    }
}
