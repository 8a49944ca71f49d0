/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.eve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowSummary;
import io.serveflow.sensor.json.SensorJson;
import io.serveflow.sensor.json.WholeNumber;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.line.SensorTime;
import io.serveflow.sensor.summary.SummaryField;
import io.serveflow.sensor.summary.SummaryRow;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a line of Suricata's EVE log says about a flow that is over; used again for every line.
 *
 * <p>Suricata counts whole frames where there is Ethernet, and IP packets where there is none, as
 * inside most tunnels; {@code conn.log} counts IP packets. Of a frame the 14 bytes of the Ethernet
 * header and 4 for each VLAN tag are taken off. There is Ethernet where the event says so by {@code
 * ether}, which Suricata writes when it is configured to ({@code ethernet: yes}); of a sensor that
 * writes it, an event without it has none. Where nothing says so there is Ethernet unless the
 * packets of either side would become too short for their headers. The padding of frames shorter
 * than 60 bytes stays in the numbers: up to 6 bytes for a TCP packet over IPv4 and 18 for a UDP
 * one.
 */
final class EveSummary {

    private static final int ETHERNET_HEADER = 14;
    private static final int VLAN_TAG = 4;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int TCP_HEADER = 20;
    private static final int UDP_HEADER = 8;

    private final JsonFactory json = SensorJson.factory();
    private final Consumer<String> unknown;
    private final SummaryRow row;
    private long endMicros;
    private int vlans;
    private boolean ethernet;

    /** Whether an event had the addresses of Ethernet, so that one without them has no Ethernet. */
    private boolean ethernetIsSaid;

    /**
     * @param unknown takes the reason of each value that no sensor can mean and is unknown
     *     therefore
     */
    EveSummary(final Consumer<String> unknown) {
        this.unknown = Objects.requireNonNull(unknown, "unknown");
        this.row = new SummaryRow(EveSummary::name, unknown);
    }

    /** Reads a line of the type {@code flow}. */
    void read(final byte[] bytes, final int start, final int end) throws BadLineException {
        row.clear();
        endMicros = FlowSummary.UNKNOWN;
        vlans = 0;
        ethernet = false;
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
        if (!row.has(SummaryField.UID)) {
            throw BadLineException.missing(name(SummaryField.UID));
        }
    }

    /** Suricata's id of the flow. */
    String flowId() {
        return row.text(SummaryField.UID);
    }

    /**
     * The record of a flow event; empty if the flow is of a protocol that no record can have.
     *
     * @param tls what was reported of the flow's TLS before
     * @param seed seed of the Community ID, unless the event states one
     */
    Optional<FlowRecord> record(
            final EveSaid.Tls tls, final String observer, final int seed, final long readNanos)
            throws BadLineException {
        row.set(SummaryField.TLS_VERSION, tls.version());
        row.set(SummaryField.JA3, tls.ja3());
        row.set(SummaryField.JA4, tls.ja4());
        if (endMicros != FlowSummary.UNKNOWN && row.has(SummaryField.TS)) {
            if (endMicros >= row.number(SummaryField.TS)) {
                row.set(SummaryField.DURATION, endMicros - row.number(SummaryField.TS));
            } else {
                unknown.accept(SummaryRow.NEGATIVE_DURATION);
            }
        }
        toIpBytes();
        if (row.text(SummaryField.PROTO).toUpperCase(Locale.ROOT).contains("ICMP")) {
            orZero(SummaryField.ORIGINATOR_PORT);
            orZero(SummaryField.RESPONDER_PORT);
        }
        return row.record(observer, seed, readNanos);
    }

    private void toIpBytes() {
        final int link = ETHERNET_HEADER + VLAN_TAG * vlans;
        final int least = link + leastPacket();
        final boolean fits =
                leaves(least, SummaryField.ORIGINATOR_IP_BYTES, SummaryField.ORIGINATOR_PACKETS)
                        && leaves(
                                least,
                                SummaryField.RESPONDER_IP_BYTES,
                                SummaryField.RESPONDER_PACKETS);
        if (fits && (ethernet || !ethernetIsSaid)) {
            takeOff(link, SummaryField.ORIGINATOR_IP_BYTES, SummaryField.ORIGINATOR_PACKETS);
            takeOff(link, SummaryField.RESPONDER_IP_BYTES, SummaryField.RESPONDER_PACKETS);
        }
    }

    /** The headers that a packet of the flow has at least. */
    private int leastPacket() {
        final int ip =
                row.text(SummaryField.ORIGINATOR).indexOf(':') < 0 ? IPV4_HEADER : IPV6_HEADER;
        return switch (row.text(SummaryField.PROTO)) {
            case "TCP" -> ip + TCP_HEADER;
            case "UDP" -> ip + UDP_HEADER;
            default -> ip;
        };
    }

    /** Whether each packet had so many bytes on average; by division, a product may overflow. */
    private boolean leaves(final int least, final SummaryField bytes, final SummaryField packets) {
        return !row.has(bytes)
                || !row.has(packets)
                || row.number(bytes) / least >= row.number(packets);
    }

