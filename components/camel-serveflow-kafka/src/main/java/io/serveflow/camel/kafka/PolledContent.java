/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import io.serveflow.batch.Receipt;
import io.serveflow.camel.sensor.BatchSender;
import io.serveflow.ledger.Ledger;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * What the values of Kafka records are read as: gathers what one poll gave, and sends it down the
 * route.
 *
 * <p>For one thread at a time: the one that polls, and while batches are on their way to the route
 * the one that sends.
 */
interface PolledContent {

    /**
     * Begins to read a partition that was assigned.
     *
     * @param ledger counts what is skipped
     */
    PartitionRecords assigned(TopicPartition id, Ledger ledger);

    /** Whether nothing was read since {@link #clear()}. */
    boolean isEmpty();

    /**
     * Sends what was read.
     *
     * @param receipts of what was read, by partition, each with the hold of the source, which this
     *     ends
     * @return whether all was sent; false if the source stops before
     */
    boolean send(BatchSender sender, Map<TopicPartition, Receipt> receipts);

    /** Forgets what was read. */
    void clear();
}
