/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.summary;

import io.serveflow.flow.CommunityId;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowSummary;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.IpAddress;
import io.serveflow.flow.Transport;
import io.serveflow.sensor.json.WholeNumber;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.line.SensorTime;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The values that a line gives of a flow that is over, and the record that they make; used again
 * for every line.
 *
 * <p>Values come as characters of the reader's own buffer, so every form of log gives the same
 * record and says the same about the same mistake. An empty text is no value, and neither are
 * {@code -} and {@code (empty)}.
 */
public final class SummaryRow {

    private static final int MAX_PORT = 65_535;
    private static final int MAX_COUNT_DIGITS = 18;
    private static final int MAX_TEXT = 1_024;

    /** The reasons under which values are counted that cannot be meant. */
    public static final String NEGATIVE_DURATION = "negative_duration";

    static final String NEGATIVE_COUNT = "negative_count";
    static final String NOT_A_NUMBER = "not_a_number";

    /** The detail under which flows of protocols that cannot be in a record are counted. */
    public static final String NOT_A_FLOW_PROTOCOL = "not_a_flow_protocol";

    private static final String EMPTY = "(empty)";
    private static final Set<String> NOT_NUMBERS = Set.of("nan", "inf", "infinity");

    private final Function<SummaryField, String> names;
    private final Consumer<String> unknown;
    private final String[] texts = new String[SummaryField.values().length];
    private final long[] numbers = new long[SummaryField.values().length];
    private int present;

    /**
     * @param names what the log calls a field, for the sentences about it
     * @param unknown takes the reason of each value that no sensor can mean, such as a negative
     *     duration, and which is therefore unknown
     */
    public SummaryRow(final Function<SummaryField, String> names, final Consumer<String> unknown) {
        this.names = Objects.requireNonNull(names, "names");
        this.unknown = Objects.requireNonNull(unknown, "unknown");
    }

    /** Forgets the values of the line before. */
    public void clear() {
        present = 0;
    }

    /** Takes the value of a field. */
    public void set(final SummaryField field, final char[] text, final int from, final int length)
            throws BadLineException {
        if (length == 0 || isUnset(text, from, length)) {
            return;
        }
        switch (field) {
            case TS -> set(field, time(text, from, length));
            case DURATION -> setInterval(text, from, length);
            case ORIGINATOR_PORT, RESPONDER_PORT -> set(field, port(field, text, from, length));
            case ORIGINATOR_BYTES,
                    RESPONDER_BYTES,
                    ORIGINATOR_PACKETS,
                    ORIGINATOR_IP_BYTES,
                    RESPONDER_PACKETS,
                    RESPONDER_IP_BYTES ->
                    setCount(field, text, from, length);
            case UID,
                    ORIGINATOR,
                    RESPONDER,
                    PROTO,
                    SERVICE,
                    STATE,
                    HISTORY,
                    COMMUNITY_ID,
                    PATH,
                    OBSERVER,
                    TLS_VERSION,
                    JA3,
                    JA4 ->
                    set(field, text(field, text, from, length));
        }
    }

    /** Takes the value of a field that is a number: a count, or microseconds. */
    public void set(final SummaryField field, final long number) {
        numbers[field.ordinal()] = number;
        present |= 1 << field.ordinal();
    }

    /** Takes the value of a field that is text. */
    public void set(final SummaryField field, final String text) {
        if (!text.isEmpty()) {
            texts[field.ordinal()] = text;
            present |= 1 << field.ordinal();
        }
    }

    public boolean has(final SummaryField field) {
        return (present & 1 << field.ordinal()) != 0;
    }

    /** The number of a field, {@link FlowSummary#UNKNOWN} if there is none. */
    public long number(final SummaryField field) {
        return has(field) ? numbers[field.ordinal()] : FlowSummary.UNKNOWN;
    }

    /** The text of a field, empty if there is none. */
    public String text(final SummaryField field) {
        return has(field) ? texts[field.ordinal()] : "";
    }

    /**
     * The record that the values make; empty if the flow is of a protocol that is none of {@link
     * Transport}.
     *
     * @param observer name of the sensor, unless the line names another
     * @param seed seed of the Community ID, unless the line states one
     */
    public Optional<FlowRecord> record(final String observer, final int seed, final long readNanos)
            throws BadLineException {
        require(SummaryField.TS);
        require(SummaryField.UID);
        final Optional<FlowTuple> tuple = tuple();
        if (tuple.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                FlowRecord.summary(
                        new FlowId(
                                has(SummaryField.OBSERVER) ? text(SummaryField.OBSERVER) : observer,
                                text(SummaryField.UID)),
                        tuple.get(),
                        has(SummaryField.COMMUNITY_ID)
                                ? text(SummaryField.COMMUNITY_ID)
                                : CommunityId.v1(tuple.get(), seed),
                        number(SummaryField.TS),
                        summary(),
                        readNanos));
    }

    private FlowSummary summary() {
        return new FlowSummary(
                number(SummaryField.DURATION),
                number(SummaryField.ORIGINATOR_BYTES),
                number(SummaryField.RESPONDER_BYTES),
                number(SummaryField.ORIGINATOR_PACKETS),
                number(SummaryField.RESPONDER_PACKETS),
                number(SummaryField.ORIGINATOR_IP_BYTES),
                number(SummaryField.RESPONDER_IP_BYTES),
                text(SummaryField.STATE),
                text(SummaryField.HISTORY),
                text(SummaryField.SERVICE),
                text(SummaryField.TLS_VERSION),
                text(SummaryField.JA3),
                text(SummaryField.JA4));
    }

