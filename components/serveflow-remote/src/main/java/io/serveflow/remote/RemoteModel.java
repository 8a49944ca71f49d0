/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote;

import io.serveflow.remote.protocol.ModelMetadataResponse;
import io.serveflow.remote.protocol.ModelMetadataResponse.TensorMetadata;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A tier's model as both sides of a network know it: its name there, and the tensors that it reads
 * and gives.
 *
 * <p>The model has an input {@code x} of the shape [n, columns] and an output {@code probabilities}
 * of the shape [n, classes], both {@code FP32}, n being free. What a server of somebody else says
 * of it may leave n out, leave the width free, or give {@code FP64}; it may also say nothing at
 * all.
 *
 * @param name what the server calls it
 * @param columns how many features a row has
 * @param classes how many probabilities a row gets
 * @param sha256 the digest of the model's file in hexadecimal, empty where it is not known
 */
public record RemoteModel(String name, int columns, int classes, String sha256) {

    /** The name of the input tensor. */
    public static final String INPUT = "x";

    /** The name of the output tensor. */
    public static final String OUTPUT = "probabilities";

    /** The type of both tensors. */
    public static final String TYPE = "FP32";

    /** A type that the output may have, too. */
    public static final String WIDER_TYPE = "FP64";

    /**
     * The property of the metadata with the digest of the model's file, which our worker states.
     */
    public static final String DIGEST = "sha256";

    /** Most bytes of a message, in either direction. */
    public static final int MOST_BYTES = 64 << 20;

    private static final long FREE = -1;

    public RemoteModel {
        Objects.requireNonNull(sha256, "sha256");
        if (name.isBlank()) {
            throw new IllegalArgumentException("the name of a model must not be empty");
        }
        if (columns < 1 || classes < 1) {
            throw new IllegalArgumentException(
                    "model "
                            + name
                            + " must have columns and classes, has "
                            + columns
                            + " and "
                            + classes);
        }
    }

    /** What the model of a tier is called where nobody says otherwise. */
    public static String nameOf(final String task, final String tier) {
        return task + "-" + tier;
    }

    /** What a server says of this model. */
    public ModelMetadataResponse metadata(final String version) {
        return ModelMetadataResponse.newBuilder()
                .setName(name)
                .addVersions(version)
                .setPlatform("serveflow")
                .addInputs(tensor(INPUT, columns))
                .addOutputs(tensor(OUTPUT, classes))
                .putProperties(DIGEST, sha256)
                .build();
    }

    private static TensorMetadata tensor(final String name, final int width) {
        return TensorMetadata.newBuilder()
                .setName(name)
                .setDatatype(TYPE)
                .addShape(FREE)
                .addShape(width)
                .build();
    }

    /** Whether a server says of its model what it reads or gives. */
    public static boolean isDescribed(final ModelMetadataResponse served) {
        return served.getInputsCount() > 0 || served.getOutputsCount() > 0;
    }

    /** Why what a server says of a model does not fit this one; empty if it does. */
    public Optional<String> fault(final ModelMetadataResponse served) {
        return (isDescribed(served) ? tensorFault(served) : Optional.<String>empty())
                .or(() -> digestFault(served));
    }

    private Optional<String> tensorFault(final ModelMetadataResponse served) {
        final Optional<String> input = fault(served.getInputsList(), INPUT, List.of(TYPE), columns);
        if (input.isPresent()) {
            return input;
        }
        if (served.getInputsCount() != 1) {
            return Optional.of(
                    "it reads " + served.getInputsCount() + " tensors, the tier has only x");
        }
        return fault(served.getOutputsList(), OUTPUT, List.of(TYPE, WIDER_TYPE), classes);
    }

    private Optional<String> digestFault(final ModelMetadataResponse served) {
        final String digest = served.getPropertiesOrDefault(DIGEST, "");
        return digest.isEmpty() || sha256.isEmpty() || isStated(served)
                ? Optional.empty()
                : Optional.of(
                        "it is made of another file, of the digest "
                                + digest
                                + "; that of the bundle is "
                                + sha256);
    }

    /** Whether a server states that its model is made of this one's file. */
    public boolean isStated(final ModelMetadataResponse served) {
        return !sha256.isEmpty() && served.getPropertiesOrDefault(DIGEST, "").equals(sha256);
    }

    private static Optional<String> fault(
            final List<TensorMetadata> tensors,
            final String name,
            final List<String> types,
            final int width) {
        final Optional<TensorMetadata> found =
                tensors.stream().filter(tensor -> tensor.getName().equals(name)).findFirst();
        if (found.isEmpty()) {
            return Optional.of("it has no tensor " + name);
        }
        final TensorMetadata tensor = found.get();
        if (!types.contains(tensor.getDatatype())) {
            return Optional.of(
                    name
                            + " is "
                            + tensor.getDatatype()
                            + ", must be "
                            + String.join(" or ", types));
        }
        return isOfRows(tensor.getShapeList(), width)
                ? Optional.empty()
                : Optional.of(
                        name
                                + " has the shape "
                                + tensor.getShapeList()
                                + ", must have [-1, "
                                + width
                                + "]");
    }

    /** Rows of a width, as many as one likes; a server may leave either of the two unsaid. */
    private static boolean isOfRows(final List<Long> shape, final int width) {
        return switch (shape.size()) {
            case 1 -> shape.get(0) == width;
            case 2 -> shape.get(0) < 0 && (shape.get(1) < 0 || shape.get(1) == width);
            default -> false;
        };
    }
}
