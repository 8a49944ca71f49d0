/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.pcap;

import io.serveflow.camel.sensor.SensorComponent;
import io.serveflow.camel.support.CheckedConfigurer;
import io.serveflow.camel.support.OptionText;
import io.serveflow.camel.support.RawValues;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.annotations.Component;

/** Replays captures: {@code serveflow-pcap:FILE}. */
@Component("serveflow-pcap")
public class ServeflowPcapComponent extends SensorComponent {

    @Override
    public PropertyConfigurer getComponentPropertyConfigurer() {
        return CheckedConfigurer.of("serveflow-pcap", super.getComponentPropertyConfigurer());
    }

    @Override
    protected Endpoint createEndpoint(
            final String uri, final String remaining, final Map<String, Object> parameters)
            throws Exception {
        if (remaining.isBlank()) {
            throw new IllegalArgumentException(
                    "a serveflow-pcap endpoint names a capture, as in"
                            + " serveflow-pcap:/data/monday.pcap; this one names none: "
                            + uri);
        }
        final ServeflowPcapEndpoint endpoint = new ServeflowPcapEndpoint(uri, this, remaining);
        RawValues.restore(uri, parameters);
        OptionText.check(uri, getEndpointPropertyConfigurer(), parameters);
        setProperties(endpoint, parameters);
        return endpoint;
    }
}
