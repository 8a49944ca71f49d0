/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;

/** What requests of Kafka's admin client have in common. */
final class AdminRequests {

    private AdminRequests() {}

    /**
     * Waits for an answer.
     *
     * @throws KafkaException as the client gave it, and not that of a future
     */
    static <T> T get(final KafkaFuture<T> answer) throws InterruptedException {
        try {
            return answer.get();
        } catch (final ExecutionException e) {
            throw e.getCause() instanceof KafkaException failure
                    ? failure
                    : new KafkaException(e.getCause());
        }
    }

    /** Topics to be made, with as many replicas as the brokers give topics by themselves. */
    static List<NewTopic> topics(final List<String> names, final int partitions) {
        return names.stream()
                .map(name -> new NewTopic(name, Optional.of(partitions), Optional.<Short>empty()))
                .toList();
    }
}
