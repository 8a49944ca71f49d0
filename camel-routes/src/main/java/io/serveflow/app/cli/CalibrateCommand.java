/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.terminal.Progress;
import io.serveflow.training.recalibration.BundleCalibration;
import io.serveflow.training.recalibration.CalibrationOptions;
import io.serveflow.training.recalibration.Recalibration;
import io.serveflow.training.score.Objective;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code serveflow calibrate}: calibrations and thresholds of a bundle for one's own traffic. The
 * launcher puts the libraries of training on the class path for it.
 */
@Command(
        name = "calibrate",
        mixinStandardHelpOptions = true,
        description = {
            "Calibrate a bundle for your own traffic, and choose its thresholds.",
            "Shows what would change; --out writes it. The models stay as they are.",
            "Captures need no labels: the answers of the last tier then stand for them."
        })
public final class CalibrateCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--bundle",
            required = true,
            paramLabel = "DIR",
            description = "Folder of the bundle.")
    private Path bundle;

    @Mixin private LabelledData data;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Write the calibrated bundle there; an empty or missing folder, or a bundle,"
                            + " such as the same one, to replace.")
    private Optional<Path> out;

    @Option(
            names = "--bundle-version",
            paramLabel = "WORD",
            description = "Version of the calibrated bundle (default: the old one, -calibrated).")
    private Optional<String> version;

    @ArgGroup(heading = "What thresholds are chosen for; one of:%n")
    private ObjectiveOption objective = new ObjectiveOption();

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "N",
            description = "Decides the folds (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Override
    public Integer call() {
        final CalibrationOptions options = options();
        final Recalibration result;
        try (Progress progress = Progress.ofSteps("Calibrating", 1)) {
            result = new BundleCalibration(options, new TrainingProgress(spec, progress)).run();
        }
        spec.commandLine().getOut().print(result.text());
        spec.commandLine()
                .getOut()
                .println(
                        out.map(folder -> "Written to " + folder + ".")
                                .orElse("Nothing was written; --out DIR writes it."));
        return 0;
    }

    /** What is no possible choice is wrong use, and not a failure of the work. */
    private CalibrationOptions options() {
        try {
            return new CalibrationOptions(
                    bundle,
                    data.source(false),
                    out,
                    version,
                    objective.objective().orElse(Objective.DEFAULT),
                    seed);
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
