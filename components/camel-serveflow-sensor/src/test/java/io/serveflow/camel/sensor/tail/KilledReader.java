/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import io.serveflow.batch.FlowBatch;
import io.serveflow.batch.Receipt;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * A process that reads a source and acknowledges a flow by writing its id to a file, until it is
 * killed or its standard input ends; then it prints what was dropped.
 *
 * <p>Arguments: the URI of the source, the file, and how many milliseconds at most it takes to
 * acknowledge every other flow; 0 to acknowledge all of them before the route ends.
 */
final class KilledReader {

    private final OutputStream answers;
    private final int maxWait;
    private final Random random = new Random();
    private final ScheduledExecutorService slowTier =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        final Thread thread = new Thread(task, "slow-tier");
                        thread.setDaemon(true);
                        return thread;
                    });

    private KilledReader(final OutputStream answers, final int maxWait) {
        this.answers = answers;
        this.maxWait = maxWait;
    }

    public static void main(final String[] arguments) throws Exception {
        final Ledger ledger = new Ledger();
        final CamelContext context = new DefaultCamelContext();
        try (OutputStream answers = new FileOutputStream(arguments[1], true)) {
            // A kill may have torn the line that was being written.
            answers.write('\n');
            final KilledReader reader = new KilledReader(answers, Integer.parseInt(arguments[2]));
            context.getRegistry().bind("ledger", ledger);
            context.getRegistry().bind("deadLetters", DeadLetterSink.dropping(ledger));
            context.addRoutes(
                    new RouteBuilder() {
                        @Override
                        public void configure() {
                            from(arguments[0])
                                    .process(
                                            exchange ->
                                                    reader.answer(
                                                            exchange.getMessage()
                                                                    .getBody(FlowBatch.class)));
                        }
                    });
            context.start();
            while (System.in.read() >= 0) {
                // Whoever started this process writes nothing, and ends it by closing the stream.
            }
            context.stop();
        }
        System.out.println("dropped " + ledger.byDetail(Ledger.Entry.DROPPED));
    }

    private void answer(final FlowBatch batch) throws IOException {
        final StringBuilder now = new StringBuilder();
        final StringBuilder later = new StringBuilder();
        for (int i = 0; i < batch.size(); i++) {
            final boolean slow = maxWait > 0 && i % 2 == 1;
            (slow ? later : now).append(batch.record(i).id().uid()).append(";\n");
        }
        if (!later.isEmpty()) {
            final Receipt receipt = batch.receipt();
            receipt.hold();
            slowTier.schedule(
                    () -> {
                        write(later);
                        receipt.release();
                        return null;
                    },
                    random.nextInt(maxWait),
                    TimeUnit.MILLISECONDS);
        }
        write(now);
    }

    private synchronized void write(final StringBuilder lines) throws IOException {
        answers.write(lines.toString().getBytes(StandardCharsets.US_ASCII));
    }
}
