/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.install.Installation;
import io.serveflow.app.install.Installation.Ending;
import io.serveflow.app.install.Step;
import io.serveflow.app.install.rest.Patience;
import io.serveflow.app.terminal.PlainText;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
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

    /** Installs the steps, or takes them back, or says what that would do. */
    void carryOut(final List<Step> steps, final PrintWriter out) throws IOException {
        carryOut(steps, out, whole -> {});
    }

    /** The same, with what is done behind it, also where a step fails. */
    void carryOut(final List<Step> steps, final PrintWriter out, final Ending ending)
            throws IOException {
        final Installation installation = new Installation(steps, dryRun, out, ending);
        if (uninstall) {
            installation.uninstall();
        } else {
            installation.install();
        }
    }

    /** How long a server is asked again that is not ready, which is said on stderr. */
    Patience patience(final CommandSpec spec) {
        final PrintWriter err = spec.commandLine().getErr();
        return Patience.of(
                notice -> {
                    err.println("serveflow: " + PlainText.of(notice));
                    err.flush();
                });
    }

    boolean isUninstall() {
        return uninstall;
    }
}
