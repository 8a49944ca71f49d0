/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.app.settings.Role;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteFilesTest {

    private static final String WITHOUT =
            """
            - route:
                id: verdicts
                from:
                  uri: direct:verdicts
                  steps:
                    - to: "{{links.verdicts}}"  # and not to direct:alerts
            """;

    @TempDir private Path work;
    private Path routes;

    @BeforeEach
    void makeFolder() throws IOException {
        routes = Files.createDirectory(work.resolve("camel"));
    }

    @Test
    void shouldKnowThatShippedRoutesMakeAlerts() throws IOException {
        assertThat(withoutAlerts(Role.ALL)).isEmpty();
    }

    @Test
    void shouldNameTheFileThatSendsNoVerdictToWhereAlertsAreMade() throws IOException {
        final Path verdicts = Files.writeString(routes.resolve("verdicts.camel.yaml"), WITHOUT);

        assertThat(withoutAlerts(Role.ALL)).contains(verdicts);
        assertThat(withoutAlerts(Role.INDEX)).isEmpty();
        assertThat(withoutAlerts(Role.SLOW)).isEmpty();
    }

    @Test
    void shouldNotTakeTheRouteOfAlertsForAStepThatSendsToIt() throws IOException {
        final Path index = Files.writeString(routes.resolve("role-index.camel.yaml"), WITHOUT);
        Files.writeString(
                routes.resolve("alerts.camel.yaml"),
                "- route:\n    from:\n      uri: direct:alerts\n      steps: []\n");

        assertThat(withoutAlerts(Role.INDEX)).contains(index);
    }

    @Test
    void shouldFindTheStepInAnyFileOfTheOperator() throws IOException {
        Files.writeString(routes.resolve("verdicts.camel.yaml"), WITHOUT);
        Files.writeString(
                routes.resolve("more.camel.yaml"),
                "- route:\n    from:\n      uri: direct:x\n      steps:\n"
                        + "        - to: direct:alerts\n");

        assertThat(withoutAlerts(Role.ALL)).isEmpty();
    }

    @Test
    void shouldFindTheStepInTheExample() throws IOException {
        Files.copy(
                ProjectFiles.path("examples/verdicts.camel.yaml"),
                routes.resolve("verdicts.camel.yaml"));

        assertThat(withoutAlerts(Role.ALL)).isEmpty();
    }

    /** An instance whose flows nobody counts any more was said to have lost them. */
    @Test
    void shouldNotTakeAStepThatIsCommentedOutForOneThatCounts() throws IOException {
        Files.writeString(
                routes.resolve("verdicts.camel.yaml"),
                WITHOUT + "        # - process:\n        #     ref: verdictsStored\n");

        assertThat(RouteFiles.beside(Optional.of(work)).uncounted())
                .contains("your verdicts.camel.yaml has no step verdictsStored");
    }

    @Test
    void shouldFindTheStepThatCountsBesideAComment() throws IOException {
        Files.writeString(
                routes.resolve("verdicts.camel.yaml"),
                WITHOUT
                        + "        - process:  # counts for the ledger\n"
                        + "            ref: verdictsStored  # as the shipped file has it\n");

        assertThat(RouteFiles.beside(Optional.of(work)).uncounted()).isEmpty();
    }

    @Test
    void shouldNotRefuseAFileThatNamesARouteThatIsGoneInAComment() throws IOException {
        Files.writeString(
                routes.resolve("verdicts.camel.yaml"), WITHOUT + "        # was direct:fastest\n");

        assertThat(RouteFiles.beside(Optional.of(work)).faults()).isEmpty();
    }

    private Optional<Path> withoutAlerts(final Role role) throws IOException {
        return RouteFiles.beside(Optional.of(work)).withoutAlerts(role);
    }
}