    private void takeOff(final int each, final SummaryField bytes, final SummaryField packets) {
        if (row.has(bytes) && row.has(packets)) {
            row.set(bytes, row.number(bytes) - each * row.number(packets));
        }
    }

    private void orZero(final SummaryField field) {
        if (!row.has(field)) {
            row.set(field, 0);
        }
    }

    private void readField(final String field, final JsonParser parser)
            throws IOException, BadLineException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        switch (field) {
            case "flow_id" -> readFlowId(parser);
            case "src_ip" -> text(SummaryField.ORIGINATOR, parser);
            case "dest_ip" -> text(SummaryField.RESPONDER, parser);
            case "src_port", "icmp_type" -> count(SummaryField.ORIGINATOR_PORT, parser);
            case "dest_port", "icmp_code" -> count(SummaryField.RESPONDER_PORT, parser);
            case "proto" -> text(SummaryField.PROTO, parser);
            case "app_proto" -> {
                if (!"failed".equals(parser.getText()) && !"unknown".equals(parser.getText())) {
                    text(SummaryField.SERVICE, parser);
                }
            }
            case "community_id" -> text(SummaryField.COMMUNITY_ID, parser);
            case "vlan" -> countVlans(parser);
            case "ether" -> {
                ethernet = parser.currentToken() == JsonToken.START_OBJECT;
                ethernetIsSaid |= ethernet;
                parser.skipChildren();
            }
            case "flow" -> EveMembers.read(parser, this::readFlowMember);
            default -> parser.skipChildren();
        }
    }

    private void readFlowMember(final String field, final JsonParser parser)
            throws IOException, BadLineException {
        switch (field) {
            case "pkts_toserver" -> count(SummaryField.ORIGINATOR_PACKETS, parser);
            case "pkts_toclient" -> count(SummaryField.RESPONDER_PACKETS, parser);
            case "bytes_toserver" -> count(SummaryField.ORIGINATOR_IP_BYTES, parser);
            case "bytes_toclient" -> count(SummaryField.RESPONDER_IP_BYTES, parser);
            case "start" -> text(SummaryField.TS, parser);
            case "end" -> readEnd(parser);
            case "state" -> text(SummaryField.STATE, parser);
            default -> parser.skipChildren();
        }
    }

    /** Suricata names at most three. */
    private void countVlans(final JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            vlans++;
            parser.skipChildren();
        }
    }

    private void readFlowId(final JsonParser parser) throws IOException, BadLineException {
        row.set(SummaryField.UID, EveAlert.flowId(parser));
    }

    private void readEnd(final JsonParser parser) throws IOException, BadLineException {
        try {
            endMicros =
                    SensorTime.epochMicros(
                            parser.getTextCharacters(),
                            parser.getTextOffset(),
                            parser.getTextLength());
        } catch (final NumberFormatException e) {
            throw BadLineException.bad(
                    "flow.end", parser.getText(), "an ISO 8601 time with its zone");
        }
    }

    private void text(final SummaryField field, final JsonParser parser)
            throws IOException, BadLineException {
        require(field, "text", parser, parser.currentToken() == JsonToken.VALUE_STRING);
        set(field, parser);
    }

    private void count(final SummaryField field, final JsonParser parser)
            throws IOException, BadLineException {
        require(field, "a whole number", parser, WholeNumber.isNumberOrText(parser.currentToken()));
        set(field, parser);
    }

    private void set(final SummaryField field, final JsonParser parser)
            throws IOException, BadLineException {
        row.set(field, parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
    }

    private static void require(
            final SummaryField field,
            final String expected,
            final JsonParser parser,
            final boolean fulfilled)
            throws IOException, BadLineException {
        if (!fulfilled) {
            throw BadLineException.bad(name(field), parser.getText(), expected);
        }
    }

    /** What an event calls a field. */
    static String name(final SummaryField field) {
        return switch (field) {
            case TS -> "flow.start";
            case UID -> "flow_id";
            case ORIGINATOR -> "src_ip";
            case ORIGINATOR_PORT -> "src_port";
            case RESPONDER -> "dest_ip";
            case RESPONDER_PORT -> "dest_port";
            case SERVICE -> "app_proto";
            case STATE -> "flow.state";
            case ORIGINATOR_PACKETS -> "flow.pkts_toserver";
            case ORIGINATOR_IP_BYTES -> "flow.bytes_toserver";
            case RESPONDER_PACKETS -> "flow.pkts_toclient";
            case RESPONDER_IP_BYTES -> "flow.bytes_toclient";
            case TLS_VERSION -> "tls.version";
            case JA3 -> "tls.ja3.hash";
            case JA4 -> "tls.ja4";
            case PROTO,
                    DURATION,
                    ORIGINATOR_BYTES,
                    RESPONDER_BYTES,
                    HISTORY,
                    COMMUNITY_ID,
                    PATH,
                    OBSERVER ->
                    field.key();
        };
    }
}
