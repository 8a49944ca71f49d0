/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow;

import java.nio.file.Files;
import java.nio.file.Path;

/** Real traffic beside the repository, which tests use where it is and do without where not. */
public final class SharedTraffic {

    private SharedTraffic() {}

    /** The condition of tests that need it. */
    public static boolean present() {
        return Files.isDirectory(folder());
    }

    /** Where it is: captures, their labels and the logs that sensors wrote of them. */
    public static Path folder() {
        return Path.of(System.getProperty("serveflow.root"), "..", "shared", "data");
    }
}
