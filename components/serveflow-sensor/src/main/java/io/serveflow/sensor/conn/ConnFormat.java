/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.conn;

import io.serveflow.sensor.DecoderContext;
import io.serveflow.sensor.LineDecoder;
import io.serveflow.sensor.LineFormat;
import io.serveflow.sensor.LineSignature;
import io.serveflow.sensor.summary.SummaryField;
import io.serveflow.sensor.tsv.ZeekLogs;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Zeek's own {@code conn.log}, JSON lines or TSV. */
public final class ConnFormat implements LineFormat {

    static final String ID = "conn";

    private static final LineSignature SIGNATURE = LineSignature.of(SummaryField.STATE.key());

    /** Both, with what zeekctl, JSON streaming and a filter per interface put around them. */
    private static final Pattern INTERIM =
            Pattern.compile("(?:zeek\\.|json_streaming_)?conn_(?:long|burst)(?:[-.:].*)?");

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Zeek's conn.log (JSON or TSV)";
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
        return columns.contains(SummaryField.STATE.key())
                && columns.contains(SummaryField.UID.key());
    }

    @Override
    public Optional<OtherLogs> otherLogs() {
        return Optional.of(new OtherLogs(ZeekLogs.KEY, ZeekLogs.OTHER_TITLE));
    }

    @Override
    public boolean isNamed(final String log) {
        final String[] words = ZeekLogs.words(log);
        for (int i = 0; i < words.length; i++) {
            final boolean summary = i + 1 < words.length && words[i + 1].equals("summary");
            if (words[i].equals("conn") && !summary) {
                return true;
            }
        }
        return false;
    }

    /**
     * The packages zeek-long-connections and conn-burst write, in {@code conn_long} and {@code
     * conn_burst}, what {@code conn.log} would say if the connection ended now: the same fields
     * under the same uid, and nothing in the line says that it did not end.
     */
    @Override
    public boolean isInterimLog(final String name) {
        return isInterim(name);
    }

    static boolean isInterim(final String name) {
        // Asked for each line that was carried, nearly always of another name.
        return name.contains("conn_")
                && INTERIM.matcher(name.substring(name.lastIndexOf('/') + 1)).matches();
    }

    @Override
    public Optional<RecordDecoder> recordDecoder(final String observer) {
        return Optional.of(new ConnRecordDecoder(observer));
    }

    @Override
    public LineDecoder open(final DecoderContext context) {
        return new ConnDecoder(context);
    }
}