    private Optional<FlowTuple> tuple() throws BadLineException {
        require(SummaryField.PROTO);
        require(SummaryField.ORIGINATOR);
        require(SummaryField.RESPONDER);
        final String originator = text(SummaryField.ORIGINATOR);
        final String responder = text(SummaryField.RESPONDER);
        final boolean ipv6 = ipv6(SummaryField.ORIGINATOR, originator);
        if (ipv6(SummaryField.RESPONDER, responder) != ipv6) {
            throw BadLineException.bad(
                    names.apply(SummaryField.RESPONDER),
                    responder,
                    "of the same IP version as "
                            + names.apply(SummaryField.ORIGINATOR)
                            + ", which is "
                            + originator);
        }
        final Transport transport;
        try {
            transport = Transport.named(text(SummaryField.PROTO), ipv6);
        } catch (final IllegalArgumentException e) {
            return Optional.empty();
        }
        require(SummaryField.ORIGINATOR_PORT);
        require(SummaryField.RESPONDER_PORT);
        return Optional.of(
                new FlowTuple(
                        transport,
                        originator,
                        (int) number(SummaryField.ORIGINATOR_PORT),
                        responder,
                        (int) number(SummaryField.RESPONDER_PORT)));
    }

    private boolean ipv6(final SummaryField field, final String address) throws BadLineException {
        try {
            return IpAddress.parse(address).length > 4;
        } catch (final IllegalArgumentException e) {
            throw BadLineException.bad(names.apply(field), address, "an IP address");
        }
    }

    private long time(final char[] text, final int from, final int length) throws BadLineException {
        try {
            return SensorTime.epochMicros(text, from, length);
        } catch (final NumberFormatException e) {
            throw bad(
                    SummaryField.TS,
                    text,
                    from,
                    length,
                    "seconds since the epoch or an ISO 8601 time with its zone");
        }
    }

    /** Whether it is what Zeek's TSV has for unset and empty, which shippers keep in JSON. */
    private static boolean isUnset(final char[] text, final int from, final int length) {
        return length == 1 && text[from] == '-' || is(EMPTY, text, from, length);
    }

    private void setInterval(final char[] text, final int from, final int length)
            throws BadLineException {
        final long micros;
        try {
            micros = SensorTime.micros(text, from, length);
        } catch (final NumberFormatException e) {
            if (isNotANumber(text, from, length)) {
                unknown.accept(NOT_A_NUMBER);
                return;
            }
            throw bad(SummaryField.DURATION, text, from, length, "a number of seconds");
        }
        if (micros < 0) {
            unknown.accept(NEGATIVE_DURATION);
        } else {
            set(SummaryField.DURATION, micros);
        }
    }

    private void setCount(
            final SummaryField field, final char[] text, final int from, final int length)
            throws BadLineException {
        final long count = WholeNumber.of(text, from, length);
        if (count >= 0) {
            set(field, count);
        } else if (count == WholeNumber.NEGATIVE) {
            unknown.accept(NEGATIVE_COUNT);
        } else if (isNotANumber(text, from, length)) {
            unknown.accept(NOT_A_NUMBER);
        } else {
            throw bad(
                    field,
                    text,
                    from,
                    length,
                    "a whole number of at most " + MAX_COUNT_DIGITS + " digits");
        }
    }

    private long port(final SummaryField field, final char[] text, final int from, final int length)
            throws BadLineException {
        final long port = WholeNumber.of(text, from, length);
        if (port < 0 || port > MAX_PORT) {
            throw bad(field, text, from, length, "a whole number, 0 to " + MAX_PORT);
        }
        return port;
    }

    /** Whether it is what printf and JSON libraries write where there is no number. */
    private static boolean isNotANumber(final char[] text, final int from, final int length) {
        final int sign = length > 0 && (text[from] == '-' || text[from] == '+') ? 1 : 0;
        return length - sign >= 3
                && length - sign <= 8
                && NOT_NUMBERS.contains(
                        new String(text, from + sign, length - sign).toLowerCase(Locale.ROOT));
    }

    /** The text; as the object that an earlier line had, if it was the same. */
    private String text(
            final SummaryField field, final char[] text, final int from, final int length)
            throws BadLineException {
        final String before = texts[field.ordinal()];
        if (before != null && is(before, text, from, length)) {
            return before;
        }
        boolean printable = length <= MAX_TEXT;
        for (int i = from; i < from + length && printable; i++) {
            printable = text[i] >= ' ' && text[i] <= '~';
        }
        if (!printable) {
            throw bad(
                    field, text, from, length, "1 to " + MAX_TEXT + " printable ASCII characters");
        }
        return new String(text, from, length);
    }

    private static boolean is(
            final String word, final char[] text, final int from, final int length) {
        boolean same = word.length() == length;
        for (int i = 0; same && i < length; i++) {
            same = word.charAt(i) == text[from + i];
        }
        return same;
    }

    private void require(final SummaryField field) throws BadLineException {
        if (!has(field)) {
            throw BadLineException.missing(names.apply(field));
        }
    }

    private BadLineException bad(
            final SummaryField field,
            final char[] text,
            final int from,
            final int length,
            final String expected) {
        return BadLineException.bad(names.apply(field), new String(text, from, length), expected);
    }
}
