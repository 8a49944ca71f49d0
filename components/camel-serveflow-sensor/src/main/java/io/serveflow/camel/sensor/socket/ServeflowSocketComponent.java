/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.socket;

import io.serveflow.camel.sensor.SensorComponent;
import io.serveflow.camel.support.CheckedConfigurer;
import io.serveflow.camel.support.OptionText;
import io.serveflow.camel.support.RawValues;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.annotations.Component;

/** Takes in what sensors send that connect to {@code serveflow-socket:PROTOCOL:ADDRESS}. */
@Component("serveflow-socket")
public class ServeflowSocketComponent extends SensorComponent {

    @Override
    public PropertyConfigurer getComponentPropertyConfigurer() {
        return CheckedConfigurer.of("serveflow-socket", super.getComponentPropertyConfigurer());
    }

    @Override
    protected Endpoint createEndpoint(
            final String uri, final String remaining, final Map<String, Object> parameters)
            throws Exception {
        final int colon = remaining.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(
                    "a serveflow-socket endpoint has a protocol and an address, as in"
                            + " serveflow-socket:unix:/run/serveflow/eve.sock or"
                            + " serveflow-socket:tcp:127.0.0.1:5045; this one is "
                            + uri);
        }
        final ServeflowSocketEndpoint endpoint =
                new ServeflowSocketEndpoint(
                        uri, this, remaining.substring(0, colon), remaining.substring(colon + 1));
        RawValues.restore(uri, parameters);
        OptionText.check(uri, getEndpointPropertyConfigurer(), parameters);
        setProperties(endpoint, parameters);
        return endpoint;
    }
}
