/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */

/** Where the slow tier can be scored, and what happens when that is in trouble. */
package io.serveflow.app.endpoint;
