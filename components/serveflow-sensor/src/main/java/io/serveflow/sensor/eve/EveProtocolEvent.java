/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.eve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.serveflow.sensor.handshake.HandshakeRow;
import io.serveflow.sensor.handshake.HelloPart;
import io.serveflow.sensor.json.SensorJson;
import io.serveflow.sensor.json.WholeNumber;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.summary.SummaryField;
import io.serveflow.sensor.summary.SummaryRow;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * What a line of Suricata's EVE log about a protocol, {@code tls}, {@code quic}, {@code http},
 * {@code dns} or {@code ssh}, says of its flow; used again for every line.
 *
 * <p>The lists of the client's hello are those of the JA3 string, or of {@code client_handshake},
 * which Suricata 8 writes where it is asked to; their length and whether they are all are unknown.
 */
final class EveProtocolEvent {

    private static final int MAX_PROTOCOL_NAMES = 64;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int ALPN = 16;
    private static final int ENCRYPTED_CLIENT_HELLO = 65_037;
    private static final long QUIC_2 = 0x6b33_43cfL;
    private static final int HEX = 16;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,5}");
    private static final Pattern GOOGLE_VERSION = Pattern.compile("Q[0-9]{3}");
    private static final Pattern HEX_VERSION = Pattern.compile("[0-9a-f]{1,8}");
    private static final int JA3_PARTS = 5;

    private final JsonFactory json = SensorJson.factory();
    private final SummaryRow row;
    private final HandshakeRow handshake;

    /**
     * @param unknown takes the reason of each value that no sensor can mean and is unknown
     *     therefore
     */
    EveProtocolEvent(final Consumer<String> unknown) {
        this.row = new SummaryRow(EveSummary::name, unknown);
        this.handshake = new HandshakeRow(unknown);
    }

    /** Reads a line of one of the types. */
    void read(final byte[] bytes, final int start, final int end) throws BadLineException {
        row.clear();
        handshake.clear();
        try (JsonParser parser = json.createParser(bytes, start, end - start)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw SensorJson.notAnObject();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                final String field = parser.currentName();
                if (parser.nextToken() != JsonToken.VALUE_NULL) {
                    readField(field, parser);
                }
            }
            SensorJson.requireEnd(parser);
        } catch (final IOException e) {
            throw SensorJson.bad(e);
        }
        if (!row.has(SummaryField.UID)) {
            throw BadLineException.missing(EveSummary.name(SummaryField.UID));
        }
    }

    /** Suricata's id of the flow. */
    String flowId() {
        return row.text(SummaryField.UID);
    }

    /** What the event says of its flow. */
    EveSaid said() {
        return new EveSaid(
                new EveSaid.Tls(
                        row.text(SummaryField.TLS_VERSION),
                        row.text(SummaryField.JA3),
                        row.text(SummaryField.JA4)),
                handshake.handshake(false));
    }

    private void readField(final String field, final JsonParser parser)
            throws IOException, BadLineException {
        switch (field) {
            case "flow_id" -> row.set(SummaryField.UID, EveAlert.flowId(parser));
            case "event_type" -> handshake.protocol(parser.getText());
            case "tls" -> EveMembers.read(parser, this::readTlsMember);
            case "quic" -> EveMembers.read(parser, this::readQuicMember);
            case "http" -> EveMembers.read(parser, this::readHttpMember);
            case "dns" -> EveMembers.read(parser, this::readDnsMember);
            default -> parser.skipChildren();
        }
    }

    private void readTlsMember(final String field, final JsonParser parser)
            throws IOException, BadLineException {
        switch (field) {
            case "version" -> {
                if (parser.getText().startsWith("TLS") || parser.getText().startsWith("SSL")) {
                    text(SummaryField.TLS_VERSION, parser);
                } else {
                    parser.skipChildren();
                }
            }
            case "client_alpns" -> readProtocols(parser);
            case "server_alpns" -> readChosen(parser);
            case "client_handshake" -> EveMembers.read(parser, this::readHelloMember);
            default -> readMemberOfBoth(field, parser);
        }
    }

    /** QUIC has versions of its own under the same name, which are none of TLS. */
    private void readQuicMember(final String field, final JsonParser parser)
            throws IOException, BadLineException {
        switch (field) {
            case "version" ->
                    said(parser)
                            .flatMap(EveProtocolEvent::version)
                            .ifPresent(handshake::quicVersion);
            case "extensions" -> readExtensions(parser);
            default -> readMemberOfBoth(field, parser);
        }
    }

    private void readMemberOfBoth(final String field, final JsonParser parser)
            throws IOException, BadLineException {
        switch (field) {
            case "sni" -> said(parser).ifPresent(handshake::serverName);
            case "ja3" -> EveMembers.read(parser, this::readJa3Member);
            case "ja4" -> text(SummaryField.JA4, parser);
            default -> parser.skipChildren();
        }
    }

    private void readJa3Member(final String field, final JsonParser parser)
            throws IOException, BadLineException {
        switch (field) {
            case "hash" -> text(SummaryField.JA3, parser);
            case "string" -> said(parser).ifPresent(this::readJa3);
            default -> parser.skipChildren();
        }
    }

    private void readHelloMember(final String field, final JsonParser parser) throws IOException {
        switch (field) {
            case "ciphers" -> readNumbers(HelloPart.CIPHERS, parser);
            case "exts" -> readNumbers(HelloPart.EXTENSIONS, parser);
            default -> parser.skipChildren();
        }
    }

    private void readHttpMember(final String field, final JsonParser parser) throws IOException {
        if (field.equals("hostname")) {
            said(parser).ifPresent(handshake::host);
        } else {
            parser.skipChildren();
        }
    }

    /** Version 3 of these events lists the questions, versions 1 and 2 have one beside all else. */
    private void readDnsMember(final String field, final JsonParser parser)
            throws IOException, BadLineException {
        switch (field) {
            case "rrname" -> said(parser).ifPresent(handshake::question);
            case "queries" -> readQueries(parser);
            default -> parser.skipChildren();
        }
    }

    private void readQueries(final JsonParser parser) throws IOException, BadLineException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        boolean first = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (first) {
                EveMembers.read(
                        parser,
                        (field, value) -> {
                            if (field.equals("rrname")) {
                                said(value).ifPresent(handshake::question);
                            } else {
                                value.skipChildren();
                            }
                        });
                first = false;
            } else {
                parser.skipChildren();
            }
        }
    }

    /** Of the extensions of QUIC's hello only ALPN has values that JA3 has not. */
    private void readExtensions(final JsonParser parser) throws IOException, BadLineException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            final long[] type = {-1};
            EveMembers.read(
                    parser,
                    (field, value) -> {
                        if (field.equals("type")) {
                            type[0] = WholeNumber.of(value);
                        }
                        if (field.equals("values") && type[0] == ALPN) {
                            readProtocols(value);
                        } else {
                            value.skipChildren();
                        }
                    });
        }
    }

    private void readProtocols(final JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        handshake.beginProtocols();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (handshake.protocols() < MAX_PROTOCOL_NAMES) {
                said(parser).ifPresent(handshake::addProtocol);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void readChosen(final JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        boolean first = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            final Optional<String> name = said(parser);
            if (first) {
                name.ifPresent(handshake::chosen);
            }
            first = false;
        }
    }

    private void readNumbers(final HelloPart part, final JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        handshake.begin(part);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            final long number = WholeNumber.of(parser);
            if (number >= 0 && number <= part.max()) {
                handshake.add(part, number);
            }
            parser.skipChildren();
        }
    }

    /**
     * Takes a JA3 string, such as {@code 771,4865-4866,0-43,29-23,0}: version, ciphers, extensions,
     * groups and forms of points, without those that mean nothing. Another text says nothing.
     */
    private void readJa3(final String text) {
        final String[] parts = text.split(",", -1);
        if (parts.length != JA3_PARTS) {
            return;
        }
        readJa3(HelloPart.CIPHERS, parts[1]);
        readJa3(HelloPart.EXTENSIONS, parts[2]);
        readJa3(HelloPart.GROUPS, parts[3]);
        final String extensions = '-' + parts[2] + '-';
        if (!extensions.contains("-" + SUPPORTED_VERSIONS + '-')) {
            readJa3(HelloPart.VERSIONS, parts[0]);
        }
        if (extensions.contains("-" + ENCRYPTED_CLIENT_HELLO + '-')) {
            handshake.encryptedHello(true);
        }
    }

    private void readJa3(final HelloPart part, final String numbers) {
        handshake.begin(part);
        for (final String number : numbers.split("-")) {
            if (NUMBER.matcher(number).matches() && Integer.parseInt(number) <= part.max()) {
                handshake.add(part, Integer.parseInt(number));
            }
        }
    }

    /** The number of a version of QUIC as Suricata names it. */
    private static Optional<Long> version(final String name) {
        if (name.equals("v2")) {
            return Optional.of(QUIC_2);
        }
        if (GOOGLE_VERSION.matcher(name).matches()) {
            long bytes = 0;
            for (int i = 0; i < name.length(); i++) {
                bytes = bytes << Byte.SIZE | name.charAt(i);
            }
            return Optional.of(bytes);
        }
        return HEX_VERSION.matcher(name).matches()
                ? Optional.of(Long.parseLong(name, HEX))
                : Optional.empty();
    }

    /** A text that is not empty; what is none says nothing. */
    private static Optional<String> said(final JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING && parser.getTextLength() > 0) {
            return Optional.of(parser.getText());
        }
        parser.skipChildren();
        return Optional.empty();
    }

    private void text(final SummaryField field, final JsonParser parser)
            throws IOException, BadLineException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw BadLineException.bad(EveSummary.name(field), parser.getText(), "text");
        }
        row.set(field, parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
    }
}
