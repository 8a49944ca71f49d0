/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** What the shipped configuration of the log makes of a message. */
class LogLinesTest {

    private static final String DATED =
            "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}(Z|[+-]\\d{2}:\\d{2}) WARN  Sensor:"
                    + " ";

    @Test
    void shouldDateEachLineWithItsZone() throws Exception {
        assertThat(logged(log -> log.warn("all is well"))).matches(DATED + "all is well\\R");
    }

    @Test
    void shouldEscapeControlCharactersOfMessages() throws Exception {
        assertThat(logged(log -> log.warn("uid {}", "C1\n2026-01-01 ERROR forged\u001b]0;x\u0007")))
                .matches(DATED + "uid C1\\\\n2026-01-01 ERROR forged\\\\u001b]0;x\\\\u0007\\R");
    }

    @Test
    void shouldKeepTheLinesOfStackTracesAndEscapeWhatTheyQuote() throws Exception {
        final String text =
                logged(
                        log ->
                                log.warn(
                                        "failed",
                                        new IllegalArgumentException(
                                                "line 1\nline 2",
                                                new IllegalStateException("\u001b[31m"))));

        assertThat(text.lines())
                .hasSizeGreaterThan(3)
                .anyMatch(line -> line.endsWith("IllegalArgumentException: line 1\\nline 2"))
                .anyMatch(line -> line.startsWith("\tat io.serveflow.app.log.LogLinesTest"))
                .anyMatch(line -> line.endsWith("IllegalStateException: \\u001b[31m"));
        assertThat(text).doesNotContain("\u001b");
    }

    @Test
    void shouldSayTheCauseAloneOfWhatIsNoFaultOfTheCode() throws Exception {
        final String text =
                logged(
                        log ->
                                log.warn(
                                        "failed",
                                        new RuntimeException(
                                                "outer", new IOException("no route\nto host"))));

        assertThat(text.lines())
                .hasSize(2)
                .endsWith("  because of IOException: no route\\nto host");
    }

    private static String logged(final Consumer<Logger> what) throws Exception {
        final PrintStream before = System.err;
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        final LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        try {
            final JoranConfigurator configurator = new JoranConfigurator();
            configurator.setContext(context);
            context.putProperty("SERVEFLOW_LOG", "INFO");
            configurator.doConfigure(LogLinesTest.class.getResource("/logback.xml"));
            what.accept(context.getLogger("io.serveflow.Sensor"));
        } finally {
            context.stop();
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
