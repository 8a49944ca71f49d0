/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.testing.kafka.LocalKafka;
import io.serveflow.testing.kafka.SharedKafka;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a real Kafka says of topics before anything uses them. */
@Timeout(60)
@ExtendWith(SharedKafka.class)
class BrokerSurveyTest {

    private final LocalKafka kafka;

    BrokerSurveyTest(final LocalKafka kafka) {
        this.kafka = kafka;
    }

    @Test
    void shouldGoOnBehindATopicThatNoneCanBe() throws Exception {
        kafka.topic("survey.there", 2);

        final BrokerSurvey.Seen seen =
                look(
                        new BrokerSurvey.Use(
                                Set.of("survey/no/topic", "survey.there"),
                                Set.of(),
                                Set.of(),
                                Set.of("survey.group"),
                                0));

        assertThat(seen.partitions()).containsEntry("survey.there", 2).hasSize(1);
        assertThat(seen.missing()).isEmpty();
        assertThat(seen.refused()).isEmpty();
        assertThat(seen.faults())
                .singleElement()
                .asString()
                .startsWith("topic survey/no/topic (The request attempted to perform");
    }

    @Test
    void shouldSayWhyATopicWouldNotBeMade() throws Exception {
        final BrokerSurvey.Seen seen =
                look(
                        new BrokerSurvey.Use(
                                Set.of(), Set.of("survey.unmade"), Set.of(), Set.of(), 20_000));

        assertThat(seen.missing()).containsExactly("survey.unmade");
        assertThat(seen.faults())
                .singleElement()
                .asString()
                .startsWith("topic survey.unmade (Excessively large number of partitions");
    }

    private BrokerSurvey.Seen look(final BrokerSurvey.Use use) throws Exception {
        final ServeflowKafkaConfiguration settings = new ServeflowKafkaConfiguration();
        settings.setBrokers(kafka.brokers());
        return new BrokerSurvey(settings, Duration.ofSeconds(30)).look(use);
    }
}
