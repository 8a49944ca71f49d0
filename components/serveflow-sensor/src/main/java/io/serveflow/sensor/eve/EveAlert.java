/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.eve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.serveflow.sensor.json.Base64Text;
import io.serveflow.sensor.json.SensorJson;
import io.serveflow.sensor.json.WholeNumber;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.line.SensorTime;
import io.serveflow.sensor.packet.LinkLayer;
import java.io.IOException;

/**
 * What a line of Suricata's EVE log says about a packet that the ServeFlow rules reported; used
 * again for every line.
 *
 * <p>Other lines are left as soon as a field distinguishes them, which in Suricata's order of
 * fields is after about a hundred bytes.
 */
final class EveAlert {

    /** What {@link #read} found. */
    enum Finding {
        /** A packet; the accessors have it. */
        PACKET,
        /** An event of another type or of another rule. */
        OTHER_EVENT,
        /** A packet that Suricata made up to end the inspection of a stream. */
        PSEUDO_PACKET
    }

    /** The signature ids that belong to the ServeFlow rules. */
    static final int FIRST_SIGNATURE = 3_900_000;

    static final int LAST_SIGNATURE = 3_900_999;

    private static final String PSEUDO_SOURCE = "stream";

    /** The counter of the rules in the flow. */
    private static final String COUNT = "serveflow";

    private static final int MAX_FLOW_ID_DIGITS = 20;
    private static final int LONGEST_ADDRESS = 64;
    private static final int MAX_PORT = 65_535;
    private static final int MAX_COMMUNITY_ID = 128;

    private final JsonFactory json = SensorJson.factory();

    private boolean hasEventType;
    private boolean hasSignature;
    private boolean hasTimestamp;
    private boolean hasPacket;
    private boolean hasLinkType;
    private long timeMicros;
    private String flowId = "";
    private String communityId = "";
    private int number;
    private byte[] frame = new byte[2_048];
    private int length;
    private int linkType;
    private final Endpoints own = new Endpoints();
    private final Endpoints tunnel = new Endpoints();

