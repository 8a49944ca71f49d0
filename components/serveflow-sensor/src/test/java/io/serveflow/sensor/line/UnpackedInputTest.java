/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.line;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.testing.samples.Gzip;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackedInputTest {

    private static final byte[] LINES =
            "{\"uid\":\"C8cFq12jP\"}\n".repeat(2_000).getBytes(StandardCharsets.UTF_8);

    /** The bits of a block type that does not exist. */
    private static final byte NO_BLOCK = 7;

    @TempDir private Path folder;

    @Test
    void shouldGiveAllBytesBeforeADamagedOffsetWhateverIsReadAtOnce() throws IOException {
        final Path file = Files.write(folder.resolve("damaged.gz"), damaged());
        try (UnpackedInput in = UnpackedInput.open(file)) {
            assertThat(in.readAllBytes()).startsWith(LINES);
            assertThat(in.damage()).hasValueSatisfying(why -> assertThat(why).contains("damaged"));
        }
    }

    @Test
    void shouldStayAtTheEndAfterADamagedOffset() throws IOException {
        final Path file = Files.write(folder.resolve("damaged.gz"), damaged());
        try (UnpackedInput in = UnpackedInput.open(file)) {
            in.readAllBytes();
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void shouldCountWhatStandsBehindTheCompressedData() throws IOException {
        final byte[] garbage =
                "rsync: broken pipe\n".repeat(7_000).getBytes(StandardCharsets.UTF_8);
        for (final int more : new int[] {1, 9, 40, garbage.length}) {
            final Path file =
                    Files.write(
                            folder.resolve("garbage.gz"),
                            joined(
                                    Gzip.packed(LINES),
                                    Gzip.packed(LINES),
                                    Arrays.copyOf(garbage, more)));
            try (UnpackedInput in = UnpackedInput.open(file)) {
                assertThat(in.readAllBytes()).hasSize(2 * LINES.length);
                assertThat(in.leftover())
                        .contains(
                                more
                                        + " bytes behind the compressed data are none and were"
                                        + " skipped");
                assertThat(in.damage()).isEmpty();
            }
        }
    }

    @Test
    void shouldUnpackWhatComesThroughANamedPipe() throws Exception {
        final Path pipe = folder.resolve("pipe.gz");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        final CompletableFuture<Void> written =
                CompletableFuture.runAsync(
                        () -> {
                            try (OutputStream out = Files.newOutputStream(pipe)) {
                                out.write(Gzip.packed(LINES));
                                out.flush();
                                out.write(Gzip.packed(LINES));
                            } catch (final IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });

        try (UnpackedInput in = UnpackedInput.open(pipe)) {
            assertThat(in.readAllBytes()).isEqualTo(joined(LINES, LINES));
            assertThat(in.damage()).isEmpty();
            assertThat(in.leftover()).isEmpty();
        }
        written.get();
    }

    @Test
    void shouldTakeZerosBehindTheCompressedDataForPadding() throws IOException {
        final Path file =
                Files.write(
                        folder.resolve("padded.gz"), joined(Gzip.packed(LINES), new byte[100_000]));
        try (UnpackedInput in = UnpackedInput.open(file)) {
            assertThat(in.readAllBytes()).isEqualTo(LINES);
            assertThat(in.leftover()).isEmpty();
        }
    }

    private static byte[] joined(final byte[]... parts) {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (final byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** Whole lines in a block of their own, and then nothing that can be unpacked. */
    private static byte[] damaged() throws IOException {
        final ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed, true)) {
            gzip.write(LINES);
            gzip.flush();
            packed.write(NO_BLOCK);
            packed.write(new byte[64]);
        }
        return packed.toByteArray();
    }
}
