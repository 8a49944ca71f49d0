/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.serveflow.testing.samples.ProjectFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The last line of a stop, which the process may not overtake. */
class LineOfTheStopTest {

    @TempDir private Path work;

    @Test
    void shouldEndOnlyAfterTheLogSaysWhatWasDone() throws Exception {
        final Logger log = (Logger) LoggerFactory.getLogger(RouteApplication.class);
        final Level before = log.getLevel();
        final RouteApplication application = new RouteApplication(Optional.empty(), settings());
        final EndsWhenStopIsLogged ends = new EndsWhenStopIsLogged(application);
        ends.start();
        try {
            application.start();
            log.setLevel(Level.INFO);
            log.addAppender(ends);
        } finally {
            application.close();
            application.close();
            log.detachAppender(ends);
            log.setLevel(before);
        }

        assertThat(ends.seen).containsExactly(false);
        assertThat(application.awaitEnd(Duration.ZERO)).isTrue();
    }

    /** Nothing listens at the address: the right password is asked for, and no more. */
    private Properties settings() throws Exception {
        final Properties settings = new Properties();
        settings.setProperty("serveflow.sources", "files");
        settings.setProperty("serveflow.bundle", ProjectFiles.bundle("service").toString());
        settings.setProperty("serveflow.elasticsearch.urls", "http://127.0.0.1:1");
        settings.setProperty("serveflow.elasticsearch.templates", "false");
        settings.setProperty("serveflow.deadLetters", work.resolve("dead.ndjson").toString());
        settings.setProperty("serveflow.console.port", "0");
        settings.setProperty("camel.management.enabled", "false");
        settings.setProperty(
                "serveflow.input", Files.createDirectories(work.resolve("in")).toString());
        return settings;
    }

    /** Whether the application counts as ended, at each line that says it has stopped. */
    private static final class EndsWhenStopIsLogged extends AppenderBase<ILoggingEvent> {

        private final RouteApplication application;
        private final List<Boolean> seen = new CopyOnWriteArrayList<>();

        EndsWhenStopIsLogged(final RouteApplication application) {
            this.application = application;
        }

        @Override
        protected void append(final ILoggingEvent event) {
            if (event.getFormattedMessage().startsWith("Stopped:")) {
                try {
                    seen.add(application.awaitEnd(Duration.ZERO));
                } catch (final InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
