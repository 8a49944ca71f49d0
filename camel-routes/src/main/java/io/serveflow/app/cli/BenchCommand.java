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
 * product is no part of it. Here it stands among the commands, and says what there is.
 */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measure how fast all this is here, each compared with a baseline.",
        customSynopsis = "serveflow bench WHAT [OPTION]...",
        footer = {
            "",
            "What is measured:",
            "  rate        flows a second, from lines to documents",
            "  latency     how long verdicts take at steady rates",
            "  index       documents a second into a real Elasticsearch",
            "  kafka       flows a second from a topic of lines to one of verdicts",
            "  roles       flows a second of processes of several roles",
            "  classify    packets a second of serveflow classify on one core",
            "  flows       how many flows can be open at a time in a heap",
            "  overload    half, once and twice the rate that can be done",
            "  escalation  a slow tier that is too slow for a while, or a scan",
            "  start       seconds from the start of serveflow run to the first verdicts",
            "  slow        flows a second of the slow tier on one thread",
            "  remote      the slow tier in a worker process",
            "  swap        bundles that are replaced again and again under load",
            "And of results that --json wrote:",
            "  compare     those of two builds in turn",
            "  plot        as curves, in SVG",
            "",
            "./serveflow bench WHAT --help says more of each; it builds the benchmarks first."
        })
public final class BenchCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Parameters(arity = "0..*", hidden = true)
    private List<String> arguments = List.of();

    @Override
    public Integer call() {
        if (arguments.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "what is to be measured is missing, such as rate");
        }
        throw new ParameterException(
                spec.commandLine(),
                "the benchmarks are a program of their own; start them with ./serveflow bench"
                        + " in a checkout of the sources");
    }
}
