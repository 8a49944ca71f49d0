/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The versions that the build wrote down, and where the product's files are. */
public final class BuildInfo implements IVersionProvider {

    private static final String RESOURCE = "/serveflow-build.properties";

    /** The product's version. */
    public static String version() {
        return property("version");
    }

    /** The version of the Elasticsearch that the demo starts. */
    public static String elasticsearchVersion() {
        return property("elasticsearch.version");
    }

    /**
     * The product's folder, which the launcher states; the working directory without a launcher.
     */
    public static Path home() {
        return Path.of(System.getProperty("serveflow.home", "")).toAbsolutePath().normalize();
    }

    private static String property(final String name) {
        final Properties properties = new Properties();
        try (InputStream in = BuildInfo.class.getResourceAsStream(RESOURCE)) {
            properties.load(in);
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        }
        return properties.getProperty(name);
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "serveflow " + version(),
            "Java " + System.getProperty("java.version") + ", " + System.getProperty("java.vm.name")
        };
    }
}
