/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a project gets that depends on one component alone.
 *
 * <p>The build of each component writes its runtime dependencies, with all that they bring, to
 * {@code target/runtime-dependencies.txt}. What the pom of a component declares for tests would be
 * missing there although something else brings it, so such things are not declared a second time.
 */
class ComponentDependenciesTest {

    private static final Path KEPT =
            ProjectFiles.path("camel-routes/src/test/resources/io/serveflow/app/dependencies");

    /**
     * A line of Maven's list: {@code GROUP:ARTIFACT:TYPE:VERSION:SCOPE}, in colours or not. What is
     * optional comes only to those who ask for it.
     */
    private static final Pattern LINE =
            Pattern.compile(
                    "^[^A-Za-z]*(?:\\[[0-9;]*m)?([\\w.-]+:[\\w.-]+):jar:[^:]+:(?:compile|runtime)(?!.*\\(optional)",
                    Pattern.MULTILINE);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "camel-serveflow",
                "camel-serveflow-sensor",
                "camel-serveflow-kafka",
                "camel-serveflow-elastic",
                "camel-serveflow-file"
            })
    void shouldBringOnlyWhatTheComponentNeeds(final String component) throws IOException {
        final Path list =
                ProjectFiles.path("components")
                        .resolve(component)
                        .resolve("target/runtime-dependencies.txt");
        assertThat(list).as("what mvn --also-make writes before it runs this test").exists();
        final List<String> brought =
                LINE.matcher(Files.readString(list))
                        .results()
                        .map((final MatchResult line) -> line.group(1))
                        .sorted()
                        .toList();

        final Path file = KEPT.resolve(component + ".txt");
        assertThat(brought)
                .as(
                        "what %s brings; where it has to bring something else, say so in %s",
                        component, file)
                .isEqualTo(Files.readAllLines(file));
    }
}
