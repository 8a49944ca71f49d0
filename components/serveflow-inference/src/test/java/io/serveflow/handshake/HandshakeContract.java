/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.ClientHello;
import io.serveflow.flow.Handshake;
import io.serveflow.flow.Packets;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * What holds for any packets: they are read without an exception, what they say is of the form that
 * was promised and no larger than they are, and what was read before does not show.
 */
final class HandshakeContract {

    private static final String NAME = "([a-z0-9_-]+(\\.[a-z0-9_-]+)*)?";

    private final HandshakeReader used = new HandshakeReader();

    void holdsFor(final Packets packets) {
        final Optional<Handshake> found = used.read(packets);
        assertThat(new HandshakeReader().read(packets)).isEqualTo(found);
        found.ifPresent(handshake -> check(handshake, packets.bytes().length));
    }

    private static void check(final Handshake handshake, final int bytes) {
        assertThat(handshake.name()).matches(NAME).hasSizeLessThanOrEqualTo(255);
        assertThat(handshake.chosen()).hasSizeLessThanOrEqualTo(255);
        handshake.hello().ifPresent(hello -> check(hello, bytes));
    }

    private static void check(final ClientHello hello, final int bytes) {
        assertThat(hello.length()).isBetween(0, 1 << 20);
        assertThat(
                        hello.ciphers().size()
                                + hello.extensions().size()
                                + hello.groups().size()
                                + hello.protocols().size()
                                + hello.transportParameters().size())
                .isLessThanOrEqualTo(bytes);
        if (hello.complete()) {
            assertThat(hello.length()).isBetween(1, bytes);
        }
    }

    /** The packets of a flow in one array, each behind what says how it was kept. */
    static byte[] written(final Packets packets) {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < packets.count(); i++) {
            final int kept = packets.end(i) - packets.start(i);
            all.write(packets.fromOriginator(i) ? 1 : 0);
            all.writeBytes(ByteBuffer.allocate(2).putShort((short) kept).array());
            all.writeBytes(
                    ByteBuffer.allocate(2).putShort((short) (packets.length(i) - kept)).array());
            all.write(packets.bytes(), packets.start(i), kept);
        }
        return all.toByteArray();
    }

    /** What {@link #written} makes, or anything else, as the packets of a flow. */
    static Packets read(final byte[] input) {
        final Packets.Builder packets = new Packets.Builder();
        int at = 0;
        while (input.length - at > 5) {
            final ByteBuffer head = ByteBuffer.wrap(input, at, 5);
            final boolean originator = (head.get() & 1) != 0;
            final int kept = Math.min(head.getShort() & 0xffff, input.length - at - 5);
            final int missing = head.getShort() & 0xffff;
            final byte[] packet = Arrays.copyOfRange(input, at + 5, at + 5 + kept);
            packets.add(packets.count(), originator, kept + missing, packet, 0, kept);
            at += 5 + kept;
        }
        return packets.build();
    }
}
