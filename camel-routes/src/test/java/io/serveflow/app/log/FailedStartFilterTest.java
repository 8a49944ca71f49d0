/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.spi.FilterReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What Camel itself says when it cannot start. */
class FailedStartFilterTest {

    private final FailedStartFilter filter = new FailedStartFilter();
    private final List<ILoggingEvent> said = new ArrayList<>();

    /** The reason was said by Camel twice, and by the command. */
    @Test
    void shouldLeaveTheReasonToTheCommandWhereARouteDoesNotStart() throws Exception {
        failing("wrong:start");

        assertThat(said).extracting(ILoggingEvent::getMessage).isNotEmpty();
        assertThat(said).extracting(filter::decide).containsOnly(FilterReply.DENY);
    }

    @Test
    void shouldLeaveTheReasonToTheCommandWhereARouteCannotBeMade() throws Exception {
        failing("no-such-component:start");

        assertThat(said).extracting(filter::decide).doesNotContain(FilterReply.NEUTRAL);
    }

    @Test
    void shouldLeaveEverythingElseInTheLog() {
        final Logger logger = (Logger) LoggerFactory.getLogger("org.apache.camel.impl.Other");
        final ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        logger.warn("Error stopping component {}. This exception will be ignored.", "x");
        logger.detachAppender(lines);

        assertThat(lines.list).extracting(filter::decide).containsExactly(FilterReply.NEUTRAL);
    }

    private void failing(final String uri) throws Exception {
        final Logger camel = (Logger) LoggerFactory.getLogger("org.apache.camel.impl");
        final ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        camel.addAppender(lines);
        camel.setLevel(Level.WARN);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.addComponent("wrong", wrong());
            context.addRoutes(
                    new RouteBuilder() {
                        @Override
                        public void configure() {
                            from(uri).routeId("failing").stop();
                        }
                    });
            assertThatThrownBy(context::start).isNotNull();
        } finally {
            camel.detachAppender(lines);
            camel.setLevel(null);
        }
        said.addAll(lines.list);
    }

    private static Component wrong() {
        return new DefaultComponent() {
            @Override
            protected Endpoint createEndpoint(
                    final String uri,
                    final String remaining,
                    final Map<String, Object> parameters) {
                return new DefaultEndpoint(uri, this) {
                    @Override
                    public Producer createProducer() {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public Consumer createConsumer(final Processor processor) {
                        return new DefaultConsumer(this, processor) {
                            @Override
                            protected void doStart() {
                                throw new IllegalStateException("as the test has it");
                            }
                        };
                    }
                };
            }
        };
    }
}
