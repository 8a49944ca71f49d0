/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.camel.sensor.Samples;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowRecord.Stage;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorStream;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SensorConnectionTest {

    private static final String OTHER_EVENT =
            "{\"timestamp\":\"2026-11-22T21:25:08.625467+0000\",\"event_type\":\"stats\"}";

    private final Ledger ledger = new Ledger();
    private final AtomicLong clock = new AtomicLong();
    private final List<FlowRecord> records = new ArrayList<>();
    private final List<DeadLetter> letters = new ArrayList<>();
    private final List<RuntimeException> failures = new ArrayList<>();
    private boolean diskFull;
    private List<String> packets;
    private SensorConnection connection;

    @BeforeEach
    void connect() throws IOException {
        packets = Samples.eve("ntp").lines().toList();
        connection =
                new SensorConnection(
                        "test#1",
                        SocketChannel.open(),
                        new SensorStream(
                                "test#1",
                                SensorFormats.installed(),
                                FlowAssembler.Options.defaults("test"),
                                ledger,
                                this::keep,
                                uid -> true,
                                records::add),
                        ledger,
                        failures::add,
                        clock::get);
    }

    @AfterEach
    void close() throws IOException {
        connection.close();
    }

    @Test
    void shouldCountTheTimeFromTheLatestPacketWhateverElseIsSaid() {
        take(packets.get(0));
        pass(6);
        take(OTHER_EVENT);
        pass(4);
        connection.elapse();
        assertThat(records).hasSize(1);
        pass(1);

        connection.elapse();

        assertThat(records)
                .extracting(FlowRecord::stage)
                .containsExactly(Stage.FIRST, Stage.CONTEXT);
    }

    @Test
    void shouldCountTheTimeFromTheLatestPacketOfAnyFlow() {
        take(packets.get(0));
        pass(6);
        take(packets.get(2));
        pass(6);
        connection.elapse();

        assertThat(records).extracting(FlowRecord::stage).containsExactly(Stage.FIRST, Stage.FIRST);
    }

    @Test
    void shouldGoOnWithTheNextLineWhenOneCannotEvenBeKept() {
        diskFull = true;
        connection.take(
                ("no line of a sensor\n" + packets.get(0) + "\n").getBytes(StandardCharsets.UTF_8));

        assertThat(records).hasSize(1);
        assertThat(failures).hasSize(1);
        assertThat(ledger.byDetail(Ledger.Entry.DROPPED))
                .isEqualTo(Map.of(Reason.LINE_FAILED.code(), 1L));
    }

    @Test
    void shouldCompleteItsFlowsWhenItEnds() {
        take(packets.get(0));
        connection.take(packets.get(1).substring(0, 50).getBytes(StandardCharsets.UTF_8));
        connection.end();

        assertThat(records)
                .extracting(FlowRecord::stage)
                .containsExactly(Stage.FIRST, Stage.CONTEXT);
        assertThat(records.get(1).end()).isEqualTo(FlowRecord.End.END);
        assertThat(letters).extracting(DeadLetter::reason).containsExactly("torn_line");
        assertThat(letters.get(0).source()).isEqualTo("test#1");
    }

    private void take(final String line) {
        connection.take((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private void pass(final long seconds) {
        clock.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    private void keep(final DeadLetter letter) {
        if (diskFull) {
            throw new IllegalStateException("the disk is full");
        }
        letters.add(letter);
    }
}
