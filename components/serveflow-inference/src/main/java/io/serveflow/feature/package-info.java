/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** What a model sees of a flow: one row of numbers, the same in training and in serving. */
package io.serveflow.feature;
