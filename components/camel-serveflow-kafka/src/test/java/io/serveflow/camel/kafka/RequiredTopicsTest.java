/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.testing.kafka.LocalKafka;
import io.serveflow.testing.kafka.SharedKafka;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is said of topics before anything starts. */
@ExtendWith(SharedKafka.class)
class RequiredTopicsTest {

    private final LocalKafka kafka;

    RequiredTopicsTest(final LocalKafka kafka) {
        this.kafka = kafka;
    }

    @Test
    void shouldNameTopicsThatAreMissingAndWhatToDo() {
        assertThatThrownBy(() -> topics(0, "missing.a", "missing.b").require())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Kafka at "
                                + kafka.brokers()
                                + " has no topic missing.a, missing.b; make them with as many"
                                + " partitions as the others, or set serveflow.link.partitions to"
                                + " have missing topics made");
    }

    @Test
    void shouldMakeMissingTopicsIfAllowed() throws Exception {
        assertThat(topics(3, "made.a", "made.b").require()).isTrue();

        assertThat(partitions("made.a")).isEqualTo(3);
        assertThat(partitions("made.b")).isEqualTo(3);
    }

    @Test
    void shouldRefuseUnequalNumbersOfPartitions() {
        kafka.topic("unequal.a", 3);
        kafka.topic("unequal.b", 4);

        assertThatThrownBy(() -> topics(0, "unequal.a", "unequal.b").require())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unequal.a 3")
                .hasMessageContaining("unequal.b 4")
                .hasMessageContaining("kafka-topics.sh --alter");
    }

    @Test
    void shouldSayThatKafkaHasNotAnswered() throws Exception {
        final ServeflowKafkaConfiguration nowhere = new ServeflowKafkaConfiguration();
        nowhere.setBrokers("127.0.0.1:1");

        assertThat(new RequiredTopics(nowhere, List.of("a"), 0).require()).isFalse();
    }

    @Test
    void shouldSayThatKafkaHasNotAnsweredWhileNobodyKnowsTheNameOfABroker() throws Exception {
        final ServeflowKafkaConfiguration unknown = new ServeflowKafkaConfiguration();
        unknown.setBrokers("not-started-yet.invalid:9092");

        assertThat(new RequiredTopics(unknown, List.of("a"), 0).require()).isFalse();
    }

    @Test
    void shouldSayWhatToDoAboutASingleTopicThatIsMissing() {
        assertThatThrownBy(() -> topics(0, "missing.c").require())
                .hasMessage(
                        "Kafka at "
                                + kafka.brokers()
                                + " has no topic missing.c; make it, or set"
                                + " serveflow.link.partitions to have missing topics made");
    }

    @Test
    void shouldNameTheOptionWhereTheCertificateOfABrokerIsNotTrusted() {
        final ServeflowKafkaConfiguration settings = new ServeflowKafkaConfiguration();
        settings.setBrokers(kafka.mutualBrokers());
        settings.setSecurityProtocol("SSL");

        assertThatThrownBy(() -> new RequiredTopics(settings, List.of("a"), 0).require())
                .hasNoCause()
                .hasMessageStartingWith(
                        "Kafka at "
                                + kafka.mutualBrokers()
                                + " does not let this process in: the certificate of a broker is"
                                + " not trusted (")
                .hasMessageEndingWith(
                        "name a file with the certificate of who signed it in"
                                + " sslTruststoreLocation");
    }

    private RequiredTopics topics(final int partitions, final String... names) {
        final ServeflowKafkaConfiguration settings = new ServeflowKafkaConfiguration();
        settings.setBrokers(kafka.brokers());
        return new RequiredTopics(settings, List.of(names), partitions);
    }

    private int partitions(final String topic) throws InterruptedException, ExecutionException {
        try (Admin admin = kafka.admin()) {
            return admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .partitions()
                    .size();
        }
    }
}
