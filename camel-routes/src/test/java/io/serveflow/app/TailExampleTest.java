/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serveflow.batch.FlowBatch;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.testing.kafka.SensorLines;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The route on the page of {@code serveflow-tail:}, as it stands there. */
class TailExampleTest {

    private static final String FENCE = "----\n";

    private final List<String> asked = new CopyOnWriteArrayList<>();

    @Test
    void shouldAskAboutEachFlowOnce(@TempDir final Path folder) throws Exception {
        final Path log = folder.resolve("serveflow.log");
        Files.writeString(
                log,
                SensorLines.first("C0")
                        + '\n'
                        + SensorLines.context("C0")
                        + '\n'
                        + SensorLines.first("C1")
                        + '\n'
                        + SensorLines.context("C1")
                        + '\n'
                        + SensorLines.first("end")
                        + '\n');

        final Main main = new Main();
        main.setDefaultPropertyPlaceholderLocation("false");
        main.bind("deadLetters", (DeadLetterSink) letter -> asked.add("dead letter: " + letter));
        main.configure()
                .withRoutesIncludePattern(
                        "file:"
                                + Files.writeString(
                                        folder.resolve("tail.camel.yaml"), example(log, folder)));
        main.configure()
                .addRoutesBuilder(
                        new RouteBuilder() {
                            @Override
                            public void configure() {
                                from("direct:verdicts")
                                        .process(
                                                exchange ->
                                                        verdicts(
                                                                exchange.getMessage()
                                                                        .getBody(FlowBatch.class)));
                            }
                        });
        main.start();
        try {
            await().atMost(Duration.ofSeconds(20)).until(() -> asked.contains("end"));
        } finally {
            main.stop();
        }

        assertThat(asked).containsExactly("C0", "C1", "end");
    }

    private void verdicts(final FlowBatch batch) {
        IntStream.range(0, batch.size())
                .filter(i -> batch.verdict(i) != null)
                .mapToObj(i -> batch.record(i).id().uid())
                .forEach(asked::add);
    }

    private static String example(final Path log, final Path folder) throws IOException {
        final String page =
                Files.readString(
                        ProjectFiles.path(
                                "components/camel-serveflow-sensor/src/main/docs"
                                        + "/serveflow-tail-component.adoc"));
        final int begin = page.indexOf(FENCE, page.indexOf("== Example")) + FENCE.length();
        return page.substring(begin, page.indexOf(FENCE, begin))
                .replace("/nsm/zeek/logs/current/serveflow.log", log.toString())
                .replace("/nsm/zeek/logs/*/serveflow.*.log.gz", folder + "/*.gz")
                .replace("/var/lib/serveflow/zeek.positions", folder + "/positions")
                .replace("models/service", ProjectFiles.bundle("service").toString());
    }
}
