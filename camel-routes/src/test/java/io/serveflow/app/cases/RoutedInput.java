/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cases;

import static org.awaitility.Awaitility.await;

import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.kafka.LocalKafka;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** What came out of a real route over an input of lines, which was read to its end. */
final class RoutedInput {

    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Pattern OFFSET = Pattern.compile("\"offset\":(\\d+)");

    final List<FlowRecord> records = new CopyOnWriteArrayList<>();
    final List<DeadLetter> letters = new CopyOnWriteArrayList<>();
    final Ledger ledger = new Ledger();

    private RoutedInput() {}

    /** Follows a copy of the file until every flow of all its lines is acknowledged. */
    static RoutedInput tailed(final SurprisingInput input, final Path work) throws Exception {
        long size = 0;
        for (final Path file : input.files()) {
            final Path copy = work.resolve(input.folder().relativize(file).toString());
            Files.createDirectories(copy.getParent());
            size += Files.size(Files.copy(file, copy));
        }
        final long whole = size;
        final String log =
                input.glob().isEmpty() ? input.file().getFileName().toString() : input.glob();
        final Path positions = work.resolve("positions.json");
        return read(
                "serveflow-tail:"
                        + work
                        + "/"
                        + log
                        + "?positionFile="
                        + positions
                        + "&positionDelay=20&finishDelay=50&scanDelay=50&"
                        + options(input),
                () -> offsets(positions) == whole);
    }

    private static long offsets(final Path positions) throws IOException {
        if (!Files.exists(positions)) {
            return -1;
        }
        return OFFSET.matcher(Files.readString(positions))
                .results()
                .mapToLong(offset -> Long.parseLong(offset.group(1)))
                .sum();
    }

    /** Reads the lines from a topic until all of them are committed. */
    static RoutedInput fromKafka(final SurprisingInput input, final LocalKafka kafka)
            throws Exception {
        final String topic = input.toString().replace('/', '-');
        kafka.topic(topic, 1);
        final List<String> lines = input.lines();
        try (KafkaProducer<String, byte[]> producer = kafka.producer()) {
            for (final String line : lines) {
                producer.send(new ProducerRecord<>(topic, line.getBytes(StandardCharsets.UTF_8)));
            }
        }
        final TopicPartition partition = new TopicPartition(topic, 0);
        return read(
                "serveflow-kafka:"
                        + topic
                        + "?brokers="
                        + kafka.brokers()
                        + "&groupId="
                        + topic
                        + "&commitIntervalMs=50&pollTimeoutMs=50&"
                        + options(input),
                () -> kafka.committed(topic).getOrDefault(partition, 0L) == lines.size());
    }

    private static RoutedInput read(final String uri, final Callable<Boolean> everythingAnswered)
            throws Exception {
        final RoutedInput routed = new RoutedInput();
        final CamelContext context = new DefaultCamelContext();
        try {
            context.getRegistry().bind("ledger", routed.ledger);
            context.getRegistry()
                    .bind("letters", DeadLetterSink.class, (DeadLetterSink) routed.letters::add);
            context.getShutdownStrategy().setTimeout(5);
            context.addRoutes(
                    new RouteBuilder() {
                        @Override
                        public void configure() {
                            from(uri)
                                    .process(
                                            exchange ->
                                                    routed.take(
                                                            exchange.getMessage()
                                                                    .getBody(FlowBatch.class)));
                        }
                    });
            context.start();
            await().atMost(LONGEST).until(everythingAnswered);
        } finally {
            context.stop();
        }
        return routed;
    }

    private static String options(final SurprisingInput input) {
        String options = "wait=1000";
        if (!input.setting("observer").isEmpty()) {
            options +=
                    "&observer="
                            + input.setting("observer").replace("{", "%7B").replace("}", "%7D");
        }
        if (!input.setting("seed").isEmpty()) {
            options += "&communityIdSeed=" + input.setting("seed");
        }
        return options;
    }

    private void take(final FlowBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            records.add(batch.record(i));
        }
    }
}
