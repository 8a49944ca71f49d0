/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import io.serveflow.camel.elastic.IndexProfile;

/**
 * How the documents of a search are read.
 *
 * @param profile whose fields they have
 * @param repairs which of the final verdicts no longer stand
 */
record Reading(IndexProfile profile, Repairs repairs) {

    /** As if nothing had been repaired. */
    static Reading of(final IndexProfile profile) {
        return new Reading(profile, Repairs.NONE);
    }

    /** The same with what was repaired. */
    Reading with(final Repairs known) {
        return new Reading(profile, known);
    }
}
