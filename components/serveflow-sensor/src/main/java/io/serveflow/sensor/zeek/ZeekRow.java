/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.zeek;

import io.serveflow.flow.CommunityId;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowSummary;
import io.serveflow.flow.FlowTunnel;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.IpAddress;
import io.serveflow.flow.IpHeaders;
import io.serveflow.flow.Packets;
import io.serveflow.flow.Transport;
import io.serveflow.sensor.ContextInterest;
import io.serveflow.sensor.handshake.HandshakeRow;
import io.serveflow.sensor.handshake.HelloPart;
import io.serveflow.sensor.json.Base64Text;
import io.serveflow.sensor.json.WholeNumber;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.line.SensorTime;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The values of one line of Zeek's {@code serveflow} log as a reader finds them, and the record
 * that they make; used again for every line.
 *
 * <p>Values come as characters of the reader's own buffer, whatever the form of the log, so both
 * forms give the same record and say the same about the same mistake. {@link PlainZeekLine} gives
 * them as it read them, because it leaves every mistake to the others.
 *
 * <p>Zeek counts the padding of a short Ethernet frame with the packet; a record does not.
 */
final class ZeekRow {

    static final int MAX_PORT = 65_535;
    static final int MAX_TEXT = 256;

    private static final String TEXT_EXPECTED = "1 to " + MAX_TEXT + " printable ASCII characters";

    private final String[] texts = new String[ZeekField.values().length];
    private final KnownAddresses addresses = new KnownAddresses();

    /** Of the texts that are addresses, what is known of the latest that was. */
    private final KnownAddresses.Address[] addressOf =
            new KnownAddresses.Address[ZeekField.values().length];

    private final HandshakeRow handshake;

    /** One bit a field, in the order of {@link ZeekField}. */
    private long present;

    private long ts;
    private int originatorPort;
    private int responderPort;
    private FlowRecord.Stage stage = FlowRecord.Stage.FIRST;
    private FlowRecord.End reason = FlowRecord.End.DEPTH;

    private int intervals;
    private long[] dt = new long[16];
    private int flags;
    private boolean[] orig = new boolean[16];
    private int counts;
    private int[] len = new int[16];
    private int datas;
    private int[] ends = new int[16];
    private byte[] data = new byte[512];

    private int longestKept;

    /** A row that counts nothing. */
    ZeekRow() {
        this(reason -> {});
    }

    /**
     * @param unknown takes the reason of each value that is unknown because it cannot be meant
     */
    ZeekRow(final Consumer<String> unknown) {
        this.handshake = new HandshakeRow(unknown);
    }

    /** Forgets the values of the line before. */
    void clear() {
        present = 0;
        intervals = 0;
        flags = 0;
        counts = 0;
        datas = 0;
        handshake.clear();
    }

    /** Takes the value of a field that is no vector. */
    void set(final ZeekField field, final char[] text, final int from, final int length)
            throws BadLineException {
        switch (field) {
            case TS -> ts = time(text, from, length);
            case ORIGINATOR_PORT -> originatorPort = port(field, text, from, length);
            case RESPONDER_PORT -> responderPort = port(field, text, from, length);
            case STAGE -> stage = stage(text, from, length);
            case REASON -> reason = reason(text, from, length);
            case UID, ORIGINATOR, RESPONDER, PROTO, COMMUNITY_ID, OBSERVER, TUNNEL ->
                    texts[field.ordinal()] = text(field, text, from, length);
            case APP_PROTO -> say(field, text(field, text, from, length));
            case SERVER_NAME, HTTP_HOST, DNS_QUERY, NEXT_PROTOCOL ->
                    say(field, new String(text, from, length));
            case ECH, HELLO_COMPLETE, HELLO_GREASE ->
                    say(field, flag(field.key(), text, from, length));
            case QUIC_VERSION ->
                    say(field, count(field, -1, HandshakeRow.MAX_VERSION, text, from, length));
            case HELLO_LENGTH ->
                    say(field, count(field, -1, Integer.MAX_VALUE, text, from, length));
            case PKT_DT,
                    PKT_ORIG,
                    PKT_LEN,
                    PKT_DATA,
                    HELLO_VERSIONS,
                    HELLO_CIPHERS,
                    HELLO_EXTENSIONS,
                    HELLO_GROUPS,
                    HELLO_PROTOCOLS,
                    HELLO_PARAMETERS ->
                    throw new IllegalArgumentException(field + " is a vector");
        }
        present |= bit(field);
    }

