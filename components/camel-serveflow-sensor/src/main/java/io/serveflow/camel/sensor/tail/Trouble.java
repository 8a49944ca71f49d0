/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import java.util.Objects;

/**
 * What could not be read or looked into.
 *
 * @param of the file or folder, or the pattern where it is of all of it
 * @param sentence what it is, without a full stop
 * @param belowGlob whether a glob alone led there, which may not be meant: any folder beside those
 *     of the logs has a name that it matches
 */
public record Trouble(String of, String sentence, boolean belowGlob) {

    public Trouble {
        Objects.requireNonNull(of, "of");
        Objects.requireNonNull(sentence, "sentence");
    }

    static Trouble of(final Object of, final String sentence) {
        return new Trouble(of.toString(), sentence, false);
    }
}
