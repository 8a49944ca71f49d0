/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.training.data.DataKind;
import io.serveflow.training.data.LabelSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say where labelled flows come from; of the three kinds one is given. */
final class LabelledData {

    private static final String WAYS =
            "give --captures DIR and --labels CSV, --sessions DIR and --labels CSV, or"
                    + " --sequences CSV";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--captures",
            paramLabel = "DIR",
            description = "Folder of the captures that the labels name.")
    private Optional<Path> captures = Optional.empty();

    @Option(
            names = "--sessions",
            paramLabel = "DIR",
            description =
                    "Instead of captures: folder of sessions, files with time and signed length"
                            + " of each packet.")
    private Optional<Path> sessions = Optional.empty();

    @Option(
            names = "--sequences",
            paramLabel = "CSV",
            description =
                    "Instead of captures and labels: one row a flow, its signed payload sizes and"
                            + " its label.")
    private Optional<Path> sequences = Optional.empty();

    @Option(
            names = "--labels",
            paramLabel = "CSV",
            description = {
                "For captures one row a flow: capture, 5-tuple, first packet's time, label, group.",
                "For sessions one row a session: file, maybe session, label, group."
            })
    private Optional<Path> labels = Optional.empty();

    @Option(
            names = "--classes",
            paramLabel = "CSV",
            description =
                    "The class of rows by their columns, instead of the column label; rows of no"
                            + " class are left out.")
    private Optional<Path> classes = Optional.empty();

    @Option(
            names = "--group-by",
            split = ",",
            paramLabel = "COLUMN",
            description =
                    "Columns that make up the group, instead of the column group; rows of one"
                            + " group stay together.")
    private List<String> groupBy = List.of();

    /**
     * The source that the options name.
     *
     * @param labelsNeeded whether captures must have labels
     * @throws ParameterException if they name none or more than one
     */
    LabelSource source(final boolean labelsNeeded) {
        final long kinds =
                List.of(captures, sessions, sequences).stream().filter(Optional::isPresent).count();
        if (kinds != 1) {
            throw wrong((kinds == 0 ? "There are no flows to read; " : "Give one kind; ") + WAYS);
        }
        if (sequences.isPresent() && labels.isPresent()) {
            throw wrong("--sequences holds the labels of its flows, so give no --labels with it.");
        }
        final boolean mustHave = sessions.isPresent() || labelsNeeded;
        if (sequences.isEmpty() && labels.isEmpty() && mustHave) {
            throw wrong(
                    (sessions.isPresent() ? "--sessions" : "--captures")
                            + " needs --labels CSV, which says what is what.");
        }
        if (sequences.isEmpty()
                && labels.isEmpty()
                && (classes.isPresent() || !groupBy.isEmpty())) {
            throw wrong("--classes and --group-by read columns of --labels, which is missing.");
        }
        if (groupBy.stream().anyMatch(String::isBlank)) {
            throw wrong(
                    "--group-by is '"
                            + String.join(",", groupBy)
                            + "', in which a column has no name; take the comma out.");
        }
        return new LabelSource(
                sequences.isPresent()
                        ? DataKind.SEQUENCES
                        : sessions.isPresent() ? DataKind.SESSIONS : DataKind.CAPTURES,
                sequences.or(() -> labels),
                captures.or(() -> sessions),
                classes,
                groupBy);
    }

    /**
     * The source that the options name, if they name one; captures may be without labels.
     *
     * @throws ParameterException if they name half of one or more than one
     */
    Optional<LabelSource> sourceIfAny() {
        final boolean none =
                captures.isEmpty()
                        && sessions.isEmpty()
                        && sequences.isEmpty()
                        && labels.isEmpty()
                        && classes.isEmpty()
                        && groupBy.isEmpty();
        return none ? Optional.empty() : Optional.of(source(false));
    }

    /** The files that are read with a bundle; those inside folders are not among them. */
    List<Path> files(final Path bundle) {
        return Stream.concat(
                        Stream.of(bundle.resolve("bundle.json")),
                        Stream.of(labels, sequences, classes).flatMap(Optional::stream))
                .toList();
    }

    private ParameterException wrong(final String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }
}