    /** Takes a text of what the sensor says of how the flow begins. */
    void say(final ZeekField field, final String text) {
        switch (field) {
            case APP_PROTO -> handshake.protocol(text);
            case SERVER_NAME -> handshake.serverName(text);
            case HTTP_HOST -> handshake.host(text);
            case DNS_QUERY -> handshake.question(text);
            case NEXT_PROTOCOL -> handshake.chosen(text);
            default -> throw new IllegalArgumentException(field + " is no text of a handshake");
        }
    }

    /** Takes a truth value of what the sensor says of how the flow begins. */
    void say(final ZeekField field, final boolean is) {
        switch (field) {
            case ECH -> handshake.encryptedHello(is);
            case HELLO_COMPLETE -> handshake.complete(is);
            case HELLO_GREASE -> handshake.grease(is);
            default -> throw new IllegalArgumentException(field + " is no flag of a handshake");
        }
    }

    /** Takes a number, of the range of its field, of what the sensor says of the beginning. */
    void say(final ZeekField field, final long number) {
        if (field == ZeekField.QUIC_VERSION) {
            handshake.quicVersion(number);
        } else {
            handshake.length((int) number);
        }
    }

    /** Takes the next number, of the range of its part, of a vector of the hello. */
    void say(final HelloPart part, final long number) {
        handshake.add(part, number);
    }

    /** Takes the next application protocol of the hello. */
    void sayProtocol(final String name) {
        handshake.addProtocol(name);
    }

    /** Takes a text of the handshake that was found to be printable ASCII. */
    void say(final ZeekField field, final byte[] bytes, final int from, final int to) {
        say(field, ascii(bytes, from, to));
    }

    /** Takes the next application protocol of the hello, which was found to be printable ASCII. */
    void sayProtocol(final byte[] bytes, final int from, final int to) {
        sayProtocol(ascii(bytes, from, to));
    }

    /** Takes a time that was read, microseconds since the epoch. */
    void setTime(final long micros) {
        ts = micros;
        present |= bit(ZeekField.TS);
    }

    /** Takes a port that was read, 0 to {@link #MAX_PORT}. */
    void setPort(final ZeekField field, final int port) {
        if (field == ZeekField.ORIGINATOR_PORT) {
            originatorPort = port;
        } else {
            responderPort = port;
        }
        present |= bit(field);
    }

    void setStage(final FlowRecord.Stage read) {
        stage = read;
        present |= bit(ZeekField.STAGE);
    }

    void setReason(final FlowRecord.End read) {
        reason = read;
        present |= bit(ZeekField.REASON);
    }

    /** Takes a text that was found to be 1 to {@link #MAX_TEXT} printable ASCII characters. */
    void setText(final ZeekField field, final byte[] bytes, final int from, final int to) {
        texts[field.ordinal()] = ascii(bytes, from, to);
        present |= bit(field);
    }

    /** Takes a text as {@link #setText} does, which is likely that of the line before. */
    void setWord(final ZeekField field, final byte[] bytes, final int from, final int to) {
        final String before = texts[field.ordinal()];
        if (before == null || !is(before, bytes, from, to)) {
            texts[field.ordinal()] = ascii(bytes, from, to);
        }
        present |= bit(field);
    }

    /** Takes a text as {@link #setText} does, which should be an address. */
    void setAddress(final ZeekField field, final byte[] bytes, final int from, final int to) {
        final KnownAddresses.Address address = addresses.of(bytes, from, to);
        addressOf[field.ordinal()] = address;
        texts[field.ordinal()] = address == null ? ascii(bytes, from, to) : address.text();
        present |= bit(field);
    }

    /** Begins a vector; elements it had are forgotten. */
    void begin(final ZeekField vector) {
        switch (vector) {
            case PKT_DT -> intervals = 0;
            case PKT_ORIG -> flags = 0;
            case PKT_LEN -> counts = 0;
            case PKT_DATA -> datas = 0;
            case HELLO_PROTOCOLS -> handshake.beginProtocols();
            case HELLO_VERSIONS, HELLO_CIPHERS, HELLO_EXTENSIONS, HELLO_GROUPS, HELLO_PARAMETERS ->
                    handshake.begin(part(vector));
            default -> throw new IllegalArgumentException(vector + " is no vector");
        }
        present |= bit(vector);
    }

