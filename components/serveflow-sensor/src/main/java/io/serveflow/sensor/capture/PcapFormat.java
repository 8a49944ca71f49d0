/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.capture;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.CaptureFormat;
import io.serveflow.sensor.CaptureStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A pcap or pcapng capture, gzip-compressed or not. */
public final class PcapFormat implements CaptureFormat {

    static final String ID = "pcap";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "pcap and pcapng captures";
    }

    @Override
    public boolean isBeginning(final byte[] beginning) {
        return CaptureReader.isMagic(beginning);
    }

    @Override
    public CaptureStream open(
            final Path file,
            final FlowAssembler.Options options,
            final Ledger ledger,
            final DeadLetterSink deadLetters,
            final Consumer<FlowRecord> out)
            throws IOException {
        return new PacketCapture(file, options, ledger, deadLetters, out);
    }

    @Override
    public CaptureStream open(
            final String name,
            final InputStream in,
            final FlowAssembler.Options options,
            final Ledger ledger,
            final DeadLetterSink deadLetters,
            final Consumer<FlowRecord> out)
            throws IOException {
        return new PacketCapture(name, in, options, ledger, deadLetters, out);
    }
}
