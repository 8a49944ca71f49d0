/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.ndpid;

import io.serveflow.sensor.DecoderContext;
import io.serveflow.sensor.LineDecoder;
import io.serveflow.sensor.LineFormat;
import io.serveflow.sensor.LineSignature;
import io.serveflow.sensor.line.LinePrefix;
import java.util.Optional;

/** Events of nDPId, of which those with a packet are used. */
public final class NdpidFormat implements LineFormat {

    static final String ID = "ndpid";

    /** How many digits its length has before an object. */
    static final int LENGTH_DIGITS = 5;

    static final LinePrefix LENGTH = LinePrefix.digits(LENGTH_DIGITS);

    private static final Optional<LinePrefix> PREFIX = Optional.of(LENGTH);
    private static final LineSignature SIGNATURE =
            LineSignature.of("packet_event_name")
                    .or("flow_event_name", "daemon_event_name", "error_event_name");

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "nDPId events";
    }

    @Override
    public String lineTitle() {
        return "an event of nDPId";
    }

    @Override
    public LineSignature signature() {
        return SIGNATURE;
    }

    @Override
    public Optional<LinePrefix> prefix() {
        return PREFIX;
    }

    @Override
    public LineDecoder open(final DecoderContext context) {
        return new NdpidDecoder(context);
    }
}
