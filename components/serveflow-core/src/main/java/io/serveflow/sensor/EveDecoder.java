/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Decodes Suricata's EVE log: of each flow's first packets, one alert event of the ServeFlow rules
 * (signatures 3900000 to 3900999) a packet, with the frame in {@code packet}. The flows are
 * Suricata's, by its {@code flow_id}; events of other types and rules are passed over and counted
 * as {@link Ledger.Entry#SKIPPED}.
 */
final class EveDecoder implements LineDecoder {

    private static final String OTHER_EVENT = "other_event";
    private static final String PSEUDO_PACKET = "pseudo_packet";
    private static final String NOT_IP = "not_ip";

    private final Ledger ledger;
    private final FlowAssembler assembler;
    private final EveAlert alert = new EveAlert();

    EveDecoder(
            final FlowAssembler.Options options,
            final Ledger ledger,
            final Consumer<FlowRecord> out) {
        Objects.requireNonNull(out, "out");
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.assembler =
                new FlowAssembler(
                        options,
                        ledger,
                        record -> {
                            ledger.add(Ledger.Entry.EVENTS, SensorFormat.EVE.id(), 1);
                            out.accept(record);
                        });
    }

    @Override
    public boolean line(final byte[] bytes, final int start, final int end, final long position)
            throws BadLineException {
        final EveAlert.Finding finding = alert.read(bytes, start, end);
        switch (finding) {
            case PACKET -> takeFrame(position);
            case OTHER_EVENT -> skip(OTHER_EVENT, bytes, start, end);
            case PSEUDO_PACKET -> skip(PSEUDO_PACKET, bytes, start, end);
        }
        return finding == EveAlert.Finding.PACKET;
    }

    /** What is passed over was not read to its end, where a packet's event may be glued to it. */
    private void skip(final String reason, final byte[] bytes, final int start, final int end)
            throws BadLineException {
        if (SensorStream.nextBeginning(bytes, start + 1, end) != end) {
            throw new BadLineException(
                    BadLineException.BAD_JSON, "another event begins inside this one");
        }
        ledger.add(Ledger.Entry.SKIPPED, reason, 1);
    }

    private void takeFrame(final long position) {
        final int ip = LinkLayer.ipOffset(alert.linkType(), alert.frame(), 0, alert.length());
        if (ip == LinkLayer.NO_IP) {
            ledger.add(Ledger.Entry.SKIPPED, NOT_IP, 1);
            return;
        }
        final int length = alert.length() - ip;
        assembler.at(position);
        assembler.packet(alert.flowId(), alert.timeMicros(), alert.frame(), ip, length, length);
    }

    @Override
    public void elapse(final long micros) {
        assembler.elapse(micros);
    }

    @Override
    public void finish() {
        assembler.finish();
    }

    @Override
    public OptionalLong oldestHeld() {
        return assembler.oldestWaiting();
    }
}
