/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.training.data.DataKind;
import io.serveflow.training.data.LabelSource;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** The options that name the flows of train, evaluate and calibrate. */
class LabelledDataTest {

    @Command
    static final class Reading {
        @Mixin private LabelledData data;
    }

    @Test
    void shouldTakeCaptures() {
        assertThat(source(true, "--captures", "c", "--labels", "l.csv"))
                .isEqualTo(LabelSource.captures(Path.of("l.csv"), Path.of("c")));
        assertThat(source(false, "--captures", "c"))
                .isEqualTo(LabelSource.unlabelled(Path.of("c")));
    }

    @Test
    void shouldTakeSequences() {
        final LabelSource source =
                source(true, "--sequences", "s.csv.gz", "--classes", "m.csv", "--group-by", "a,b");
        assertThat(source.kind()).isEqualTo(DataKind.SEQUENCES);
        assertThat(source.labels()).contains(Path.of("s.csv.gz"));
        assertThat(source.classes()).isEqualTo(Optional.of(Path.of("m.csv")));
        assertThat(source.groupBy()).containsExactly("a", "b");
    }

    @Test
    void shouldTakeSessions() {
        assertThat(source(true, "--sessions", "d", "--labels", "l.csv"))
                .isEqualTo(LabelSource.sessions(Path.of("l.csv"), Path.of("d")));
    }

    @Test
    void shouldRefuseNoKindAndTwoKinds() {
        refuses("There are no flows to read; give --captures DIR", "--labels", "l.csv");
        refuses("Give one kind", "--captures", "c", "--sequences", "s.csv");
    }

    @Test
    void shouldRefuseWhatDoesNotBelongTogether() {
        refuses("give no --labels with it", "--sequences", "s.csv", "--labels", "l.csv");
        refuses("--sessions needs --labels CSV", "--sessions", "d");
        refuses("--captures needs --labels CSV", "--captures", "c");
        assertThatThrownBy(() -> source(false, "--captures", "c", "--classes", "m.csv"))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("--classes and --group-by read columns of --labels");
    }

    private static void refuses(final String why, final String... options) {
        assertThatThrownBy(() -> source(true, options))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining(why);
    }

    private static LabelSource source(final boolean labelsNeeded, final String... options) {
        final Reading reading = new Reading();
        new CommandLine(reading).parseArgs(options);
        return reading.data.source(labelsNeeded);
    }
}
