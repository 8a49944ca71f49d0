/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.provider.MethodSource;

/** The fuzz target of hellos: any packets are read, whatever is in them. */
class HandshakeFuzzTest {

    private final HandshakeContract contract = new HandshakeContract();

    static Stream<Named<byte[]>> seeds() {
        return MadeHellos.all().entrySet().stream()
                .map(
                        flow ->
                                Named.of(
                                        flow.getKey(),
                                        HandshakeContract.written(flow.getValue().packets())));
    }

    @MethodSource("seeds")
    @FuzzTest
    void handshake(final byte[] packets) {
        contract.holdsFor(HandshakeContract.read(packets));
    }
}
