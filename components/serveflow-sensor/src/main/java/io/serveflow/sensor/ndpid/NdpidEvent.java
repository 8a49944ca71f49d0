/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.ndpid;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.serveflow.sensor.json.Base64Text;
import io.serveflow.sensor.json.SensorJson;
import io.serveflow.sensor.json.WholeNumber;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.packet.LinkLayer;
import java.io.IOException;

/**
 * What a line of nDPId says about a packet or the end of a flow; used again for every line.
 *
 * <p>The layout is that of {@code schema/packet_event_schema.json} and {@code
 * schema/flow_event_schema.json} of nDPId. Its releases differ in how they say the time: {@code
 * thread_ts_usec}, before that {@code thread_ts_msec}, and before that {@code pkt_ts_sec} with
 * {@code pkt_ts_usec}; all are read.
 */
final class NdpidEvent {

    /** What {@link #read} found. */
    enum Finding {
        /** A packet of a flow; the accessors have it. */
        PACKET,
        /** A packet too long for nDPId to send. */
        WITHOUT_BYTES,
        /** A flow is over; {@link #flow()} says which. */
        FLOW_END,
        /** Any other event. */
        OTHER_EVENT
    }

    private static final long LAST_MICROS = 253_402_300_799_999_999L;
    private static final long MICROS = 1_000_000;
    private static final long UNKNOWN = -1;
    private static final int MAX_NAME = 128;
    private static final int MAX_PACKET = 65_535;

    private final JsonFactory json = SensorJson.factory();
    private final StringBuilder flow = new StringBuilder();

    private String packetEvent = "";
    private String flowEvent = "";
    private boolean otherEvent;
    private String alias = "";
    private String source = "";
    private long flowId;
    private long packetId;
    private long micros;
    private long seconds;
    private long microsOfSecond;
    private long ipOffset;
    private long wireLength;
    private long linkType;
    private boolean oversize;
    private byte[] frame = new byte[2_048];
    private int length;

