/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import io.serveflow.flow.ClientHello;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Handshake;
import io.serveflow.handshake.HandshakeReader;
import io.serveflow.pool.ObjectPool;
import java.nio.BufferOverflowException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * What the originator says of itself in clear text: what the host that it asks for is known for,
 * and the shape of its TLS, DTLS or QUIC hello.
 *
 * <p>What the sensor says of the handshake holds ({@link FlowRecord#handshake()}): the name is
 * taken from nowhere else then. A hello that it does not describe, and all of a flow of which it
 * says nothing, is read out of packets 1 to N ({@link HandshakeReader}).
 *
 * <p>Columns: {@code host}, 1 where a name is known, {@code host_labels}, how many labels it has,
 * {@code host_length} and {@code host_longest}, how many characters it and its longest label have,
 * {@code host_digits}, how many of them are digits, {@code host_KIND}, 1 where the longest domain
 * of the table that the name is in is of that kind, 0 otherwise, and {@code label_KIND}, the same
 * for its labels and the table of {@link KnownNamesEncoder}; none of these where {@link Mask#NAMES}
 * is set. Then {@code says_PROTOCOL}, 0 or 1; and of the hello, in each -1 where there is none:
 * {@code hello_bytes}, {@code hello_whole}, how many ciphers, extensions, groups, versions,
 * protocols and transport parameters it offers, the highest version of TLS (1 for 1.0, 4 for 1.3),
 * how many ciphers are of TLS 1.3, in CBC mode or of an age before that, which extensions, groups
 * and protocols are there, whether there is GREASE or an encrypted hello inside, and the version of
 * QUIC (1, 2, 3 for a draft, 4 for another one, 0 for none). The order of the extensions, which
 * browsers shuffle, means nothing here.
 *
 * @see <a href="https://www.iana.org/assignments/tls-extensiontype-values/">IANA: TLS ExtensionType
 *     Values</a>
 */
public final class HandshakeEncoder implements FeatureEncoder {

    static final String NAME = "handshake";
    static final int VERSION = 1;

    /**
     * Bytes from the IP header on that are looked at of a packet that can carry no hello; the
     * others are read as far as they were kept.
     */
    static final int REACH = 400;

    private static final float ABSENT = -1;
    private static final long DRAFT = 0xff00_0000L;

    private static final List<Column> HELLO = hello();

    private final int packets;
    private final boolean names;
    private final List<String> columns;
    private final ObjectPool<HandshakeReader> readers = new ObjectPool<>();

    /** A column about a hello. */
    private record Column(String name, ToDoubleFunction<ClientHello> value) {}

    /**
     * @param packets how many packets from the flow's start are looked at
     * @param mask of these only {@link Mask#NAMES} changes something
     */
    public HandshakeEncoder(final int packets, final Set<Mask> mask) {
        this.packets = packets;
        this.names = !mask.contains(Mask.NAMES);
        final List<String> all = new ArrayList<>();
        if (names) {
            all.add("host");
            all.add("host_labels");
            all.add("host_length");
            all.add("host_longest");
            all.add("host_digits");
            Known.HOSTS.kinds().forEach(kind -> all.add("host_" + kind));
            KnownNamesEncoder.kinds().forEach(kind -> all.add("label_" + kind));
        }
        for (final Handshake.Protocol protocol : Handshake.Protocol.values()) {
            all.add("says_" + protocol.name().toLowerCase(Locale.ROOT));
        }
        all.add("hello_encrypted");
        HELLO.forEach(column -> all.add(column.name()));
        this.columns = List.copyOf(all);
    }

    private static List<Column> hello() {
        final List<Column> all = new ArrayList<>();
        all.add(new Column("hello_bytes", ClientHello::length));
        all.add(flag("hello_whole", ClientHello::complete));
        all.add(new Column("hello_ciphers", hello -> hello.ciphers().size()));
        all.add(new Column("hello_extensions", hello -> hello.extensions().size()));
        all.add(new Column("hello_groups", hello -> hello.groups().size()));
        all.add(new Column("hello_versions", hello -> hello.versions().size()));
        all.add(new Column("hello_protocols", hello -> hello.protocols().size()));
        all.add(new Column("hello_parameters", hello -> hello.transportParameters().size()));
        all.add(new Column("hello_version", ClientHello::highestVersion));
        all.add(new Column("hello_quic", HandshakeEncoder::quic));
        all.add(flag("hello_grease", ClientHello::grease));
        all.add(new Column("ciphers_tls13", hello -> ciphers(hello, 0x1301, 0x1305)));
        all.add(new Column("ciphers_cbc", hello -> ciphers(hello, 0x0007, 0x0098)));
        all.add(new Column("ciphers_ecdhe", hello -> ciphers(hello, 0xc001, 0xc0ff)));
        all.add(new Column("ciphers_chacha", hello -> ciphers(hello, 0xcc13, 0xccae)));
        extension(all, "server_name", 0);
        extension(all, "status_request", 5);
        extension(all, "point_formats", 11);
        extension(all, "signatures", 13);
        extension(all, "alpn", 16);
        extension(all, "certificate_timestamp", 18);
        extension(all, "padding", 21);
        extension(all, "encrypt_then_mac", 22);
        extension(all, "extended_master_secret", 23);
        extension(all, "compress_certificate", 27);
        extension(all, "record_size", 28);
        extension(all, "delegated_credential", 34);
        extension(all, "session_ticket", 35);
        extension(all, "pre_shared_key", 41);
        extension(all, "early_data", 42);
        extension(all, "cookie", 44);
        extension(all, "key_share", 51);
        extension(all, "next_protocol", 13_172);
        extension(all, "application_settings_old", 17_513);
        extension(all, "application_settings", 17_613);
        extension(all, "channel_id", 30_032);
        extension(all, "renegotiation", 65_281);
        all.add(flag("group_p256", hello -> hello.groups().contains(23)));
        all.add(flag("group_x25519", hello -> hello.groups().contains(29)));
        all.add(flag("group_x448", hello -> hello.groups().contains(30)));
        all.add(flag("group_ffdhe", hello -> hello.groups().contains(256)));
        all.add(
                flag(
                        "group_post_quantum",
                        hello ->
                                hello.groups().contains(0x11ec)
                                        || hello.groups().contains(0x6399)));
        protocol(all, "h2", "h2"::equals);
        protocol(all, "http1", name -> name.startsWith("http/1"));
        protocol(all, "h3", name -> name.startsWith("h3"));
        protocol(all, "hq", name -> name.startsWith("hq"));
        protocol(all, "spdy", name -> name.startsWith("spdy"));
        protocol(all, "dns", name -> name.equals("dot") || name.startsWith("doq"));
        protocol(all, "mail", name -> name.equals("imap") || name.equals("pop3"));
        protocol(all, "chat", name -> name.startsWith("xmpp") || name.equals("irc"));
        protocol(all, "call", name -> name.startsWith("webrtc") || name.startsWith("stun"));
        protocol(all, "mqtt", "mqtt"::equals);
        protocol(all, "ftp", "ftp"::equals);
        return List.copyOf(all);
    }

    private static Column flag(final String name, final Predicate<ClientHello> is) {
        return new Column(name, hello -> is.test(hello) ? 1 : 0);
    }

    private static void extension(final List<Column> to, final String name, final Integer type) {
        to.add(flag("extension_" + name, hello -> hello.extensions().contains(type)));
    }

    private static void protocol(
            final List<Column> to, final String name, final Predicate<String> is) {
        to.add(flag("protocol_" + name, hello -> hello.protocols().stream().anyMatch(is)));
    }

    private static double quic(final ClientHello hello) {
        final long version = hello.quicVersion();
        if (version == 0 || version == 1) {
            return version;
        }
        return version == 0x6b33_43cfL ? 2 : (version & DRAFT) == DRAFT ? 3 : 4;
    }

    private static double ciphers(final ClientHello hello, final int from, final int to) {
        int found = 0;
        for (final int cipher : hello.ciphers()) {
            found += cipher >= from && cipher <= to ? 1 : 0;
        }
        return found;
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
        final Optional<Handshake> said = flow.handshake();
        final Optional<Handshake> known =
                said.isPresent() && said.get().hello().isPresent() ? said : read(flow);
        put(said.or(() -> known), known.flatMap(Handshake::hello), row);
    }

    private Optional<Handshake> read(final FlowRecord flow) {
        final HandshakeReader reader = readers.borrow().orElseGet(HandshakeReader::new);
        final Optional<Handshake> found = reader.read(flow.packets().first(packets));
        readers.giveBack(reader);
        return found;
    }

    private void put(
            final Optional<Handshake> handshake,
            final Optional<ClientHello> hello,
            final FloatBuffer row) {
        if (names) {
            putName(handshake.map(Handshake::name).orElse(""), row);
        }
        for (final Handshake.Protocol protocol : Handshake.Protocol.values()) {
            row.put(handshake.isPresent() && handshake.get().protocol() == protocol ? 1 : 0);
        }
        row.put(handshake.isPresent() && handshake.get().encryptedHello() ? 1 : 0);
        for (final Column column : HELLO) {
            row.put(hello.isPresent() ? (float) column.value().applyAsDouble(hello.get()) : ABSENT);
        }
    }

    private static void putName(final String name, final FloatBuffer row) {
        int labels = name.isEmpty() ? 0 : 1;
        int longest = 0;
        int digits = 0;
        int start = 0;
        for (int i = 0; i < name.length(); i++) {
            final char c = name.charAt(i);
            if (c == '.') {
                labels++;
                start = i + 1;
            }
            longest = Math.max(longest, i + 1 - start);
            digits += c >= '0' && c <= '9' ? 1 : 0;
        }
        row.put(name.isEmpty() ? 0 : 1);
        row.put(labels);
        row.put(name.length());
        row.put(longest);
        row.put(digits);
        putBits(name.isEmpty() ? 0 : Known.HOSTS.kindsOf(name), Known.HOSTS.kinds().size(), row);
        putBits(
                name.isEmpty() ? 0 : KnownNamesEncoder.hostKinds(name),
                KnownNamesEncoder.kinds().size(),
                row);
    }

    private static void putBits(final int bits, final int count, final FloatBuffer row) {
        for (int bit = 0; bit < count; bit++) {
            row.put(bits >>> bit & 1);
        }
    }

    /** The table, read when the first encoder of this kind is made. */
    private static final class Known {

        static final KnownHosts HOSTS = KnownHosts.read();
    }
}
