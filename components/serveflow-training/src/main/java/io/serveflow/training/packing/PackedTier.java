/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.packing;

import io.serveflow.feature.FeatureEncoder;
import io.serveflow.feature.FeatureEncoders;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.feature.Mask;
import io.serveflow.flow.FlowRecord;
import io.serveflow.model.TierCalibration;
import io.serveflow.model.TierSpec;
import io.serveflow.training.tier.TierFeatures;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A tier whose model was made elsewhere.
 *
 * @param name the tier's name, which is also that of its file in the bundle
 * @param features what the model reads
 * @param model the ONNX file
 */
public record PackedTier(String name, FeatureSpec features, Path model) {

    private static final Pattern STATED = Pattern.compile("([^=:]+)=([^=:]+):([0-9]{1,4}):(.+)");

    public PackedTier {
        Objects.requireNonNull(features, "features");
        Objects.requireNonNull(model, "model");
        if (!name.matches("[a-z][a-z0-9-]{0,63}")) {
            throw new IllegalArgumentException(
                    "a tier's name must be 1 to 64 lower-case letters, digits and -, was '"
                            + name
                            + "'");
        }
    }

    /**
     * A tier as it is stated in one word: {@code NAME=ENCODER:PACKETS:FILE}, such as {@code
     * fast=header+payload:1:fast.onnx}.
     *
     * @throws IllegalArgumentException if it is not of that form, the encoder is unknown, or it
     *     reads no packets; one sentence that says so
     */
    public static PackedTier parse(final String stated) {
        final Matcher parts = STATED.matcher(stated);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "a tier is stated as NAME=ENCODER:PACKETS:FILE, such as"
                            + " fast=header+payload:1:fast.onnx, was '"
                            + stated
                            + "'");
        }
        try {
            final PackedTier tier =
                    new PackedTier(
                            parts.group(1),
                            TierFeatures.of(parts.group(2), Integer.parseInt(parts.group(3))),
                            Path.of(parts.group(4)));
            if (!tier.encoder().stages().contains(FlowRecord.Stage.CONTEXT)) {
                throw new IllegalArgumentException(
                        "tier "
                                + tier.name
                                + " reads "
                                + tier.features.encoder()
                                + ", which needs the summaries of a sensor; only encoders of"
                                + " packets can be packed, such as header+payload");
            }
            return tier;
        } catch (final InvalidPathException e) {
            throw new IllegalArgumentException(
                    "'" + parts.group(4) + "' cannot be the name of a file", e);
        }
    }

    /** This tier blind to ports. */
    public PackedTier withoutPorts() {
        return new PackedTier(name, TierFeatures.withoutPorts(features), model);
    }

    /** This tier with fields shown that are masked unless they are asked for. */
    public PackedTier unmasked(final Set<Mask> shown) {
        return new PackedTier(name, TierFeatures.unmasked(features, shown), model);
    }

    FeatureEncoder encoder() {
        return FeatureEncoders.of(features);
    }

    TierSpec spec(final TierCalibration calibration) {
        return new TierSpec(name, name + ".onnx", features, calibration, "cpu");
    }
}
