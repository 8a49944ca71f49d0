/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.settings.PathChecks;
import io.serveflow.app.terminal.Progress;
import io.serveflow.feature.Mask;
import io.serveflow.model.BundleManifest;
import io.serveflow.training.bundle.About;
import io.serveflow.training.packing.BundlePacking;
import io.serveflow.training.packing.PackOptions;
import io.serveflow.training.packing.PackedTier;
import io.serveflow.training.score.Objective;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code serveflow pack}: ONNX models that were made elsewhere to a bundle. The launcher puts the
 * libraries of training on the class path for it.
 */
@Command(
        name = "pack",
        mixinStandardHelpOptions = true,
        description = {
            "Put ONNX models of your own into a bundle.",
            "A model has one float input x [n, columns of the encoder] and a float output"
                    + " probabilities [n, classes].",
            "With flows, labelled or not, calibrations and thresholds are fitted to them."
        })
public final class PackCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--task",
            required = true,
            paramLabel = "NAME",
            description = "The question that the models answer, such as service.")
    private String task;

    @Option(
            names = "--tier",
            required = true,
            paramLabel = "NAME=ENCODER:PACKETS:FILE",
            description =
                    "A tier and its model, the fastest first, such as"
                            + " fast=header+payload:1:fast.onnx; up to four.")
    private List<String> tiers = List.of();

    @ArgGroup(exclusive = true, multiplicity = "1")
    private ClassNames classNames;

    private static final class ClassNames {

        @Option(
                names = "--class-names",
                split = ",",
                paramLabel = "NAME",
                description = "The models' classes, in the order of their columns.")
        private List<String> stated = List.of();

        @Option(
                names = "--class-names-file",
                paramLabel = "FILE",
                description = "The same from a file, one a line.")
        private Optional<Path> file = Optional.empty();
    }

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder of the new bundle; empty, missing or an older bundle.")
    private Path out;

    @Option(
            names = "--threshold",
            split = ",",
            paramLabel = "UNCERTAINTY",
            description =
                    "For each hop from a tier to the next: a flow moves on when 1 less the"
                            + " probability of its label is above it, 0 to 1.")
    private List<Double> thresholds = List.of();

    @Option(names = "--without-ports", description = "The models were trained to see no port.")
    private boolean withoutPorts;

    @Option(
            names = "--unmask",
            split = ",",
            paramLabel = "FIELD",
            description =
                    "What the models were trained to see and is hidden by default: addresses,"
                            + " checksums, ip-id, seq-ack.")
    private List<Mask> unmask = List.of();

    @Mixin private LabelledData data;

    @ArgGroup(heading = "What thresholds are fitted for; one of:%n")
    private ObjectiveOption objective = new ObjectiveOption();

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "N",
            description = "Decides the folds of the fitting (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--name",
            paramLabel = "WORD",
            description = "The bundle's name (default: serveflow- and the task).")
    private Optional<String> name = Optional.empty();

    @Option(
            names = "--bundle-version",
            defaultValue = "1",
            paramLabel = "WORD",
            description = "Version of the bundle (default: ${DEFAULT-VALUE}).")
    private String version;

    @Option(
            names = "--data-note",
            defaultValue = "Models of whoever packed this bundle.",
            paramLabel = "TEXT",
            description = "What the models are and under which licence, for the bundle's card.")
    private String dataNote;

    @Override
    public Integer call() throws IOException {
        final PackOptions options = options();
        final BundleManifest bundle;
        try (Progress progress = Progress.ofSteps("Packing", 1)) {
            bundle =
                    new BundlePacking(
                                    options,
                                    new TrainingProgress(spec, progress),
                                    Clock.systemUTC())
                            .run();
        }
        spec.commandLine()
                .getOut()
                .printf(
                        "%s %s: %d labels, %d tiers, in %s%n",
                        bundle.name(),
                        bundle.version(),
                        bundle.labels().size(),
                        bundle.tiers().size(),
                        out);
        return 0;
    }

    /** What is no possible choice is wrong use, and not a failure of the packing. */
    private PackOptions options() throws IOException {
        final List<String> names =
                classNames.file.isPresent()
                        ? names(classNames.file.get())
                        : classNames.stated.stream().map(String::strip).toList();
        try {
            final Set<Mask> shown = Set.copyOf(unmask);
            return new PackOptions(
                    new About(task, name.orElse("serveflow-" + task), version, dataNote),
                    names,
                    tiers.stream().map(PackCommand::tier).map(tier -> seen(tier, shown)).toList(),
                    thresholds,
                    data.sourceIfAny()
                            .map(
                                    source ->
                                            new PackOptions.Fitting(
                                                    source,
                                                    objective.objective().orElse(Objective.DEFAULT),
                                                    seed)),
                    out);
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private List<String> names(final Path file) throws IOException {
        PathChecks.file(file)
                .ifPresent(
                        fault -> {
                            throw new ParameterException(
                                    spec.commandLine(), "option --class-names-file: " + fault);
                        });
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> !line.isBlank())
                    .map(String::strip)
                    .toList();
        } catch (final CharacterCodingException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "option --class-names-file is "
                            + file
                            + ", which is no text in UTF-8; name a file with a class name a line",
                    e);
        }
    }

    private static PackedTier tier(final String stated) {
        try {
            return PackedTier.parse(stated);
        } catch (final IllegalArgumentException e) {
            throw new IllegalArgumentException("--tier is " + stated + ": " + e.getMessage(), e);
        }
    }

    private PackedTier seen(final PackedTier tier, final Set<Mask> shown) {
        final PackedTier unmasked = tier.unmasked(shown);
        return withoutPorts ? unmasked.withoutPorts() : unmasked;
    }
}
