/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.sensor.line.UnpackedInput;
import io.serveflow.testing.samples.Gzip;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GzipLogTest {

    private static final int BYTES = 50_000;

    @TempDir private Path folder;

    @Test
    void shouldReadOnInAFileThatGrewBetweenItsEndAndTheLookAtItsSize() throws Exception {
        final byte[] text = new byte[BYTES];
        new Random(7).nextBytes(text);
        final byte[] packed = Gzip.packed(text);
        final Path file = folder.resolve("log.gz");
        Files.write(file, Arrays.copyOf(packed, packed.length / 2));
        final byte[] rest = Arrays.copyOfRange(packed, packed.length / 2, packed.length);
        final byte[] read = new byte[BYTES + 1];
        try (LogBytes log =
                new GzipLog(file, path -> new GrowingAtItsEnd(path, rest, packed.length))) {
            final int half = log.read(read, 0);
            assertThat(half).isLessThan(BYTES);
            assertThat(log.damage()).isPresent();

            assertThat(log.read(read, 0)).isEqualTo(BYTES);
            assertThat(read).startsWith(text);
            assertThat(log.damage()).isEmpty();
        }
    }

    @Test
    void shouldSayWhatStandsBehindTheCompressedData() throws Exception {
        final Path file = folder.resolve("log.gz");
        Files.write(file, Gzip.packed("a line\n"));
        Files.write(file, "not packed\n".getBytes(UTF_8), StandardOpenOption.APPEND);
        final byte[] read = new byte[64];
        try (LogBytes log = new GzipLog(file)) {
            assertThat(log.read(read, 0)).isEqualTo(7);

            assertThat(log.damage())
                    .contains("11 bytes behind the compressed data are none and were skipped");
        }
    }

    @Test
    void shouldTakeASecondPackedPartThatIsAddedBehindTheFirst() throws Exception {
        final Path file = folder.resolve("log.gz");
        Files.write(file, Gzip.packed("one\n"));
        final byte[] second = Gzip.packed("two\n");
        final byte[] read = new byte[64];
        try (LogBytes log = new GzipLog(file)) {
            Files.write(file, Arrays.copyOf(second, 5), StandardOpenOption.APPEND);
            assertThat(log.read(read, 0)).isEqualTo(4);

            Files.write(
                    file, Arrays.copyOfRange(second, 5, second.length), StandardOpenOption.APPEND);

            assertThat(log.read(read, 0)).isEqualTo(8);
            assertThat(log.damage()).isEmpty();
        }
    }

    @Test
    void shouldGiveAllBytesBeforeADamagedPosition() throws Exception {
        final byte[] text = new byte[BYTES];
        new Random(7).nextBytes(text);
        final byte[] packed = Gzip.packed(text);
        Arrays.fill(packed, BYTES / 2, BYTES / 2 + 64, (byte) 0xff);
        final Path file = folder.resolve("log.gz");
        Files.write(file, packed);
        final byte[] fromLog = new byte[BYTES + 1];
        final byte[] fromInput;
        try (UnpackedInput input = UnpackedInput.open(file)) {
            fromInput = input.readAllBytes();
        }
        try (LogBytes log = new GzipLog(file)) {
            final int n = log.read(fromLog, 0);

            assertThat(log.damage()).isPresent();
            assertThat(n).isPositive().isEqualTo(fromInput.length);
        }
    }

    /** A file that its writer adds to once, just after its end was met. */
    private static final class GrowingAtItsEnd extends FilterInputStream {

        private final Path file;
        private final byte[] rest;
        private final long wholeSize;

        private GrowingAtItsEnd(final Path file, final byte[] rest, final long wholeSize)
                throws IOException {
            super(Files.newInputStream(file));
            this.file = file;
            this.rest = rest;
            this.wholeSize = wholeSize;
        }

        @Override
        public int read(final byte[] to, final int offset, final int length) throws IOException {
            final int n = super.read(to, offset, length);
            if (n < 0 && Files.size(file) + rest.length == wholeSize) {
                Files.write(file, rest, StandardOpenOption.APPEND);
            }
            return n;
        }
    }
}