    /** Takes the next element of a vector. */
    void add(final ZeekField vector, final char[] text, final int from, final int length)
            throws BadLineException {
        switch (vector) {
            case PKT_DT -> addInterval(interval(text, from, length));
            case PKT_ORIG -> addFlag(flag(element(vector, flags), text, from, length));
            case PKT_LEN ->
                    addLength((int) count(vector, counts, Integer.MAX_VALUE, text, from, length));
            case PKT_DATA -> addData(text, from, length);
            case HELLO_PROTOCOLS -> sayProtocol(new String(text, from, length));
            case HELLO_VERSIONS,
                    HELLO_CIPHERS,
                    HELLO_EXTENSIONS,
                    HELLO_GROUPS,
                    HELLO_PARAMETERS -> {
                final HelloPart part = part(vector);
                say(part, count(vector, handshake.size(part), part.max(), text, from, length));
            }
            default -> throw new IllegalArgumentException(vector + " is no vector");
        }
    }

    /** Takes the next of {@code pkt_dt}, in microseconds. */
    void addInterval(final long micros) {
        if (intervals == dt.length) {
            dt = Arrays.copyOf(dt, intervals * 2);
        }
        dt[intervals++] = micros;
    }

    /** Takes the next of {@code pkt_orig}. */
    void addFlag(final boolean originator) {
        if (flags == orig.length) {
            orig = Arrays.copyOf(orig, flags * 2);
        }
        orig[flags++] = originator;
    }

    /** Takes the next of {@code pkt_len}, 0 or more. */
    void addLength(final int bytes) {
        if (counts == len.length) {
            len = Arrays.copyOf(len, counts * 2);
        }
        len[counts++] = bytes;
    }

    /** The array to which the next of {@code pkt_data} is to be written, with so much room. */
    byte[] dataRoom(final int bytes) {
        final int room = start(datas) + bytes;
        if (room > data.length) {
            data = Arrays.copyOf(data, Math.max(room, data.length * 2));
        }
        return data;
    }

    /** Where in {@link #dataRoom} the next of {@code pkt_data} begins. */
    int dataStart() {
        return start(datas);
    }

    /** Takes the next of {@code pkt_data}, which was written to {@link #dataRoom}. */
    void addData(final int bytes) {
        final int dataEnd = start(datas) + bytes;
        if (datas == ends.length) {
            ends = Arrays.copyOf(ends, datas * 2);
        }
        ends[datas++] = dataEnd;
    }

    /** How many elements a vector has so far. */
    int size(final ZeekField vector) {
        return switch (vector) {
            case PKT_DT -> intervals;
            case PKT_ORIG -> flags;
            case PKT_LEN -> counts;
            case PKT_DATA -> datas;
            case HELLO_PROTOCOLS -> handshake.protocols();
            case HELLO_VERSIONS, HELLO_CIPHERS, HELLO_EXTENSIONS, HELLO_GROUPS, HELLO_PARAMETERS ->
                    handshake.size(part(vector));
            default -> throw new IllegalArgumentException(vector + " is no vector");
        };
    }

    /**
     * Whether the last packet surely has all its bytes: as many as it had on the wire, or as many
     * as the sensor cut another packet to. Where packets lack bytes or lengths altogether, that is
     * for {@link #record} to say.
     */
    boolean lastPacketWhole() {
        if (datas == 0 || counts != datas) {
            return true;
        }
        int longest = longestKept;
        for (int i = 0; i < datas - 1; i++) {
            longest = Math.max(longest, kept(i));
        }
        final int last = kept(datas - 1);
        return last == len[datas - 1] || last == longest;
    }

    /** Whether the line holds a record that somebody needs. */
    boolean wantedBy(final ContextInterest interest) {
        return stage != FlowRecord.Stage.CONTEXT
                || !has(ZeekField.STAGE)
                || !has(ZeekField.UID)
                || interest.wants(text(ZeekField.UID));
    }

    /**
     * The record that the values make.
     *
     * @param observer name of the sensor, unless the line names another
     * @param seed seed of the Community ID, unless the line states one
     */
    FlowRecord record(final String observer, final int seed, final long readNanos)
            throws BadLineException {
        require(ZeekField.TS);
        final String uid = required(ZeekField.UID);
        final FlowTuple tuple = tuple();
        require(ZeekField.STAGE);
        if (stage == FlowRecord.Stage.CONTEXT) {
            require(ZeekField.REASON);
        }
        return new FlowRecord(
                new FlowId(has(ZeekField.OBSERVER) ? text(ZeekField.OBSERVER) : observer, uid),
                tuple,
                has(ZeekField.COMMUNITY_ID)
                        ? text(ZeekField.COMMUNITY_ID)
                        : CommunityId.v1(tuple, seed),
                ts,
                stage,
                stage == FlowRecord.Stage.FIRST ? FlowRecord.End.DEPTH : reason,
                packets(),
                readNanos,
                FlowSummary.NONE,
                has(ZeekField.TUNNEL) ? tunnel() : Optional.empty(),
                handshake.handshake(tuple.transport() == Transport.UDP));
    }

