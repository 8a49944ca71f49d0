/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.app.settings.Settings;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterFile;
import io.serveflow.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the doctor finds of the machine that an instance runs on, and of what it has left there. */
class MachineChecksTest {

    @TempDir private Path work;

    private Properties settings;

    @BeforeEach
    void settle() throws IOException {
        settings = Examined.settings(work);
        Files.createDirectories(work.resolve("out"));
    }

    @ParameterizedTest
    @CsvSource({
        "2000, ok disk: 2000 MiB are free at",
        "900, warning disk: 900 MiB are free at",
        "60, FAILED disk: 60 MiB are free at"
    })
    void shouldSayHowMuchOfADiskIsFree(final long mebibytes, final String expected)
            throws IOException {
        assertThat(
                        Examined.lines(
                                new StorageChecks(checked(), folder -> mebibytes << 20).examine()))
                .contains(expected);
    }

    @Test
    void shouldFailWhereADiskCannotBeAsked() throws IOException {
        final StorageChecks checks =
                new StorageChecks(
                        checked(),
                        folder -> {
                            throw new IOException("stale file handle");
                        });

        assertThat(Examined.lines(checks.examine()))
                .containsPattern("FAILED disk: .*stale file handle -> mount it again");
    }

    @Test
    void shouldFailWhereOnnxRuntimeCannotBeLoaded() throws IOException {
        final Settings checked = checked();
        final RuntimeChecks checks =
                new RuntimeChecks(
                        checked,
                        checked.trust(),
                        () -> {
                            throw new IllegalStateException("cannot load ONNX Runtime");
                        });

        assertThat(Examined.lines(checks.examine()))
                .contains("FAILED onnxruntime: cannot load ONNX Runtime -> it is unpacked to")
                .doesNotContain("bundle:");
    }

    @ParameterizedTest
    @CsvSource({
        "serveflow, file, 'ok observer: the pipeline takes the name of the agent'",
        "sensor1, file, 'ok observer: sensor1, as this node'",
        "sensor1.example, file, 'ok observer: sensor1.example, as this node'",
        "other, file, 'warning observer: serveflow.observer is other, and this node sensor1'",
        "serveflow, elasticsearch, 'warning observer: serveflow.observer is serveflow, and this'"
    })
    void shouldSayWhetherPacketsAreFoundByTheNameOfTheSensor(
            final String observer, final String sink, final String expected) throws IOException {
        settings.setProperty("serveflow.profile", "so3");
        settings.setProperty("serveflow.sources", "tail");
        settings.setProperty("serveflow.sink", sink);
        settings.setProperty(
                "serveflow.file.folder",
                Files.createDirectories(work.resolve("verdicts")).toString());
        settings.setProperty("serveflow.observer", observer);

        assertThat(Examined.lines(new ObserverCheck(checked(), () -> "sensor1.example").examine()))
                .startsWith(expected);
    }

    @Test
    void shouldAskForNoNameOfANodeElsewhere() throws IOException {
        assertThat(new ObserverCheck(checked(), () -> "sensor1").examine()).isEmpty();
    }

    @Test
    void shouldFindNoDeadLetters() throws IOException {
        assertThat(deadLetters()).startsWith("ok dead letters: none in ");
    }

    @Test
    void shouldCountDeadLettersByTheirReasons() throws IOException {
        final Path file = work.resolve("out/dead-letters.ndjson");
        try (DeadLetterFile letters = new DeadLetterFile(file, new Ledger())) {
            letters.accept(new DeadLetter("serveflow.log", 7, "bad_json", "no JSON", "{"));
            letters.accept(
                    DeadLetter.document("logs-serveflow-so", "index_400", "refused", "{\"a\":1}"));
            letters.accept(
                    DeadLetter.document("logs-serveflow-so", "index_400", "refused", "{\"a\":2}"));
        }

        assertThat(deadLetters())
                .startsWith("warning dead letters: " + file + " has 3 letters, ")
                .containsPattern("the oldest of 20\\S+Z bad_json; index_400 2, bad_json 1 -> ")
                .contains("refused for what is in them")
                .contains("docs/reference/dead-letters.md");
    }

    @Test
    void shouldCountLinesThatAreNoDeadLetters() throws IOException {
        Files.write(
                work.resolve("out/dead-letters.ndjson"),
                List.of(
                        "{\"ts\":\"2026-11-30T00:00:00Z\",\"reason\":\"bad_json\",\"x\":{\"reason\":1}}",
                        "{\"ts\":\"2026-11-30T00:0"));

        assertThat(deadLetters())
                .contains("has 2 letters", "bad_json 1", "no dead letter 1")
                .doesNotContain("refused for what is in them");
    }

    private String deadLetters() throws IOException {
        return Examined.lines(List.of(new DeadLetterChecks(checked()).examine()));
    }

    private Settings checked() throws IOException {
        return Examined.checked(settings);
    }
}
