/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import org.apache.camel.spi.Metadata;

/** What {@code serveflow} and {@code serveflow-join} set on an exchange. */
public final class ServeflowConstants {

    @Metadata(
            description =
                    "Whether a better tier is to be asked: for one flow, whether its verdict is"
                        + " provisional; for a batch, whether that of any flow is. Route on this"
                        + " one.",
            javaType = "Boolean")
    public static final String UNCERTAIN = "CamelServeflowUncertain";

    @Metadata(description = "Name of the tier that answered last", javaType = "String")
    public static final String TIER = "CamelServeflowTier";

    @Metadata(description = "The question that the tier's bundle answers", javaType = "String")
    public static final String TASK = "CamelServeflowTask";

    @Metadata(description = "The predicted label; only for a single flow", javaType = "String")
    public static final String LABEL = "CamelServeflowLabel";

    @Metadata(
            description =
                    "Calibrated probability of the label; only for a single flow. A Double, as"
                            + " Simple compares a Float with a number wrongly.",
            javaType = "Double")
    public static final String CONFIDENCE = "CamelServeflowConfidence";

    /**
     * Property of an exchange, not a header: why the tier that was asked last has no answer for all
     * of its flows, a {@link RuntimeException}.
     */
    public static final String WITHOUT_ANSWER = "CamelServeflowWithoutAnswer";

    private ServeflowConstants() {}
}
