/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.sensor.json.SignatureKey;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The keys of a JSON object that identify the format of a line.
 *
 * @param common the key that all lines have that have to be quick, such as those with packets: it
 *     is looked for where it was in the line before; empty if the format has no JSON objects
 * @param decisive keys of which any one identifies the format
 * @param weak keys that identify it where neither another format nor a log shipper is detected,
 *     which may have such a key too
 */
public record LineSignature(Optional<SignatureKey> common, Set<String> decisive, Set<String> weak) {

    public LineSignature {
        decisive = Set.copyOf(decisive);
        weak = Set.copyOf(weak);
    }

    /** That of lines which are no JSON objects. */
    public static LineSignature none() {
        return new LineSignature(Optional.empty(), Set.of(), Set.of());
    }

    /** That of lines of which each has a key, which no other format has. */
    public static LineSignature of(final String key) {
        return new LineSignature(Optional.of(new SignatureKey(key)), Set.of(key), Set.of());
    }

    /** That of lines of which each has a key that a log shipper may add as well. */
    public static LineSignature ofWeak(final String key) {
        return new LineSignature(Optional.of(new SignatureKey(key)), Set.of(), Set.of(key));
    }

    /** The same with more keys that tell the format. */
    public LineSignature or(final String... keys) {
        final Set<String> all = new LinkedHashSet<>(decisive);
        all.addAll(Set.of(keys));
        return new LineSignature(common, all, weak);
    }
}
