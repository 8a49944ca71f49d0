/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.batch.FlowBatch;
import io.serveflow.batch.SourceClock;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.SampleFlows;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FlowBatchReaderTest {

    /** How long it takes to read a record. */
    private static final long READING = 5;

    private final AtomicLong time = new AtomicLong(1_000);

    /** Contexts of a file came too late for its flows where the route had taken long. */
    @Test
    void shouldLetNoTimePassButThatOfReading() throws Exception {
        final FlowBatchReader reader = reader();
        final FlowBatch batch = reader.next();
        final SourceClock clock = batch.receipt().clock();
        final long begun = clock.nanos();

        time.addAndGet(60_000);
        assertThat(clock.nanos()).isEqualTo(begun);

        assertThat(reader.hasNext()).as("which Camel's Splitter asks ahead").isTrue();
        assertThat(clock.nanos()).isEqualTo(begun + READING);
        time.addAndGet(60_000);
        assertThat(clock.nanos()).isEqualTo(begun + READING);

        reader.close();
        time.addAndGet(7);
        assertThat(clock.nanos()).isEqualTo(begun + READING + 7);
    }

    @Test
    void shouldGiveRecordsThatAreReadAgainAtTheNextStart() throws Exception {
        try (FlowBatchReader reader = reader()) {
            final FlowBatch batch = reader.next();

            assertThat(batch.receipt().canBeReadAgain()).isTrue();
            assertThat(batch.receipt().isKept()).isFalse();
        }
    }

    private FlowBatchReader reader() {
        return new FlowBatchReader(new Records(), 1, time::get, source -> {});
    }

    /** Three first records. */
    private final class Records implements FlowRecordSource {

        private int read;

        @Override
        public Optional<FlowRecord> next() {
            time.addAndGet(READING);
            return read < 3 ? Optional.of(SampleFlows.randomFirst(read++)) : Optional.empty();
        }

        @Override
        public long read() {
            return read;
        }

        @Override
        public String unit() {
            return "records";
        }

        @Override
        public void close() {}
    }
}
