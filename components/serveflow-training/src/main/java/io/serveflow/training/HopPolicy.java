/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

/** Whether a hop has one threshold for all flows or one for each label that its tier predicts. */
enum HopPolicy {
    UNIVERSAL,
    PER_CLASS
}
