/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

/**
 * The line with which both sides of SSH begin.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4253#section-4.2">RFC 4253, 4.2</a>
 */
final class SshVersion {

    private SshVersion() {}

    static boolean isOne(final byte[] bytes, final int from, final int to) {
        return to - from >= 4
                && bytes[from] == 'S'
                && bytes[from + 1] == 'S'
                && bytes[from + 2] == 'H'
                && bytes[from + 3] == '-';
    }
}
