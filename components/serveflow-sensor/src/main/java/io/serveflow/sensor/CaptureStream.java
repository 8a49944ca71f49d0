/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import java.io.Closeable;
import java.io.IOException;

/**
 * The flow records of a capture, taken packet by packet, for whoever has to know when each packet
 * came. Not safe for use by more than one thread.
 */
public interface CaptureStream extends Closeable {

    /**
     * Goes on to the next packet, which is not taken yet; false at the end, be it the proper one or
     * not.
     */
    boolean next() throws IOException;

    /** When the packet was captured, microseconds since the epoch. */
    long timeMicros();

    /** How many packets {@link #next()} came to. */
    long packets();

    /** Takes the packet that {@link #next()} came to. */
    void take();

    /**
     * Lets time pass before the next packet, so that waits for packets end: since the latest packet
     * that was taken.
     */
    void elapse(long micros);

    /** Completes the records of all flows; no more packets are taken. */
    void finish();
}
