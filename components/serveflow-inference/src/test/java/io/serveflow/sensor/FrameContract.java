/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.packet.LinkLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What holds for any frame of any link type: nothing outside of it is read, and its packet makes a
 * flow or is counted.
 */
final class FrameContract {

    private static final FlowAssembler.Options OPTIONS =
            FlowAssembler.Options.defaults(SensorContract.OBSERVER);

    private FrameContract() {}

    /**
     * @param input the link type in two bytes, then the frame
     */
    static void holdsFor(final byte[] input) {
        if (input.length < 2) {
            return;
        }
        final int linkType = (input[0] & 0xff) << 8 | input[1] & 0xff;
        if (!LinkLayer.isKnown(linkType)) {
            return;
        }
        final byte[] frame = Arrays.copyOfRange(input, 2, input.length);
        final int ip = LinkLayer.ipOffset(linkType, frame, 0, frame.length);
        if (ip == LinkLayer.NO_IP) {
            return;
        }
        assertThat(ip).isBetween(0, frame.length - 1);
        final List<FlowRecord> records = assembled(frame, ip, frame.length - ip);

        // The same frame among other bytes, which must not show.
        final int before = 7;
        final byte[] surrounded = new byte[before + frame.length + 60];
        Arrays.fill(surrounded, (byte) 0x45);
        System.arraycopy(frame, 0, surrounded, before, frame.length);
        assertThat(LinkLayer.ipOffset(linkType, surrounded, before, frame.length))
                .isEqualTo(before + ip);
        assertThat(assembled(surrounded, before + ip, frame.length - ip)).isEqualTo(records);
    }

    private static List<FlowRecord> assembled(
            final byte[] bytes, final int offset, final int captured) {
        final List<FlowRecord> records = new ArrayList<>();
        final Ledger ledger = new Ledger();
        final FlowAssembler assembler =
                new FlowAssembler(
                        OPTIONS,
                        ledger,
                        record -> records.add(RecordContract.withoutReadTime(record)));
        final boolean taken = assembler.packet(0, bytes, offset, captured, captured);
        assembler.finish();
        assertThat(records).hasSize(taken ? 2 : 0);
        assertThat(ledger.total(Ledger.Entry.SKIPPED)).isEqualTo(taken ? 0 : 1);
        for (final FlowRecord record : records) {
            RecordContract.holdsFor(record);
            RecordContract.holdsForAssembled(record);
        }
        return records;
    }
}
