/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.ndpid;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.Tunnels;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.DecoderContext;
import io.serveflow.sensor.LineDecoder;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.packet.SeenNumbers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Decodes the events of nDPId, as it and nDPIsrvd send them or as lines of a file: of each flow's
 * first packets one {@code packet-flow} event a packet. Other events are skipped and counted as
 * {@link Ledger.Entry#SKIPPED}.
 *
 * <p>On its sockets nDPId writes five digits before each object, its length; lines may have them or
 * not.
 *
 * <p>nDPId numbers its flows from 1 at each start. A flow's id here is therefore the daemon's alias
 * and source, its number and the time of its first packet seen; a number whose packets begin anew
 * is a new flow. A packet of a number and time that were seen is an event that was shipped twice:
 * it is skipped and counted. nDPId says when a flow is over; one of which it never does, as where
 * events were lost, is forgotten after the longest timeout of its protocol. The flows of at most
 * {@value #MAX_FLOWS} numbers are distinguished; where there are more, that which was silent
 * longest is forgotten and counted as {@link Ledger.Entry#EVICTED}.
 *
 * <p>The flow of a packet is that of the IP header at which nDPId points; nDPId opens no tunnel, so
 * none is opened here, or packets of several flows inside would come under one number.
 */
final class NdpidDecoder implements LineDecoder {

    static final int MAX_FLOWS = 1 << 16;

    private static final int MAX_ENDED = 1 << 13;

    /** The detail under which forgotten flow numbers are counted. */
    static final String FLOW_NUMBERS_FULL = "flow_numbers_full";

    /** nDPId states none. */
    private static final String NO_COMMUNITY_ID = "";

    private static final String OTHER_EVENT = "other_event";
    private static final String OVERSIZE_PACKET = "oversize_packet";

    private final Ledger ledger;
    private final FlowAssembler assembler;
    private final NdpidEvent event = new NdpidEvent();
    private final Map<String, Numbered> flows = new LinkedHashMap<>(16, 0.75f, true);

    /** Flows that are over, of which events may still come again, that which ended first first. */
    private final Map<String, Numbered> ended = new LinkedHashMap<>();

    NdpidDecoder(final DecoderContext context) {
        final FlowAssembler.Options options = context.options();
        this.ledger = context.ledger();
        this.assembler =
                new FlowAssembler(
                        options.withTunnels(Tunnels.NONE)
                                .withTimeouts(options.timeouts().whateverTheState()),
                        ledger,
                        record -> {
                            ledger.add(Ledger.Entry.EVENTS, NdpidFormat.ID, 1);
                            context.out().accept(record);
                        });
    }

    @Override
    public boolean line(final byte[] bytes, final int start, final int end, final long position)
            throws BadLineException {
        final int object =
                NdpidFormat.LENGTH.isAt(bytes, start, end)
                        ? start + NdpidFormat.LENGTH_DIGITS
                        : start;
        final NdpidEvent.Finding finding = event.read(bytes, object, end);
        switch (finding) {
            case PACKET -> takePacket(position);
            case FLOW_END -> {
                end(event.flow());
                ledger.add(Ledger.Entry.SKIPPED, OTHER_EVENT, 1);
            }
            case WITHOUT_BYTES -> ledger.add(Ledger.Entry.SKIPPED, OVERSIZE_PACKET, 1);
            case OTHER_EVENT -> ledger.add(Ledger.Entry.SKIPPED, OTHER_EVENT, 1);
        }
        return finding == NdpidEvent.Finding.PACKET;
    }

    private void takePacket(final long position) {
        final Numbered flow = numbered(event.flow());
        if (flow == null) {
            ledger.add(Ledger.Entry.SKIPPED, SeenNumbers.DUPLICATE_EVENT, 1);
            return;
        }
        final int ip = event.ipOffset();
        assembler.at(position);
        assembler.packet(
                flow.uid,
                true,
                NO_COMMUNITY_ID,
                event.timeMicros(),
                event.frame(),
                ip,
                event.length() - ip,
                event.wireLength() - ip);
    }

    /** What the flow number of the packet stands for; null if the packet was seen. */
    private Numbered numbered(final String flow) {
        final Numbered known = flows.get(flow);
        if (known != null) {
            return switch (known.note(event)) {
                case ANOTHER -> known;
                case DUPLICATE -> null;
                case ANEW -> begin(flow);
            };
        }
        final Numbered over = ended.get(flow);
        if (over != null && over.seen.isBehind(event.timeMicros())) {
            return over.note(event) == SeenNumbers.Finding.DUPLICATE ? null : over;
        }
        return begin(flow);
    }

    private Numbered begin(final String flow) {
        if (flows.size() == MAX_FLOWS && !flows.containsKey(flow)) {
            flows.remove(flows.keySet().iterator().next());
            ledger.add(Ledger.Entry.EVICTED, FLOW_NUMBERS_FULL, 1);
        }
        final Numbered begun = new Numbered(flow + "/" + event.timeMicros());
        begun.note(event);
        flows.put(flow, begun);
        return begun;
    }

    private void end(final String flow) {
        final Numbered over = flows.remove(flow);
        if (over == null) {
            return;
        }
        assembler.end(over.uid);
        ended.remove(flow);
        if (ended.size() == MAX_ENDED) {
            ended.remove(ended.keySet().iterator().next());
        }
        ended.put(flow, over);
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
        private final SeenNumbers seen = new SeenNumbers();

        Numbered(final String uid) {
            this.uid = uid;
        }

        /** Notes the packet; one that has no number is never one that was seen. */
        SeenNumbers.Finding note(final NdpidEvent event) {
            return event.packetId() < 1
                    ? SeenNumbers.Finding.ANOTHER
                    : seen.note(event.packetId(), event.timeMicros());
        }
    }
}
