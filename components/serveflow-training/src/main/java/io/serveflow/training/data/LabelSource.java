/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.data;

import io.serveflow.feature.ContextReach;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.training.notice.TrainingException;
import io.serveflow.training.notice.TrainingListener;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where labelled flows come from.
 *
 * @param kind what they are read from
 * @param labels the file with their labels, of size sequences also with their sizes; only captures
 *     can be without
 * @param folder the folder of the captures or sessions; none for size sequences
 * @param classes the class map, if the column {@code label} is not the label
 * @param groupBy columns of the labels that make up the group; none for the column {@code group}
 */
public record LabelSource(
        DataKind kind,
        Optional<Path> labels,
        Optional<Path> folder,
        Optional<Path> classes,
        List<String> groupBy) {

    public LabelSource {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(labels, "labels");
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(classes, "classes");
        groupBy = List.copyOf(groupBy);
        if (labels.isEmpty() && kind != DataKind.CAPTURES) {
            throw new IllegalArgumentException(kind.words() + " need labels");
        }
        if (folder.isPresent() == (kind == DataKind.SEQUENCES)) {
            throw new IllegalArgumentException(
                    kind == DataKind.SEQUENCES
                            ? "size sequences are in their labels file, and need no folder"
                            : kind.words() + " need a folder");
        }
    }

    /** Captures and the labels of their flows. */
    public static LabelSource captures(final Path labels, final Path folder) {
        return of(DataKind.CAPTURES, Optional.of(labels), Optional.of(folder));
    }

    /** Captures of which no label is known. */
    public static LabelSource unlabelled(final Path folder) {
        return of(DataKind.CAPTURES, Optional.empty(), Optional.of(folder));
    }

    /** Flows as rows of signed payload sizes. */
    public static LabelSource sequences(final Path file) {
        return of(DataKind.SEQUENCES, Optional.of(file), Optional.empty());
    }

    /** Sessions as time series, and their labels. */
    public static LabelSource sessions(final Path labels, final Path folder) {
        return of(DataKind.SESSIONS, Optional.of(labels), Optional.of(folder));
    }

    private static LabelSource of(
            final DataKind kind, final Optional<Path> labels, final Optional<Path> folder) {
        return new LabelSource(kind, labels, folder, Optional.empty(), List.of());
    }

    public LabelSource withClasses(final Optional<Path> map) {
        return new LabelSource(kind, labels, folder, map, groupBy);
    }

    public LabelSource withGroupBy(final List<String> columns) {
        return new LabelSource(kind, labels, folder, classes, columns);
    }

    /**
     * Reads the flows as far as tiers read them.
     *
     * @param observer the name of the sensor in their ids
     * @throws TrainingException if a tier reads what such flows have not, or no row can be used
     */
    public LabelledCaptures read(
            final String observer, final List<FeatureSpec> tiers, final TrainingListener listener) {
        kind.requireReads(tiers);
        final LabelChoice choice =
                new LabelChoice(classes.map(file -> ClassMap.read(file, listener)), groupBy);
        return switch (kind) {
            case CAPTURES -> {
                final FlowAssembler.Options options =
                        ContextReach.options(FlowAssembler.Options.defaults(observer), tiers);
                yield labels.isPresent()
                        ? LabelledCaptures.read(
                                labels.get(), folder.orElseThrow(), choice, options, listener)
                        : LabelledCaptures.unlabelled(folder.orElseThrow(), options, listener);
            }
            case SEQUENCES ->
                    SizeSequences.read(
                            labels.orElseThrow(), choice, furthest(tiers), observer, listener);
            case SESSIONS ->
                    new SessionFiles(folder.orElseThrow(), furthest(tiers), observer, listener)
                            .read(labels.orElseThrow(), choice);
        };
    }

    private static int furthest(final List<FeatureSpec> tiers) {
        return tiers.stream().mapToInt(FeatureSpec::packets).max().orElseThrow();
    }
}
