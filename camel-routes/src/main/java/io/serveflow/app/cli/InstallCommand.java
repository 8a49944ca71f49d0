/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import picocli.CommandLine.Command;

/** {@code serveflow install}: brings what is needed to the systems that verdicts go to. */
@Command(
        name = "install",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "TARGET",
        description =
                "Put what ServeFlow needs into the systems that verdicts go to, or take it away"
                        + " again. What is right already is left as it is.",
        subcommands = {
            InstallElasticCommand.class,
            InstallKibanaCommand.class,
            InstallMalcolmCommand.class,
            InstallSecurityOnionCommand.class
        })
public final class InstallCommand {}
