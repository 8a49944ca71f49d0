/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowSummary;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Packets;
import io.serveflow.flow.Transport;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OcclusionTest {

    private static final byte[] UDP =
            HexFormat.of()
                    .parseHex("450000000001000040110000" + "0a000005cb007109" + "d431003500000000");

    @Test
    void shouldHideTheNamesOfHostsAndNothingElse() {
        final String hidden =
                names("GET /index HTTP/1.1\r\nHost: www.Example.org\r\n\3abc\5other ");

        assertThat(hidden)
                .startsWith("GET /index HTTP/1.1\r\nHost: ")
                .doesNotContain("Example", "org", "abc", "other")
                .matches(
                        "(?s).*Host: [a-z]{3}\\.[A-Z][a-z]{6}\\.[a-z]{3}\r\n\3[a-z]{3}\5[a-z]{5} ");
    }

    @Test
    void shouldKeepWordsThatAreNoNames() {
        assertThat(names("220 ready when you are")).isEqualTo("220 ready when you are");
    }

    private static String names(final String payload) {
        final byte[] text = payload.getBytes(ISO_8859_1);
        final byte[] packet = new byte[UDP.length + text.length];
        System.arraycopy(UDP, 0, packet, 0, UDP.length);
        System.arraycopy(text, 0, packet, UDP.length, text.length);
        final FlowRecord flow = Occlusion.NAMES.apply(record(packet), new SplittableRandom(1));
        return new String(flow.packets().bytes(), UDP.length, text.length, ISO_8859_1);
    }

    private static FlowRecord record(final byte[] packet) {
        return new FlowRecord(
                new FlowId("test", "C1"),
                new FlowTuple(Transport.UDP, "10.0.0.5", 54_321, "203.0.113.9", 53),
                "",
                0,
                FlowRecord.Stage.CONTEXT,
                FlowRecord.End.DEPTH,
                new Packets.Builder().add(0, true, packet.length, packet, 0, packet.length).build(),
                0,
                FlowSummary.NONE);
    }
}