    /** Reads a line. */
    Finding read(final byte[] bytes, final int start, final int end) throws BadLineException {
        clear();
        try (JsonParser parser = json.createParser(bytes, start, end - start)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw SensorJson.notAnObject();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                final String field = parser.currentName();
                parser.nextToken();
                final Finding finding = readField(field, parser);
                if (finding != Finding.PACKET) {
                    return finding;
                }
            }
            SensorJson.requireEnd(parser);
        } catch (final IOException e) {
            throw SensorJson.bad(e);
        }
        if (!hasEventType || !hasSignature) {
            throw BadLineException.missing(hasEventType ? "alert.signature_id" : "event_type");
        }
        requireAll();
        return Finding.PACKET;
    }

    /** When the packet was captured, microseconds since the epoch. */
    long timeMicros() {
        return timeMicros;
    }

    /** Suricata's id of the flow. */
    String flowId() {
        return flowId;
    }

    /** Suricata's Community ID of the flow, empty if the event states none. */
    String communityId() {
        return communityId;
    }

    /** The packet's number in its flow, from 1 on; 0 if the event does not say. */
    int number() {
        return number;
    }

    /** The array that begins with the frame, link header included. */
    byte[] frame() {
        return frame;
    }

    int length() {
        return length;
    }

    /** The pcap link type of the frame. */
    int linkType() {
        return linkType;
    }

    /** The endpoints that the event states for its packet. */
    Endpoints own() {
        return own;
    }

    /** Those of the outermost tunnel that Suricata opened, nothing stated if it opened none. */
    Endpoints tunnel() {
        return tunnel;
    }

    private void clear() {
        own.clear();
        tunnel.clear();
        hasEventType = false;
        hasSignature = false;
        hasTimestamp = false;
        hasPacket = false;
        hasLinkType = false;
        flowId = "";
        communityId = "";
        number = 0;
    }

    /** Takes a field; anything but {@link Finding#PACKET} decides the line. */
    private Finding readField(final String field, final JsonParser parser)
            throws IOException, BadLineException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return Finding.PACKET;
        }
        switch (field) {
            case "event_type" -> {
                hasEventType = true;
                if (!"alert".equals(parser.getText())) {
                    return Finding.OTHER_EVENT;
                }
            }
            case "alert" -> {
                if (!readSignature(parser)) {
                    return Finding.OTHER_EVENT;
                }
            }
            case "pkt_src" -> {
                if (parser.getText().startsWith(PSEUDO_SOURCE)) {
                    return Finding.PSEUDO_PACKET;
                }
            }
            case "timestamp" -> readTimestamp(parser);
            case "tunnel" -> readTunnel(parser);
            case "flow_id" -> readFlowId(parser);
            case "community_id" -> readCommunityId(parser);
            case "metadata" -> readMetadata(parser);
            case "packet" -> readPacket(parser);
            case "packet_info" -> readPacketInfo(parser);
            default -> {
                if (!own.read(field, parser)) {
                    parser.skipChildren();
                }
            }
        }
        return Finding.PACKET;
    }

    private void readTunnel(final JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            final String field = parser.currentName();
            parser.nextToken();
            if (!tunnel.read(field, parser)) {
                parser.skipChildren();
            }
        }
    }

    private boolean readSignature(final JsonParser parser) throws IOException, BadLineException {
        require(parser, "alert", "an object", parser.currentToken() == JsonToken.START_OBJECT);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            final boolean signature = "signature_id".equals(parser.currentName());
            final JsonToken value = parser.nextToken();
            if (signature && value != JsonToken.VALUE_NULL) {
                final long id = WholeNumber.of(parser);
                require(parser, "alert.signature_id", "a whole number", id >= 0);
                if (id < FIRST_SIGNATURE || id > LAST_SIGNATURE) {
                    return false;
                }
                hasSignature = true;
            } else {
                parser.skipChildren();
            }
        }
        return true;
    }

    private void readTimestamp(final JsonParser parser) throws IOException, BadLineException {
        try {
            timeMicros =
                    SensorTime.epochMicros(
                            parser.getTextCharacters(),
                            parser.getTextOffset(),
                            parser.getTextLength());
            hasTimestamp = true;
        } catch (final NumberFormatException e) {
            throw BadLineException.bad(
                    "timestamp", parser.getText(), "an ISO 8601 time with its zone");
        }
    }

    private void readFlowId(final JsonParser parser) throws IOException, BadLineException {
        flowId = flowId(parser);
    }

    /**
     * Suricata's id of a flow, as its digits: a number, or what shippers make of one.
     *
     * @throws BadLineException if it is none
     */
    static String flowId(final JsonParser parser) throws IOException, BadLineException {
        final String text = parser.getText();
        final boolean number = parser.currentToken() == JsonToken.VALUE_NUMBER_INT;
        if (text.length() <= MAX_FLOW_ID_DIGITS && (number || isDigits(parser, text))) {
            return text;
        }
        final long id = WholeNumber.of(parser);
        require(
                parser,
                "flow_id",
                "a whole number of at most " + MAX_FLOW_ID_DIGITS + " digits",
                id >= 0);
        return Long.toString(id);
    }

    private static boolean isDigits(final JsonParser parser, final String text) {
        return parser.currentToken() == JsonToken.VALUE_STRING
                && !text.isEmpty()
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private void readCommunityId(final JsonParser parser) throws IOException, BadLineException {
        if (parser.currentToken() != JsonToken.VALUE_NULL) {
            require(
                    parser,
                    "community_id",
                    "text of at most " + MAX_COMMUNITY_ID + " characters",
                    parser.currentToken() == JsonToken.VALUE_STRING
                            && parser.getTextLength() <= MAX_COMMUNITY_ID);
            communityId = parser.getText();
        }
    }

    /** Takes the count that the rules keep in the flow, where the output is set to write it. */
    private void readMetadata(final JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            final boolean counts = "flowints".equals(parser.currentName());
            if (parser.nextToken() != JsonToken.START_OBJECT || !counts) {
                parser.skipChildren();
                continue;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                final boolean ours = COUNT.equals(parser.currentName());
                parser.nextToken();
                if (ours) {
                    final long count = WholeNumber.of(parser);
                    number = count > 0 && count <= Integer.MAX_VALUE ? (int) count : 0;
                }
                parser.skipChildren();
            }
        }
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
        require(parser, "packet", "base64", length >= 0);
        hasPacket = true;
    }

    private void readPacketInfo(final JsonParser parser) throws IOException, BadLineException {
        require(
                parser,
                "packet_info",
                "an object",
                parser.currentToken() == JsonToken.START_OBJECT);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            final boolean type = "linktype".equals(parser.currentName());
            final JsonToken value = parser.nextToken();
            if (type && value != JsonToken.VALUE_NULL) {
                final long known = WholeNumber.of(parser);
                require(
                        parser,
                        "packet_info.linktype",
                        "the number of a link type that can be read",
                        known >= 0 && known <= Integer.MAX_VALUE && LinkLayer.isKnown((int) known));
                linkType = (int) known;
                hasLinkType = true;
            } else {
                parser.skipChildren();
            }
        }
    }

    private void requireAll() throws BadLineException {
        if (!hasTimestamp) {
            throw BadLineException.missing("timestamp");
        }
        if (flowId.isEmpty()) {
            throw BadLineException.missing("flow_id");
        }
        if (!hasPacket) {
            throw new BadLineException(
                    BadLineException.MISSING_FIELD,
                    "field 'packet' is missing; the alert output of Suricata needs 'packet: yes'");
        }
        if (!hasLinkType) {
            throw BadLineException.missing("packet_info.linktype");
        }
    }

    private static void require(
            final JsonParser parser,
            final String field,
            final String expected,
            final boolean fulfilled)
            throws IOException, BadLineException {
        if (!fulfilled) {
            throw BadLineException.bad(field, parser.getText(), expected);
        }
    }

    /** What Suricata states of the two ends of a packet, be it the event's own or a tunnel. */
    static final class Endpoints {

        private final StringBuilder source = new StringBuilder(LONGEST_ADDRESS);
        private final StringBuilder destination = new StringBuilder(LONGEST_ADDRESS);
        private final StringBuilder protocol = new StringBuilder(LONGEST_ADDRESS);
        private int sourcePort;
        private int destinationPort;
        private int depth;

        private void clear() {
            source.setLength(0);
            destination.setLength(0);
            protocol.setLength(0);
            sourcePort = 0;
            destinationPort = 0;
            depth = 1;
        }

        /** Takes a field if it is one of those; what is not of its type states nothing. */
        private boolean read(final String field, final JsonParser parser) throws IOException {
            switch (field) {
                case "src_ip" -> text(source, parser);
                case "dest_ip" -> text(destination, parser);
                case "proto" -> text(protocol, parser);
                case "src_port" -> sourcePort = number(parser);
                case "dest_port" -> destinationPort = number(parser);
                case "depth" -> depth = Math.max(1, number(parser));
                default -> {
                    return false;
                }
            }
            return true;
        }

        private static void text(final StringBuilder into, final JsonParser parser)
                throws IOException {
            into.setLength(0);
            if (parser.currentToken() == JsonToken.VALUE_STRING
                    && parser.getTextLength() <= LONGEST_ADDRESS) {
                into.append(
                        parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
            } else {
                parser.skipChildren();
            }
        }

        /** A port; 0 where the member is none, as where there is no port. */
        private static int number(final JsonParser parser) throws IOException {
            final long port = WholeNumber.of(parser);
            if (port < 0) {
                parser.skipChildren();
                return 0;
            }
            return (int) Math.min(MAX_PORT, port);
        }

        /** Whether both addresses are stated. */
        boolean areStated() {
            return source.length() > 0 && destination.length() > 0;
        }

        CharSequence source() {
            return source;
        }

        int sourcePort() {
            return sourcePort;
        }

        CharSequence destination() {
            return destination;
        }

        int destinationPort() {
            return destinationPort;
        }

        /** Whether the protocol has a name, whatever its case. */
        boolean isOf(final String name) {
            if (protocol.length() != name.length()) {
                return false;
            }
            for (int i = 0; i < name.length(); i++) {
                if (Character.toUpperCase(protocol.charAt(i)) != name.charAt(i)) {
                    return false;
                }
            }
            return true;
        }

        boolean statesProtocol() {
            return protocol.length() > 0;
        }

        /** How many tunnels are inside each other. */
        int depth() {
            return depth;
        }
    }
}
