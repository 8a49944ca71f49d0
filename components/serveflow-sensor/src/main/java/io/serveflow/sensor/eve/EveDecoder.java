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
 * <p>A {@code flow} event becomes the summary of its flow. What {@code tls} and {@code quic} events
 * reported of it before is in the summary: that of at most {@value #MAX_TLS_FLOWS} flows is kept,
 * and what is forgotten for want of room is counted as {@link Ledger.Entry#EVICTED}. It is no
 * record that is held, so a stream that begins anew gives summaries without it.
 */
public final class EveDecoder implements LineDecoder {

    static final int MAX_TLS_FLOWS = 1 << 16;

    /** So many flows, the latest, have their packets distinguished from events that come again. */
    public static final int MAX_NUMBERED_FLOWS = 1 << 16;

    /** The detail under which flows are counted whose TLS was forgotten. */
    static final String TLS_FLOWS_FULL = "tls_flows_full";

    /** The detail under which events are counted that only add to the summary of their flow. */
    static final String TLS_EVENT = "tls_event";

    private static final String OTHER_EVENT = "other_event";
    private static final String PSEUDO_PACKET = "pseudo_packet";

    private static final SignatureKey EVENT_TYPE = new SignatureKey("event_type");
    private static final byte[] FLOW_TYPE = ascii("\"flow\"");
    private static final byte[] TLS_TYPE = ascii("\"tls\"");
    private static final byte[] QUIC_TYPE = ascii("\"quic\"");

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

    /** What TLS reported of flows that are not over, that which was reported first first. */
    private final Map<String, EveSummary.Tls> tlsOfFlows = new LinkedHashMap<>();

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
        this.assembler = new FlowAssembler(options, ledger, this.out);
        this.frame = new EveFrame(options.tunnels());
        this.tunnel = frame::tunnel;
        this.summary = new EveSummary(reason -> ledger.add(Ledger.Entry.UNKNOWN_VALUES, reason, 1));
    }

    @Override
    public boolean line(final byte[] bytes, final int start, final int end, final long position)
            throws BadLineException {
        final int type = type(bytes, start, end);
        if (isType(FLOW_TYPE, bytes, type, end)) {
            takeFlow(bytes, start, end);
            return false;
        }
        if (isType(TLS_TYPE, bytes, type, end) || isType(QUIC_TYPE, bytes, type, end)) {
            rememberTls(bytes, start, end);
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
        final EveSummary.Tls tls = tlsOfFlows.remove(summary.flowId());
        final Optional<FlowRecord> record =
                summary.record(
                        tls == null ? EveSummary.Tls.NONE : tls,
                        observer,
                        seed,
                        nanoTime.getAsLong());
        if (record.isPresent()) {
            out.accept(record.get());
        } else {
            ledger.add(Ledger.Entry.SKIPPED, SummaryRow.NOT_A_FLOW_PROTOCOL, 1);
        }
    }

    private void rememberTls(final byte[] bytes, final int start, final int end)
            throws BadLineException {
        summary.read(bytes, start, end);
        tlsOfFlows.merge(summary.flowId(), summary.tls(), EveSummary.Tls::with);
        if (tlsOfFlows.size() > MAX_TLS_FLOWS) {
            tlsOfFlows.remove(tlsOfFlows.keySet().iterator().next());
            ledger.add(Ledger.Entry.EVICTED, TLS_FLOWS_FULL, 1);
        }
        ledger.add(Ledger.Entry.SKIPPED, TLS_EVENT, 1);
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
