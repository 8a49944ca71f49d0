/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.batch.FlowBatch;
import io.serveflow.batch.Receipt;
import io.serveflow.camel.sensor.pcap.ServeflowPcapEndpoint;
import io.serveflow.flow.FlowRecord.Stage;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PassingRecordsTest {

    private final CamelContext context = new DefaultCamelContext();
    private final Ledger ledger = new Ledger();
    private final AtomicLong clock = new AtomicLong();
    private final List<FlowBatch> taken = new ArrayList<>();
    private boolean failing;

    @AfterEach
    void close() throws Exception {
        context.close();
    }

    @Test
    void shouldSendWhenTheRecordsMakeABatch() throws Exception {
        final PassingRecords records = records(sender());
        Samples.ntp(Stage.FIRST, 9).forEach(records);

        assertThat(taken).extracting(FlowBatch::size).containsExactly(4, 4);
    }

    @Test
    void shouldSendWhatIsThereWhenThereIsNothingMore() throws Exception {
        final PassingRecords records = records(sender());
        Samples.ntp(Stage.FIRST, 3).forEach(records);
        records.sendIfDue(false);
        assertThat(taken).isEmpty();

        records.sendIfDue(true);
        records.sendIfDue(true);

        assertThat(taken).extracting(FlowBatch::size).containsExactly(3);
    }

    @Test
    void shouldSendWhenTheOldestRecordHasWaitedLongEnough() throws Exception {
        final PassingRecords records = records(sender());
        records.accept(Samples.ntp(Stage.FIRST, 1).get(0));
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(49));
        records.accept(Samples.ntp(Stage.FIRST, 1).get(0));
        records.sendIfDue(false);
        assertThat(taken).isEmpty();
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));

        records.sendIfDue(false);

        assertThat(taken).extracting(FlowBatch::size).containsExactly(2);
    }

    @Test
    void shouldCountWhatNobodyTookWhenTheSourceStops() throws Exception {
        failing = true;
        final BatchSender sender = sender();
        final PassingRecords records = records(sender);
        sender.stop();
        Samples.inTurn().subList(0, 6).forEach(records);
        records.sendIfDue(true);

        assertThat(taken).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.DROPPED))
                .isEqualTo(Map.of(Reason.SOURCE_STOPPED.code(), 6L));
    }

    private BatchSender sender() throws Exception {
        final SensorEndpoint endpoint = endpoint();
        return new BatchSender(
                new DefaultConsumer(
                        endpoint,
                        exchange -> {
                            if (failing) {
                                throw new IllegalStateException("the sink is out of order");
                            }
                            taken.add(exchange.getMessage().getMandatoryBody(FlowBatch.class));
                        }),
                endpoint);
    }

    private PassingRecords records(final BatchSender sender) {
        return new PassingRecords(endpoint(), sender, clock::get, Receipt.NONE);
    }

    private SensorEndpoint endpoint() {
        context.getRegistry().bind("ledger", Ledger.class, ledger);
        return context.getEndpoint(
                "serveflow-pcap:any.pcap?batchSize=4&batchDelay=50", ServeflowPcapEndpoint.class);
    }
}
