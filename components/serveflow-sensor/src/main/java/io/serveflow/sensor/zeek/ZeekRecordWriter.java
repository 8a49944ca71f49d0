/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.zeek;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.serveflow.flow.ClientHello;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowSummary;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Handshake;
import io.serveflow.flow.Packets;
import io.serveflow.sensor.FlowRecordWriter;
import io.serveflow.sensor.line.SensorTime;
import io.serveflow.sensor.summary.SummaryField;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;

/**
 * Writes flow records as JSON lines of Zeek's {@code serveflow} log, and summaries as lines of its
 * {@code conn.log}. The observer is not in Zeek's own.
 */
final class ZeekRecordWriter implements FlowRecordWriter {

    private final JsonGenerator json;
    private final boolean observer;
    private final StringBuilder number = new StringBuilder(24);
    private char[] digits = new char[24];

    ZeekRecordWriter(final OutputStream out, final boolean observer) {
        this.observer = observer;
        try {
            this.json = new JsonFactory().createGenerator(out);
        } catch (final IOException e) {
            throw new IllegalStateException("a generator writes nothing yet when it is made", e);
        }
        json.setRootValueSeparator(null);
    }

    @Override
    public void write(final FlowRecord record) throws IOException {
        final FlowTuple tuple = record.tuple();
        json.writeStartObject();
        json.writeFieldName(ZeekField.TS.key());
        writeSeconds(record.startMicros(), false);
        json.writeStringField(ZeekField.UID.key(), record.id().uid());
        json.writeStringField(ZeekField.ORIGINATOR.key(), tuple.originator());
        json.writeNumberField(ZeekField.ORIGINATOR_PORT.key(), tuple.originatorPort());
        json.writeStringField(ZeekField.RESPONDER.key(), tuple.responder());
        json.writeNumberField(ZeekField.RESPONDER_PORT.key(), tuple.responderPort());
        json.writeStringField(ZeekField.PROTO.key(), tuple.transport().sensorName());
        json.writeStringField(ZeekField.COMMUNITY_ID.key(), record.communityId());
        if (record.stage() == FlowRecord.Stage.SUMMARY) {
            writeSummary(record.summary());
        } else {
            json.writeStringField(ZeekField.STAGE.key(), lowerCase(record.stage()));
            json.writeStringField(ZeekField.REASON.key(), lowerCase(record.end()));
            writePackets(record.packets());
        }
        if (record.handshake().isPresent()) {
            writeHandshake(record.handshake().get());
        }
        if (observer) {
            json.writeStringField(ZeekField.OBSERVER.key(), record.id().observer());
        }
        if (record.tunnel().isPresent()) {
            json.writeStringField(ZeekField.TUNNEL.key(), record.tunnel().get().text());
        }
        json.writeEndObject();
        json.writeRaw('\n');
    }

    @Override
    public void flush() throws IOException {
        json.flush();
    }

    @Override
    public void close() throws IOException {
        json.close();
    }

    /** The state is written even when it is unknown, as it is what such a line is known by. */
    private void writeSummary(final FlowSummary summary) throws IOException {
        json.writeStringField(SummaryField.STATE.key(), summary.state());
        writeText(SummaryField.SERVICE, summary.service());
        if (summary.durationMicros() != FlowSummary.UNKNOWN) {
            json.writeFieldName(SummaryField.DURATION.key());
            writeSeconds(summary.durationMicros(), true);
        }
        writeCount(SummaryField.ORIGINATOR_BYTES, summary.originatorBytes());
        writeCount(SummaryField.RESPONDER_BYTES, summary.responderBytes());
        writeText(SummaryField.HISTORY, summary.history());
        writeCount(SummaryField.ORIGINATOR_PACKETS, summary.originatorPackets());
        writeCount(SummaryField.ORIGINATOR_IP_BYTES, summary.originatorIpBytes());
        writeCount(SummaryField.RESPONDER_PACKETS, summary.responderPackets());
        writeCount(SummaryField.RESPONDER_IP_BYTES, summary.responderIpBytes());
        writeText(SummaryField.TLS_VERSION, summary.tlsVersion());
        writeText(SummaryField.JA3, summary.ja3());
        writeText(SummaryField.JA4, summary.ja4());
    }

    private void writeCount(final SummaryField field, final long count) throws IOException {
        if (count != FlowSummary.UNKNOWN) {
            json.writeNumberField(field.key(), count);
        }
    }

