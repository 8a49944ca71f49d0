/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote.server;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a server serves at the moment, by name; safe for use by many threads. */
interface Models extends AutoCloseable {

    /** The names, which stay as they are while models are replaced. */
    List<String> names();

    /** The model of that name, to say something of it; empty if there is none. */
    Optional<InferenceService.Served> newest(String name);

    /** Whether each model is scored. */
    default boolean isReady() {
        return names().stream()
                .allMatch(
                        name ->
                                newest(name)
                                        .filter(found -> found.batcher().isReady())
                                        .isPresent());
    }

    /** The model of that name to score with, which is not closed before the loan is. */
    Optional<Loan> lend(String name);

    /** What was done so far with models of that name; empty if there is none. */
    Optional<ServedCounts> counts(String name);

    /** Scores what waits, and ends; later calls do nothing. */
    @Override
    void close();

    /** A model that somebody uses. */
    record Loan(InferenceService.Served served, Runnable end) implements AutoCloseable {

        /** Ends the use; later calls do nothing. */
        @Override
        public void close() {
            end.run();
        }
    }

    /** Models that are served from the start to the end. */
    static Models of(final Map<String, InferenceService.Served> all) {
        return new Models() {
            @Override
            public List<String> names() {
                return List.copyOf(all.keySet());
            }

            @Override
            public Optional<InferenceService.Served> newest(final String name) {
                return Optional.ofNullable(all.get(name));
            }

            @Override
            public Optional<Loan> lend(final String name) {
                return Optional.ofNullable(all.get(name)).map(found -> new Loan(found, () -> {}));
            }

            @Override
            public Optional<ServedCounts> counts(final String name) {
                return Optional.ofNullable(all.get(name)).map(found -> found.batcher().counts());
            }

            @Override
            public void close() {
                all.values().forEach(each -> each.batcher().close());
            }
        };
    }

    /** Those of several. */
    static Models of(final List<? extends Models> parts) {
        return new Models() {
            @Override
            public List<String> names() {
                return parts.stream().flatMap(part -> part.names().stream()).toList();
            }

            @Override
            public Optional<InferenceService.Served> newest(final String name) {
                return of(name).flatMap(part -> part.newest(name));
            }

            @Override
            public Optional<Loan> lend(final String name) {
                return of(name).flatMap(part -> part.lend(name));
            }

            private Optional<? extends Models> of(final String name) {
                return parts.stream().filter(part -> part.names().contains(name)).findFirst();
            }

            @Override
            public Optional<ServedCounts> counts(final String name) {
                return of(name).flatMap(part -> part.counts(name));
            }

            @Override
            public void close() {
                parts.forEach(Models::close);
            }
        };
    }
}
