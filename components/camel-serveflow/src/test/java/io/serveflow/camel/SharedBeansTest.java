/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.samples.ProjectFiles;
import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What components take from the registry, and what they do where there is nothing. */
class SharedBeansTest {

    private final CamelContext context = new DefaultCamelContext();
    private final Ledger ledger = new Ledger();

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void shouldTakeTheBeansOfTheRegistryInComponentsThatAreAddedByHand() {
        context.getRegistry().bind("ledger", ledger);
        context.addComponent("serveflow", new ServeflowComponent());
        context.addComponent("serveflow-join", new ServeflowJoinComponent());

        context.getEndpoint("serveflow:fast?bundle=" + ProjectFiles.bundle("service"));
        context.getEndpoint("serveflow-join:slow");

        assertThat(inference().getLedger()).isSameAs(ledger);
        assertThat(joins().getLedger()).isSameAs(ledger);
    }

    @Test
    void shouldShareOneLedgerWhereTheRegistryHasNone() {
        context.getEndpoint("serveflow:fast?bundle=" + ProjectFiles.bundle("service"));
        context.getEndpoint("serveflow-join:slow");

        assertThat(inference().getLedger()).isNotNull().isSameAs(joins().getLedger());
    }

    @Test
    void shouldNotStartARouteFromAJoinWithoutAPlaceForDeadLetters() {
        assertThatThrownBy(this::startRoute)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "serveflow-join needs a place for dead letters, which are what cannot be"
                                + " used: set deadLetters to the path of a file, or bind one"
                                + " DeadLetterSink in the registry");
    }

    @Test
    void shouldStartARouteFromAJoinThatCountsDeadLettersOnly() throws Exception {
        context.getRegistry().bind("none", DeadLetterSink.class, DeadLetterSink.dropping(ledger));

        startRoute();

        assertThat(context.isStarted()).isTrue();
    }

    @Test
    void shouldKeepDeadLettersInTheFileThatAnOptionNames(@TempDir final Path folder)
            throws Exception {
        final Path file = folder.resolve("dead.ndjson");
        final ServeflowJoinComponent component = joins();
        component
                .getComponentPropertyConfigurer()
                .configure(context, component, "deadLetters", file.toString(), true);

        startRoute();

        assertThat(file).exists();
    }

    private void startRoute() throws Exception {
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("serveflow-join:slow").process(exchange -> {});
                    }
                });
        context.start();
    }

    private ServeflowComponent inference() {
        return context.getComponent("serveflow", ServeflowComponent.class);
    }

    private ServeflowJoinComponent joins() {
        return context.getComponent("serveflow-join", ServeflowJoinComponent.class);
    }
}
