/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.camel.elastic.ServeflowIndexComponent;
import io.serveflow.camel.kafka.ServeflowKafkaEndpoint;
import io.serveflow.camel.sensor.pcap.ServeflowPcapEndpoint;
import io.serveflow.camel.sensor.tail.ServeflowTailEndpoint;
import io.serveflow.camel.support.SourceExchange;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.component.file.FileEndpoint;
import org.apache.camel.main.Main;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the shipped routes make of settings that hold characters with a meaning in addresses. */
class SourceAddressesTest {

    private static final String NAME = "a+b&c%25d)e %41 50%";

    @Test
    void shouldLetSettingsArriveAsTheyAreWritten(@TempDir final Path work) throws Exception {
        final Path folder = Files.createDirectories(work.resolve(NAME));
        final Properties settings = new Properties();
        try (InputStream shipped =
                SourceAddresses.class
                        .getClassLoader()
                        .getResourceAsStream("application.properties")) {
            settings.load(shipped);
        }
        settings.setProperty("serveflow.tail.path", folder + "/eve#1.json");
        settings.setProperty("serveflow.tail.positionFile", folder + "/positions");
        settings.setProperty("serveflow.tail.rotated", folder + "/*.gz");
        settings.setProperty("serveflow.pcap.file", folder + "/a.pcap");
        settings.setProperty("serveflow.input", folder.toString());
        settings.setProperty("serveflow.kafka.groupId", NAME);
        settings.setProperty("serveflow.observer", NAME);
        settings.setProperty("camel.component.serveflow-index.username", "so");
        settings.setProperty("camel.component.serveflow-index.password", NAME);

        final Main main = new Main();
        main.setDefaultPropertyPlaceholderLocation("false");
        settings.forEach((name, value) -> main.addInitialProperty((String) name, (String) value));
        SourceAddresses.of(settings).forEach(main::addInitialProperty);
        main.addInitialProperty("camel.server.enabled", "false");
        main.addInitialProperty("camel.management.enabled", "false");
        main.addInitialProperty("camel.metrics.enabled", "false");
        main.addInitialProperty("camel.main.autoStartup", "false");
        main.bind("deadLetters", DeadLetterSink.dropping(new Ledger()));
        main.bind("filesInside", new FilesInside(folder, new Ledger()));
        main.bind("filesRead", MemoryIdempotentRepository.memoryIdempotentRepository(1));
        main.bind(
                "sensorFiles",
                new SensorFiles(
                        FlowAssembler.Options.defaults(NAME),
                        1,
                        new Ledger(),
                        letter -> {},
                        () -> false));
        main.bind("inputsDone", new InputsDone());
        main.bind("wholeFile", (Processor) SourceExchange::begin);
        main.configure()
                .withRoutesIncludePattern(
                        "classpath:camel/sensor-tail.camel.yaml,classpath:camel/sensor-pcap.camel.yaml,"
                            + "classpath:camel/sensor-kafka.camel.yaml,classpath:camel/sensor-files.camel.yaml");
        main.start();
        try {
            final ServeflowTailEndpoint tail = endpoint(main, ServeflowTailEndpoint.class);
            assertThat(tail.getPath()).isEqualTo(folder + "/eve#1.json");
            assertThat(tail.getPositionFile()).isEqualTo(folder + "/positions");
            assertThat(tail.getRotated()).isEqualTo(folder + "/*.gz");
            assertThat(tail.getObserver()).isEqualTo(NAME);
            final ServeflowKafkaEndpoint kafka = endpoint(main, ServeflowKafkaEndpoint.class);
            assertThat(kafka.getConfiguration().getGroupId()).isEqualTo(NAME);
            assertThat(endpoint(main, ServeflowPcapEndpoint.class).getFile())
                    .isEqualTo(folder + "/a.pcap");
            assertThat(endpoint(main, FileEndpoint.class).getFile()).isEqualTo(folder.toFile());
            assertThat(
                            main.getCamelContext()
                                    .getComponent("serveflow-index", ServeflowIndexComponent.class)
                                    .getConfiguration()
                                    .getPassword())
                    .isEqualTo(NAME);
        } finally {
            main.stop();
        }
    }

    private static <E extends Endpoint> E endpoint(final Main main, final Class<E> type) {
        return main.getCamelContext().getEndpoints().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }
}
