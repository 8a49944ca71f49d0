/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TrainCommandTest {

    @TempDir private Path folder;

    private final StringWriter err = new StringWriter();

    @Test
    void shouldRefuseToSplitByFlowUnlessItIsKnownToLeak() {
        assertThat(train("--split", "flow")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("--i-know-this-leaks");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shouldSplitByFlowWhereItIsKnownToLeak() {
        assertThat(train("--split", "flow", "--i-know-this-leaks"))
                .isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(err.toString()).contains("captures does not exist or is not a folder");
    }

    @Test
    void shouldRefuseAPatienceBelowZero() {
        assertThat(train("--patience", "-1")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("--patience: patience must be 0");
    }

    @Test
    void shouldRefuseAFamilyOfModelsThatIsUnknown() {
        assertThat(train("--family", "wishes")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("--family must be trees, was 'wishes'");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shouldRefuseToCraftTiersOfFlowsWithoutPackets() {
        assertThat(
                        execute(
                                "--craft",
                                "--task=kind",
                                "--sequences=" + folder.resolve("sizes.csv"),
                                "--out=" + folder.resolve("bundle")))
                .isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString())
                .contains(
                        "--craft chooses among tiers that read whole packets, which size sequences"
                                + " do not have; name tiers with --tier");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shouldTrainTreesWhereNoOtherFamilyIsAskedFor() {
        assertThat(train("--family", "trees")).isEqualTo(train());
    }

    /** Trains on a captures folder that is not there, which no option can make good. */
    private int train(final String... more) {
        final List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--task",
                                "service",
                                "--labels",
                                folder.resolve("labels.csv").toString(),
                                "--captures",
                                folder.resolve("captures").toString(),
                                "--out",
                                folder.resolve("bundle").toString()));
        arguments.addAll(List.of(more));
        return execute(arguments.toArray(String[]::new));
    }

    private int execute(final String... arguments) {
        return new CommandLine(new TrainCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