    /** Which part of the hello a vector holds. */
    static HelloPart part(final ZeekField vector) {
        return switch (vector) {
            case HELLO_VERSIONS -> HelloPart.VERSIONS;
            case HELLO_CIPHERS -> HelloPart.CIPHERS;
            case HELLO_EXTENSIONS -> HelloPart.EXTENSIONS;
            case HELLO_GROUPS -> HelloPart.GROUPS;
            case HELLO_PARAMETERS -> HelloPart.PARAMETERS;
            default -> throw new IllegalArgumentException(vector + " holds no numbers of a hello");
        };
    }

    private Optional<FlowTunnel> tunnel() throws BadLineException {
        final String text = text(ZeekField.TUNNEL);
        try {
            return Optional.of(FlowTunnel.parse(text));
        } catch (final IllegalArgumentException e) {
            throw BadLineException.bad(ZeekField.TUNNEL.key(), text, FlowTunnel.TEXT);
        }
    }

    private FlowTuple tuple() throws BadLineException {
        final String originator = required(ZeekField.ORIGINATOR);
        final String responder = required(ZeekField.RESPONDER);
        require(ZeekField.ORIGINATOR_PORT);
        require(ZeekField.RESPONDER_PORT);
        final boolean ipv6 = ipv6(ZeekField.ORIGINATOR, originator);
        if (ipv6(ZeekField.RESPONDER, responder) != ipv6) {
            throw BadLineException.bad(
                    ZeekField.RESPONDER.key(),
                    responder,
                    "of the same IP version as id.orig_h, which is " + originator);
        }
        final String proto = required(ZeekField.PROTO);
        final Transport transport;
        try {
            transport = Transport.named(proto, ipv6);
        } catch (final IllegalArgumentException e) {
            throw BadLineException.bad(ZeekField.PROTO.key(), proto, "tcp, udp, icmp or sctp");
        }
        return new FlowTuple(transport, originator, originatorPort, responder, responderPort);
    }

    private Packets packets() throws BadLineException {
        require(ZeekField.PKT_DT);
        require(ZeekField.PKT_ORIG);
        require(ZeekField.PKT_LEN);
        require(ZeekField.PKT_DATA);
        if (datas == 0 || intervals != datas || flags != datas || counts != datas) {
            throw new BadLineException(
                    BadLineException.BAD_FIELD,
                    "pkt_dt, pkt_orig, pkt_len and pkt_data have %d, %d, %d and %d elements; they must have the same number, at least one"
                            .formatted(intervals, flags, counts, datas));
        }
        int from = 0;
        int to = 0;
        for (int i = 0; i < datas; i++) {
            final int kept = ends[i] - from;
            if (kept > len[i]) {
                throw BadLineException.bad(
                        element(ZeekField.PKT_LEN, i),
                        Integer.toString(len[i]),
                        "at least the " + kept + " bytes that pkt_data holds of the packet");
            }
            longestKept = Math.max(longestKept, kept);
            len[i] = IpHeaders.lengthWithoutPadding(data, from, kept, len[i]);
            final int own = Math.min(kept, len[i]);
            if (to < from) {
                System.arraycopy(data, from, data, to, own);
            }
            from = ends[i];
            to += own;
            ends[i] = to;
        }
        return Packets.copyOf(datas, dt, orig, len, ends, data);
    }

    private void addData(final char[] text, final int from, final int length)
            throws BadLineException {
        final byte[] to = dataRoom(Base64Text.maxBytes(length));
        final int decoded = Base64Text.decode(text, from, length, to, dataStart());
        if (decoded < 0) {
            throw bad(element(ZeekField.PKT_DATA, datas), text, from, length, "base64");
        }
        addData(decoded);
    }

    private int start(final int i) {
        return i == 0 ? 0 : ends[i - 1];
    }

    private int kept(final int i) {
        return ends[i] - start(i);
    }

    private long interval(final char[] text, final int from, final int length)
            throws BadLineException {
        try {
            return SensorTime.micros(text, from, length);
        } catch (final NumberFormatException e) {
            throw bad(
                    element(ZeekField.PKT_DT, intervals),
                    text,
                    from,
                    length,
                    "a number of seconds");
        }
    }

