/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.zeek;

import io.serveflow.sensor.DecoderContext;
import io.serveflow.sensor.FlowRecordWriter;
import io.serveflow.sensor.LineDecoder;
import io.serveflow.sensor.LineFormat;
import io.serveflow.sensor.LineSignature;
import io.serveflow.sensor.tsv.ZeekLogs;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/** The Zeek package's {@code serveflow} log, JSON lines or TSV. */
public final class ZeekFormat implements LineFormat {

    static final String ID = "zeek";

    private static final LineSignature SIGNATURE =
            LineSignature.ofWeak(ZeekField.STAGE.key())
                    .or(
                            ZeekField.PKT_DT.key(),
                            ZeekField.PKT_ORIG.key(),
                            ZeekField.PKT_LEN.key(),
                            ZeekField.PKT_DATA.key());

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Zeek's serveflow.log (JSON or TSV)";
    }

    @Override
    public LineSignature signature() {
        return SIGNATURE;
    }

    @Override
    public List<String> beginnings() {
        return ZeekLogs.BEGINNINGS;
    }

    @Override
    public boolean hasHeaders() {
        return true;
    }

    @Override
    public boolean readsColumns(final List<String> columns) {
        return columns.contains(ZeekField.PKT_DATA.key());
    }

    @Override
    public Optional<OtherLogs> otherLogs() {
        return Optional.of(new OtherLogs(ZeekLogs.KEY, ZeekLogs.OTHER_TITLE));
    }

    @Override
    public boolean isNamed(final String log) {
        return List.of(ZeekLogs.words(log)).contains("serveflow");
    }

    @Override
    public Optional<RecordDecoder> recordDecoder(final String observer) {
        return Optional.of(new ZeekRecordDecoder(observer));
    }

    @Override
    public Optional<FlowRecordWriter> writer(final OutputStream out, final boolean observer) {
        return Optional.of(new ZeekRecordWriter(out, observer));
    }

    @Override
    public LineDecoder open(final DecoderContext context) {
        return new ZeekDecoder(context);
    }
}
