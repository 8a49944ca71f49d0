/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** What can be observed of routes that run: meters, drift, the tally of verdicts. */
package io.serveflow.app.observe;