    private static boolean flag(
            final String name, final char[] text, final int from, final int length)
            throws BadLineException {
        if (is("true", text, from, length) || is("T", text, from, length)) {
            return true;
        }
        if (is("false", text, from, length) || is("F", text, from, length)) {
            return false;
        }
        throw bad(name, text, from, length, ZeekField.Kind.FLAG.words());
    }

    private static long time(final char[] text, final int from, final int length)
            throws BadLineException {
        try {
            return SensorTime.epochMicros(text, from, length);
        } catch (final NumberFormatException e) {
            throw bad(
                    ZeekField.TS.key(),
                    text,
                    from,
                    length,
                    "seconds since the epoch or an ISO 8601 time with its zone");
        }
    }

    private static int port(
            final ZeekField field, final char[] text, final int from, final int length)
            throws BadLineException {
        return (int) count(field, -1, MAX_PORT, text, from, length);
    }

    private static long count(
            final ZeekField field,
            final int element,
            final long max,
            final char[] text,
            final int from,
            final int length)
            throws BadLineException {
        final long value = WholeNumber.of(text, from, length);
        if (value < 0 || value > max) {
            throw bad(element(field, element), text, from, length, "a whole number, 0 to " + max);
        }
        return value;
    }

    private static FlowRecord.Stage stage(final char[] text, final int from, final int length)
            throws BadLineException {
        if (is("first", text, from, length)) {
            return FlowRecord.Stage.FIRST;
        }
        if (is("context", text, from, length)) {
            return FlowRecord.Stage.CONTEXT;
        }
        throw bad(ZeekField.STAGE.key(), text, from, length, "first or context");
    }

    private static FlowRecord.End reason(final char[] text, final int from, final int length)
            throws BadLineException {
        if (is("depth", text, from, length)) {
            return FlowRecord.End.DEPTH;
        }
        if (is("timeout", text, from, length)) {
            return FlowRecord.End.TIMEOUT;
        }
        if (is("end", text, from, length)) {
            return FlowRecord.End.END;
        }
        throw bad(ZeekField.REASON.key(), text, from, length, "depth, timeout or end");
    }

    /** The text; as the object that the line before had, if it was the same. */
    private String text(final ZeekField field, final char[] text, final int from, final int length)
            throws BadLineException {
        final String before = texts[field.ordinal()];
        if (before != null && is(before, text, from, length)) {
            return before;
        }
        boolean printable = length > 0 && length <= MAX_TEXT;
        for (int i = from; i < from + length && printable; i++) {
            printable = text[i] >= ' ' && text[i] <= '~';
        }
        if (!printable) {
            throw bad(field.key(), text, from, length, TEXT_EXPECTED);
        }
        return new String(text, from, length);
    }

    private String text(final ZeekField field) {
        return texts[field.ordinal()];
    }

    private boolean has(final ZeekField field) {
        return (present & bit(field)) != 0;
    }

    private static long bit(final ZeekField field) {
        return 1L << field.ordinal();
    }

    private void require(final ZeekField field) throws BadLineException {
        if (!has(field)) {
            throw BadLineException.missing(field.key());
        }
    }

    private String required(final ZeekField field) throws BadLineException {
        require(field);
        return text(field);
    }

    private boolean ipv6(final ZeekField field, final String address) throws BadLineException {
        final KnownAddresses.Address known = addressOf[field.ordinal()];
        if (known != null && known.text() == address) {
            return known.ipv6();
        }
        try {
            return IpAddress.parse(address).length > 4;
        } catch (final IllegalArgumentException e) {
            throw BadLineException.bad(field.key(), address, "an IP address");
        }
    }

    private static boolean is(
            final String word, final char[] text, final int from, final int length) {
        if (word.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (word.charAt(i) != text[from + i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean is(final String word, final byte[] bytes, final int from, final int to) {
        if (word.length() != to - from) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) != bytes[from + i]) {
                return false;
            }
        }
        return true;
    }

    /** The shortest way to a string that the platform has, and deprecated for other letters. */
    @SuppressWarnings("deprecation")
    private static String ascii(final byte[] bytes, final int from, final int to) {
        return new String(bytes, 0, from, to - from);
    }

    private static String element(final ZeekField field, final int index) {
        return index < 0 ? field.key() : field.key() + "[" + index + "]";
    }

    private static BadLineException bad(
            final String field,
            final char[] text,
            final int from,
            final int length,
            final String expected) {
        return BadLineException.bad(field, new String(text, from, length), expected);
    }
}
