/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.apache.camel.spi.DataFormat;
import org.apache.camel.spi.DataFormatName;
import org.apache.camel.spi.annotations.Dataformat;
import org.apache.camel.support.service.ServiceSupport;

/**
 * The data format {@code serveflow}: verdicts on flows or hosts as lines of JSON, one document
 * each.
 */
@Dataformat("serveflow")
public class ServeflowDataFormat extends ServiceSupport implements DataFormat, DataFormatName {

    /** The media type of newline-delimited JSON. */
    public static final String CONTENT_TYPE = "application/x-ndjson";

    @Override
    public String getDataFormatName() {
        return "serveflow";
    }

    @Override
    public void marshal(final Exchange exchange, final Object graph, final OutputStream stream)
            throws Exception {
        VerdictBody.write(graph, Instant.now(), stream);
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, CONTENT_TYPE);
    }

    @Override
    public Object unmarshal(final Exchange exchange, final InputStream stream) {
        throw new UnsupportedOperationException(
                "the data format serveflow writes verdicts and reads nothing; serveflow:TIER takes"
                        + " the lines of sensors as they are");
    }
}
