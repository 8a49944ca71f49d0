/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Transport;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortTableTest {

    private final PortTable table =
            new PortTable(
                    List.of(to(53), to(53), to(53), to(443), to(443), tcp(53)),
                    new int[] {1, 1, 0, 2, 2, 2},
                    3);

    @Test
    void shouldSayTheCommonestLabelOfAPort() {
        assertThat(table.predict(to(53))).isEqualTo(1);
        assertThat(table.predict(to(443))).isEqualTo(2);
    }

    @Test
    void shouldKeepTransportsApart() {
        assertThat(table.predict(tcp(53))).isEqualTo(2);
    }

    @Test
    void shouldSayTheCommonestLabelOfAllForANewPort() {
        assertThat(table.predict(to(9))).isEqualTo(2).isEqualTo(table.majority());
    }

    private static FlowTuple to(final int port) {
        return new FlowTuple(Transport.UDP, "192.0.2.1", 5000, "192.0.2.2", port);
    }

    private static FlowTuple tcp(final int port) {
        return new FlowTuple(Transport.TCP, "192.0.2.1", 5000, "192.0.2.2", port);
    }
}
