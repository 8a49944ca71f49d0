/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.camel.sensor.tail.ServeflowTailComponent;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.samples.ProjectFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What sources take from the registry, and what they do where there is nothing. */
class SourceBeansTest {

    @TempDir private Path folder;

    private final CamelContext context = new DefaultCamelContext();

    @AfterEach
    void stop() {
        context.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"serveflow-tail", "serveflow-pcap", "serveflow-socket"})
    void shouldNotStartWithoutAPlaceForDeadLetters(final String source) {
        assertThatThrownBy(() -> startRoute(source))
                .hasRootCauseMessage(
                        source
                                + " needs a place for dead letters, which are what cannot be used:"
                                + " set deadLetters to the path of a file, or bind one"
                                + " DeadLetterSink in the registry");
    }

    @Test
    void shouldKeepDeadLettersInTheFileThatAnOptionNames() throws Exception {
        final Path file = folder.resolve("dead.ndjson");
        final SensorComponent component =
                context.getComponent("serveflow-tail", SensorComponent.class);
        component
                .getComponentPropertyConfigurer()
                .configure(context, component, "deadLetters", file.toString(), true);

        startRoute("serveflow-tail");

        assertThat(Files.exists(file)).isTrue();
    }

    @Test
    void shouldTakeTheLedgerOfTheRegistryInAComponentThatIsAddedByHand() {
        final Ledger ledger = new Ledger();
        context.getRegistry().bind("ledger", ledger);
        context.addComponent("serveflow-tail", new ServeflowTailComponent());

        assertThat(
                        context.getEndpoint(uri("serveflow-tail"), SensorEndpoint.class)
                                .getComponent()
                                .getLedger())
                .isSameAs(ledger);
    }

    private void startRoute(final String source) throws Exception {
        final String uri = uri(source);
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri).process(exchange -> {});
                    }
                });
        context.start();
    }

    private String uri(final String source) {
        return switch (source) {
            case "serveflow-tail" ->
                    "serveflow-tail:"
                            + folder.resolve("x.log")
                            + "?positionFile="
                            + folder.resolve("positions");
            case "serveflow-pcap" ->
                    "serveflow-pcap:" + ProjectFiles.path("samples/captures/video.pcap");
            default -> "serveflow-socket:unix:" + folder.resolve("x.sock");
        };
    }
}
