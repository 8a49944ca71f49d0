/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.eve;

import io.serveflow.sensor.DecoderContext;
import io.serveflow.sensor.LineDecoder;
import io.serveflow.sensor.LineFormat;
import io.serveflow.sensor.LineSignature;
import java.util.List;

/** Suricata EVE: alerts that carry a packet each, and flow events. */
public final class EveFormat implements LineFormat {

    static final String ID = "eve";

    private static final LineSignature SIGNATURE = LineSignature.of("event_type");
    private static final List<String> BEGINNINGS = List.of("{\"timestamp\":\"");

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Suricata EVE logs";
    }

    @Override
    public String lineTitle() {
        return "an event of Suricata's EVE log";
    }

    @Override
    public LineSignature signature() {
        return SIGNATURE;
    }

    @Override
    public List<String> beginnings() {
        return BEGINNINGS;
    }

    @Override
    public LineDecoder open(final DecoderContext context) {
        return new EveDecoder(context);
    }
}
