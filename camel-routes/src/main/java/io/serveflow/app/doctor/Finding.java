/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What one check found.
 *
 * @param check the name of the check, one of {@link #CHECKS}
 * @param outcome how it went
 * @param said what was found, as a sentence without its full stop
 * @param cure what to do about it; empty where nothing has to be done
 */
public record Finding(String check, Outcome outcome, String said, String cure) {

    /** The names of all checks, in the order in which flows meet what they look at. */
    public static final Set<String> CHECKS =
            Collections.unmodifiableSet(
                    new LinkedHashSet<>(
                            List.of(
                                    "settings",
                                    "java",
                                    "onnxruntime",
                                    "bundle",
                                    "alerts",
                                    "observer",
                                    "log",
                                    "rotated logs",
                                    "positions",
                                    "input folder",
                                    "socket",
                                    "captures",
                                    "kafka",
                                    "topics",
                                    "kafka rights",
                                    "slow endpoint",
                                    "disk",
                                    "dead letters",
                                    "elasticsearch",
                                    "rights",
                                    "templates",
                                    "index",
                                    "pipeline",
                                    "writing",
                                    "clock")));

    /** How a check went. */
    public enum Outcome {
        OK("ok"),
        /** Works, and may not be what was meant. */
        WARNING("warning"),
        FAILED("FAILED"),
        /** There is nothing to check, or this user may not look. */
        SKIPPED("skipped");

        private final String word;

        Outcome(final String word) {
            this.word = word;
        }

        /** The word in listings. */
        public String word() {
            return word;
        }
    }

    public Finding {
        if (!CHECKS.contains(check)) {
            throw new IllegalArgumentException("no check has the name " + check);
        }
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(said, "said");
        Objects.requireNonNull(cure, "cure");
    }

    /** Settings that were read and are all right. */
    public static Finding settings(final Optional<String> file) {
        return ok("settings", file.map(one -> "of " + one).orElse("the defaults"));
    }

    static Finding ok(final String check, final String said) {
        return new Finding(check, Outcome.OK, said, "");
    }

    static Finding warning(final String check, final String said, final String cure) {
        return new Finding(check, Outcome.WARNING, said, cure);
    }

    static Finding failed(final String check, final String said, final String cure) {
        return new Finding(check, Outcome.FAILED, said, cure);
    }

    static Finding skipped(final String check, final String said) {
        return new Finding(check, Outcome.SKIPPED, said, "");
    }
}
