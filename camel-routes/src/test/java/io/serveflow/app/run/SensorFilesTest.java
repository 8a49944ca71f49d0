/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serveflow.camel.support.SourceExchange;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import io.serveflow.testing.samples.ProjectFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the shipped route makes of files of a sensor. */
class SensorFilesTest {

    private final Ledger ledger = new Ledger();
    private final InputsDone done = new InputsDone();
    private final AtomicInteger batches = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger(1);

    /** A file of which a later batch fails is read again from its beginning. */
    @Test
    void shouldCountWhatIsLeftOutOfAFileOnceTheWholeFileIsTaken(@TempDir final Path work)
            throws Exception {
        Files.copy(ProjectFiles.captures().resolve("ntp.pcap"), work.resolve("ntp.pcap"));
        final Properties settings = new Properties();
        settings.setProperty("serveflow.input", work.toString());
        final Main main = new Main();
        main.setDefaultPropertyPlaceholderLocation("false");
        SourceAddresses.of(settings).forEach(main::addInitialProperty);
        main.addInitialProperty("serveflow.input.settle", "1");
        main.bind("filesInside", new FilesInside(work, ledger));
        main.bind("filesRead", MemoryIdempotentRepository.memoryIdempotentRepository(1));
        main.bind(
                "sensorFiles",
                new SensorFiles(
                        FlowAssembler.Options.defaults("lab"),
                        8,
                        ledger,
                        letter -> {},
                        () -> false));
        main.bind("inputsDone", done);
        main.bind("wholeFile", (Processor) SourceExchange::begin);
        main.configure().withRoutesIncludePattern("classpath:camel/sensor-files.camel.yaml");
        main.configure()
                .addRoutesBuilder(
                        new RouteBuilder() {
                            @Override
                            public void configure() {
                                from("direct:flows").process(SensorFilesTest.this::take);
                            }
                        });
        main.start();
        try {
            await().atMost(Duration.ofMinutes(1)).until(() -> done.count() == 1);

            assertThat(batches.get()).isGreaterThan(1);
            await().untilAsserted(
                            () ->
                                    assertThat(ledger.total(Ledger.Entry.DROPPED))
                                            .isEqualTo(batches.get()));
        } finally {
            main.stop();
        }
    }

    /** Leaves a record out of each batch; fails once, with the second one. */
    private void take(final Exchange batch) {
        SourceExchange.count(batch, ledger, Ledger.Entry.DROPPED, Reason.RECORD_TOO_SHORT, 1);
        if (batches.incrementAndGet() == 2 && failures.getAndDecrement() > 0) {
            batches.set(0);
            throw new IllegalStateException("as the test has it");
        }
    }
}
