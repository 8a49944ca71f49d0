/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.install.kibana.KibanaInstallation;
import io.serveflow.app.install.kibana.Space;
import io.serveflow.app.install.rest.Product;
import io.serveflow.app.install.rest.RestServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code serveflow install kibana}: a data view and five dashboards. */
@Command(
        name = "kibana",
        mixinStandardHelpOptions = true,
        description = {
            "Put the data view of the verdicts and the dashboards into a space of Kibana.",
            "What is there already stays as it is, with what was changed in it, unless --replace is"
                    + " given."
        },
        footer = "The exit code is 1 if something was refused or failed, and 2 for wrong use.")
public final class InstallKibanaCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private KibanaOptions kibana;

    @Mixin private InstallOptions install;

    @Option(
            names = "--space",
            paramLabel = "ID",
            defaultValue = "default",
            description = "The space, by its id as in its address behind /s/ (default: default).")
    private String space;

    @Option(
            names = "--replace",
            description =
                    "Bring what is there to the state of this version; what was changed in it is"
                            + " lost.")
    private boolean replace;

    @Override
    public Integer call() throws IOException {
        if (replace && install.isUninstall()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "option --replace brings dashboards, so it does not go with --uninstall");
        }
        final Space wanted;
        try {
            wanted = new Space(space);
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "option --space: " + e.getMessage(), e);
        }
        final PrintWriter out = spec.commandLine().getOut();
        try (RestServer server =
                new RestServer(Product.KIBANA, kibana.connection(), install.patience(spec))) {
            final KibanaInstallation dashboards = new KibanaInstallation(server, wanted);
            install.carryOut(
                    install.isUninstall()
                            ? dashboards.toUninstall()
                            : dashboards.toInstall(replace),
                    out);
        }
        return ExitCode.OK;
    }
}
