/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;

/** {@code serveflow-tail:PATH}: follows the log files that a sensor writes. */
@Component("serveflow-tail")
public class TailComponent extends SensorComponent {

    @Override
    protected Endpoint createEndpoint(
            final String uri, final String remaining, final Map<String, Object> parameters)
            throws Exception {
        final TailEndpoint endpoint = new TailEndpoint(uri, this, remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }
}
