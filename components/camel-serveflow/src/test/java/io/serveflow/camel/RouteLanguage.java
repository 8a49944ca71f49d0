/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.testing.samples.ProjectFiles;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.dataformat.JsonLibrary;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The same routes in each language that integrators write them in. */
enum RouteLanguage {
    YAML,
    XML,
    JAVA;

    /**
     * A context that has started with the routes {@code bodies}, {@code documents} or {@code
     * copies}.
     *
     * @param properties what placeholders in them stand for, beside the bundle
     */
    CamelContext start(final String routes, final Map<String, String> properties) throws Exception {
        return start(routes, properties, Map.of());
    }

    /** The same with beans that the routes name. */
    CamelContext start(
            final String routes,
            final Map<String, String> properties,
            final Map<String, Object> beans)
            throws Exception {
        final CamelContext context = new DefaultCamelContext();
        beans.forEach(context.getRegistry()::bind);
        final Properties placeholders = new Properties();
        placeholders.putAll(properties);
        placeholders.put("bundle", ProjectFiles.bundle("service").toString());
        context.getPropertiesComponent().setInitialProperties(placeholders);
        if (this == JAVA) {
            context.addRoutes(java(routes));
        } else {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(
                            ResourceHelper.resolveResource(
                                    context,
                                    "classpath:routes/" + routes + "." + name().toLowerCase()));
        }
        context.start();
        return context;
    }

    private static RoutesBuilder java(final String routes) {
        return switch (routes) {
            case "bodies" -> new Bodies();
            case "documents" -> new Documents();
            case "copies" -> new Copies();
            default -> throw new IllegalArgumentException(routes);
        };
    }

    private static final class Bodies extends RouteBuilder {

        @Override
        public void configure() {
            onException(io.serveflow.sensor.line.BadLineException.class)
                    .handled(true)
                    .to("mock:bad");
            from("direct:flows").to("serveflow:fast?bundle={{bundle}}");
            from("direct:json")
                    .unmarshal()
                    .json(JsonLibrary.Jackson)
                    .to("serveflow:fast?bundle={{bundle}}");
            from("file:{{files}}?noop=true")
                    .to("serveflow:fast?bundle={{bundle}}")
                    .to("mock:files");
        }
    }

    private static final class Documents extends RouteBuilder {

        private static final String TIER = "serveflow:fast?bundle={{bundle}}";

        @Override
        public void configure() {
            from("direct:format").to(TIER).marshal("serveflow");
            from("direct:jackson").to(TIER).marshal().json(JsonLibrary.Jackson);
            from("direct:text").to(TIER).convertBodyTo(String.class);
            from("direct:bytes").to(TIER).convertBodyTo(byte[].class);
            from("direct:stream").to(TIER).convertBodyTo(InputStream.class);
            from("direct:list").to(TIER).convertBodyTo(List.class);
            from("direct:map").to(TIER).convertBodyTo(Map.class);
            from("direct:file")
                    .to(TIER)
                    .to("file:{{files}}?fileName=verdicts.ndjson&fileExist=Append");
        }
    }

    private static final class Copies extends RouteBuilder {

        private static final String SERVICE = "serveflow:fast?bundle={{bundle}}";
        private static final String DEVICE = "serveflow:fast?bundle={{device}}";

        @Override
        public void configure() {
            from("direct:tapped")
                    .to("serveflow:fastest?bundle={{bundle}}")
                    .wireTap("direct:tap")
                    .to(SERVICE)
                    .process("laterTier");
            from("direct:tap").process("tap");
            from("direct:branches").multicast().to("direct:service", "direct:device");
            from("direct:service").to(SERVICE).process("branch");
            from("direct:device").to(DEVICE).process("branch");
            from("direct:enriched").to(SERVICE).enrich("direct:other");
            from("direct:other").to(DEVICE);
            from("direct:both").to(SERVICE).to(DEVICE);
        }
    }
}
