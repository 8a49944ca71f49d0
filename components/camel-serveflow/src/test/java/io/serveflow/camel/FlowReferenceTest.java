/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlowReferenceTest {

    @Test
    void shouldReadALineOfConnLog() {
        assertThat(
                        FlowReference.of(
                                "{\"ts\":1729700000.123456,\"uid\":\"CHhAvVGS1DHFjwGM9\","
                                        + "\"id.orig_h\":\"192.168.10.24\",\"proto\":\"tcp\","
                                        + "\"duration\":2.5,"
                                        + "\"community_id\":\"1:yE5RtqajZvQ26kI1CCCMbyJy+Ck=\"}"))
                .contains(
                        new FlowReference(
                                "CHhAvVGS1DHFjwGM9",
                                "1:yE5RtqajZvQ26kI1CCCMbyJy+Ck=",
                                OptionalLong.of(1_729_700_000_123_456L),
                                false,
                                OptionalLong.of(1_729_700_002_623_456L),
                                true,
                                ""));
    }

    @Test
    void shouldReadAFlowEventOfEve() {
        assertThat(
                        FlowReference.of(
                                "{\"timestamp\":\"2024-10-23T16:15:31.000412+0000\","
                                        + "\"flow_id\":1790224116513470,\"event_type\":\"flow\","
                                        + "\"proto\":\"UDP\",\"flow\":{\"start\":"
                                        + "\"2024-10-23T16:13:20.123456+0000\",\"end\":"
                                        + "\"2024-10-23T16:14:20.123456+0000\"},"
                                        + "\"community_id\":\"1:yE5R=\"}"))
                .contains(
                        new FlowReference(
                                "1790224116513470",
                                "1:yE5R=",
                                OptionalLong.of(1_729_700_000_123_456L),
                                true,
                                OptionalLong.of(1_729_700_060_123_456L),
                                true,
                                ""));
    }

    @Test
    void shouldReadTheEnvelopeOfZeekKafka() {
        assertThat(FlowReference.of("{\"conn\":{\"uid\":\"C1\",\"ts\":1.5,\"proto\":\"udp\"}}"))
                .contains(flow("C1", "", OptionalLong.of(1_500_000), true));
    }

    @Test
    void shouldReadTheDocumentThatAPipelineMadeOfARecord() {
        assertThat(
                        FlowReference.of(
                                "{\"log\":{\"id\":{\"uid\":\"C1\"}},\"network\":{\"transport\":"
                                        + "\"tcp\",\"community_id\":\"1:a\"},\"event\":{\"start\":"
                                        + "\"2024-10-23T16:13:20.123Z\"}}"))
                .contains(flow("C1", "1:a", OptionalLong.of(1_729_700_000_123_000L), false));
    }

    @Test
    void shouldTakeTheStartOfAnEventForThatOfTheFlowWhereItsEndIsStatedToo() {
        assertThat(
                        FlowReference.of(
                                "{\"uid\":\"C1\",\"event\":{\"start\":"
                                        + "\"2024-10-23T16:13:20.123Z\",\"end\":"
                                        + "\"2024-10-23T16:13:21.123Z\"}}"))
                .hasValueSatisfying(flow -> assertThat(flow.startStated()).isTrue());
    }

    @Test
    void shouldTakeTheTimeOfADocumentThatStatesNoOtherForTheStart() {
        assertThat(
                        FlowReference.of(
                                "{\"@timestamp\":\"2024-10-23T16:13:20.123Z\","
                                        + "\"zeek\":{\"uid\":\"C1\"}}"))
                .contains(flow("C1", "", OptionalLong.of(1_729_700_000_123_000L), false));
        assertThat(
                        FlowReference.of(
                                "{\"@timestamp\":\"2024-10-23T16:20:00Z\",\"event\":{\"start\":"
                                        + "\"2024-10-23T16:13:20.123Z\"},\"flow_id\":1}"))
                .contains(flow("1", "", OptionalLong.of(1_729_700_000_123_000L), true));
    }

    @Test
    void shouldTakeTheTimeOfConnLogAloneForThatOfTheFlow() {
        final String line = "{\"uid\":\"C1\",\"ts\":1.5,%s}";

        assertThat(FlowReference.of(line.formatted("\"conn_state\":\"SF\"")))
                .hasValueSatisfying(flow -> assertThat(flow.startStated()).isTrue());
        assertThat(FlowReference.of(line.formatted("\"query\":\"example.com\"")))
                .hasValueSatisfying(flow -> assertThat(flow.startStated()).isFalse());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"observer\":\"s1\"",
                "\"observer\":{\"name\":\"s1\"},\"agent\":{\"name\":\"s2\"}",
                "\"agent\":{\"name\":\"s1\"},\"host\":{\"name\":\"s2\"}",
                "\"host\":{\"name\":\"s1\"}"
            })
    void shouldReadWhichSensorItIs(final String named) {
        assertThat(FlowReference.of("{\"uid\":\"C1\"," + named + "}"))
                .hasValueSatisfying(flow -> assertThat(flow.observer()).isEqualTo("s1"));
    }

    @Test
    void shouldNotTakeTheServerThatAClientAskedForForTheSensor() {
        assertThat(FlowReference.of("{\"uid\":\"C1\",\"host\":\"example.com\"}"))
                .hasValueSatisfying(flow -> assertThat(flow.observer()).isEmpty());
    }

    @Test
    void shouldKnowWhatNoVerdictIsOn() {
        assertThat(FlowReference.of("{\"uid\":\"C1\",\"proto\":\"icmp\"}"))
                .hasValueSatisfying(flow -> assertThat(flow.transported()).isFalse());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "[]",
                "{}",
                "{\"uid\":\"\"}",
                "{\"uid\":null}",
                "{\"ts\":1.5}",
                "{\"uid\":\"C1\"",
                "{\"uid\":\"C1\"}{\"uid\":\"C2\"}"
            })
    void shouldReadNothingElse(final String text) {
        assertThat(FlowReference.of(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "1e999999999", "2024-13-23T16:13:20Z"})
    void shouldTakeATimeThatIsNoneForUnknown(final String time) {
        assertThat(FlowReference.of("{\"uid\":\"C1\",\"ts\":\"" + time + "\"}"))
                .contains(flow("C1", "", OptionalLong.empty(), false));
    }

    private static FlowReference flow(
            final String uid,
            final String communityId,
            final OptionalLong start,
            final boolean stated) {
        return new FlowReference(uid, communityId, start, stated, OptionalLong.empty(), true, "");
    }
}
