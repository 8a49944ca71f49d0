/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.app.cli.Serveflow;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./serveflow run} with settings that are wrong, as the person at the terminal sees it. */
class RunSettingsTest {

    @TempDir private Path work;

    private final StringWriter err = new StringWriter();

    @Test
    void shouldSayWhichSettingsAreWrongWithoutAStackTrace() throws IOException {
        assertThat(run("serveflow.sources=files", "serveflow.input=none", "serveflow.hosts.max=x"))
                .isEqualTo(2);

        assertThat(err.toString())
                .startsWith("serveflow: 2 settings are wrong:")
                .contains("there is no folder " + work.resolve("none"))
                .contains("serveflow.hosts.max is 'x' (" + file() + " line 3)")
                .doesNotContain("\tat ");
    }

    @Test
    void shouldShowTheStackTraceWithDebug() throws IOException {
        Files.writeString(file(), "serveflow.sources=nowhere");
        assertThat(execute("run", "--debug", "--config", file().toString())).isEqualTo(2);

        assertThat(err.toString()).contains("WrongSettingsException").contains("\tat ");
    }

    @Test
    void shouldRefuseAFolderOrNothingAsConfiguration() {
        assertThat(execute("run", "--config", work.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("option --config: " + work + " is a folder");

        assertThat(execute("run", "--config", work.resolve("none").toString())).isEqualTo(2);
        assertThat(err.toString()).contains("there is no file " + work.resolve("none"));
    }

    @Test
    void shouldSayThatAPasswordIsWrongAtTheStart() throws IOException {
        try (LocalElasticsearch secured =
                LocalElasticsearch.started(
                        Path.of(System.getProperty("serveflow.elasticsearch.home")),
                        LocalElasticsearch.Options.defaults()
                                .withJvmOptions("-XX:TieredStopAtLevel=1")
                                .withSettings(
                                        Map.of(
                                                "xpack.security.enabled", "true",
                                                "xpack.security.autoconfiguration.enabled",
                                                        "false")))) {
            for (final String templates : List.of("true", "false")) {
                assertThat(
                                run(
                                        "serveflow.elasticsearch.urls=" + secured.uri(),
                                        "serveflow.elasticsearch.templates=" + templates,
                                        "camel.component.serveflow-index.username=so",
                                        "camel.component.serveflow-index.password=wrong"))
                        .isEqualTo(1);
                assertThat(err.toString())
                        .contains("answered 401: the password of user 'so' is wrong")
                        .doesNotContain("\tat ");

                assertThat(
                                run(
                                        "serveflow.elasticsearch.urls=" + secured.uri(),
                                        "serveflow.elasticsearch.templates=" + templates))
                        .isEqualTo(1);
                assertThat(err.toString())
                        .contains("answered 401: it asks who we are; set")
                        .doesNotContain("\tat ");
            }
        }
    }

    private int run(final String... settings) throws IOException {
        final List<String> lines = new ArrayList<>();
        final boolean complete = List.of(settings).get(0).startsWith("serveflow.sources");
        if (!complete) {
            Files.createDirectories(work.resolve("in"));
            lines.addAll(
                    List.of(
                            "serveflow.sources=files",
                            "serveflow.input=in",
                            "serveflow.console.port=0",
                            "camel.management.enabled=false"));
        }
        lines.add("serveflow.bundle=" + ProjectFiles.bundle("service"));
        lines.addAll(complete ? 0 : lines.size(), List.of(settings));
        Files.write(file(), lines);
        return execute("run", "--config", file().toString());
    }

    private Path file() {
        return work.resolve("my.properties");
    }

    private int execute(final String... args) {
        err.getBuffer().setLength(0);
        return Serveflow.execute(
                new PrintWriter(new StringWriter()), new PrintWriter(err, true), args);
    }
}
