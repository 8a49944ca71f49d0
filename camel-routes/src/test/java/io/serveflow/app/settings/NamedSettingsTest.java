/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What messages tell people to set: that all of it can be set. */
class NamedSettingsTest {

    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)*)\"");

    private static final Pattern SETTING =
            Pattern.compile("(?<![\\w./-])serveflow(?:\\.[A-Za-z][A-Za-z0-9-]*)+");

    private static final Pattern OPTION =
            Pattern.compile("(?<![\\w./-])camel\\.component\\.serveflow[a-z-]*(?:\\.[A-Za-z]+)+");

    /** Files, and a field of a document. */
    private static final Set<String> OTHERS =
            Set.of("serveflow.log", "serveflow.ndjson", "serveflow.stage");

    @Test
    void shouldNameNoSettingThatIsNotDeclared() throws IOException {
        final List<String> named = named(SETTING);

        assertThat(named).contains("serveflow.worker.certificate").hasSizeGreaterThan(50);
        assertThat(named)
                .allMatch(
                        name -> OTHERS.contains(name) || DeclaredSettings.named(name).isPresent());
    }

    @Test
    void shouldNameNoOptionThatItsComponentHasNot() throws IOException {
        final List<String> named = named(OPTION);

        assertThat(named)
                .contains("camel.component.serveflow.configuration.tls")
                .contains("camel.component.serveflow-index.apiKey");
        final SetValue any = new SetValue("any", "", ProjectFiles.root());
        for (final String name : named) {
            assertThat(new ComponentOptions().fault(name, any).orElse(""))
                    .doesNotContain("has no option", "there is no component");
        }
    }

    /** Of the sources, what stands in a sentence: what has a space in it. */
    private static List<String> named(final Pattern name) throws IOException {
        final List<String> named = new ArrayList<>();
        for (final Path folder : folders()) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .map(NamedSettingsTest::read)
                        .flatMap(source -> LITERAL.matcher(source).results())
                        .map(literal -> literal.group(1))
                        .filter(literal -> literal.contains(" "))
                        .flatMap(sentence -> name.matcher(sentence).results())
                        .map(MatchResult::group)
                        .forEach(named::add);
            }
        }
        return named;
    }

    private static List<Path> folders() throws IOException {
        try (Stream<Path> components = Files.list(ProjectFiles.path("components"))) {
            return Stream.concat(components, Stream.of(ProjectFiles.path("camel-routes")))
                    .map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .toList();
        }
    }

    private static String read(final Path file) {
        try {
            return Files.readString(file);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
