/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.command;

import io.serveflow.benchmark.report.Comparison;
import io.serveflow.benchmark.report.Comparison.Figure;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench compare}: results of two builds, figure by figure. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description =
                "Compare results that --json wrote with two builds in turn; exit code 1 if one is"
                        + " worse. ./benchmarks/against measures and calls it.")
final class CompareCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--old",
            required = true,
            arity = "1..*",
            paramLabel = "JSON",
            description = "Results of the old build.")
    private List<Path> old;

    @Option(
            names = "--new",
            required = true,
            arity = "1..*",
            paramLabel = "JSON",
            description = "Results of the new build, in the same order.")
    private List<Path> current;

    @Option(
            names = "--figures",
            split = ",",
            paramLabel = "FIGURE",
            defaultValue =
                    "flowsPerSecond,-cpuMicrosPerFlow,-bytesPerFlow,-packet1P50Ms,-packet1P99Ms,"
                            + "held,-seconds,-secondsToVerdict",
            description =
                    "Figures that are compared; those where less is better begin with a minus"
                            + " (default: ${DEFAULT-VALUE}).")
    private List<String> figures;

    @Option(
            names = "--at-least",
            defaultValue = "0.97",
            paramLabel = "RATIO",
            description = "Median ratio below which a figure is worse (default: ${DEFAULT-VALUE}).")
    private double least;

    @Override
    public Integer call() throws Exception {
        if (old.size() != current.size()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--old names %d results and --new %d; name them in pairs"
                            .formatted(old.size(), current.size()));
        }
        final Comparison comparison = new Comparison();
        final List<Figure> compared = figures.stream().map(Figure::of).toList();
        for (int i = 0; i < old.size(); i++) {
            comparison.add(old.get(i), current.get(i), compared);
        }
        if (comparison.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "the old results have none of the figures "
                            + String.join(", ", figures)
                            + ", so nothing is compared");
        }
        spec.commandLine().getOut().print(comparison.table());
        final List<String> worse = comparison.below(least);
        worse.forEach(
                figure ->
                        spec.commandLine()
                                .getOut()
                                .printf("below %s of the old build: %s%n", least, figure));
        spec.commandLine().getOut().flush();
        return worse.isEmpty() ? 0 : 1;
    }
}
