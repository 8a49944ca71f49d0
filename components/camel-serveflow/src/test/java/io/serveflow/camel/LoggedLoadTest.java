/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.serveflow.cascade.SlowLoadListener.Figures;
import io.serveflow.ledger.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class LoggedLoadTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(LoggedLoad.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        logger.setLevel(Level.WARN);
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    /** A join that was full was explained by a delay of 0 s. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SLOW_OVERLOADED | (flows wait 1.50 s for it by now, and while they do only those"
                        + " with an uncertainty of 0.30 or more are taken; option targetDelay says"
                        + " how long they may);",
                "SLOW_QUEUE_FULL | (75 flows are held of maxFlows=100, and from half of that on"
                        + " only those with an uncertainty of 0.50 or more are taken);",
                "SLOW_SOURCE_SHARE | (the source holds 20 flows and may hold 25, as 75 are held of"
                        + " maxFlows=100);"
            })
    void shouldGiveTheFiguresThatARefusalComesOf(final Reason reason, final String figures) {
        new LoggedLoad("slow").refusing(reason, new Figures(1.5, 0.3, 75, 100, 20, 25, 4, 5));

        assertThat(lines.list)
                .singleElement()
                .extracting(ILoggingEvent::getFormattedMessage)
                .asString()
                .startsWith("serveflow-join:slow refuses flows")
                .contains(reason.sentence())
                .contains(figures);
    }

    @Test
    void shouldSayThatASourceHasAsManyReadyFlowsAsItMay() {
        new LoggedLoad("slow")
                .refusing(Reason.SLOW_SOURCE_SHARE, new Figures(1.5, 0.3, 75, 100, 20, 25, 5, 5));

        assertThat(lines.list)
                .singleElement()
                .extracting(ILoggingEvent::getFormattedMessage)
                .asString()
                .contains(
                        "(5 flows of the source have met their context and wait for the slow tier,"
                                + " as many as may of maxSourceReady=5);");
    }
}
