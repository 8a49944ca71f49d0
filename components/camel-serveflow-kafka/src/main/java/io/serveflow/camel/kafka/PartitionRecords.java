/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads the records of one partition, from its assignment to its end, in order. */
interface PartitionRecords {

    /**
     * Takes a record that has a value.
     *
     * @return whether it says what time it is for the sensor, from which on {@link #elapse} counts
     */
    boolean read(ConsumerRecord<byte[], byte[]> record);

    /**
     * Lets time pass in which nothing came, microseconds.
     *
     * @return whether a record was given out because of it
     */
    default boolean elapse(final long micros) {
        return false;
    }

    /** The offset of the oldest record of which something is still to be given out. */
    default OptionalLong oldestHeld() {
        return OptionalLong.empty();
    }
}
