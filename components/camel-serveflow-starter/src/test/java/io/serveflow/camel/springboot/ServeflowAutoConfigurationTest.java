/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.serveflow.batch.FlowBatch;
import io.serveflow.camel.ServeflowComponent;
import io.serveflow.camel.elastic.ServeflowIndexComponent;
import io.serveflow.camel.kafka.ServeflowKafkaComponent;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.samples.ProjectFiles;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The components in a real Spring Boot application. */
class ServeflowAutoConfigurationTest {

    @Test
    void shouldGiveComponentsTheirOptions() {
        try (ConfigurableApplicationContext application =
                start(
                        Nothing.class,
                        Map.of(
                                "camel.component.serveflow-index.urls",
                                "https://elastic.example:9200",
                                "camel.component.serveflow-index.api-key",
                                "secret",
                                "camel.component.serveflow-kafka.configuration.maxPollRecords",
                                "77",
                                "camel.component.serveflow-kafka.healthCheckConsumerEnabled",
                                "false"))) {
            final CamelContext camel = application.getBean(CamelContext.class);
            final ServeflowIndexComponent index =
                    camel.getComponent("serveflow-index", ServeflowIndexComponent.class);
            final ServeflowKafkaComponent kafka =
                    camel.getComponent("serveflow-kafka", ServeflowKafkaComponent.class);

            assertThat(index.getConfiguration().getUrls())
                    .isEqualTo("https://elastic.example:9200");
            assertThat(index.getConfiguration().getApiKey()).isEqualTo("secret");
            assertThat(kafka.getConfiguration().getMaxPollRecords()).isEqualTo(77);
            assertThat(kafka.isHealthCheckConsumerEnabled()).isFalse();
        }
    }

    @Test
    void shouldRefuseAnOptionThatIsNone() {
        try (ConfigurableApplicationContext application =
                start(Nothing.class, Map.of("camel.component.serveflow-index.apiKeys", "secret"))) {
            final CamelContext camel = application.getBean(CamelContext.class);

            assertThatThrownBy(() -> camel.getComponent("serveflow-index"))
                    .rootCause()
                    .hasMessageContaining("apiKeys");
        }
    }

    @Test
    void shouldRunARouteFromACaptureToVerdicts() {
        try (ConfigurableApplicationContext application =
                start(
                        Classification.class,
                        Map.of(
                                "camel.component.serveflow.configuration.bundle",
                                ProjectFiles.bundle("service").toString()))) {
            final AtomicInteger verdicts = application.getBean(AtomicInteger.class);
            final Ledger ledger = application.getBean(Ledger.class);

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> ledger.total(Ledger.Entry.FLOWS) > 0);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> verdicts.get() == ledger.total(Ledger.Entry.FLOWS));
            assertThat(
                            application
                                    .getBean(CamelContext.class)
                                    .getComponent("serveflow", ServeflowComponent.class)
                                    .getLedger())
                    .isSameAs(ledger);
        }
    }

    private static ConfigurableApplicationContext start(
            final Class<?> configuration, final Map<String, Object> settings) {
        return new SpringApplicationBuilder(configuration)
                .web(WebApplicationType.NONE)
                .bannerMode(org.springframework.boot.Banner.Mode.OFF)
                .properties(settings)
                .run();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Nothing {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Classification {

        @Bean
        Ledger ledger() {
            return new Ledger();
        }

        @Bean
        DeadLetterSink deadLetters() {
            return letter -> {
                throw new IllegalStateException("a dead letter: " + letter);
            };
        }

        @Bean
        AtomicInteger verdicts() {
            return new AtomicInteger();
        }

        @Bean
        RouteBuilder routes(final AtomicInteger verdicts) {
            return new RouteBuilder() {
                @Override
                public void configure() {
                    from("serveflow-pcap:" + ProjectFiles.capture("ntp.pcap"))
                            .filter(simple("${body.stage.name} == 'FIRST'"))
                            .to("serveflow:fastest")
                            .process(
                                    exchange -> {
                                        final FlowBatch batch =
                                                exchange.getMessage().getBody(FlowBatch.class);
                                        verdicts.addAndGet(
                                                (int)
                                                        IntStream.range(0, batch.size())
                                                                .filter(
                                                                        i ->
                                                                                batch.verdict(i)
                                                                                        != null)
                                                                .count());
                                    });
                }
            };
        }
    }
}
