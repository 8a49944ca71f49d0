/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import io.serveflow.flow.FlowRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The encoders that a bundle can name: {@code nprint}, {@code sequence}, {@code header}, {@code
 * payload}, {@code sizes}, {@code responder-port}, {@code known-ports}, {@code known-names}, {@code
 * known-words} and {@code handshake} of packets, {@code windows} and {@code chunks} of seconds,
 * {@code conn} and {@code conn-service} of summaries, and any of one kind joined by {@code +}, such
 * as {@code header+payload}.
 *
 * <p>The parts of a joined encoder read the same records under the same mask, and its version is
 * that of each part; it reads the stages that all of them read.
 */
public final class FeatureEncoders {

    /** Beyond this a row would be larger than any model here is meant for. */
    static final int MAX_PACKETS = 100;

    /** The stages whose records have packets. */
    static final Set<FlowRecord.Stage> OF_PACKETS =
            Set.of(FlowRecord.Stage.FIRST, FlowRecord.Stage.CONTEXT);

    /** The stage whose records have packets 1 to N. */
    static final Set<FlowRecord.Stage> OF_CONTEXT = Set.of(FlowRecord.Stage.CONTEXT);

    /** The stages whose records have a summary. */
    static final Set<FlowRecord.Stage> OF_SUMMARY = Set.of(FlowRecord.Stage.SUMMARY);

    /** The encoders whose {@code packets} counts seconds. */
    static final Set<String> OF_SECONDS = Set.of(WindowsEncoder.NAME, ChunksEncoder.NAME);

    private static final String JOIN = "+";

    private FeatureEncoders() {}

    /**
     * The encoder that a bundle asks for.
     *
     * @throws IllegalArgumentException if the encoder or its version is unknown, a part is named
     *     twice, a part reads packets and another one summaries or seconds, or too many packets are
     *     asked for
     */
    public static FeatureEncoder of(final FeatureSpec spec) {
        if (spec.packets() > MAX_PACKETS) {
            throw new IllegalArgumentException(
                    "features.packets must be at most " + MAX_PACKETS + ", was " + spec.packets());
        }
        final List<FeatureEncoder> parts = new ArrayList<>();
        final Set<String> seen = new HashSet<>();
        for (final String name : spec.encoder().split("\\" + JOIN, -1)) {
            if (!seen.add(name)) {
                throw new IllegalArgumentException(
                        "features.encoder '" + spec.encoder() + "' names " + name + " twice");
            }
            parts.add(part(name, spec));
        }
        if (ContextReach.of(spec).unit() == ContextReach.Unit.SECONDS
                && !OF_SECONDS.containsAll(seen)) {
            throw new IllegalArgumentException(
                    "features.encoder '"
                            + spec.encoder()
                            + "' joins encoders whose features.packets counts seconds with others"
                            + " that count packets; join windows and chunks with each other only");
        }
        for (final FeatureEncoder part : parts) {
            if (Collections.disjoint(part.stages(), parts.get(0).stages())) {
                throw new IllegalArgumentException(
                        "features.encoder '"
                                + spec.encoder()
                                + "' joins encoders of packets with encoders of flow summaries; no"
                                + " record has both");
            }
        }
        final FeatureEncoder encoder = parts.size() == 1 ? parts.get(0) : new JoinedEncoder(parts);
        if (encoder.width() == 0) {
            throw new IllegalArgumentException(
                    "features.encoder '" + spec.encoder() + "' has no column under its mask");
        }
        return encoder;
    }

    private static FeatureEncoder part(final String name, final FeatureSpec spec) {
        return switch (name) {
            case NprintEncoder.NAME -> {
                requireVersion(name, NprintEncoder.VERSION, spec);
                yield new NprintEncoder(spec.packets(), spec.mask());
            }
            case SequenceEncoder.NAME -> {
                requireVersion(name, SequenceEncoder.VERSION, spec);
                yield new SequenceEncoder(spec.packets());
            }
            case HeaderEncoder.NAME -> {
                requireVersion(name, HeaderEncoder.VERSION, spec);
                yield new HeaderEncoder(spec.packets(), spec.mask());
            }
            case PayloadEncoder.NAME -> {
                requireVersion(name, PayloadEncoder.VERSION, spec);
                yield new PayloadEncoder(spec.packets());
            }
            case ResponderPortEncoder.NAME -> {
                requireVersion(name, ResponderPortEncoder.VERSION, spec);
                yield new ResponderPortEncoder(spec.mask());
            }
            case KnownPortsEncoder.NAME -> {
                requireVersion(name, KnownPortsEncoder.VERSION, spec);
                yield new KnownPortsEncoder(spec.mask());
            }
            case KnownNamesEncoder.NAME -> {
                requireVersion(name, KnownNamesEncoder.VERSION, spec);
                yield new KnownNamesEncoder(spec.packets(), spec.mask());
            }
            case KnownNamesEncoder.WORDS_NAME -> {
                requireVersion(name, KnownNamesEncoder.VERSION, spec);
                yield KnownNamesEncoder.words(spec.packets(), spec.mask());
            }
            case HandshakeEncoder.NAME -> {
                requireVersion(name, HandshakeEncoder.VERSION, spec);
                yield new HandshakeEncoder(spec.packets(), spec.mask());
            }
            case SizesEncoder.NAME -> {
                requireVersion(name, SizesEncoder.VERSION, spec);
                yield new SizesEncoder(spec.packets());
            }
            case WindowsEncoder.NAME -> {
                requireVersion(name, WindowsEncoder.VERSION, spec);
                yield new WindowsEncoder(spec.packets());
            }
            case ChunksEncoder.NAME -> {
                requireVersion(name, ChunksEncoder.VERSION, spec);
                yield new ChunksEncoder(spec.packets());
            }
            case ConnEncoder.NAME -> {
                requireVersion(name, ConnEncoder.VERSION, spec);
                requireOnePacket(name, spec);
                yield new ConnEncoder(spec.mask());
            }
            case ConnServiceEncoder.NAME -> {
                requireVersion(name, ConnServiceEncoder.VERSION, spec);
                requireOnePacket(name, spec);
                yield new ConnServiceEncoder();
            }
            default ->
                    throw new IllegalArgumentException(
                            "features.encoder '"
                                    + spec.encoder()
                                    + "' is unknown; known are nprint, sequence, header, payload,"
                                    + " sizes, windows, chunks, responder-port, known-ports,"
                                    + " known-names, known-words, handshake, conn and conn-service,"
                                    + " and several joined by "
                                    + JOIN);
        };
    }

    /** What an encoder that reads no packets says in a bundle, whose tiers all say a number. */
    private static void requireOnePacket(final String name, final FeatureSpec spec) {
        if (spec.packets() != 1) {
            throw new IllegalArgumentException(
                    "features.packets must be 1 for encoder "
                            + name
                            + ", which reads no packets, was "
                            + spec.packets());
        }
    }

    private static void requireVersion(final String name, final int known, final FeatureSpec spec) {
        if (spec.version() != known) {
            throw new IllegalArgumentException(
                    "features.version "
                            + spec.version()
                            + " of encoder "
                            + name
                            + " is unknown; this release has version "
                            + known);
        }
    }
}