    /** Reads a line from its JSON object on. */
    Finding read(final byte[] bytes, final int start, final int end) throws BadLineException {
        clear();
        try (JsonParser parser = json.createParser(bytes, start, end - start)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw SensorJson.notAnObject();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                final String field = parser.currentName();
                parser.nextToken();
                readField(field, parser);
            }
            SensorJson.requireEnd(parser);
        } catch (final IOException e) {
            throw SensorJson.bad(e);
        }
        return finding();
    }

    /** The flow among those of all daemons whose events come together. */
    String flow() {
        flow.setLength(0);
        return flow.append(alias).append('/').append(source).append('/').append(flowId).toString();
    }

    /** Which of its flow's packets it is, from 1; -1 if the line does not say. */
    long packetId() {
        return packetId;
    }

    /** When the packet was captured, microseconds since the epoch. */
    long timeMicros() {
        return micros;
    }

    /** The array that begins with the frame, link header included. */
    byte[] frame() {
        return frame;
    }

    /** How many bytes of the frame there are. */
    int length() {
        return length;
    }

    /** Where in the frame the IP header begins. */
    int ipOffset() {
        return (int) ipOffset;
    }

    /** How many bytes the frame had on the wire. */
    int wireLength() {
        return (int) Math.max(wireLength, length);
    }

    private void clear() {
        packetEvent = "";
        flowEvent = "";
        otherEvent = false;
        alias = "";
        source = "";
        flowId = UNKNOWN;
        packetId = UNKNOWN;
        micros = UNKNOWN;
        seconds = UNKNOWN;
        microsOfSecond = UNKNOWN;
        ipOffset = UNKNOWN;
        wireLength = UNKNOWN;
        linkType = UNKNOWN;
        oversize = false;
        length = -1;
    }

    private void readField(final String field, final JsonParser parser)
            throws IOException, BadLineException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        switch (field) {
            case "packet_event_name" -> packetEvent = text(field, parser);
            case "flow_event_name" -> flowEvent = text(field, parser);
            case "daemon_event_name", "error_event_name" -> otherEvent = true;
            case "alias" -> alias = text(field, parser);
            case "source" -> source = text(field, parser);
            case "flow_id" -> flowId = number(field, Long.MAX_VALUE, parser);
            case "flow_packet_id" -> packetId = number(field, Long.MAX_VALUE, parser);
            case "thread_ts_usec" -> micros = number(field, LAST_MICROS, parser);
            case "thread_ts_msec" -> micros = number(field, LAST_MICROS / 1_000, parser) * 1_000;
            case "pkt_ts_sec" -> seconds = number(field, LAST_MICROS / MICROS, parser);
            case "pkt_ts_usec" -> microsOfSecond = number(field, MICROS - 1, parser);
            case "pkt_l3_offset" -> ipOffset = number(field, MAX_PACKET, parser);
            case "pkt_len" -> wireLength = number(field, Integer.MAX_VALUE, parser);
            case "pkt_datalink" -> linkType = number(field, Integer.MAX_VALUE, parser);
            case "pkt_oversize" -> oversize = parser.currentToken() == JsonToken.VALUE_TRUE;
            case "pkt" -> readPacket(parser);
            default -> parser.skipChildren();
        }
    }

    private Finding finding() throws BadLineException {
        if (flowEvent.equals("end") || flowEvent.equals("idle")) {
            require("flow_id", flowId != UNKNOWN);
            return Finding.FLOW_END;
        }
        if (otherEvent || !flowEvent.isEmpty()) {
            return Finding.OTHER_EVENT;
        }
        require("packet_event_name", !packetEvent.isEmpty());
        if (!packetEvent.equals("packet-flow")) {
            return Finding.OTHER_EVENT;
        }
        require("flow_id", flowId != UNKNOWN);
        if (micros == UNKNOWN && seconds != UNKNOWN && microsOfSecond != UNKNOWN) {
            micros = seconds * MICROS + microsOfSecond;
        }
        require("thread_ts_usec", micros != UNKNOWN);
        if (length < 0 && oversize) {
            return Finding.WITHOUT_BYTES;
        }
        require("pkt", length >= 0);
        if (ipOffset == UNKNOWN && linkType != UNKNOWN && LinkLayer.isKnown((int) linkType)) {
            ipOffset = LinkLayer.ipOffset((int) linkType, frame, 0, length, wireLength());
        }
        require("pkt_l3_offset", ipOffset != UNKNOWN);
        if (ipOffset > length) {
            throw BadLineException.bad(
                    "pkt_l3_offset",
                    Long.toString(ipOffset),
                    "at most the " + length + " bytes that pkt holds");
        }
        return Finding.PACKET;
    }

    private void readPacket(final JsonParser parser) throws IOException, BadLineException {
        final int room = Base64Text.maxBytes(parser.getTextLength());
        if (room > frame.length) {
            frame = new byte[Math.max(room, frame.length * 2)];
        }
        length =
                parser.currentToken() == JsonToken.VALUE_STRING
                        ? Base64Text.decode(
                                parser.getTextCharacters(),
                                parser.getTextOffset(),
                                parser.getTextLength(),
                                frame,
                                0)
                        : -1;
        if (length < 0) {
            throw BadLineException.bad("pkt", parser.getText(), "base64");
        }
    }

    private static String text(final String field, final JsonParser parser)
            throws IOException, BadLineException {
        final String text = parser.getText();
        if (parser.currentToken() != JsonToken.VALUE_STRING
                || text.length() > MAX_NAME
                || !text.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw BadLineException.bad(
                    field, text, "text of at most " + MAX_NAME + " printable ASCII characters");
        }
        return text;
    }

    private static long number(final String field, final long max, final JsonParser parser)
            throws IOException, BadLineException {
        final long number = WholeNumber.of(parser);
        if (number < 0 || number > max) {
            throw BadLineException.bad(
                    field,
                    parser.getText(),
                    "a whole number, 0 to " + max + ", of 18 digits at most");
        }
        return number;
    }

    private static void require(final String field, final boolean there) throws BadLineException {
        if (!there) {
            throw BadLineException.missing(field);
        }
    }
}
