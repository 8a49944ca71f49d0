/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import io.serveflow.app.settings.Settings;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PropertyBindingSupport;

/** A component with the options that settings give it, with no route running. */
final class ComponentSettings {

    private ComponentSettings() {}

    /**
     * Sets the options of a component, as Camel does at the start.
     *
     * @return the component
     * @throws IllegalArgumentException naming the option that is wrong
     */
    static <T extends Component> T bind(
            final Settings settings, final String name, final T component) throws IOException {
        final String prefix = "camel.component." + name + ".";
        final Properties all = settings.forCamel();
        final Map<String, Object> options = new LinkedHashMap<>();
        all.stringPropertyNames().stream()
                .filter(option -> option.startsWith(prefix))
                .forEach(
                        option ->
                                options.put(
                                        option.substring(prefix.length()),
                                        all.getProperty(option).contains("{{")
                                                ? settings.text(option)
                                                : all.getProperty(option)));
        final CamelContext context = new DefaultCamelContext();
        try {
            component.setCamelContext(context);
            PropertyBindingSupport.build()
                    .withCamelContext(context)
                    .withTarget(component)
                    .withIgnoreCase(true)
                    .withProperties(options)
                    .bind();
            return component;
        } finally {
            context.stop();
        }
    }
}
