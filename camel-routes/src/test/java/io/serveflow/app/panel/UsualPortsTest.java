/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The one table of usual ports, against the bundle and against whoever has to repeat it. */
class UsualPortsTest {

    private static final Pattern ELSEWHERE =
            Pattern.compile(
                    "serveflow\\.label:(\\w+) AND NOT destination\\.port:\\(([0-9]+(?: OR"
                            + " [0-9]+)*)\\)");

    private static final Pattern RULE =
            Pattern.compile(
                    "serveflow\\.label: (\\w+)\n(?s:.*?)\n    usual:\n"
                            + "        destination\\.port:\n((?: +- [0-9]+\n)+)");

    private static final Pattern LABEL = Pattern.compile("serveflow\\.label: ?(\\w+)");

    @Test
    void shouldNameLabelsOfTheBundle() throws IOException {
        assertThat(labels()).containsAll(UsualPorts.all().keySet());
    }

    @Test
    void shouldNameEachPortOnceInOrder() {
        assertThat(UsualPorts.all().values())
                .allSatisfy(
                        ports ->
                                assertThat(ports)
                                        .isNotEmpty()
                                        .isSorted()
                                        .doesNotHaveDuplicates()
                                        .allMatch(port -> port > 0 && port < 65_536));
    }

    @Test
    void shouldBeThePortsOfQueriesThatLookElsewhere() throws IOException {
        for (final String file : List.of("security-onion/soc/hunt-queries.json", "README.md")) {
            final List<MatchResult> queries = ELSEWHERE.matcher(read(file)).results().toList();

            assertThat(queries).as(file).isNotEmpty();
            for (final MatchResult query : queries) {
                assertPorts(file, query.group(1), query.group(2).split(" OR "));
            }
        }
    }

    @Test
    void shouldBeThePortsOfSigmaRulesThatLookElsewhere() throws IOException {
        final Set<String> seen = new HashSet<>();
        for (final Path file : rules()) {
            RULE.matcher(Files.readString(file))
                    .results()
                    .forEach(
                            rule -> {
                                seen.add(rule.group(1));
                                assertPorts(
                                        file.toString(),
                                        rule.group(1),
                                        rule.group(2).strip().replace("- ", "").split("\\s+"));
                            });
        }
        assertThat(seen).containsExactlyInAnyOrder("dns", "remote_access");
    }

    @Test
    void shouldAskForLabelsOfTheBundleEverywhere() throws IOException {
        final Set<String> known = new TreeSet<>(labels());
        known.add("unknown");
        final StringBuilder all = new StringBuilder(read("security-onion/soc/hunt-queries.json"));
        for (final Path file : rules()) {
            all.append(Files.readString(file));
        }

        assertThat(known)
                .containsAll(
                        LABEL.matcher(all)
                                .results()
                                .map(found -> found.group(1))
                                .collect(Collectors.toSet()));
    }

    private static void assertPorts(
            final String file, final String label, final String... written) {
        assertThat(Arrays.stream(written).map(Integer::valueOf).toList())
                .as("ports of %s in %s", label, file)
                .isEqualTo(UsualPorts.all().get(label));
    }

    private static Set<String> labels() throws IOException {
        final JsonNode manifest =
                new JsonMapper()
                        .readTree(ProjectFiles.bundle("service").resolve("bundle.json").toFile());
        final Set<String> labels = new TreeSet<>();
        manifest.get("labels").forEach(label -> labels.add(label.asText()));
        return labels;
    }

    private static List<Path> rules() throws IOException {
        try (Stream<Path> files = Files.list(ProjectFiles.path("sigma/rules"))) {
            return files.toList();
        }
    }

    private static String read(final String file) throws IOException {
        return Files.readString(ProjectFiles.path(file));
    }
}
