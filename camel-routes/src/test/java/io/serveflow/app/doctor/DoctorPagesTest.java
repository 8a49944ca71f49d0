/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Holds the pages that say what is wrong to the checks that find it: each row of them names its
 * checks, or a dash and why there is none.
 */
class DoctorPagesTest {

    private static final String NONE = "—";

    /** Of what a command says itself, for which the page says that no check finds it. */
    private static final String OF_COMMANDS = "## Installing is refused";

    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    /** A row of a table that has a column for the doctor. */
    private record Row(String seen, String doctor) {

        private Set<String> checks() {
            final Set<String> checks = new LinkedHashSet<>();
            if (!doctor.startsWith(NONE)) {
                final Matcher names = NAME.matcher(doctor);
                while (names.find()) {
                    checks.add(names.group(1));
                }
            }
            return checks;
        }
    }

    @ParameterizedTest
    @CsvSource({"docs/troubleshooting.md, 28", "docs/security-onion.md, 10"})
    void shouldNameTheCheckThatFindsEachRow(final String page, final int least) throws IOException {
        final List<Row> rows = rows(page);

        assertThat(rows).hasSizeGreaterThanOrEqualTo(least);
        assertThat(rows)
                .allSatisfy(
                        row -> {
                            if (row.doctor().startsWith(NONE)) {
                                assertThat(row.doctor().substring(NONE.length()))
                                        .as("why there is no check: " + row)
                                        .isNotBlank();
                            } else {
                                assertThat(row.checks()).as(row.toString()).isNotEmpty();
                                assertThat(Finding.CHECKS).containsAll(row.checks());
                            }
                        });
    }

    @Test
    void shouldNameChecksInEachTableOfTheTroubleshootingPage() throws IOException {
        final List<String> heads =
                lines("docs/troubleshooting.md").stream()
                        .takeWhile(line -> !line.equals(OF_COMMANDS))
                        .filter(line -> line.startsWith("| what"))
                        .toList();

        assertThat(heads).isNotEmpty().allMatch(line -> line.endsWith("| doctor |"));
    }

    @Test
    void shouldListAllChecks() throws IOException {
        final List<String> listed =
                lines("docs/reference/doctor.md").stream()
                        .dropWhile(line -> !line.startsWith("| check |"))
                        .skip(2)
                        .takeWhile(line -> line.startsWith("|"))
                        .map(line -> line.split("\\|")[1].strip().replace("`", ""))
                        .toList();

        assertThat(listed).containsExactlyElementsOf(Finding.CHECKS);
    }

    private static List<Row> rows(final String page) throws IOException {
        final List<Row> rows = new ArrayList<>();
        boolean isTable = false;
        for (final String line : lines(page)) {
            if (!line.startsWith("|")) {
                isTable = false;
            } else if (line.endsWith("| doctor |")) {
                isTable = true;
            } else if (isTable && !line.startsWith("| ---")) {
                final String[] cells = line.split("(?<!\\\\)\\|");
                rows.add(new Row(cells[1].strip(), cells[cells.length - 1].strip()));
            }
        }
        return rows;
    }

    private static List<String> lines(final String page) throws IOException {
        final Path file = ProjectFiles.root().resolve(page);
        return Files.readAllLines(file);
    }
}
