/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Decodes the events of nDPId, as it and nDPIsrvd send them or as lines of a file: of each flow's
 * first packets one {@code packet-flow} event a packet. Other events are passed over and counted as
 * {@link Ledger.Entry#SKIPPED}.
 *
 * <p>On its sockets nDPId writes five digits before each object, its length; lines may have them or
 * not.
 *
 * <p>nDPId numbers its flows from 1 at each start. A flow's id here is therefore the daemon's alias
 * and source, its number and the time of its first packet seen; a number whose packets begin anew
 * is a new flow. The flows of at most {@value #MAX_FLOWS} numbers are told apart; where there are
 * more, that which was silent longest is forgotten and counted as {@link Ledger.Entry#EVICTED}.
 */
final class NdpidDecoder implements LineDecoder {

    static final int MAX_FLOWS = 1 << 16;

    /** The detail under which forgotten flow numbers are counted. */
    static final String FLOW_NUMBERS_FULL = "flow_numbers_full";

    /** How many digits its length has before an object. */
    static final int LENGTH_DIGITS = 5;

    private static final String OTHER_EVENT = "other_event";
    private static final String OVERSIZE_PACKET = "oversize_packet";

    private final Ledger ledger;
    private final FlowAssembler assembler;
    private final NdpidEvent event = new NdpidEvent();
    private final Map<String, Numbered> flows = new LinkedHashMap<>(16, 0.75f, true);

    NdpidDecoder(
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
                            ledger.add(Ledger.Entry.EVENTS, SensorFormat.NDPID.id(), 1);
                            out.accept(record);
                        });
    }

    /** Whether a line has nDPId's length before its object. */
    static boolean hasLength(final byte[] bytes, final int start, final int end) {
        if (end - start <= LENGTH_DIGITS || bytes[start + LENGTH_DIGITS] != '{') {
            return false;
        }
        for (int i = start; i < start + LENGTH_DIGITS; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean line(final byte[] bytes, final int start, final int end, final long position)
            throws BadLineException {
        final int object = hasLength(bytes, start, end) ? start + LENGTH_DIGITS : start;
        final NdpidEvent.Finding finding = event.read(bytes, object, end);
        switch (finding) {
            case PACKET -> takePacket(position);
            case FLOW_END -> {
                flows.remove(event.flow());
                ledger.add(Ledger.Entry.SKIPPED, OTHER_EVENT, 1);
            }
            case WITHOUT_BYTES -> ledger.add(Ledger.Entry.SKIPPED, OVERSIZE_PACKET, 1);
            case OTHER_EVENT -> ledger.add(Ledger.Entry.SKIPPED, OTHER_EVENT, 1);
        }
        return finding == NdpidEvent.Finding.PACKET;
    }

    private void takePacket(final long position) {
        final int ip = event.ipOffset();
        assembler.at(position);
        assembler.packet(
                uid(),
                event.timeMicros(),
                event.frame(),
                ip,
                event.length() - ip,
                event.wireLength() - ip);
    }

    private String uid() {
        final String flow = event.flow();
        final Numbered known = flows.get(flow);
        final long packet = event.packetId();
        if (known != null && (packet < 0 || packet > known.packet)) {
            known.packet = packet;
            return known.uid;
        }
        if (known == null && flows.size() == MAX_FLOWS) {
            flows.remove(flows.keySet().iterator().next());
            ledger.add(Ledger.Entry.EVICTED, FLOW_NUMBERS_FULL, 1);
        }
        final Numbered begun = new Numbered(flow + "/" + event.timeMicros(), packet);
        flows.put(flow, begun);
        return begun.uid;
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

    /** What a flow number stands for now. */
    private static final class Numbered {

        private final String uid;
        private long packet;

        Numbered(final String uid, final long packet) {
            this.uid = uid;
            this.packet = packet;
        }
    }
}
