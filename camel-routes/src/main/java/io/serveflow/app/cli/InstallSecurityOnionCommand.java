/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.BuildInfo;
import io.serveflow.app.install.Step;
import io.serveflow.app.install.onion.OnionInstallation;
import io.serveflow.app.install.onion.OnionManager;
import io.serveflow.app.terminal.PlainText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code serveflow install security-onion}: files on the manager of the grid. */
@Command(
        name = "security-onion",
        mixinStandardHelpOptions = true,
        description = {
            "Put on the manager of a Security Onion, 3.x or 2.4, what its nodes need: the script"
                    + " for Zeek, the integration of the agent, and columns of Hunt. All of it is"
                    + " below /opt/so/saltstack/local, which an upgrade leaves alone.",
            "What only SOC or Elasticsearch can take is printed as what is left to do."
        },
        footer = "The exit code is 1 if something was refused or failed, and 2 for wrong use.")
public final class InstallSecurityOnionCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private InstallOptions install;

    @Option(
            names = "--root",
            paramLabel = "DIR",
            defaultValue = "/",
            description = "The root of the manager's file system (default: /).")
    private Path root;

    @Override
    public Integer call() throws IOException {
        final PrintWriter out = spec.commandLine().getOut();
        final OnionInstallation onion =
                new OnionInstallation(
                        OnionManager.at(root.toAbsolutePath().normalize()), BuildInfo.home());
        final List<Step> steps = onion.steps();
        final List<String> left =
                install.isUninstall() ? onion.leftAfterUninstall() : onion.leftAfterInstall();
        install.carryOut(steps, out, whole -> print(left, whole, out));
        return ExitCode.OK;
    }

    /** Also behind a failure: what was there before is known once. */
    private static void print(final List<String> left, final boolean whole, final PrintWriter out) {
        out.println();
        out.println(
                whole
                        ? "Left to do:"
                        : "Left to do once this has run to its end; keep the list, as the next run"
                                + " may not know all of it:");
        left.forEach(line -> out.println("* " + PlainText.of(line)));
        out.flush();
    }
}
