/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.app.cli.Serveflow;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

/** {@code ./serveflow demo} where it cannot begin. */
class DemoCommandTest {

    @Test
    void shouldNameItsOwnOptionForATakenPortBeforeItStartsAnything() throws IOException {
        final StringWriter err = new StringWriter();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            final String port = Integer.toString(taken.getLocalPort());

            assertThat(
                            Serveflow.execute(
                                    new PrintWriter(new StringWriter()),
                                    new PrintWriter(err, true),
                                    "demo",
                                    "--port",
                                    port))
                    .isEqualTo(1);

            assertThat(err.toString())
                    .startsWith("serveflow: cannot listen on 127.0.0.1 port " + port)
                    .contains("set --port to a free port")
                    .doesNotContain("starting Elasticsearch");
        }
    }

    @Test
    void shouldSayWhereTheSlowTierCanBeScored() {
        final StringWriter err = new StringWriter();

        assertThat(
                        Serveflow.execute(
                                new PrintWriter(new StringWriter()),
                                new PrintWriter(err, true),
                                "demo",
                                "--slow",
                                "gpu"))
                .isEqualTo(2);

        assertThat(err.toString()).contains("option --slow is gpu; it can be local or remote");
    }
}
