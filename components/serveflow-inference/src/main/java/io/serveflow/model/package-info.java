/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** A bundle: the models of one task, what they read, how sure they must be, and proof of it. */
package io.serveflow.model;
