/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

/** How far a flow has come, which decides how long it may be silent. */
enum FlowState {
    /** No handshake is complete, as in a scan. */
    TCP_NEW,
    /** Data may flow; at most one side has said that it will send no more. */
    TCP_ESTABLISHED,
    /** A reset, or a FIN from both sides. */
    TCP_CLOSED,
    /** One side alone has been heard. */
    UDP_NEW,
    /** Both sides have been heard. */
    UDP_ESTABLISHED
}
