/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.batch.FlowBatch;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.camel.Converter;
import org.apache.camel.TypeConversionException;

/**
 * Lets a route have the documents of a batch's verdicts, as {@code convertBodyTo} asks for them.
 */
@Converter(generateLoader = true)
public final class FlowBatchConverter {

    private FlowBatchConverter() {}

    /**
     * A document a line, each with its line end; of a batch that lacks verdicts what its {@code
     * toString} says, as logs ask for the text of any body.
     */
    @Converter
    public static String toText(final FlowBatch batch) {
        return VerdictBody.isAnswered(batch)
                ? new String(VerdictBody.lines(batch, Instant.now()), StandardCharsets.UTF_8)
                : batch.toString();
    }

    /** UTF-8 of a document a line, each with its line end. */
    @Converter
    public static byte[] toBytes(final FlowBatch batch) {
        return VerdictBody.lines(batch, Instant.now());
    }

    /** UTF-8 of a document a line, each with its line end. */
    @Converter
    public static InputStream toInputStream(final FlowBatch batch) {
        return new ByteArrayInputStream(toBytes(batch));
    }

    /**
     * The document of the one flow in a batch.
     *
     * @throws TypeConversionException if it has more than one flow, or none
     */
    @Converter
    public static Map<String, Object> toMap(final FlowBatch batch) {
        if (batch.size() != 1) {
            throw new TypeConversionException(
                    batch,
                    Map.class,
                    new IllegalArgumentException(
                            "a Map is the document of one flow, and the batch has "
                                    + batch.size()
                                    + "; convert it to a List, and split that"));
        }
        return VerdictBody.maps(batch, Instant.now()).get(0);
    }

    /** The documents of all flows, one Map each. */
    @Converter
    public static List<Map<String, Object>> toList(final FlowBatch batch) {
        return VerdictBody.maps(batch, Instant.now());
    }
}
