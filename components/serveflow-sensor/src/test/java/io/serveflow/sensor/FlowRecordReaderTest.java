/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowSummary;
import io.serveflow.flow.SampleFlows;
import io.serveflow.flow.TestFlows;
import io.serveflow.sensor.line.BadLineException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlowRecordReaderTest {

    private final FlowRecordReader reader = new FlowRecordReader("lab");

    @Test
    void shouldReadOneRecordFromInsideAMessage() throws IOException {
        final FlowRecord expected = SampleFlows.randomContext(1, 3);
        final byte[] line = line(expected);
        final byte[] message = new byte[line.length + 10];
        System.arraycopy(line, 0, message, 4, line.length);

        final FlowRecord read = reader.read(message, 4, 4 + line.length);

        assertThat(read.id()).isEqualTo(new FlowId("lab", "C1"));
        assertThat(read.packets()).isEqualTo(expected.packets());
        assertThat(read.tuple()).isEqualTo(expected.tuple());
        assertThat(read.startMicros()).isEqualTo(expected.startMicros());
    }

    @Test
    void shouldKeepNothingOfTheRecordBefore() throws IOException {
        final FlowRecord expected = SampleFlows.randomFirst(2);
        final byte[] longer = line(SampleFlows.randomContext(1, 9));
        reader.read(longer, 0, longer.length);

        final byte[] line = line(expected);

        assertThat(reader.read(line, 0, line.length).packets()).isEqualTo(expected.packets());
    }

    @Test
    void shouldReadTheSummaryThatWasWritten() throws IOException {
        for (final FlowSummary summary :
                List.of(TestFlows.summary("C1").summary(), FlowSummary.NONE)) {
            final FlowRecord expected = TestFlows.summary("C1", summary);
            final byte[] line = line(expected);

            final FlowRecord read = reader.read(line, 0, line.length);

            assertThat(read.stage()).isEqualTo(FlowRecord.Stage.SUMMARY);
            assertThat(read.summary()).isEqualTo(summary);
            assertThat(read.tuple()).isEqualTo(expected.tuple());
            assertThat(read.startMicros()).isEqualTo(expected.startMicros());
        }
    }

    @Test
    void shouldRefuseASummaryOfAProtocolWithoutFlows() {
        final byte[] line =
                ("{\"ts\":1.5,\"uid\":\"C\",\"id.orig_h\":\"10.0.0.1\",\"id.resp_h\":\"10.0.0.2\","
                                + "\"proto\":\"unknown_transport\",\"conn_state\":\"OTH\"}")
                        .getBytes(StandardCharsets.UTF_8);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> reader.read(line, 0, line.length))
                .withMessageContaining("'proto' is 'unknown_transport'");
    }

    @Test
    void shouldSayWhatIsWrong() {
        final byte[] line = "{\"ts\":1.5}".getBytes(StandardCharsets.UTF_8);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> reader.read(line, 0, line.length))
                .withMessageContaining("'uid' is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"timestamp\":\"2026-11-22T20:47:41.0+0000\",\"flow_id\":7,\"event_type\":\"alert\"}"
                    + " | the line is an event of Suricata's EVE log",
                "{\"packet_event_name\":\"packet-flow\",\"flow_id\":1} | the line is an event of"
                        + " nDPId",
                "00042{\"packet_event_name\":\"packet-flow\"} | the line is an event of nDPId",
                "{\"@timestamp\":1,\"message\":\"{}\"} | the line is a log shipper's event",
                "{\"conn\":{\"ts\":1}} | the line is an object around another",
                "{\"ts\":1.5,\"query\":\"x\"} | the line is of a Zeek log other than",
                "{\"ts\":1.5,\"uid\":\"C\",\"conn_state\":\"S1\",\"_path\":\"conn_long\"} | the"
                        + " connection goes on"
            })
    void shouldSayWhatALineOfAnotherKindIs(final String text, final String kind) {
        final byte[] line = text.getBytes(StandardCharsets.UTF_8);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> reader.read(line, 0, line.length))
                .withMessageContaining(kind)
                .withCauseExactlyInstanceOf(BadLineException.class);
    }

    private static byte[] line(final FlowRecord record) throws IOException {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (FlowRecordWriter writer = FlowRecordWriter.to(out)) {
            writer.write(record);
        }
        return out.toByteArray();
    }
}
