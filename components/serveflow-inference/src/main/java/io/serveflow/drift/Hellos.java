/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.drift;

import io.serveflow.flow.ClientHello;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Handshake;
import io.serveflow.handshake.HandshakeReader;
import io.serveflow.pool.ObjectPool;
import java.util.Optional;

/** The hellos of flows, as their sensor says or as their packets hold them. */
final class Hellos {

    private final ObjectPool<HandshakeReader> readers = new ObjectPool<>();

    /**
     * The hello of a flow. It is not looked for in packet 1 alone, which holds none of TCP and
     * costs as much as all of them.
     */
    Optional<ClientHello> of(final FlowRecord flow) {
        if (flow.handshake().isPresent() || flow.stage() != FlowRecord.Stage.CONTEXT) {
            return flow.handshake().flatMap(Handshake::hello);
        }
        final HandshakeReader reader = readers.borrow().orElseGet(HandshakeReader::new);
        final Optional<Handshake> read = reader.read(flow.packets());
        readers.giveBack(reader);
        return read.flatMap(Handshake::hello);
    }
}
