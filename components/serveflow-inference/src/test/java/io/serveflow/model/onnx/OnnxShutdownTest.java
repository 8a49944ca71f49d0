/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model.onnx;

import static io.serveflow.model.TinyBundles.FASTEST;
import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.SampleFlows;
import io.serveflow.model.TierModel;
import io.serveflow.model.TinyBundles;
import io.serveflow.model.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes that end while models are made and asked. */
class OnnxShutdownTest {

    private static final int EXIT_CODE = 3;
    private static final int TRIES = 3;
    private static final int CLASSES = TinyBundles.LABELS.size();

    @TempDir private Path folder;

    /** What goes on when the shutdown begins. */
    private enum Work {
        OPENING,
        SCORING,
        SCORING_IN_A_HOOK,
        SCORING_UNTIL_KILLED
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SCORING_UNTIL_KILLED")
    void shouldNotCrashWhenTheProcessEndsMeanwhile(final Work work) throws Exception {
        for (int i = 0; i < TRIES; i++) {
            final Process process = start(work);

            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(EXIT_CODE);
        }
    }

    @Test
    void shouldLeaveNoLibraryInTheTemporaryFolderWhenItIsKilled() throws Exception {
        final Process process = start(Work.SCORING_UNTIL_KILLED);
        process.getInputStream().read();

        process.destroyForcibly().waitFor();

        assertThat(left()).isEmpty();
    }

    @Test
    void shouldRemoveTheLibraryThatADeadProcessLeft() throws Exception {
        final Path old = Files.createDirectory(folder.resolve("onnxruntime-java4711"));
        Files.writeString(old.resolve("libonnxruntime.so"), "x");
        Files.setLastModifiedTime(
                old, FileTime.from(Instant.now().minus(OnnxLibraryFolders.LONGEST_START)));

        start(Work.SCORING).waitFor();

        assertThat(left()).isEmpty();
    }

    @Test
    void shouldKeepTheLibraryOfAProcessThatIsStarting() throws Exception {
        final Path young = Files.createDirectory(folder.resolve("onnxruntime-java4711"));

        start(Work.SCORING).waitFor();

        assertThat(left()).containsExactly(young);
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(
                            file -> file.getFileName().toString().startsWith("onnxruntime-java"))
                    .toList();
        }
    }

    private Process start(final Work work) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:ErrorFile=" + folder.resolve("hs_err"),
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Ending.class.getName(),
                        work.name())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Begins to work, says so with one byte, and ends itself in the middle of it. */
    static final class Ending {

        private static final byte[] ONNX = TinyModels.trees(896, CLASSES, 60, 6, 1);

        private Ending() {}

        public static void main(final String[] args) throws InterruptedException {
            final CountDownLatch begun = new CountDownLatch(4);
            switch (Work.valueOf(args[0])) {
                case OPENING -> {
                    work(begun, Ending::open);
                    work(begun, Ending::open);
                }
                case SCORING -> {
                    final TierModel tier = TierModel.open(FASTEST, CLASSES, ONNX);
                    work(begun, () -> score(tier));
                    work(begun, () -> score(tier));
                }
                case SCORING_IN_A_HOOK -> {
                    final TierModel tier = TierModel.open(FASTEST, CLASSES, ONNX);
                    work(begun, () -> score(tier));
                    Runtime.getRuntime().addShutdownHook(new Thread(() -> scoreFor(tier)));
                }
                case SCORING_UNTIL_KILLED -> {
                    score(TierModel.open(FASTEST, CLASSES, ONNX));
                    System.out.write(1);
                    System.out.flush();
                    begun.await(20, TimeUnit.SECONDS);
                }
            }
            begun.await(5, TimeUnit.SECONDS);
            System.exit(EXIT_CODE);
        }

        private static void work(final CountDownLatch begun, final Runnable step) {
            final Thread thread =
                    new Thread(
                            () -> {
                                while (true) {
                                    step.run();
                                    begun.countDown();
                                }
                            });
            thread.setDaemon(true);
            thread.start();
        }

        private static void open() {
            TierModel.open(FASTEST, CLASSES, ONNX).close();
        }

        private static void score(final TierModel tier) {
            tier.score(
                    OnnxScorer.BATCH,
                    SampleFlows::randomFirst,
                    new float[OnnxScorer.BATCH * CLASSES]);
        }

        private static void scoreFor(final TierModel tier) {
            for (int i = 0; i < 200; i++) {
                score(tier);
            }
        }
    }
}
