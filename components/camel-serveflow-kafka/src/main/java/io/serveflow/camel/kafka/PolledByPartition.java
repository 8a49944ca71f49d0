/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import io.serveflow.batch.Receipt;
import io.serveflow.camel.sensor.BatchSender;
import java.util.Iterator;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Content of which each partition leaves on its own, with the receipt of that partition alone: when
 * it is revoked, the receipt says so to whoever still holds records of it.
 */
abstract class PolledByPartition implements PolledContent {

    @Override
    public final boolean send(
            final BatchSender sender, final Map<TopicPartition, Receipt> receipts) {
        final Iterator<Map.Entry<TopicPartition, Receipt>> left = receipts.entrySet().iterator();
        boolean sent = true;
        while (left.hasNext()) {
            final Map.Entry<TopicPartition, Receipt> next = left.next();
            if (sent) {
                sent = send(sender, next.getKey(), next.getValue());
            } else {
                next.getValue().handBack();
            }
        }
        return sent;
    }

    /** Sends what was read from one partition, and ends the hold of the source. */
    abstract boolean send(BatchSender sender, TopicPartition id, Receipt receipt);
}
