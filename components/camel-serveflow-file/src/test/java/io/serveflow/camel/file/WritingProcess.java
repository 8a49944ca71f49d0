/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

import io.serveflow.ledger.Ledger;
import io.serveflow.verdict.AnsweredFlows;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Semaphore;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * A process that writes batches of verdicts and appends the number of each that was acknowledged to
 * a file, for a test that kills it or takes its disk away.
 *
 * <p>It ends when all are written, or when its input does.
 */
final class WritingProcess {

    /** How many verdicts are in a batch. */
    static final int FLOWS = 100;

    private static final int UNDER_WAY = 16;

    private WritingProcess() {}

    /**
     * @param args the address, the file to append to, the first batch and how many there are
     */
    public static void main(final String[] args) throws Exception {
        final int first = Integer.parseInt(args[2]);
        final int batches = Integer.parseInt(args[3]);
        final Semaphore room = new Semaphore(UNDER_WAY);
        try (FileChannel out =
                        FileChannel.open(
                                Path.of(args[1]),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.APPEND);
                DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("ledger", Ledger.class, new Ledger());
            context.addRoutes(
                    new RouteBuilder() {
                        @Override
                        public void configure() {
                            from("direct:in").errorHandler(noErrorHandler()).to(args[0]);
                        }
                    });
            context.start();
            endWithInput();
            final ProducerTemplate template = context.createProducerTemplate();
            for (int i = first; i < batches; i++) {
                final int number = i;
                room.acquire();
                template.asyncSend(
                                "direct:in",
                                exchange ->
                                        exchange.getMessage()
                                                .setBody(
                                                        AnsweredFlows.batch(
                                                                number * FLOWS,
                                                                (number + 1) * FLOWS)))
                        .whenComplete(
                                (exchange, error) -> {
                                    if (error == null && exchange.getException() == null) {
                                        answered(out, number);
                                    }
                                    room.release();
                                });
            }
            room.acquire(UNDER_WAY);
        }
        Runtime.getRuntime().halt(0);
    }

    private static void answered(final FileChannel out, final int number) {
        try {
            out.write(StandardCharsets.US_ASCII.encode(number + "\n"));
        } catch (final IOException e) {
            Runtime.getRuntime().halt(1);
        }
    }

    /** The test may be killed itself. */
    private static void endWithInput() {
        final Thread watching =
                new Thread(
                        () -> {
                            try {
                                while (System.in.read() >= 0) {
                                    Thread.onSpinWait();
                                }
                            } catch (final IOException e) {
                                // As an end.
                            }
                            Runtime.getRuntime().halt(1);
                        });
        watching.setDaemon(true);
        watching.start();
    }
}
