/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.load;

import io.serveflow.benchmark.kafka.Lines;
import io.serveflow.benchmark.run.FreshJvm;
import io.serveflow.benchmark.traffic.Feed;
import io.serveflow.benchmark.traffic.Traffic;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * The load, in a process of its own: it writes lines at their time to a log. It says when it
 * begins, and at the end how late it was itself.
 */
public final class LoadGenerator {

    /** Between saying when it begins and beginning. */
    private static final long NOTICE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private LoadGenerator() {}

    /**
     * What is to be written.
     *
     * @param brokers where Kafka is; empty to write to a log
     * @param to the file or the topic
     */
    public record Settings(
            String captures, int packets, Schedule schedule, String brokers, String to) {}

    /**
     * What the generator says first.
     *
     * @param nanos the {@link System#nanoTime()} of the beginning, which all processes share
     */
    record Begin(long nanos) {}

    /** What the generator says at the end. */
    record End(long worstLagNanos) {}

    /** Writes, in a JVM that {@link FreshJvm} describes. */
    public static void main(final String[] arguments) throws Exception {
        final Settings settings = FreshJvm.settings(arguments, Settings.class);
        final Traffic traffic = Traffic.read(Path.of(settings.captures()), settings.packets());
        final Feed feed = traffic.feed(0, settings.schedule().flows(), 0, 1);
        if (settings.brokers().isEmpty()) {
            try (OutputStream log =
                    Files.newOutputStream(
                            Path.of(settings.to()),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.APPEND)) {
                run(
                        settings.schedule(),
                        feed,
                        chunk -> log.write(chunk.bytes(), 0, chunk.length()));
            }
        } else {
            try (KafkaProducer<byte[], byte[]> producer = Lines.producer(settings.brokers(), 0)) {
                producer.partitionsFor(settings.to()); // or the first line would ask for them
                run(
                        settings.schedule(),
                        feed,
                        chunk -> Lines.send(feed, chunk, producer, settings.to()));
            }
        }
    }

    private static void run(final Schedule schedule, final Feed feed, final Pace.Taker taker)
            throws Exception {
        final long begin = System.nanoTime() + NOTICE_NANOS;
        FreshJvm.say(new Begin(begin));
        final Pace pace = new Pace(schedule, begin);
        pace.run(feed, taker);
        FreshJvm.say(new End(pace.worstLagNanos()));
    }
}
