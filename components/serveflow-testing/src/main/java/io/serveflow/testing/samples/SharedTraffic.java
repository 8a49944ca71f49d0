/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.testing.samples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Real traffic beside the repository, which tests use where it is and do without where not. */
public final class SharedTraffic {

    private SharedTraffic() {}

    /** The condition of tests that need it. */
    public static boolean present() {
        return Files.isDirectory(folder());
    }

    /** Where it is: captures, their labels and the logs that sensors wrote of them. */
    public static Path folder() {
        return ProjectFiles.root().resolveSibling("shared/data");
    }

    /** The condition of tests that need the inputs of real sites. */
    public static boolean casesPresent() {
        return Files.isDirectory(cases());
    }

    /** Where the inputs of real sites are. */
    public static Path cases() {
        return ProjectFiles.root().resolveSibling("shared/cases");
    }

    /** The capture of a name without its ending, one of the samples or of the real traffic. */
    public static Path captureOf(final String name) throws IOException {
        for (final Path captures : List.of(ProjectFiles.captures(), folder().resolve("svc/pcap"))) {
            try (Stream<Path> files = Files.list(captures)) {
                final Optional<Path> found =
                        files.filter(file -> file.getFileName().toString().startsWith(name + "."))
                                .findFirst();
                if (found.isPresent()) {
                    return found.get();
                }
            }
        }
        throw new IOException("no capture of " + name);
    }
}
