/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.install.elastic.MalcolmInstallation;
import io.serveflow.app.install.rest.Product;
import io.serveflow.app.install.rest.RestServer;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code serveflow install malcolm}: the index template, in OpenSearch. */
@Command(
        name = "malcolm",
        mixinStandardHelpOptions = true,
        description =
                "Put into the OpenSearch of a Malcolm the index template of the verdicts, as run"
                        + " with serveflow.index.profile=malcolm does at its start, so that run"
                        + " itself needs no right to.",
        footer = {
            "--uninstall leaves the indices with the verdicts where they are.",
            "The exit code is 1 if something was refused or failed, and 2 for wrong use."
        })
public final class InstallMalcolmCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private ElasticOptions openSearch;

    @Mixin private InstallOptions install;

    @Override
    public Integer call() throws IOException {
        try (RestServer server =
                new RestServer(
                        Product.OPENSEARCH, openSearch.connection(), install.patience(spec))) {
            install.carryOut(new MalcolmInstallation(server).steps(), spec.commandLine().getOut());
        }
        return ExitCode.OK;
    }
}
