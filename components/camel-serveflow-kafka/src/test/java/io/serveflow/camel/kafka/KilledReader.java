/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import io.serveflow.batch.FlowBatch;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * A process that appends the id of each flow that it reads to a file, for a test that kills it.
 *
 * <p>Like flows that wait for a slower tier, flows are answered later than the route is done with
 * them, and out of order: when this is killed, up to {@value #UNANSWERED} batches have no answer
 * yet. It stops when its input says something, and ends at once when that ends.
 */
final class KilledReader {

    private static final int UNANSWERED = 100;
    private static final long ANSWER_NANOS = 10_000_000;

    private KilledReader() {}

    /**
     * @param args the address of the source, and the file to append to
     */
    public static void main(final String[] args) throws Exception {
        final ExecutorService answering = Executors.newFixedThreadPool(3);
        final Semaphore room = new Semaphore(UNANSWERED);
        try (FileChannel out =
                        FileChannel.open(
                                Path.of(args[1]),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.APPEND);
                DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("deadLetters", DeadLetterSink.dropping(new Ledger()));
            context.addRoutes(
                    new RouteBuilder() {
                        @Override
                        public void configure() {
                            from(args[0])
                                    .process(
                                            exchange -> {
                                                final FlowBatch batch =
                                                        exchange.getMessage()
                                                                .getBody(FlowBatch.class);
                                                batch.receipt().hold();
                                                room.acquire();
                                                answering.execute(
                                                        () -> {
                                                            LockSupport.parkNanos(ANSWER_NANOS);
                                                            answer(batch, out);
                                                            room.release();
                                                        });
                                            });
                        }
                    });
            context.start();
            if (System.in.read() < 0) {
                Runtime.getRuntime().halt(1);
            }
        }
        answering.shutdown();
    }

    private static void answer(final FlowBatch batch, final FileChannel out) {
        final byte[] lines =
                (String.join("\n", KafkaRoute.uids(batch)) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            final ByteBuffer all = ByteBuffer.wrap(lines);
            synchronized (out) {
                while (all.hasRemaining()) {
                    out.write(all);
                }
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        batch.receipt().release();
    }
}
