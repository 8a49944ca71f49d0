/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.socket;

import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import io.serveflow.sensor.SensorStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A sensor's connection: one thread reads from it as fast as it can, another makes records of the
 * lines that were read.
 */
final class SensorConnection implements Closeable {

    private static final int READ_BYTES = 65_536;

    private final String name;
    private final SocketChannel channel;
    private final SensorStream stream;
    private final LineSplitter splitter;
    private final LongSupplier nanoTime;

    /** When the latest line that says the sensor's time was read. */
    private long latest;

    /**
     * @param stream makes records of the lines
     * @param failed called with what a line failed with that could not even be kept as a dead
     *     letter
     */
    SensorConnection(
            final String name,
            final SocketChannel channel,
            final SensorStream stream,
            final Ledger ledger,
            final Consumer<RuntimeException> failed,
            final LongSupplier nanoTime) {
        this.name = Objects.requireNonNull(name, "name");
        this.channel = Objects.requireNonNull(channel, "channel");
        this.stream = Objects.requireNonNull(stream, "stream");
        this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
        this.splitter = new LineSplitter(SensorStream.MAX_LINE_BYTES, guarded(ledger, failed));
        this.latest = nanoTime.getAsLong();
    }

    /** Nobody sends a line again, so one that fails must not take others with it. */
    private LineSplitter.Lines guarded(
            final Ledger ledger, final Consumer<RuntimeException> failed) {
        return new LineSplitter.Lines() {
            @Override
            public void line(
                    final byte[] bytes, final int start, final int end, final long position) {
                guard(
                        () -> {
                            if (stream.line(bytes, start, end, position)) {
                                latest = nanoTime.getAsLong();
                            }
                        });
            }

            @Override
            public void tooLong(
                    final byte[] bytes, final int start, final int end, final long position) {
                guard(() -> stream.tooLong(bytes, start, end, position));
            }

            @Override
            public void unterminated(
                    final byte[] bytes, final int start, final int end, final long position) {
                guard(() -> stream.unterminated(bytes, start, end, position));
            }

            private void guard(final Runnable read) {
                try {
                    read.run();
                } catch (final RuntimeException e) {
                    ledger.add(Ledger.Entry.DROPPED, Reason.LINE_FAILED, 1);
                    failed.accept(e);
                }
            }
        };
    }

    /**
     * Reads until the sensor or {@link #close} ends the connection, and puts that end behind what
     * was read.
     *
     * @throws IOException if the connection broke
     */
    void readInto(final ReadAhead queue) throws IOException, InterruptedException {
        try {
            final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
            while (channel.read(buffer) >= 0) {
                final byte[] read = new byte[buffer.flip().remaining()];
                buffer.get(read).clear();
                queue.put(new ReadAhead.Piece(this, read));
            }
        } finally {
            queue.put(new ReadAhead.Piece(this, new byte[0]));
        }
    }

    /** Makes records of what was read. */
    void take(final byte[] read) {
        splitter.take(read);
    }

    /** Makes records of what is left, when all that was read has been taken. */
    void end() {
        splitter.end();
        stream.finish();
    }

    /** Lets the time pass that it is since the sensor said what time it is. */
    void elapse() {
        stream.elapse(TimeUnit.NANOSECONDS.toMicros(nanoTime.getAsLong() - latest));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
