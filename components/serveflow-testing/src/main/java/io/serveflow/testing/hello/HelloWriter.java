/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.testing.hello;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/**
 * Writes hellos of TLS, DTLS and QUIC with chosen fields; random bytes are always the same ones.
 *
 * <p>Extensions come in the order in which they are asked for.
 */
public final class HelloWriter {

    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_HELLO = 2;
    private static final int HANDSHAKE = 22;

    private int version = 0x0303;
    private int[] ciphers = {0x1301, 0x1302, 0x1303};
    private boolean server;
    private boolean datagrams;
    private final ByteArrayOutputStream extensions = new ByteArrayOutputStream();

    /** A hello of a client of TLS over TCP or in QUIC. */
    public static HelloWriter client() {
        return new HelloWriter();
    }

    /** A hello of a client of DTLS 1.2, with an empty cookie. */
    public static HelloWriter datagramClient() {
        final HelloWriter writer = new HelloWriter();
        writer.version = 0xfefd;
        writer.datagrams = true;
        return writer;
    }

    /** A server's answer in TLS. */
    public static HelloWriter server() {
        final HelloWriter writer = new HelloWriter();
        writer.server = true;
        return writer;
    }

    /**
     * A client's hello as current browsers write it, with a large key share before the name, and
     * about 1,900 bytes long.
     */
    public static HelloWriter ofABrowser(final String name) {
        return client().ciphers(0x4a4a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030)
                .extension(0x9a9a)
                .groups(0x2a2a, 0x11ec, 0x001d, 0x0017, 0x0018)
                .extension(51, new byte[1263])
                .versions(0x6a6a, 0x0304, 0x0303)
                .protocols("h2", "http/1.1")
                .serverName(name)
                .extension(0xfe0d, new byte[218])
                .extension(13, new byte[18])
                .extension(0x5a5a, 0);
    }

    private HelloWriter() {}

    /** The version that the hello itself states. */
    public HelloWriter version(final int number) {
        version = number;
        return this;
    }

    /** Cipher suites; of a server's answer the first one. */
    public HelloWriter ciphers(final int... numbers) {
        ciphers = numbers.clone();
        return this;
    }

    /** An extension with these bytes in it. */
    public HelloWriter extension(final int type, final int... content) {
        final byte[] bytes = new byte[content.length];
        for (int i = 0; i < content.length; i++) {
            bytes[i] = (byte) content[i];
        }
        return extension(type, bytes);
    }

    /** An extension with these bytes in it. */
    public HelloWriter extension(final int type, final byte[] content) {
        extensions.writeBytes(u16(type));
        extensions.writeBytes(sized(2, content));
        return this;
    }

    /** The extension {@code server_name}. */
    public HelloWriter serverName(final String name) {
        return extension(0, sized(2, concat(new byte[] {0}, sized(2, name.getBytes(ISO_8859_1)))));
    }

    /** The extension {@code supported_versions} of a client. */
    public HelloWriter versions(final int... numbers) {
        return extension(43, sized(1, u16(numbers)));
    }

    /** The extension {@code supported_groups}. */
    public HelloWriter groups(final int... numbers) {
        return extension(10, sized(2, u16(numbers)));
    }

    /** The extension of application protocols (ALPN). */
    public HelloWriter protocols(final String... names) {
        final ByteArrayOutputStream list = new ByteArrayOutputStream();
        for (final String name : names) {
            list.writeBytes(sized(1, name.getBytes(ISO_8859_1)));
        }
        return extension(16, sized(2, list.toByteArray()));
    }

    /** The extension of QUIC's transport parameters, each with an empty value. */
    public HelloWriter transportParameters(final long... ids) {
        final ByteArrayOutputStream list = new ByteArrayOutputStream();
        for (final long id : ids) {
            list.writeBytes(QuicWriter.varInt(id));
            list.write(0);
        }
        return extension(57, list.toByteArray());
    }

    /** The message without its header. */
    public byte[] body() {
        final ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(u16(version));
        final byte[] random = new byte[32];
        Arrays.fill(random, (byte) 0x77);
        body.writeBytes(random);
        body.writeBytes(sized(1, datagrams ? new byte[0] : random));
        if (datagrams) {
            body.write(0);
        }
        if (server) {
            body.writeBytes(u16(ciphers[0]));
            body.write(0);
        } else {
            body.writeBytes(sized(2, u16(ciphers)));
            body.writeBytes(sized(1, new byte[1]));
        }
        body.writeBytes(sized(2, extensions.toByteArray()));
        return body.toByteArray();
    }

    /** The handshake message of TLS and QUIC. */
    public byte[] message() {
        return concat(new byte[] {(byte) (server ? SERVER_HELLO : CLIENT_HELLO)}, sized(3, body()));
    }

    /** The message in one record of TLS. */
    public byte[] record() {
        return records(Integer.MAX_VALUE);
    }

    /**
     * The message in records of TLS.
     *
     * @param most bytes that a record has at most without its header
     */
    public byte[] records(final int most) {
        final ByteArrayOutputStream records = new ByteArrayOutputStream();
        final byte[] message = message();
        for (int from = 0; from < message.length; from += most) {
            final byte[] part =
                    Arrays.copyOfRange(message, from, from + Math.min(most, message.length - from));
            records.writeBytes(new byte[] {HANDSHAKE, 3, 1});
            records.writeBytes(sized(2, part));
        }
        return records.toByteArray();
    }

    /**
     * The message in fragments of DTLS, each in a record of its own.
     *
     * @param number of the message
     * @param most bytes of the message that a record has at most
     */
    public List<byte[]> fragments(final int number, final int most) {
        final byte[] body = body();
        final int count = (body.length + most - 1) / most;
        final byte[][] fragments = new byte[count][];
        for (int i = 0; i < count; i++) {
            final int from = i * most;
            final byte[] part = Arrays.copyOfRange(body, from, Math.min(body.length, from + most));
            final byte[] fragment =
                    concat(
                            new byte[] {(byte) (server ? SERVER_HELLO : CLIENT_HELLO)},
                            number(3, body.length),
                            u16(number),
                            number(3, from),
                            sized(3, part));
            fragments[i] =
                    concat(
                            new byte[] {HANDSHAKE},
                            u16(0xfefd),
                            number(2, 0),
                            number(6, i),
                            sized(2, fragment));
        }
        return List.of(fragments);
    }

    /** Where a server's name begins in bytes, to cut them there. */
    public static int indexOf(final byte[] bytes, final String text) {
        return new String(bytes, ISO_8859_1).indexOf(text);
    }

    private static byte[] u16(final int... numbers) {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (final int number : numbers) {
            all.writeBytes(number(2, number));
        }
        return all.toByteArray();
    }

    /** The bytes with how many there are before them. */
    private static byte[] sized(final int bytesOfSize, final byte[] content) {
        return concat(number(bytesOfSize, content.length), content);
    }

    private static byte[] number(final int bytes, final long value) {
        final byte[] number = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            number[i] = (byte) (value >>> 8 * (bytes - 1 - i));
        }
        return number;
    }

    private static byte[] concat(final byte[]... parts) {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (final byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
