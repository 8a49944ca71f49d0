/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.feature.FeatureSpec;
import io.serveflow.training.notice.TrainingException;
import io.serveflow.training.notice.TrainingListener;
import io.serveflow.training.tier.TierPlan;
import io.serveflow.training.trees.TreeSettings;
import io.serveflow.training.trees.TreeTrainer;
import io.serveflow.training.work.Digest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumedTrainingTest {

    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-11-22T10:15:30.5Z"), ZoneOffset.UTC);
    private static final TreeSettings TREES = new TreeSettings(6, 3, 0.3, 0.5, 1, 1, 0.5);

    /** Two tiers and one without ports in three folds, and two tiers on all flows. */
    private static final int MODELS = 3 * 3 + 2;

    @TempDir private Path folder;

    private final NotedListener heard = new NotedListener();
    private TestCaptures captures;

    @BeforeEach
    void makeCaptures() throws IOException {
        captures =
                TestCaptures.services(
                        Files.createDirectories(folder.resolve("captures")), 15, 1, false);
    }

    @Test
    void shouldGiveTheSameBytesAfterAnInterruption() throws IOException {
        run(options("whole"));
        for (final int models : new int[] {1, 5, MODELS - 1}) {
            final TrainingOptions options = options("bundle" + models);
            stop(options, models);
            final NotedListener second = new NotedListener();
            training(options, second).run();
            assertThat(second.notices()).containsExactly(taken(models));
            assertThat(content("bundle" + models)).isEqualTo(content("whole"));
        }
    }

    @Test
    void shouldGoOnWhereAKilledProcessStopped() throws IOException, InterruptedException {
        run(options("whole"));
        final TrainingOptions options = options("bundle");
        final Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Waiting.class.getName(),
                                captures.folder().toString(),
                                options.out().toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.lines().filter(Waiting.READY::equals).findFirst()).isPresent();
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(folder.resolve("bundle")).doesNotExist();
        run(options);
        assertThat(heard.notices()).containsExactly(taken(4));
        assertThat(content("bundle")).isEqualTo(content("whole"));
    }

    /** Trains until four models are done and then waits to be killed. */
    static final class Waiting {

        static final String READY = "four models are done";

        private Waiting() {}

        public static void main(final String[] args) {
            final List<String> steps = new ArrayList<>();
            new Training(
                            options(new TestCaptures(Path.of(args[0])), Path.of(args[1])),
                            new TrainingListener() {
                                @Override
                                public void progress(
                                        final String step, final long done, final long total) {
                                    if (step.startsWith("training ") && !steps.contains(step)) {
                                        steps.add(step);
                                    }
                                    if (steps.size() == 5) {
                                        System.out.println(READY);
                                        System.out.flush();
                                        waitForever();
                                    }
                                }
                            },
                            CLOCK,
                            System::nanoTime)
                    .run();
        }

        private static void waitForever() {
            try {
                Thread.currentThread().join();
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void shouldTrainAgainWhatIsTornOrDamaged() throws IOException {
        run(options("whole"));
        final TrainingOptions options = options("bundle");
        stop(options, 5);
        final List<Path> entries = entries();
        assertThat(entries).hasSize(5);
        final byte[] torn = Files.readAllBytes(entries.get(0));
        Files.write(entries.get(0), Arrays.copyOf(torn, torn.length / 2));
        final byte[] changed = Files.readAllBytes(entries.get(1));
        changed[changed.length / 2] ^= 1;
        Files.write(entries.get(1), changed);
        Files.copy(entries.get(2), entries.get(3), StandardCopyOption.REPLACE_EXISTING);
        run(options);
        assertThat(heard.notices())
                .containsExactly(
                        taken(2),
                        "3 files of an earlier run in "
                                + work()
                                + " are torn or damaged; what they held was made again.");
        assertThat(content("bundle")).isEqualTo(content("whole"));
    }

    @Test
    void shouldTakeNothingThatOtherOptionsMade() throws IOException {
        stop(options("bundle"), 5);
        run(options("bundle").withSeed(2));
        assertThat(heard.notices()).isEmpty();
    }

    @Test
    void shouldTakeNothingThatOtherLabelsMade() throws IOException {
        stop(options("bundle"), 5);
        final List<String> lines = Files.readAllLines(captures.labels());
        lines.set(1, lines.get(1).replace(",call,", ",video,").replace(",clock,", ",video,"));
        Files.write(captures.labels(), lines);
        run(options("whole"));
        run(options("bundle"));
        assertThat(heard.notices()).isNotEqualTo(List.of(taken(5)));
        assertThat(content("bundle")).isEqualTo(content("whole"));
    }

    @Test
    void shouldRemoveTheWorkFolderWithTheBundleInPlace() throws IOException {
        stop(options("bundle"), 2);
        assertThat(work()).isDirectory();
        run(options("bundle"));
        assertThat(work()).doesNotExist();
    }

    @Test
    void shouldNotCountRoundsTwice() throws IOException {
        final TrainingOptions patient =
                options("whole").withTiers(List.of(tier("only", TREES.withPatience(2))));
        run(patient);
        final TrainingOptions options =
                options("bundle").withTiers(List.of(tier("only", TREES.withPatience(2))));
        stop(options, 2);
        final NotedListener second = new NotedListener();
        training(options, second).run();
        assertThat(second.notices())
                .containsExactly("2 of 7 models were trained by an earlier run.");
        assertThat(second.steps()).noneMatch(step -> step.endsWith("counting rounds"));
        assertThat(content("bundle")).isEqualTo(content("whole"));
    }

    @Test
    void shouldCraftWithTheCostsThatTheFirstRunMeasured() throws IOException {
        final TrainingOptions options =
                options("bundle").withCandidates(List.of(tier("one", TREES), tier("two", TREES)));
        stop(options, 4);
        final long[] now = {0};
        final Training second =
                new Training(
                        options,
                        heard,
                        CLOCK,
                        () -> {
                            now[0] += 1_000_000_000L;
                            return now[0];
                        });
        assertThat(second.run().metrics().at("/candidates"))
                .hasSize(2)
                .allSatisfy(
                        candidate ->
                                assertThat(candidate.get("featureMicros").asDouble())
                                        .isLessThan(100_000));
    }

    @Test
    void shouldGoOnWhereModelsCannotBeKept() throws IOException {
        Files.writeString(work(), "a file where the folder would be");
        run(options("bundle"));
        assertThat(heard.notices())
                .containsExactly(
                        "Models cannot be kept in "
                                + work()
                                + " for a run that is stopped ("
                                + work()
                                + ": is a file and no folder).");
        assertThat(folder.resolve("bundle/bundle.json")).isRegularFile();
    }

    @Test
    void shouldKeepAllModelsWhereTheBundleCannotBeWritten() throws IOException {
        final TrainingListener fullDisk =
                new TrainingListener() {
                    @Override
                    public void progress(final String step, final long done, final long total) {
                        if (step.equals("training slow") && done == total) {
                            replaceByAFile(folder.resolve(".bundle.draft"));
                        }
                    }
                };
        assertThatThrownBy(() -> training(options("bundle"), fullDisk).run())
                .isInstanceOf(TrainingException.class)
                .hasMessageStartingWith("The bundle cannot be written to ")
                .hasMessageEndingWith(
                        "; fix that and give the same command again, which goes on where it"
                                + " stopped.");
        Files.delete(folder.resolve(".bundle.draft"));
        run(options("bundle"));
        assertThat(heard.notices()).containsExactly(taken(MODELS));
    }

    private static void replaceByAFile(final Path draft) {
        try {
            Files.delete(draft);
            Files.createFile(draft);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String taken(final int models) {
        return models + " of " + MODELS + " models were trained by an earlier run.";
    }

    private void run(final TrainingOptions options) {
        training(options, heard).run();
    }

    /** Runs until so many models are done, then fails. */
    private void stop(final TrainingOptions options, final int models) {
        final List<String> steps = new ArrayList<>();
        final TrainingListener stopping =
                new TrainingListener() {
                    @Override
                    public void progress(final String step, final long done, final long total) {
                        if (step.startsWith("training ")
                                && !step.endsWith("rounds")
                                && !steps.contains(step)) {
                            steps.add(step);
                        }
                        if (steps.size() > models) {
                            throw new IllegalStateException("pulled the plug");
                        }
                    }
                };
        assertThatThrownBy(() -> training(options, stopping).run()).hasMessage("pulled the plug");
    }

    private static Training training(
            final TrainingOptions options, final TrainingListener listener) {
        return new Training(options, listener, CLOCK, System::nanoTime);
    }

    private TrainingOptions options(final String out) {
        return options(captures, folder.resolve(out));
    }

    private static TrainingOptions options(final TestCaptures captures, final Path out) {
        return TrainingOptions.defaults("service", captures.labels(), captures.folder(), out)
                .withFolds(3)
                .withTiers(List.of(tier("fast", TREES), tier("slow", TREES)));
    }

    private static TierPlan tier(final String name, final TreeSettings trees) {
        final int packets = name.equals("slow") || name.equals("two") ? 4 : 1;
        return new TierPlan(
                name,
                new FeatureSpec("header", 1, packets, Set.of()),
                new TreeTrainer(trees),
                "cpu",
                0.002);
    }

    private Path work() {
        return folder.resolve(".bundle.work");
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> files = Files.list(work())) {
            return files.sorted().toList();
        }
    }

    /** The files of a bundle and what is in them. */
    private List<String> content(final String bundle) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(bundle))) {
            final List<String> content = new ArrayList<>();
            for (final Path file : files.sorted().toList()) {
                content.add(
                        file.getFileName()
                                + " "
                                + new Digest().add(Files.readAllBytes(file)).hex());
            }
            return content;
        }
    }
}
