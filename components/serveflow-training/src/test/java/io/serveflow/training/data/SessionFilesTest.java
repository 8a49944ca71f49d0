/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.feature.FeatureSpec;
import io.serveflow.flow.Packets;
import io.serveflow.training.NotedListener;
import io.serveflow.training.notice.TrainingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionFilesTest {

    private static final FeatureSpec WINDOWS = new FeatureSpec("windows", 1, 2, Set.of());

    @TempDir private Path folder;

    private final NotedListener heard = new NotedListener();

    @Test
    void shouldReadOneSessionAFile() throws IOException {
        write("one.csv", "#t_us,flow,signed_iplen", "500,0,300", "700,1,-1200", "900,0,40");
        final LabelledCaptures read = read("file,label,group", "one.csv,hd,home");

        assertThat(read.kind()).isEqualTo(DataKind.SESSIONS);
        final LabelledFlow session = read.flows().get(0);
        assertThat(session.label()).isEqualTo("hd");
        assertThat(session.group()).isEqualTo("home");
        final Packets packets = session.context().packets();
        assertThat(packets.count()).isEqualTo(3);
        assertThat(packets.offsetMicros(1)).isEqualTo(200);
        assertThat(packets.length(1)).isEqualTo(1200);
        assertThat(packets.fromOriginator(0)).isTrue();
        assertThat(packets.fromOriginator(1)).isFalse();
    }

    @Test
    void shouldReadSeveralSessionsOfAFile() throws IOException {
        write("many.csv", "#a", "0,10", "5,-20", "#b", "7,-30", "#c", "1,1");
        final LabelledCaptures read =
                read("file,session,label", "many.csv,b,low", "many.csv,a,high", "many.csv,d,low");

        assertThat(read.flows()).extracting(LabelledFlow::label).containsExactly("low", "high");
        assertThat(read.flows())
                .extracting(flow -> flow.context().packets().count())
                .containsExactly(1, 2);
        assertThat(read.flows()).extracting(LabelledFlow::group).containsOnly("many.csv");
        assertThat(read.counts().rowsWithoutFlow()).isEqualTo(1);
        assertThat(read.counts().flowsWithoutRow()).isEqualTo(1);
        assertThat(heard.notices())
                .containsExactly("Line 4 of the labels means a session that is not in many.csv.");
    }

    @Test
    void shouldKeepAsMuchOfASessionAsTiersRead() throws IOException {
        write("one.csv", "0,1", "1999999,2", "2000000,3", "1000,4");

        assertThat(read("file,label", "one.csv,hd").flows().get(0).context().packets().count())
                .isEqualTo(3);
    }

    @Test
    void shouldTellAndCountLinesThatCannotBeRead() throws IOException {
        write("one.csv", "0,1", "x,2", "3", "4,0", "5,99999", "", "6,-6");
        final LabelledCaptures read = read("file,label", "one.csv,hd");

        assertThat(read.flows().get(0).context().packets().count()).isEqualTo(2);
        assertThat(read.counts().deadLetters()).isEqualTo(5);
        assertThat(heard.notices())
                .contains(
                        "Line left out: one.csv line 2: it must be microseconds, ..., signed"
                                + " length, was 'x,2'");
    }

    @Test
    void shouldNameAFileThatIsMissingAndReadTheOthers() throws IOException {
        write("one.csv", "0,1");
        final LabelledCaptures read = read("file,label", "none.csv,hd", "one.csv,hd");

        assertThat(read.flows()).hasSize(1);
        assertThat(read.counts().missingCaptures()).isEqualTo(1);
        assertThat(read.counts().rowsWithoutCapture()).isEqualTo(1);
        assertThat(heard.notices()).singleElement().asString().contains("none.csv cannot be read");
    }

    @Test
    void shouldRefuseLabelsWithoutASession() throws IOException {
        write("one.csv", "#nothing");

        assertThatThrownBy(() -> read("file,label", "one.csv,hd"))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("None of the 1 rows");
    }

    @Test
    void shouldRefuseTiersThatReadMoreThanTimesAndLengths() {
        assertThatThrownBy(
                        () ->
                                LabelSource.sessions(folder.resolve("labels.csv"), folder)
                                        .read(
                                                "test",
                                                List.of(new FeatureSpec("sizes", 1, 2, Set.of())),
                                                heard))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining(
                        "sessions have only what the encoder chunks or windows reads");
    }

    @Test
    void shouldTakeTheClassFromColumnsOfTheLabels() throws IOException {
        write("one.csv", "0,1");
        final Path map = folder.resolve("classes.csv");
        Files.writeString(map, "class,site,lines\nsite_480,site,480\n");
        Files.writeString(
                folder.resolve("labels.csv"),
                "file,site,lines\none.csv,site,480\none.csv,site,720\n");

        assertThat(
                        LabelSource.sessions(folder.resolve("labels.csv"), folder)
                                .withClasses(Optional.of(map))
                                .read("test", List.of(WINDOWS), heard)
                                .flows())
                .extracting(LabelledFlow::label)
                .containsExactly("site_480");
    }

    private void write(final String name, final String... lines) throws IOException {
        Files.write(folder.resolve(name), List.of(lines));
    }

    private LabelledCaptures read(final String... labels) throws IOException {
        write("labels.csv", labels);
        return LabelSource.sessions(folder.resolve("labels.csv"), folder)
                .read("test", List.of(WINDOWS), heard);
    }
}