    private void writeText(final SummaryField field, final String text) throws IOException {
        if (!text.isEmpty()) {
            json.writeStringField(field.key(), text);
        }
    }

    private void writePackets(final Packets packets) throws IOException {
        json.writeArrayFieldStart(ZeekField.PKT_DT.key());
        for (int i = 0; i < packets.count(); i++) {
            writeSeconds(packets.offsetMicros(i), true);
        }
        json.writeEndArray();
        json.writeArrayFieldStart(ZeekField.PKT_ORIG.key());
        for (int i = 0; i < packets.count(); i++) {
            json.writeBoolean(packets.fromOriginator(i));
        }
        json.writeEndArray();
        json.writeArrayFieldStart(ZeekField.PKT_LEN.key());
        for (int i = 0; i < packets.count(); i++) {
            json.writeNumber(packets.length(i));
        }
        json.writeEndArray();
        json.writeArrayFieldStart(ZeekField.PKT_DATA.key());
        for (int i = 0; i < packets.count(); i++) {
            json.writeBinary(
                    Base64Variants.MIME_NO_LINEFEEDS,
                    packets.bytes(),
                    packets.start(i),
                    packets.end(i) - packets.start(i));
        }
        json.writeEndArray();
    }

    /** What is empty, 0 or false is left out, as missing means the same. */
    private void writeHandshake(final Handshake handshake) throws IOException {
        json.writeStringField(ZeekField.APP_PROTO.key(), lowerCase(handshake.protocol()));
        writeText(
                switch (handshake.protocol()) {
                    case HTTP -> ZeekField.HTTP_HOST;
                    case DNS -> ZeekField.DNS_QUERY;
                    case TLS, DTLS, QUIC, SSH, OTHER -> ZeekField.SERVER_NAME;
                },
                handshake.name());
        writeText(ZeekField.NEXT_PROTOCOL, handshake.chosen());
        writeFlag(ZeekField.ECH, handshake.encryptedHello());
        if (handshake.hello().isPresent()) {
            writeHello(handshake.hello().get());
        }
    }

    /** Whether it is complete is written even when it is not, so that there is a hello. */
    private void writeHello(final ClientHello hello) throws IOException {
        if (hello.quicVersion() != 0) {
            json.writeNumberField(ZeekField.QUIC_VERSION.key(), hello.quicVersion());
        }
        if (hello.length() != 0) {
            json.writeNumberField(ZeekField.HELLO_LENGTH.key(), hello.length());
        }
        json.writeBooleanField(ZeekField.HELLO_COMPLETE.key(), hello.complete());
        writeNumbers(ZeekField.HELLO_VERSIONS, hello.versions());
        writeNumbers(ZeekField.HELLO_CIPHERS, hello.ciphers());
        writeNumbers(ZeekField.HELLO_EXTENSIONS, hello.extensions());
        writeNumbers(ZeekField.HELLO_GROUPS, hello.groups());
        if (!hello.protocols().isEmpty()) {
            json.writeArrayFieldStart(ZeekField.HELLO_PROTOCOLS.key());
            for (final String protocol : hello.protocols()) {
                json.writeString(protocol);
            }
            json.writeEndArray();
        }
        writeNumbers(ZeekField.HELLO_PARAMETERS, hello.transportParameters());
        writeFlag(ZeekField.HELLO_GREASE, hello.grease());
    }

    private void writeNumbers(final ZeekField field, final List<? extends Number> numbers)
            throws IOException {
        if (!numbers.isEmpty()) {
            json.writeArrayFieldStart(field.key());
            for (final Number each : numbers) {
                json.writeNumber(each.longValue());
            }
            json.writeEndArray();
        }
    }

    private void writeText(final ZeekField field, final String text) throws IOException {
        if (!text.isEmpty()) {
            json.writeStringField(field.key(), text);
        }
    }

    private void writeFlag(final ZeekField field, final boolean is) throws IOException {
        if (is) {
            json.writeBooleanField(field.key(), true);
        }
    }

    /** Writes seconds with six decimals, or as few as are needed but one, as Zeek does. */
    private void writeSeconds(final long micros, final boolean shortest) throws IOException {
        number.setLength(0);
        SensorTime.appendSeconds(number, micros);
        int length = number.length();
        while (shortest && number.charAt(length - 1) == '0' && number.charAt(length - 2) != '.') {
            length--;
        }
        if (length > digits.length) {
            digits = new char[length];
        }
        number.getChars(0, length, digits, 0);
        json.writeNumber(digits, 0, length);
    }

    private static String lowerCase(final Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }
}
