/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code serveflow bench}, which the launcher gives to a program of its own: what measures the
 * product is no part of it. Here it only stands among the commands.
 */
@Command(
        name = "bench",
        description =
                "Measure how fast all this is here, each compared with a baseline; --help says"
                        + " what.")
public final class BenchCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Parameters(arity = "0..*", hidden = true)
    private List<String> arguments = List.of();

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "the benchmarks are a program of their own; start them with ./serveflow bench"
                        + " in a checkout of the sources");
    }
}
