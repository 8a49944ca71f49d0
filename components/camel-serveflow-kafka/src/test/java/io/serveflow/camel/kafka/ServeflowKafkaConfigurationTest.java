/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The options of the source, as an address gives them. */
class ServeflowKafkaConfigurationTest {

    private final CamelContext context = new DefaultCamelContext();

    @BeforeEach
    void start() {
        context.getRegistry().bind("deadLetters", DeadLetterSink.dropping(new Ledger()));
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void shouldNeverLeaveOffsetsToTheClient() {
        final Properties properties = properties("conn");

        assertThat(properties)
                .containsEntry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false")
                .containsEntry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    }

    @Test
    void shouldPassOnWhatKafkaKnows() {
        final Properties properties =
                properties(
                        "conn?additionalProperties.fetch.min.bytes=1000&groupInstanceId=sensor-1"
                                + "&isolationLevel=read_committed&maxPollRecords=7");

        assertThat(properties)
                .containsEntry(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, "1000")
                .containsEntry(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "sensor-1")
                .containsEntry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
                .containsEntry(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 7);
    }

    @Test
    void shouldPassOnWhatTheListenerAsksFor() {
        final Properties properties =
                properties(
                        "conn?securityProtocol=SASL_SSL&saslMechanism=SCRAM-SHA-512"
                                + "&saslJaasConfig=RAW(login;)&sslTruststoreLocation=ca.p12"
                                + "&sslTruststorePassword=RAW(a)&sslTruststoreType=PKCS12"
                                + "&sslKeystoreLocation=key.p12&sslKeystorePassword=RAW(b)"
                                + "&sslKeystoreType=PKCS12&sslKeyPassword=RAW(c)"
                                + "&sslEndpointAlgorithm=none");

        assertThat(properties)
                .containsEntry(SaslConfigs.SASL_MECHANISM, "SCRAM-SHA-512")
                .containsEntry(SaslConfigs.SASL_JAAS_CONFIG, "login;")
                .containsEntry(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, "ca.p12")
                .containsEntry(SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG, "a")
                .containsEntry(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PKCS12")
                .containsEntry(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG, "key.p12")
                .containsEntry(SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG, "b")
                .containsEntry(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, "PKCS12")
                .containsEntry(SslConfigs.SSL_KEY_PASSWORD_CONFIG, "c")
                .containsEntry(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG, "");
    }

    @Test
    void shouldTakeSecretsAsTheyAreWritten() {
        final Properties properties =
                properties(
                        "conn?securityProtocol=SASL_SSL&saslJaasConfig=RAW(login"
                            + " password=\"a+b&c%25d)e\";)&sslTruststorePassword=RAW{a+b&c%25d)&e}"
                            + "&additionalProperties.client.rack=RAW(r%251)");

        assertThat(properties)
                .containsEntry(SaslConfigs.SASL_JAAS_CONFIG, "login password=\"a+b&c%25d)e\";")
                .containsEntry(SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG, "a+b&c%25d)&e")
                .containsEntry(ConsumerConfig.CLIENT_RACK_CONFIG, "r%251");
    }

    @Test
    void shouldNotLetContextsOvertakeFlowsThatKafkaDoesNotTake() {
        final Properties flows =
                endpoint("t?content=flows").getConfiguration().producerProperties();

        assertThat(flows)
                .containsEntry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 86_400_000)
                .containsEntry(ProducerConfig.MAX_BLOCK_MS_CONFIG, 86_400_000)
                .containsEntry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    }

    @Test
    void shouldWaitForRoomAsLongAsForAnAcknowledgement() {
        assertThat(endpoint("t?content=documents").getConfiguration().producerProperties())
                .containsEntry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 120_000)
                .containsEntry(ProducerConfig.MAX_BLOCK_MS_CONFIG, 120_000);
        assertThat(
                        endpoint("t?content=flows&deliveryTimeoutMs=15000")
                                .getConfiguration()
                                .producerProperties())
                .containsEntry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 15_000)
                .containsEntry(ProducerConfig.MAX_BLOCK_MS_CONFIG, 15_000);
    }

    @Test
    void shouldNameConsumersApart() {
        final ServeflowKafkaConfiguration configuration =
                endpoint("conn?consumersCount=2&clientId=c&groupInstanceId=g").getConfiguration();

        assertThat(configuration.consumerProperties(1))
                .containsEntry(ConsumerConfig.CLIENT_ID_CONFIG, "c-1")
                .containsEntry(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "g-1");
    }

    @Test
    void shouldBeginWithTheOptionsOfTheComponent() {
        context.getComponent("serveflow-kafka", ServeflowKafkaComponent.class)
                .getConfiguration()
                .setBrokers("one:9092,two:9092");

        assertThat(properties("conn"))
                .containsEntry(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "one:9092,two:9092");
    }

    @Test
    void shouldTakeAddressesOfBothFamilies() {
        assertThat(properties("conn?brokers=[::1]:9092, 10.0.0.1:9092"))
                .containsEntry(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "[::1]:9092,10.0.0.1:9092");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a b | topic must be names",
                "[?topicIsPattern=true | topic must be a regular expression",
                "t?brokers=broker | brokers must be HOST:PORT, separated by commas, with ports"
                        + " from 1 to 65535, was 'broker'",
                "t?brokers=a:9092,b:65536 | brokers must be HOST:PORT, separated by commas, with"
                        + " ports from 1 to 65535, was 'a:9092,b:65536'",
                "t?brokers=a:0 | brokers must be HOST:PORT",
                "t?securityProtocol=SASL_SSL&saslMechanism=SCRAM | saslMechanism must be PLAIN or"
                        + " SCRAM-SHA-256 or SCRAM-SHA-512 or GSSAPI or OAUTHBEARER, was 'SCRAM'",
                "t?autoOffsetReset=now | autoOffsetReset must be earliest or latest or none, was"
                        + " 'now'",
                "t?format=pcap | format must be auto or one of",
                "t?isolationLevel=none | isolationLevel must be",
                "t?consumersCount=0 | consumersCount must be 1 to 256, was 0",
                "t?maxPollRecords=0 | maxPollRecords must be 1 to 65536, was 0",
                "t?pollTimeoutMs=6000 | pollTimeoutMs must be 1 to 5000, was 6000",
                "t?heartbeatIntervalMs=20000 | heartbeatIntervalMs must be 1 to 15000, was 20000",
                "t?maxPollIntervalMs=1000 | maxPollIntervalMs must be 45000 to 86400000, was 1000",
                "t?groupId=RAW( ) | groupId must not be empty",
                "t?securityProtocol=TLS | securityProtocol must be",
                "t?saslJaasConfig=login | saslJaasConfig is set, so securityProtocol must be",
                "t?sslTruststoreLocation=ca | a trust store or key store is set, so",
                "t?additionalProperties.enable.auto.commit=true | [enable.auto.commit]",
                "t?snap=0 | snap",
            })
    void shouldRefuseToStartWithAnOptionThatIsWrong(final String address, final String message) {
        assertThatThrownBy(() -> endpoint(address)).rootCause().hasMessageContaining(message);
    }

    @Test
    void shouldNameAllOptionsThatAreWrong() {
        assertThatThrownBy(() -> endpoint("t?consumersCount=0&maxPollRecords=0"))
                .rootCause()
                .hasMessageContainingAll("consumersCount", "maxPollRecords");
    }

    @Test
    void shouldNotTellSecrets() {
        final Endpoint endpoint =
                endpoint(
                        "t?securityProtocol=SASL_SSL&saslJaasConfig=RAW(hidden)&sslTruststorePassword=RAW(hidden)");

        assertThat(endpoint.toString()).doesNotContain("hidden");
    }

    private Properties properties(final String address) {
        return endpoint(address).getConfiguration().consumerProperties(0);
    }

    private ServeflowKafkaEndpoint endpoint(final String address) {
        return context.getEndpoint("serveflow-kafka:" + address, ServeflowKafkaEndpoint.class);
    }
}
