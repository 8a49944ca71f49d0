/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.sink;

import io.serveflow.app.run.RouteApplication;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.camel.Processor;

/**
 * The application with its shipped routes, but for the step that stores verdicts: they end in a
 * {@link VerdictSink}.
 *
 * <p>The console is on a free port; metrics and health have no server.
 */
public final class MeasuredApplication {

    /** The endpoint to which lines in memory are sent as batches, with {@link #fromMemory}. */
    public static final String MEMORY = "direct:memory";

    private final Path work;
    private final Properties settings = new Properties();
    private final Map<String, Object> beans = new HashMap<>();

    /**
     * @param bundle folder of the bundle
     * @param work an empty folder for all that is written
     */
    public MeasuredApplication(final Path bundle, final Path work) throws IOException {
        this.work = work;
        Files.createDirectories(work.resolve("camel"));
        with("serveflow.bundle", bundle.toAbsolutePath().toString());
        with("serveflow.observer", "benchmark");
        with("serveflow.elasticsearch.templates", "false");
        with("serveflow.deadLetters", work.resolve("dead-letters.ndjson").toString());
        with("serveflow.repair", work.resolve("repair.ndjson").toString());
        with("serveflow.console.port", "0");
        with("camel.management.enabled", "false");
        route("verdicts.camel.yaml", text(MeasuredApplication.class, "verdicts.camel.yaml"));
    }

    /** Sets a setting. */
    public MeasuredApplication with(final String name, final String value) {
        settings.setProperty(name, value);
        return this;
    }

    /** Sets settings. */
    public MeasuredApplication with(final Map<String, String> more) {
        more.forEach(this::with);
        return this;
    }

    /** Takes flows from {@link #MEMORY}. */
    public MeasuredApplication fromMemory() throws IOException {
        with("serveflow.sources", "files");
        with("serveflow.input", Files.createDirectories(work.resolve("none")).toString());
        return route("sensor-files.camel.yaml", text(getClass(), "sensor-memory.camel.yaml"));
    }

    /** Takes flows from a topic. */
    public MeasuredApplication fromTopic(final String brokers, final String topic) {
        with("serveflow.sources", "kafka");
        with("serveflow.kafka.brokers", brokers);
        with("serveflow.kafka.topics", topic);
        with("serveflow.kafka.groupId", topic);
        return with("serveflow.kafka.keyedByFlow", "true");
    }

    /** Sends verdicts where the product does, to Elasticsearch. */
    public MeasuredApplication intoElasticsearch(final String url, final String dataStream)
            throws IOException {
        Files.delete(work.resolve("camel/verdicts.camel.yaml"));
        with("serveflow.elasticsearch.templates", "true");
        with("serveflow.elasticsearch.urls", url);
        return with("serveflow.index", dataStream);
    }

    /** Takes flows from a log that is followed. */
    public MeasuredApplication fromLog(final Path log) {
        with("serveflow.sources", "tail");
        with("serveflow.tail.path", log.toString());
        return with("serveflow.tail.positionFile", work.resolve("tail.position").toString());
    }

    /** Replaces a route file. */
    public MeasuredApplication route(final String file, final String yaml) throws IOException {
        Files.writeString(work.resolve("camel").resolve(file), yaml);
        return this;
    }

    /** Gives the routes a bean. */
    public MeasuredApplication bound(final String name, final Object bean) {
        beans.put(name, bean);
        return this;
    }

    /** The shipped text of a route file. */
    public static String shipped(final String file) {
        return text(RouteApplication.class, "/camel/" + file);
    }

    private static String text(final Class<?> beside, final String resource) {
        try (InputStream in = beside.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }

    /** Writes the settings for {@code serveflow run --config} and returns their file. */
    public Path written() throws IOException {
        final Path file = work.resolve("application.properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            settings.store(out, null);
        }
        return file;
    }

    /** Starts the application with the end of its verdicts; whoever does so closes it. */
    public RouteApplication started(final Processor sink) throws Exception {
        final RouteApplication application = new RouteApplication(Optional.of(work), settings);
        application.bind("verdictSink", sink);
        beans.forEach(application::bind);
        application.start();
        return application;
    }
}
