/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The page of the settings. This writes its table: {@code mvn test -pl camel-routes -am
 * -Dtest=SettingsPageTest -Dsurefire.failIfNoSpecifiedTests=false
 * -DargLine=-Dserveflow.write=true}.
 */
class SettingsPageTest {

    private static final Path PAGE = ProjectFiles.path("docs/reference/settings.md");
    private static final String BEGIN = "<!-- settings: begin, made from DeclaredSettings -->\n";
    private static final String END = "<!-- settings: end -->\n";

    @Test
    void shouldShowTheDeclaredSettings() throws IOException {
        final String page = Files.readString(PAGE);
        final int begin = page.indexOf(BEGIN) + BEGIN.length();
        final int end = page.indexOf(END);
        if (Boolean.getBoolean("serveflow.write")) {
            Files.writeString(PAGE, page.substring(0, begin) + table() + page.substring(end));
            return;
        }

        assertThat(page.substring(begin, end))
                .as("the table; with -DargLine=-Dserveflow.write=true this test writes it")
                .isEqualTo(table());
    }

    private static String table() {
        return DeclaredSettings.all().stream()
                .map(
                        one ->
                                "| `%s` | %s | %s | %s |\n"
                                        .formatted(
                                                one.name(),
                                                one.kind().words(),
                                                value(one),
                                                one.help()))
                .collect(
                        Collectors.joining(
                                "",
                                "| setting | may be | default | what it does |\n"
                                        + "| --- | --- | --- | --- |\n",
                                ""));
    }

    private static String value(final Setting one) {
        return one.required()
                ? "none, must be set"
                : one.defaultValue().map(value -> "`" + value + "`").orElse("");
    }
}
