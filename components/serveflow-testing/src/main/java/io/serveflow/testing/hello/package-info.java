/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** Hellos of TLS, DTLS and QUIC, written for tests and benchmarks. */
package io.serveflow.testing.hello;
