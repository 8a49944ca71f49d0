/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import io.serveflow.camel.sensor.SensorComponent;
import io.serveflow.camel.support.CheckedConfigurer;
import io.serveflow.camel.support.OptionText;
import io.serveflow.camel.support.RawValues;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.util.PropertiesHelper;

/** Reads the lines of sensors from Kafka topics: {@code serveflow-kafka:TOPIC}. */
@Component("serveflow-kafka")
public class ServeflowKafkaComponent extends SensorComponent {

    @Metadata(description = "Options that all endpoints of the component begin with")
    private ServeflowKafkaConfiguration configuration = new ServeflowKafkaConfiguration();

    @Override
    public PropertyConfigurer getComponentPropertyConfigurer() {
        return CheckedConfigurer.of("serveflow-kafka", super.getComponentPropertyConfigurer());
    }

    @Override
    protected Endpoint createEndpoint(
            final String uri, final String remaining, final Map<String, Object> parameters)
            throws Exception {
        RawValues.restore(uri, parameters);
        final ServeflowKafkaConfiguration copy = configuration.copy();
        copy.setTopic(remaining);
        copy.getAdditionalProperties()
                .putAll(PropertiesHelper.extractProperties(parameters, "additionalProperties."));
        final ServeflowKafkaEndpoint endpoint = new ServeflowKafkaEndpoint(uri, this, copy);
        OptionText.check(uri, getEndpointPropertyConfigurer(), parameters);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    public ServeflowKafkaConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(final ServeflowKafkaConfiguration configuration) {
        this.configuration = configuration;
    }
}
