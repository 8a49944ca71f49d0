/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import picocli.CommandLine.Option;

/** The options of every target of {@code serveflow install}. */
final class InstallOptions {

    @Option(
            names = "--dry-run",
            description = "Print every call and file, with its content, and change nothing.")
    private boolean dryRun;

    @Option(
            names = "--uninstall",
            description =
                    "Take away what this command made, and nothing that somebody else made under"
                            + " the same name.")
    private boolean uninstall;

    boolean isDryRun() {
        return dryRun;
    }

    boolean isUninstall() {
        return uninstall;
    }
}
