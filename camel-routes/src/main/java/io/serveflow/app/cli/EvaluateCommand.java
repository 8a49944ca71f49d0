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
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
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
            description = {
                "Write a page with tables and figures there, one file without scripts;",
                "- for stdout, instead of the summary."
            })
    private Optional<String> html;

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
        final LabelSource source = data.source(true);
        final Optional<OutputFile> jsonFile = file("--json", json);
        final Optional<OutputFile> htmlFile = file("--html", html);
        requireTwo(jsonFile, htmlFile);
        final EvaluationReport report;
        try (Progress progress = Progress.ofSteps("Evaluating", 1)) {
            report =
                    new BundleEvaluation(
                                    new EvaluationOptions(bundle, source, seed),
                                    new TrainingProgress(spec, progress),
                                    System::nanoTime)
                            .run();
        }
        final PrintWriter out = spec.commandLine().getOut();
        if (isStdout(json)) {
            out.print(report.json());
        } else if (isStdout(html)) {
            out.print(report.html());
        } else {
            out.println(report.summary());
        }
        out.flush();
        if (jsonFile.isPresent()) {
            jsonFile.get().write(to -> to.write(report.json().getBytes(StandardCharsets.UTF_8)));
        }
        if (htmlFile.isPresent()) {
            htmlFile.get().write(to -> to.write(report.html().getBytes(StandardCharsets.UTF_8)));
        }
        return 0;
    }

    private static boolean isStdout(final Optional<String> stated) {
        return stated.filter("-"::equals).isPresent();
    }

    /** Minutes of work would be lost if what is wrong showed only when the file is written. */
    private Optional<OutputFile> file(final String option, final Optional<String> stated)
            throws IOException {
        return stated.isEmpty() || isStdout(stated)
                ? Optional.empty()
                : Optional.of(
                        OutputFile.of(spec, option, Path.of(stated.get()), data.files(bundle)));
    }

    private void requireTwo(
            final Optional<OutputFile> jsonFile, final Optional<OutputFile> htmlFile)
            throws IOException {
        final boolean same =
                jsonFile.isPresent()
                        && htmlFile.isPresent()
                        && jsonFile.get().isSameAs(htmlFile.get());
        if (same || isStdout(json) && isStdout(html)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "options --json and --html are both " + json.get() + "; name two files");
        }
    }
}
