/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.command;

import io.serveflow.benchmark.plot.Curve;
import io.serveflow.benchmark.plot.Picture;
import io.serveflow.benchmark.plot.Results;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench plot}: results as a picture. */
@Command(
        name = "plot",
        mixinStandardHelpOptions = true,
        description = "Draw results that --json wrote as curves, in SVG.",
        footer = {
            "",
            "For example:",
            "  ./serveflow bench plot --x rate --y packet1P50Ms,packet1P99Ms --log-x --log-y \\",
            "      --title 'Packet-1 verdicts' --out latency.svg latency.json",
            "  ./serveflow bench plot --seen --title 'Twice the load' --out overload.svg"
                    + " overload.json"
        })
final class PlotCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--x",
            paramLabel = "PARAMETER",
            description = "Parameter of the cases that the picture runs along.")
    private Optional<String> x;

    @Option(
            names = "--y",
            split = ",",
            paramLabel = "FIGURE",
            description = "Figures of the cases that it shows.")
    private List<String> y = List.of();

    @Option(
            names = "--by",
            defaultValue = "",
            paramLabel = "WHAT",
            description = "A curve for each: case, file, or value of a parameter of this name.")
    private String by;

    @Option(
            names = "--names",
            split = ",",
            paramLabel = "NAME",
            description = "What the curves are called, in their order (default: the figures).")
    private List<String> names = List.of();

    @Option(
            names = "--seen",
            description = "Draw what was looked at while it was measured, instead of cases.")
    private boolean seen;

    @Option(
            names = "--curves",
            split = ",",
            paramLabel = "NAME",
            description = "With --seen: which of them, by the beginning of their names.")
    private List<String> only = List.of();

    @Option(names = "--log-x", description = "Equal ratios are equally long.")
    private boolean logX;

    @Option(names = "--log-y", description = "Equal ratios are equally high.")
    private boolean logY;

    @Option(
            names = "--title",
            defaultValue = "",
            paramLabel = "TEXT",
            description = "What is written above it.")
    private String title;

    @Option(
            names = "--x-label",
            paramLabel = "TEXT",
            description = "What is written below it (default: the parameter).")
    private Optional<String> labelX;

    @Option(
            names = "--y-label",
            paramLabel = "TEXT",
            description = "What is written beside it (default: the figure).")
    private Optional<String> labelY;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "The picture to write.")
    private Path out;

    @Parameters(arity = "1..*", paramLabel = "JSON", description = "Results.")
    private List<Path> files;

    private List<Curve> chosen(final List<Curve> curves) {
        return only.isEmpty()
                ? curves
                : curves.stream()
                        .filter(curve -> only.stream().anyMatch(curve.name()::startsWith))
                        .toList();
    }

    @Override
    public Integer call() throws Exception {
        if (!seen && (x.isEmpty() || y.isEmpty())) {
            throw new ParameterException(
                    spec.commandLine(), "name the curves with --x and --y, or ask for --seen");
        }
        final Results results = new Results(files);
        final List<Curve> curves =
                seen ? chosen(results.seen()) : results.byParameter(x.orElseThrow(), y, by);
        if (!names.isEmpty() && names.size() != curves.size()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "option --names has %d names for %d curves"
                            .formatted(names.size(), curves.size()));
        }
        final Picture picture =
                new Picture(
                        title,
                        new Picture.Axes(
                                labelX.or(() -> x).orElse("seconds"),
                                logX,
                                labelY.orElse(y.size() == 1 ? y.get(0) : ""),
                                logY),
                        names.isEmpty()
                                ? curves
                                : IntStream.range(0, curves.size())
                                        .mapToObj(
                                                i ->
                                                        new Curve(
                                                                names.get(i),
                                                                curves.get(i).points()))
                                        .toList());
        if (out.toAbsolutePath().getParent() != null) {
            Files.createDirectories(out.toAbsolutePath().getParent());
        }
        Files.writeString(out, picture.svg());
        return 0;
    }
}
