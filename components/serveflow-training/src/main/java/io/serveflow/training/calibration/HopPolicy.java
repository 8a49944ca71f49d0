/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.calibration;

/** Whose uncertainty a hop compares with which threshold. */
public enum HopPolicy {
    /** One threshold for all flows. */
    UNIVERSAL,
    /**
     * One threshold for the flows of those labels that gain by moving on; flows that are said to be
     * of another label stay.
     */
    WHERE_IT_PAYS,
    /** A threshold for each label that the tier predicts. */
    PER_CLASS
}
