/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

import io.serveflow.testing.hello.HelloWriter;
import io.serveflow.testing.hello.QuicWriter;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Hellos of which any bytes were changed, before and after they were encrypted. */
class ChangedHellosTest {

    private static final int TRIES = 10_000;
    private static final byte[] TLS = HelloWriter.ofABrowser("www.example.org").records(600);
    private static final byte[] MESSAGE =
            HelloWriter.ofABrowser("www.example.org").transportParameters(1, 4, 15).message();

    /** Small flows of any kind. */
    private static final List<byte[]> FLOWS =
            MadeHellos.all().values().stream()
                    .map(flow -> HandshakeContract.written(flow.packets()))
                    .toList();

    private final HandshakeContract contract = new HandshakeContract();

    @Property(tries = TRIES)
    void shouldReadAnyChangedHelloOfTls(@ForAll final long seed) {
        final Random random = new Random(seed);
        final byte[] hello = changed(TLS, random);
        final MadeFlow flow = flow(random);
        final int torn = random.nextInt(hello.length + 1);
        if (random.nextBoolean()) {
            flow.part(hello, torn, hello.length).part(hello, 0, torn);
        } else {
            flow.part(hello, 0, torn).part(hello, Math.max(0, torn - 50), hello.length);
        }

        contract.holdsFor(flow.packets());
    }

    @Property(tries = TRIES)
    void shouldReadAnyChangedInitial(@ForAll final long seed) {
        final Random random = new Random(seed);
        final QuicWriter writer = new QuicWriter(QuicWriter.V1, MadeHellos.QUIC_ID);
        final byte[] message = random.nextBoolean() ? changed(MESSAGE, random) : MESSAGE;
        final int torn = random.nextInt(message.length + 1);
        final byte[] frame = QuicWriter.crypto(message, 0, torn);
        final byte[] first = writer.initial(0, changed(frame, random));
        final byte[] second = writer.initial(1, QuicWriter.crypto(message, torn, message.length));

        contract.holdsFor(
                flow(random)
                        .datagram(true, random.nextBoolean() ? first : changed(first, random))
                        .datagram(true, random.nextBoolean() ? second : changed(second, random))
                        .packets());
    }

    @Property(tries = TRIES)
    void shouldReadAnyChangedPackets(@ForAll final long seed) {
        final Random random = new Random(seed);
        final byte[] packets = FLOWS.get(random.nextInt(FLOWS.size()));

        contract.holdsFor(HandshakeContract.read(changed(packets, random)));
    }

    private static MadeFlow flow(final Random random) {
        return random.nextInt(4) == 0
                ? new MadeFlow(443).snap(60 + random.nextInt(1000))
                : new MadeFlow(443);
    }

    /** The bytes with up to four changes of one place each. */
    private static byte[] changed(final byte[] bytes, final Random random) {
        byte[] changed = bytes;
        for (int i = random.nextInt(5); i > 0 && changed.length > 0; i--) {
            final int at = random.nextInt(changed.length);
            final int size = random.nextInt(1 + random.nextInt(1 + changed.length - at));
            changed =
                    switch (random.nextInt(5)) {
                        case 0 -> replaced(changed, at, at + 1, (byte) random.nextInt());
                        case 1 -> replaced(changed, at, at + 1, (byte) (changed[at] ^ 1));
                        case 2 -> replaced(changed, at, at + size);
                        case 3 ->
                                replaced(
                                        changed,
                                        at,
                                        at,
                                        Arrays.copyOfRange(changed, at, at + size));
                        default -> replaced(changed, at, at + size, new byte[size]);
                    };
        }
        return changed;
    }

    private static byte[] replaced(
            final byte[] bytes, final int from, final int to, final byte... by) {
        final ByteArrayOutputStream replaced = new ByteArrayOutputStream();
        replaced.write(bytes, 0, from);
        replaced.writeBytes(by);
        replaced.write(bytes, to, bytes.length - to);
        return replaced.toByteArray();
    }
}
