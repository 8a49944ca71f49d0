/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cases;

import io.serveflow.testing.kafka.LocalKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The routes over all inputs of lines, several at a time, since they mostly wait. */
final class RoutedInputs implements AutoCloseable {

    private static final int AT_ONCE = 16;

    private final ExecutorService executor = Executors.newFixedThreadPool(AT_ONCE);
    private final Map<String, Future<RoutedInput>> tailed = new HashMap<>();
    private final Map<String, Future<RoutedInput>> fromKafka = new HashMap<>();

    /**
     * @param folder an empty folder, for logs and positions
     */
    RoutedInputs(final List<SurprisingInput> inputs, final Path folder, final LocalKafka kafka) {
        for (final SurprisingInput input : inputs) {
            tailed.put(
                    input.toString(),
                    executor.submit(() -> RoutedInput.tailed(input, folder(folder, input))));
            if (input.glob().isEmpty()) {
                fromKafka.put(
                        input.toString(),
                        executor.submit(() -> RoutedInput.fromKafka(input, kafka)));
            }
        }
    }

    private static Path folder(final Path folder, final SurprisingInput input) throws IOException {
        return Files.createDirectories(folder.resolve(input.toString().replace('/', '-') + ".d"));
    }

    RoutedInput tailed(final SurprisingInput input) throws Exception {
        return result(tailed.get(input.toString()));
    }

    RoutedInput fromKafka(final SurprisingInput input) throws Exception {
        return result(fromKafka.get(input.toString()));
    }

    private static RoutedInput result(final Future<RoutedInput> route) throws Exception {
        try {
            return route.get();
        } catch (final ExecutionException e) {
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
