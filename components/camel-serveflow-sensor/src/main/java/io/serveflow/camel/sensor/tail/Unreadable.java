/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Says what cannot be read, each file and folder once with its cure, and of each when that is over.
 *
 * <p>Not safe for use by more than one thread.
 */
final class Unreadable {

    /** Most that are said until some of them are over; beyond it, health alone has more. */
    static final int MAX_SAID = 16;

    private final Consumer<String> warn;
    private final Consumer<String> info;
    private final Set<String> said = new HashSet<>();
    private final Set<String> leftOut = new HashSet<>();

    /**
     * @param warn writes what cannot be read, such as {@code LOG::warn}
     * @param info writes that it is over, such as {@code LOG::info}
     */
    Unreadable(final Consumer<String> warn, final Consumer<String> info) {
        this.warn = warn;
        this.info = info;
    }

    /**
     * All that cannot be read now. What a glob alone led to is said once and for all, and is no
     * trouble.
     */
    void are(final List<Trouble> troubles) {
        final Set<String> now =
                troubles.stream()
                        .filter(trouble -> !trouble.belowGlob())
                        .map(Trouble::of)
                        .collect(Collectors.toSet());
        said.stream()
                .filter(of -> !now.contains(of))
                .forEach(of -> info.accept(of + ": that is over"));
        said.retainAll(now);
        for (final Trouble trouble : troubles) {
            if (trouble.belowGlob()) {
                if (leftOut.size() < MAX_SAID && leftOut.add(trouble.of())) {
                    info.accept("left out: " + trouble.sentence());
                }
            } else if (said.size() < MAX_SAID && said.add(trouble.of())) {
                warn.accept(trouble.sentence() + "; it is tried again until that is over");
            }
        }
    }

    /** That a file cannot be read. */
    static Trouble trouble(final Path file, final IOException e) {
        return Trouble.of(file, sentence(file, e));
    }

    /** Why a file cannot be read, with the cure where its permissions are the cause. */
    static String sentence(final Path file, final IOException e) {
        if (e instanceof AccessDeniedException) {
            return file + " cannot be read: " + denied();
        }
        return file
                + " cannot be read: "
                + (e.getClass() == IOException.class ? e.getMessage() : e.toString());
    }

    /** Why a file or a folder is closed to this user, with the cure. */
    static String denied() {
        return "the user of this process, "
                + System.getProperty("user.name")
                + ", may not; add it to a group that may, as SupplementaryGroups=zeek does in the"
                + " unit of a service";
    }
}
