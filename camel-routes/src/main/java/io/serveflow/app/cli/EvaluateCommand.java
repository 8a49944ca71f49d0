/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.terminal.Progress;
import io.serveflow.training.data.LabelSource;
import io.serveflow.training.evaluation.BundleEvaluation;
import io.serveflow.training.evaluation.EvaluationOptions;
import io.serveflow.training.evaluation.EvaluationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code serveflow evaluate}: a bundle and labelled flows to the measurements of the ServeFlow
 * paper, as JSON and as a page. The launcher puts the libraries of training on the class path for
 * it.
 */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = "Measure a bundle on labelled flows: scores, latency, cost, baselines.")
public final class EvaluateCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--bundle",
            required = true,
            paramLabel = "DIR",
            description = "Folder of the bundle.")
    private Path bundle;

    @Mixin private LabelledData data;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write all numbers there; - for stdout, instead of the summary.")
    private Optional<String> json;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Write a page with tables and figures there, one file without scripts.")
    private Optional<Path> html;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "N",
            description =
                    "Decides the folds of the baselines and random draws (default:"
                            + " ${DEFAULT-VALUE}).")
    private long seed;

    @Override
    public Integer call() throws IOException {
        requireFolders();
        final LabelSource source = data.source(true);
        final EvaluationReport report;
        try (Progress progress = Progress.ofSteps("Evaluating", 1)) {
            report =
                    new BundleEvaluation(
                                    new EvaluationOptions(bundle, source, seed),
                                    new TrainingProgress(spec, progress),
                                    System::nanoTime)
                            .run();
        }
        final boolean toStdout = json.filter("-"::equals).isPresent();
        if (toStdout) {
            spec.commandLine().getOut().print(report.json());
            spec.commandLine().getOut().flush();
        } else {
            spec.commandLine().getOut().println(report.summary());
            if (json.isPresent()) {
                Files.writeString(Path.of(json.get()), report.json());
            }
        }
        if (html.isPresent()) {
            Files.writeString(html.get(), report.html());
        }
        return 0;
    }

    /** Minutes of work would be lost if that showed only when the files are written. */
    private void requireFolders() {
        Stream.concat(json.filter(file -> !"-".equals(file)).map(Path::of).stream(), html.stream())
                .forEach(
                        file -> {
                            if (Files.isDirectory(file)) {
                                throw new ParameterException(
                                        spec.commandLine(), file + " is a folder; name a file.");
                            }
                            final Path folder = file.toAbsolutePath().getParent();
                            if (folder == null || !Files.isDirectory(folder)) {
                                throw new ParameterException(
                                        spec.commandLine(),
                                        "The folder of "
                                                + file
                                                + " does not exist; make it or name another file.");
                            }
                        });
    }
}
