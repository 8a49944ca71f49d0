/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import io.serveflow.feature.ContextReach;
import io.serveflow.feature.FeatureEncoder;
import io.serveflow.feature.FeatureEncoders;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.flow.FlowRecord;
import java.util.Objects;

/**
 * One tier as its bundle states it, with the encoder that it states, and the one rule that says
 * which records the tier answers.
 *
 * <p>A tier answers a record that its encoder reads and that holds all that the tier is to read: as
 * many packets (or payloads, or seconds) as its features state, or fewer where no more can come,
 * because the flow ended or the sensor's wait ran out. So a tier of one packet answers first
 * records and context records, a tier of more packets only context records, and neither decides on
 * a part of what it was trained on.
 *
 * <p>A value, equal to others that state the same.
 */
public final class TierSpec {

    private final String name;
    private final String file;
    private final FeatureSpec features;
    private final TierCalibration calibration;
    private final String device;
    private final FeatureEncoder encoder;
    private final ContextReach reach;

    /**
     * @param name the tier's name, unique in the bundle
     * @param file path of the model inside the bundle
     * @param calibration what its probabilities go through before anyone sees them
     * @param device where the model is meant to run, {@code cpu} or {@code cuda}
     * @throws IllegalArgumentException if the name is none, or the features ask for an encoder that
     *     is not known
     */
    public TierSpec(
            final String name,
            final String file,
            final FeatureSpec features,
            final TierCalibration calibration,
            final String device) {
        this(name, file, features, calibration, device, FeatureEncoders.of(features));
    }

    /** A tier that is calibrated by a temperature alone. */
    public TierSpec(
            final String name,
            final String file,
            final FeatureSpec features,
            final double temperature,
            final String device) {
        this(name, file, features, TierCalibration.of(temperature), device);
    }

    /** A tier whose encoder has been made already. */
    TierSpec(
            final String name,
            final String file,
            final FeatureSpec features,
            final TierCalibration calibration,
            final String device,
            final FeatureEncoder encoder) {
        this.name = Objects.requireNonNull(name, "name");
        this.file = Objects.requireNonNull(file, "file");
        this.features = Objects.requireNonNull(features, "features");
        this.calibration = Objects.requireNonNull(calibration, "calibration");
        this.device = Objects.requireNonNull(device, "device");
        this.encoder = encoder;
        this.reach = ContextReach.of(features);
        if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException(
                    "name must be 1 to 64 letters, digits, '.', '_' or '-', was '" + name + "'");
        }
    }

    /** This tier with another calibration. */
    public TierSpec withCalibration(final TierCalibration other) {
        return new TierSpec(name, file, features, other, device, encoder);
    }

    /** The tier's name, unique in the bundle. */
    public String name() {
        return name;
    }

    /** Path of the model inside the bundle. */
    public String file() {
        return file;
    }

    /** Which features the tier reads. */
    public FeatureSpec features() {
        return features;
    }

    /** What its probabilities go through before anyone sees them. */
    public TierCalibration calibration() {
        return calibration;
    }

    /** Where the model is meant to run, {@code cpu} or {@code cuda}. */
    public String device() {
        return device;
    }

    /** What turns a record into a row of features. */
    public FeatureEncoder encoder() {
        return encoder;
    }

    /** How far into a flow the tier reads. */
    public ContextReach reach() {
        return reach;
    }

    /**
     * Whether the tier answers some records of a stage: those that its encoder reads, and first
     * records only if packet 1 is all that it reads.
     */
    public boolean answers(final FlowRecord.Stage stage) {
        return encoder.stages().contains(stage)
                && (stage != FlowRecord.Stage.FIRST || reach.isFirstPacket());
    }

    /**
     * Whether the tier answers a record: one of a stage that it {@linkplain
     * #answers(FlowRecord.Stage) answers}, which holds all that the tier reads or is complete.
     */
    public boolean answers(final FlowRecord record) {
        return answers(record.stage())
                && (record.stage() != FlowRecord.Stage.CONTEXT || reach.isMetBy(record));
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof TierSpec that
                && name.equals(that.name)
                && file.equals(that.file)
                && features.equals(that.features)
                && calibration.equals(that.calibration)
                && device.equals(that.device);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, file, features, calibration, device);
    }

    @Override
    public String toString() {
        return "TierSpec["
                + name
                + ", "
                + file
                + ", "
                + features
                + ", "
                + calibration
                + ", "
                + device
                + "]";
    }
}
