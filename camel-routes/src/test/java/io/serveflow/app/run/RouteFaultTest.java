/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.app.cli.Serveflow;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code ./serveflow run} with a route file that is wrong, as the person at the terminal sees it.
 */
class RouteFaultTest {

    @TempDir private Path work;

    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    bean: {ref: nosuch}              | 6 | No bean could be found in the registry for: nosuch
                    to: nosuch:there                 | 6 | No endpoint could be found for: nosuch://there
                    to: direct:flows?nosuch=1        | 6 | Unknown parameters=[{nosuch=1}]
                    log: "{{my.nosuch}}"             | 6 | Property with key [my.nosuch] not found
                    logg: hello                      | 6 | Unknown node id: logg
                    log: {message: a, nosuch: b}     | 6 | Unsupported field: nosuch
                    setBody: {simple: "${body.none"} | 6 | expected symbol functionEnd
                    """)
    void shouldNameFileLineAndCauseOfAWrongStep(
            final String step, final int line, final String cause) throws IOException {
        final Path file =
                routes(
                        """
                        - route:
                            from:
                              uri: direct:mine
                              steps:
                                - log: hi
                                - %s
                        """
                                .formatted(step));

        assertThat(run()).isEqualTo(2);

        assertThat(err.toString())
                .startsWith("serveflow: route file " + file + ", line " + line + ": ")
                .contains(cause)
                .doesNotContain("\tat ")
                .hasLineCount(1);
    }

    @Test
    void shouldNameFileAndLineOfBrokenYaml() throws IOException {
        final Path file = routes("- route:\n    from:\n      uri: direct:mine\n   steps: [\n");

        assertThat(run()).isEqualTo(2);

        assertThat(err.toString())
                .startsWith("serveflow: route file " + file + ", line 4: this is no YAML: ")
                .hasLineCount(1);
    }

    @Test
    void shouldRefuseARouteFileWithoutAListOfRoutes() throws IOException {
        final Path file = routes("hello\n");

        assertThat(run()).isEqualTo(2);

        assertThat(err.toString()).contains("route file " + file + " is no list of routes");
    }

    private Path routes(final String yaml) throws IOException {
        return Files.writeString(
                Files.createDirectories(work.resolve("camel")).resolve("mine.camel.yaml"), yaml);
    }

    private int run() throws IOException {
        final Path settings =
                Files.writeString(
                        work.resolve("my.properties"),
                        String.join(
                                "\n",
                                "serveflow.sources=files",
                                "serveflow.input=" + Files.createDirectories(work.resolve("in")),
                                "serveflow.bundle=" + ProjectFiles.bundle("service"),
                                "serveflow.elasticsearch.urls=http://127.0.0.1:1",
                                "serveflow.elasticsearch.templates=false",
                                "serveflow.console.port=0",
                                "camel.management.enabled=false"));
        return Serveflow.execute(
                new PrintWriter(new StringWriter()),
                new PrintWriter(err, true),
                "run",
                "--config",
                settings.toString());
    }
}
