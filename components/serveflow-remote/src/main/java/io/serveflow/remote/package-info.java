/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** Scoring on other machines by the Open Inference Protocol v2. */
package io.serveflow.remote;
