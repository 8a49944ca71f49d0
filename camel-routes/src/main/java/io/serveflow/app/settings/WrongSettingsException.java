/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.settings;

import java.util.List;
import java.util.Objects;

/** Settings with which the routes do not start: all that is wrong with them, a sentence each. */
public final class WrongSettingsException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /**
     * @param faults one or more sentences
     */
    public WrongSettingsException(final List<String> faults) {
        super(message(Objects.requireNonNull(faults, "faults")));
    }

    /**
     * @param faults one or more sentences
     * @param cause what they were learned from
     */
    public WrongSettingsException(final List<String> faults, final Throwable cause) {
        super(message(Objects.requireNonNull(faults, "faults")), cause);
    }

    private static String message(final List<String> faults) {
        return faults.size() == 1
                ? faults.get(0)
                : faults.size() + " settings are wrong:\n  " + String.join("\n  ", faults);
    }
}
