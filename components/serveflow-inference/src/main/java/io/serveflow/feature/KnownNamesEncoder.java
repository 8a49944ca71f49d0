/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Packets;
import io.serveflow.packet.PacketPayload;
import io.serveflow.packet.TransportLocator;
import java.nio.BufferOverflowException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What the names are known for that the payload of packets 1 to N mentions in clear text: the
 * server name of TLS, the host of HTTP, the question of DNS, the subject of a certificate, the
 * banner of a program.
 *
 * <p>Names are found without parsing any protocol: runs of letters, digits, {@code -} and {@code
 * _}. A run is part of a host name if it is next to a dot, or behind a byte that says how long it
 * is, as in DNS; any other is a word. Columns, each a number of mentions: {@code orig_host_KIND},
 * {@code resp_host_KIND} and {@code word_KIND} for each kind of service, and {@code orig_hosts},
 * {@code resp_hosts} and {@code words} for all of them, known or not. The sides are apart because
 * an originator names whom it wants to talk to, while a certificate may name all that a company
 * does. A run with {@code -} or {@code _} counts as a whole and in its parts.
 *
 * <p>Source: {@code known-names.csv}, written by hand from what services and programs call
 * themselves. It is a hint and no answer: to which label a kind of name points is learned.
 *
 * <p>{@code known-words} is the same without {@code orig_host_KIND} and {@code orig_hosts}, for use
 * beside {@link HandshakeEncoder}, which knows the host that is asked for wherever it comes from: a
 * sensor that names it keeps too little of the packets for it to be mentioned there, and a model
 * that has learned from mentions would miss it.
 *
 * <p>There are no columns where {@link Mask#NAMES} is set.
 *
 * <p>The first {@value #REACH} bytes of a packet from its IP header on are read. A sensor that
 * keeps less shows fewer names: TLS puts them behind some 200 bytes.
 */
public final class KnownNamesEncoder implements FeatureEncoder {

    static final String NAME = "known-names";

    /** The same without the hosts that the originator asks for. */
    static final String WORDS_NAME = "known-words";

    static final int VERSION = 1;

    /** Bytes from the IP header on that are looked at. */
    static final int REACH = 400;

    private static final int LEAST_HOST = 2;
    private static final int LEAST_WORD = 3;

    private static final int ORIGINATOR_HOSTS = 0;
    private static final int RESPONDER_HOSTS = 1;
    private static final int WORDS = 2;
    private static final List<String> PLACES = List.of("orig_host", "resp_host", "word");
    private static final int NOWHERE = -1;

    private static final byte[] LOWER = lowerCase();

    private final int packets;

    /** The first place that has columns. */
    private final int firstPlace;

    private final List<String> columns;

    /**
     * @param packets how many packets from the flow's start are looked at
     * @param mask of these only {@link Mask#NAMES} changes something
     */
    public KnownNamesEncoder(final int packets, final Set<Mask> mask) {
        this(packets, mask, ORIGINATOR_HOSTS);
    }

    private KnownNamesEncoder(final int packets, final Set<Mask> mask, final int firstPlace) {
        this.packets = packets;
        this.firstPlace = firstPlace;
        final List<String> names = new ArrayList<>();
        for (final String place :
                mask.contains(Mask.NAMES)
                        ? List.<String>of()
                        : PLACES.subList(firstPlace, PLACES.size())) {
            Known.TABLE.kinds().forEach(kind -> names.add(place + "_" + kind));
            names.add(place + "s");
        }
        this.columns = List.copyOf(names);
    }

    /** One that does not count the hosts that the originator asks for. */
    static KnownNamesEncoder words(final int packets, final Set<Mask> mask) {
        return new KnownNamesEncoder(packets, mask, RESPONDER_HOSTS);
    }

    @Override
    public Set<FlowRecord.Stage> stages() {
        return FeatureEncoders.OF_PACKETS;
    }

    @Override
    public int width() {
        return columns.size();
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public int reach() {
        return REACH;
    }

    @Override
    public void encode(final FlowRecord flow, final FloatBuffer row) {
        if (row.remaining() < width()) {
            throw new BufferOverflowException();
        }
        if (columns.isEmpty()) {
            return;
        }
        final int base = row.position();
        for (int column = 0; column < width(); column++) {
            row.put(0);
        }
        final Packets known = flow.packets();
        for (int i = 0; i < Math.min(packets, known.count()); i++) {
            final int from =
                    PacketPayload.start(
                            known,
                            i,
                            TransportLocator.locate(known.bytes(), known.start(i), known.end(i)));
            if (from != PacketPayload.ABSENT) {
                final int kept = Math.min(known.end(i) - known.start(i), known.length(i));
                count(
                        known.bytes(),
                        from,
                        known.start(i) + Math.min(kept, REACH),
                        place(known.fromOriginator(i) ? ORIGINATOR_HOSTS : RESPONDER_HOSTS),
                        place(WORDS),
                        row,
                        base);
            }
        }
    }

    /** Which block of columns a place has. */
    private int place(final int number) {
        return number < firstPlace ? NOWHERE : number - firstPlace;
    }

    private static void count(
            final byte[] bytes,
            final int from,
            final int until,
            final int hosts,
            final int words,
            final FloatBuffer row,
            final int base) {
        boolean afterDot = false;
        int at = from;
        while (at < until) {
            if (lower(bytes[at]) == 0) {
                at++;
                continue;
            }
            final int start = at;
            while (at < until && lower(bytes[at]) != 0) {
                at++;
            }
            final boolean beforeDot =
                    at + 1 < until && bytes[at] == '.' && lower(bytes[at + 1]) != 0;
            final boolean label = start > from && bytes[start - 1] == at - start;
            final boolean host = afterDot || beforeDot || label;
            if (at - start >= (host ? LEAST_HOST : LEAST_WORD)) {
                mention(
                        bytes,
                        start,
                        at,
                        host ? hosts : words,
                        host ? Known.HOSTS : Known.WORDS,
                        row,
                        base);
            }
            afterDot = beforeDot;
        }
    }

    private static void mention(
            final byte[] bytes,
            final int start,
            final int end,
            final int place,
            final Index index,
            final FloatBuffer row,
            final int base) {
        if (place == NOWHERE) {
            return;
        }
        final int kinds = Known.TABLE.kinds().size();
        final int first = base + place * (kinds + 1);
        add(row, first + kinds);
        long whole = Index.FNV_BASIS;
        long part = Index.FNV_BASIS;
        int partStart = start;
        for (int at = start; at < end; at++) {
            final int c = lower(bytes[at]);
            whole = Index.hash(whole, c);
            if (c == '-' || c == '_') {
                addKinds(index, part, at - partStart, row, first);
                part = Index.FNV_BASIS;
                partStart = at + 1;
            } else {
                part = Index.hash(part, c);
            }
        }
        addKinds(index, whole, end - start, row, first);
        if (partStart > start) {
            addKinds(index, part, end - partStart, row, first);
        }
    }

    private static void addKinds(
            final Index index,
            final long hash,
            final int length,
            final FloatBuffer row,
            final int first) {
        if (length >= LEAST_HOST) {
            int found = index.kinds(hash);
            while (found != 0) {
                add(row, first + Integer.numberOfTrailingZeros(found));
                found &= found - 1;
            }
        }
    }

    private static void add(final FloatBuffer row, final int column) {
        row.put(column, row.get(column) + 1);
    }

    /** The character in lower case if it can be part of a name, else 0. */
    private static int lower(final byte c) {
        return LOWER[c & 0xff];
    }

    private static byte[] lowerCase() {
        final byte[] lower = new byte[256];
        for (int c = 0; c < lower.length; c++) {
            if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
                lower[c] = (byte) c;
            } else if (c >= 'A' && c <= 'Z') {
                lower[c] = (byte) (c + ('a' - 'A'));
            }
        }
        return lower;
    }

    /** The kinds of which {@link #hostKinds(String)} speaks, the first one bit 0. */
    static List<String> kinds() {
        return Known.TABLE.kinds();
    }

    /**
     * What the labels of a host name and their parts are known for, one bit a kind; the same names
     * as in {@code orig_host_KIND}, but of one host that is known already.
     *
     * @param host in lower case
     */
    static int hostKinds(final String host) {
        int found = 0;
        long whole = Index.FNV_BASIS;
        long part = Index.FNV_BASIS;
        int wholeStart = 0;
        int partStart = 0;
        for (int at = 0; at <= host.length(); at++) {
            final char c = at == host.length() ? '.' : host.charAt(at);
            final boolean joins = c == '-' || c == '_';
            if (joins || c == '.') {
                found |= at - partStart >= LEAST_HOST ? Known.HOSTS.kinds(part) : 0;
                part = Index.FNV_BASIS;
                partStart = at + 1;
            } else {
                part = Index.hash(part, c);
            }
            if (c == '.') {
                found |= at - wholeStart >= LEAST_HOST ? Known.HOSTS.kinds(whole) : 0;
                whole = Index.FNV_BASIS;
                wholeStart = at + 1;
            } else {
                whole = Index.hash(whole, c);
            }
        }
        return found;
    }

    /** The table by name, read when the first encoder of this kind is made. */
    private static final class Known {

        static final KnownTable TABLE = KnownTable.read("known-names.csv");
        static final Index HOSTS = Index.of("host");
        static final Index WORDS = Index.of("word");
    }

    /**
     * Names by their 64-bit hash (FNV-1a); two different names of the same hash do not meet in
     * practice.
     *
     * @param hashes open addressing, 0 where there is none
     * @param masks one bit a kind
     */
    private record Index(long[] hashes, int[] masks) {

        static final long FNV_BASIS = 0xcbf29ce484222325L;
        private static final long FNV_PRIME = 0x100000001b3L;

        static Index of(final String about) {
            final List<KnownTable.Entry> entries =
                    Known.TABLE.entries().stream()
                            .filter(entry -> entry.about().equals(about))
                            .toList();
            final int names = entries.stream().mapToInt(entry -> entry.words().size()).sum();
            final int slots = Integer.highestOneBit(Math.max(1, names)) * 4;
            final Index index = new Index(new long[slots], new int[slots]);
            for (final KnownTable.Entry entry : entries) {
                for (final String name : entry.words()) {
                    long hash = FNV_BASIS;
                    for (int i = 0; i < name.length(); i++) {
                        hash = hash(hash, name.charAt(i));
                    }
                    final int slot = index.slot(hash);
                    index.hashes[slot] = hash;
                    index.masks[slot] |= 1 << entry.kind();
                }
            }
            return index;
        }

        static long hash(final long before, final int c) {
            return (before ^ c) * FNV_PRIME;
        }

        /** What a name of this hash is known for, one bit a kind. */
        int kinds(final long hash) {
            return masks[slot(hash)];
        }

        /** Where the hash is, or where it would be put. */
        private int slot(final long hash) {
            int slot = (int) (hash ^ hash >>> 32) & hashes.length - 1;
            while (hashes[slot] != 0 && hashes[slot] != hash) {
                slot = slot + 1 & hashes.length - 1;
            }
            return slot;
        }
    }
}
