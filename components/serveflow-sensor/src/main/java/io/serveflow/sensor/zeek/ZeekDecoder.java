/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.zeek;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.IpHeaders;
import io.serveflow.flow.Transport;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.ContextInterest;
import io.serveflow.sensor.DecoderContext;
import io.serveflow.sensor.LineDecoder;
import io.serveflow.sensor.line.BadLineException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Decodes the lines of the {@code serveflow} log of the Zeek package, JSON or TSV.
 *
 * <p>Flows are of TCP and UDP, in whatever a sensor writes as in a capture: a line of another
 * protocol, as those of ICMP where the package is configured to write them, is counted as {@link
 * Ledger.Entry#SKIPPED} under the word for such a packet.
 */
final class ZeekDecoder implements LineDecoder {

    private final String observer;
    private final int seed;
    private final Ledger.Count events;
    private final Ledger.Count flows;
    private final Ledger.Count superseded;
    private final Ledger.Count otherTransport;
    private final ContextInterest interest;
    private final LongSupplier nanoTime;
    private final Consumer<FlowRecord> out;
    private final ZeekRow row;
    private final ZeekJson json;
    private final ZeekTsv tsv = new ZeekTsv();

    ZeekDecoder(final DecoderContext context) {
        final Ledger ledger = context.ledger();
        this.observer = context.observer();
        this.seed = context.communityIdSeed();
        this.events = ledger.count(Ledger.Entry.EVENTS, ZeekFormat.ID);
        this.flows = ledger.count(Ledger.Entry.FLOWS, "");
        this.superseded = ledger.count(Ledger.Entry.SUPERSEDED, "");
        this.otherTransport =
                ledger.count(Ledger.Entry.SKIPPED, IpHeaders.Finding.OTHER_TRANSPORT.id());
        this.interest = context.interest();
        this.nanoTime = context.nanoTime();
        this.row = new ZeekRow(reason -> ledger.add(Ledger.Entry.UNKNOWN_VALUES, reason, 1));
        this.json = new ZeekJson(context.beginnings());
        this.out = context.out();
    }

    @Override
    public boolean line(final byte[] bytes, final int start, final int end, final long position)
            throws BadLineException {
        if (bytes[start] == '#') {
            tsv.header(bytes, start, end);
            return false;
        }
        row.clear();
        if (isRow(bytes, start)) {
            tsv.read(bytes, start, end, row);
            give(row.wantedBy(interest));
        } else {
            give(json.read(bytes, start, end, interest, row));
        }
        return true;
    }

    @Override
    public boolean plainLine(
            final byte[] bytes, final int start, final int end, final long position)
            throws BadLineException {
        row.clear();
        final PlainZeekLine.Outcome outcome = json.readPlain(bytes, start, end, interest, row);
        if (outcome == PlainZeekLine.Outcome.NOT_PLAIN) {
            return false;
        }
        give(outcome == PlainZeekLine.Outcome.READ);
        return true;
    }

    /** Unlike a JSON object, a row says only by its line end that it is complete. */
    @Override
    public void unterminated(
            final byte[] bytes, final int start, final int end, final long position)
            throws BadLineException {
        if (bytes[start] == '#') {
            return;
        }
        if (!isRow(bytes, start)) {
            line(bytes, start, end, position);
            return;
        }
        row.clear();
        tsv.read(bytes, start, end, row);
        if (!row.lastPacketWhole()) {
            throw new BadLineException(
                    BadLineException.BAD_TSV, "the bytes of its last packet may be cut off");
        }
        give(row.wantedBy(interest));
    }

    @Override
    public void anotherFile() {
        tsv.forget();
    }

    private boolean isRow(final byte[] bytes, final int start) {
        return bytes[start] != '{' && tsv.hasColumns();
    }

    private void give(final boolean wanted) throws BadLineException {
        if (!wanted) {
            events.add(1);
            superseded.add(1);
            return;
        }
        final FlowRecord record = row.record(observer, seed, nanoTime.getAsLong());
        final Transport transport = record.tuple().transport();
        if (transport != Transport.TCP && transport != Transport.UDP) {
            otherTransport.add(1);
            return;
        }
        events.add(1);
        if (record.stage() == FlowRecord.Stage.FIRST) {
            flows.add(1);
        }
        out.accept(record);
    }
}
