/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.capture;

import java.io.IOException;

/** Says where a capture stops making sense; what was read before it stands. */
final class DamagedCaptureException extends IOException {

    private static final long serialVersionUID = 1L;

    /** The reason of captures that end too early. */
    static final String TRUNCATED = "truncated_capture";

    private static final String CORRUPT = "corrupt_capture";

    private final String reason;

    private DamagedCaptureException(final String reason, final String message) {
        super(message);
        this.reason = reason;
    }

    /** The input ends in the middle of something. */
    static DamagedCaptureException truncated(final String message) {
        return new DamagedCaptureException(TRUNCATED, message);
    }

    /** The input contradicts itself. */
    static DamagedCaptureException corrupt(final String message) {
        return new DamagedCaptureException(CORRUPT, message);
    }

    /** The word it is counted under. */
    String reason() {
        return reason;
    }
}
