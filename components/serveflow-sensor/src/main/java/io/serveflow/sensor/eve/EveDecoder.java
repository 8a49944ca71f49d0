/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.eve;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTunnel;
import io.serveflow.flow.IpHeaders;
import io.serveflow.flow.Packets;
import io.serveflow.flow.Transport;
import io.serveflow.flow.Tunnels;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.DecoderContext;
import io.serveflow.sensor.LineDecoder;
import io.serveflow.sensor.json.SignatureKey;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.line.LineBeginnings;
import io.serveflow.sensor.packet.SeenNumbers;
import io.serveflow.sensor.summary.SummaryRow;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Decodes Suricata's EVE log: of each flow's first packets, one alert event of the ServeFlow rules
 * (signatures 3900000 to 3900999) a packet, with the frame in {@code packet}. The flows are
 * Suricata's, by its {@code flow_id}; events of other types and rules are skipped and counted as
 * {@link Ledger.Entry#SKIPPED}.
 *
 * <p>Where the output writes {@code metadata.flowints}, the rules' number of a packet in its flow
 * distinguishes an event that was shipped before from the next packet: it is skipped and counted.
 *
 * <p>A {@code flow} event becomes the summary of its flow. Events about a protocol, {@code tls},
 * {@code quic}, {@code http}, {@code dns} and {@code ssh}, say something of the flow that they
 * name: its context record has what came before it is written, its summary what {@code tls} and
 * {@code quic} events said. What is said of at most {@value #MAX_SAID_FLOWS} flows is kept, and
 * what is forgotten for want of room is counted as {@link Ledger.Entry#EVICTED}. It is no record
 * that is held, so a stream that begins anew gives records without it.
 *
 * <p>Suricata writes a {@code tls} event when the handshake is over, which often is with the tenth
 * packet or a moment later. So where a stream has such events, the context record of a flow whose
 * packets begin a TLS handshake is held for a moment, see {@link HeldContexts}.
 */
public final class EveDecoder implements LineDecoder {

    static final int MAX_SAID_FLOWS = 1 << 16;

    /** So many flows, the latest, have their packets distinguished from events that come again. */
    public static final int MAX_NUMBERED_FLOWS = 1 << 16;

    /** The detail under which flows are counted of which was forgotten what events said. */
    static final String PROTOCOL_EVENTS_FULL = "protocol_events_full";

    /** The detail under which events are counted that only add to the records of their flow. */
    static final String PROTOCOL_EVENT = "protocol_event";

    private static final String OTHER_EVENT = "other_event";
    private static final String PSEUDO_PACKET = "pseudo_packet";

    private static final SignatureKey EVENT_TYPE = new SignatureKey("event_type");
    private static final byte[] ALERT_TYPE = ascii("\"alert\"");
    private static final byte[] FLOW_TYPE = ascii("\"flow\"");
    private static final byte[] TLS_TYPE = ascii("\"tls\"");
    private static final byte[] QUIC_TYPE = ascii("\"quic\"");

    /** Those whose events are of no use to a summary. */
    private static final byte[][] OTHER_TYPES = {
        ascii("\"http\""), ascii("\"dns\""), ascii("\"ssh\"")
    };

    /** What a record of a TLS handshake begins with: its type, and the first byte of a version. */
    private static final int HANDSHAKE = 22;

    private static final int TLS_MAJOR_VERSION = 3;
    private static final int TCP_HEADER = 20;

    /** Where a TCP header says how long it is. */
    private static final int DATA_OFFSET = 12;

    private final String observer;
    private final int seed;
    private final Ledger ledger;
    private final LongSupplier nanoTime;
    private final LineBeginnings beginnings;
    private final Consumer<FlowRecord> out;
    private final FlowAssembler assembler;
    private final EveAlert alert = new EveAlert();
    private final EveFrame frame;
    private final Supplier<Optional<FlowTunnel>> tunnel;
    private final EveSummary summary;
    private final EveProtocolEvent event;
    private final IpHeaders kept = new IpHeaders(Tunnels.NONE);
    private final HeldContexts held;

    /** What was said of flows that are not over, that which was said first first. */
    private final Map<String, EveSaid> saidOfFlows = new LinkedHashMap<>();

    /** Whether there was a {@code tls} event, so that one of another flow is likely to come. */
    private boolean hasTls;

    /** Where the source was to be read from before the packet that is being taken. */
    private long oldestBefore;

    /** Of which flows which packets were seen, that which began first first. */
    private final Map<String, SeenNumbers> seen = new LinkedHashMap<>();

    EveDecoder(final DecoderContext context) {
        final FlowAssembler.Options options = context.options();
        this.observer = context.observer();
        this.seed = context.communityIdSeed();
        this.ledger = context.ledger();
        this.nanoTime = context.nanoTime();
        this.beginnings = context.beginnings();
        this.out =
                record -> {
                    ledger.add(Ledger.Entry.EVENTS, EveFormat.ID, 1);
                    context.out().accept(record);
                };
        this.held = new HeldContexts(record -> this.out.accept(completed(record)));
        this.assembler = new FlowAssembler(options, ledger, this::take);
        this.frame = new EveFrame(options.tunnels());
        this.tunnel = frame::tunnel;
        final Consumer<String> unknown =
                reason -> ledger.add(Ledger.Entry.UNKNOWN_VALUES, reason, 1);
        this.summary = new EveSummary(unknown);
        this.event = new EveProtocolEvent(unknown);
    }

    @Override
    public boolean line(final byte[] bytes, final int start, final int end, final long position)
            throws BadLineException {
        final int type = type(bytes, start, end);
        if (!isType(ALERT_TYPE, bytes, type, end) && takeOther(bytes, start, end, type)) {
            return false;
        }
        final EveAlert.Finding finding = alert.read(bytes, start, end);
        switch (finding) {
            case PACKET -> {
                if (isDuplicate()) {
                    ledger.add(Ledger.Entry.SKIPPED, SeenNumbers.DUPLICATE_EVENT, 1);
                } else {
                    takeFrame(position);
                }
            }
            case OTHER_EVENT -> skip(OTHER_EVENT, bytes, start, end);
            case PSEUDO_PACKET -> skip(PSEUDO_PACKET, bytes, start, end);
        }
        return finding == EveAlert.Finding.PACKET;
    }

    /** Takes an event if it is of a type of use that has no packets. */
    private boolean takeOther(final byte[] bytes, final int start, final int end, final int type)
            throws BadLineException {
        if (isType(FLOW_TYPE, bytes, type, end)) {
            takeFlow(bytes, start, end);
            return true;
        }
        final boolean tls = isType(TLS_TYPE, bytes, type, end);
        if (tls || isType(QUIC_TYPE, bytes, type, end)) {
            hasTls |= tls;
            takeEvent(bytes, start, end, true);
            return true;
        }
        for (final byte[] other : OTHER_TYPES) {
            if (isType(other, bytes, type, end)) {
                takeEvent(bytes, start, end, false);
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the packet was seen, as where a shipper sends again what was not acknowledged. The
     * rules number packets in the flow; where the output does not write that, nobody can tell.
     */
    private boolean isDuplicate() {
        if (alert.number() == 0) {
            return false;
        }
        SeenNumbers numbers = seen.get(alert.flowId());
        if (numbers == null) {
            numbers = begin();
        }
        final SeenNumbers.Finding finding = numbers.note(alert.number(), alert.timeMicros());
        if (finding == SeenNumbers.Finding.ANEW) {
            seen.remove(alert.flowId());
            begin().note(alert.number(), alert.timeMicros());
        }
        return finding == SeenNumbers.Finding.DUPLICATE;
    }

    private SeenNumbers begin() {
        if (seen.size() == MAX_NUMBERED_FLOWS) {
            seen.remove(seen.keySet().iterator().next());
        }
        final SeenNumbers numbers = new SeenNumbers();
        seen.put(alert.flowId(), numbers);
        return numbers;
    }

    /** Where the event's type is, which Suricata writes near the beginning; -1 if nowhere. */
    private static int type(final byte[] bytes, final int start, final int end) {
        int at = EVENT_TYPE.after(bytes, start, end);
        while (at >= 0 && at < end && bytes[at] == ' ') {
            at++;
        }
        return at;
    }

    private static boolean isType(
            final byte[] quoted, final byte[] bytes, final int type, final int end) {
        return type >= 0
                && end - type >= quoted.length
                && Arrays.equals(bytes, type, type + quoted.length, quoted, 0, quoted.length);
    }

    private void takeFlow(final byte[] bytes, final int start, final int end)
            throws BadLineException {
        summary.read(bytes, start, end);
        assembler.end(summary.flowId());
        held.release(summary.flowId());
        final EveSaid said = saidOfFlows.remove(summary.flowId());
        final Optional<FlowRecord> record =
                summary.record(
                        said == null ? EveSaid.Tls.NONE : said.tls(),
                        observer,
                        seed,
                        nanoTime.getAsLong());
        if (record.isPresent()) {
            out.accept(record.get());
        } else {
            ledger.add(Ledger.Entry.SKIPPED, SummaryRow.NOT_A_FLOW_PROTOCOL, 1);
        }
    }

    /**
     * Remembers what an event says of its flow, if a record is still to come that has it.
     *
     * @param summarized whether it is for the summary too
     */
    private void takeEvent(
            final byte[] bytes, final int start, final int end, final boolean summarized)
            throws BadLineException {
        event.read(bytes, start, end);
        ledger.add(Ledger.Entry.SKIPPED, PROTOCOL_EVENT, 1);
        final String flowId = event.flowId();
        final boolean waiting = assembler.isWaiting(flowId) || held.holds(flowId);
        final EveSaid said = waiting ? event.said() : event.said().withoutHandshake();
        if (!waiting && (!summarized || said.tls().equals(EveSaid.Tls.NONE))) {
            return;
        }
        saidOfFlows.merge(flowId, said, EveSaid::with);
        if (saidOfFlows.size() > MAX_SAID_FLOWS) {
            saidOfFlows.remove(saidOfFlows.keySet().iterator().next());
            ledger.add(Ledger.Entry.EVICTED, PROTOCOL_EVENTS_FULL, 1);
        }
        held.release(flowId);
    }

    /** Takes a record that is complete, so far as its packets go. */
    private void take(final FlowRecord record) {
        if (record.stage() != FlowRecord.Stage.CONTEXT) {
            out.accept(record);
        } else if (hasTls && isAwaitingTls(record)) {
            held.hold(record, alert.timeMicros(), oldestBefore);
        } else {
            out.accept(completed(record));
        }
    }

    /** A context record with what was said of its flow, which is remembered no longer. */
    private FlowRecord completed(final FlowRecord context) {
        final EveSaid said = saidOfFlows.get(context.id().uid());
        if (said == null) {
            return context;
        }
        if (said.tls().equals(EveSaid.Tls.NONE)) {
            saidOfFlows.remove(context.id().uid());
        } else {
            saidOfFlows.put(context.id().uid(), said.withoutHandshake());
        }
        return context.saying(said.handshake());
    }

    /** Whether a flow has begun a TLS handshake of which nothing was said yet. */
    private boolean isAwaitingTls(final FlowRecord context) {
        if (context.end() == FlowRecord.End.TIMEOUT
                || context.tuple().transport() != Transport.TCP
                || saidOfFlows.containsKey(context.id().uid())) {
            return false;
        }
        final Packets packets = context.packets();
        for (int i = 0; i < packets.count(); i++) {
            final int start = packets.start(i);
            final int captured = packets.end(i) - start;
            if (kept.read(packets.bytes(), start, captured, packets.length(i)).hasPorts()
                    && beginsHandshake(packets.bytes(), packets.end(i))) {
                return true;
            }
        }
        return false;
    }

    private boolean beginsHandshake(final byte[] bytes, final int end) {
        final int transport = kept.transportOffset();
        if (transport + TCP_HEADER > end) {
            return false;
        }
        final int payload =
                transport + ((bytes[transport + DATA_OFFSET] & 0xf0) >> 4) * Integer.BYTES;
        return payload + 1 < end
                && bytes[payload] == HANDSHAKE
                && bytes[payload + 1] == TLS_MAJOR_VERSION;
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** What is skipped was not read to its end, where a packet's event may be glued to it. */
    private void skip(final String reason, final byte[] bytes, final int start, final int end)
            throws BadLineException {
        if (beginnings.next(bytes, start + 1, end) != end) {
            throw new BadLineException(
                    BadLineException.BAD_JSON, "another event begins inside this one");
        }
        ledger.add(Ledger.Entry.SKIPPED, reason, 1);
    }

    private void takeFrame(final long position) {
        final IpHeaders.Finding finding = frame.find(alert);
        held.releaseDue(alert.timeMicros());
        oldestBefore = oldestHeld().orElse(position);
        assembler.at(position);
        assembler.packet(
                alert.flowId(),
                alert.number() <= 1,
                alert.communityId(),
                alert.timeMicros(),
                frame.headers(),
                finding,
                tunnel);
    }

    @Override
    public void elapse(final long micros) {
        assembler.elapse(micros);
        held.releaseDue(alert.timeMicros() + micros);
    }

    @Override
    public void finish() {
        assembler.finish();
        held.releaseAll();
    }

    @Override
    public OptionalLong oldestHeld() {
        final OptionalLong oldest = held.oldest();
        return oldest.isPresent() ? oldest : assembler.oldestWaiting();
    }
}
