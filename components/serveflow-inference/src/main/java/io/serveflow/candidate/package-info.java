/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */

/** Bundles that are tried on live flows before they are used: how they do beside the one in use. */
package io.serveflow.candidate;
