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
import io.serveflow.camel.support.Shared;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.camel.Endpoint;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.util.PropertiesHelper;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;

/**
 * Reads the lines of sensors from Kafka topics, {@code serveflow-kafka:TOPIC}, and takes flows and
 * verdicts from one process to another.
 */
@Component("serveflow-kafka")
public class ServeflowKafkaComponent extends SensorComponent {

    /** How long what is under way may take to end when nobody sends any more. */
    private static final Duration CLOSE = Duration.ofSeconds(10);

    @Metadata(description = "Options that all endpoints of the component begin with")
    private ServeflowKafkaConfiguration configuration = new ServeflowKafkaConfiguration();

    /** All endpoints of the same settings share one, so that what they send stays in order. */
    private final Shared<Properties, Producer<byte[], byte[]>> clients =
            new Shared<>(client -> client.close(CLOSE));

    /**
     * The health of each topic of each cluster that is sent to, in the repository as long as
     * somebody sends.
     */
    private final Shared<List<String>, SendingHealthCheck> sending =
            new Shared<>(SendingHealthCheck::leave);

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

    /**
     * Begins a use of Kafka's client that sends.
     *
     * @throws org.apache.kafka.common.KafkaException if it cannot be made of the settings
     */
    Shared.Use<Producer<byte[], byte[]>> client(final ServeflowKafkaConfiguration settings) {
        final Properties properties = settings.producerProperties();
        return clients.acquire(properties, () -> new KafkaProducer<>(properties));
    }

    /** Begins a use of the health check of a topic, whatever else its endpoints are set to. */
    Shared.Use<SendingHealthCheck> sending(final ServeflowKafkaConfiguration settings) {
        return sending.acquire(
                List.of(settings.getBrokers(), settings.getTopic()),
                () -> {
                    final boolean elsewhereToo =
                            sending.values().stream()
                                    .anyMatch(other -> other.topic().equals(settings.getTopic()));
                    final SendingHealthCheck check =
                            new SendingHealthCheck(
                                    settings,
                                    elsewhereToo ? "@" + settings.getBrokers() : "",
                                    producerChecks());
                    check.setEnabled(isHealthCheckProducerEnabled());
                    check.enter();
                    return check;
                });
    }

    /** How many records were handed to Kafka by exchanges that wait for its acknowledgement. */
    public long openRecords() {
        return sending.values().stream().mapToLong(check -> check.unacknowledged().records()).sum();
    }

    private Optional<WritableHealthCheckRepository> producerChecks() {
        return Optional.ofNullable(
                HealthCheckHelper.getHealthCheckRepository(
                        getCamelContext(), "producers", WritableHealthCheckRepository.class));
    }

    public ServeflowKafkaConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(final ServeflowKafkaConfiguration configuration) {
        this.configuration = configuration;
    }
}
