/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.testing.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import kafka.Kafka;
import kafka.tools.StorageTool;

/** Runs a broker for as long as the process that began this one holds the pipe between them. */
final class LocalKafkaProcess {

    private LocalKafkaProcess() {}

    /**
     * @param args the settings of the broker, the folder of its data, and the id of its cluster
     */
    public static void main(final String[] args) {
        final Thread watch = new Thread(LocalKafkaProcess::endWithInput, "end-with-input");
        watch.setDaemon(true);
        watch.start();
        if (!Files.exists(Path.of(args[1]).resolve("meta.properties"))) {
            StorageTool.execute(new String[] {"format", "-t", args[2], "-c", args[0]}, System.out);
        }
        Kafka.main(new String[] {args[0]});
    }

    private static void endWithInput() {
        try {
            while (System.in.read() >= 0) {
                /* Nothing is said on it. */
            }
        } catch (final IOException e) {
            /* The other end is gone. */
        }
        Runtime.getRuntime().halt(0);
    }
}
