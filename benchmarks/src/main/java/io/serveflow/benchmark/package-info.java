/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** How fast the parts are, each compared with a baseline in the same run. */
package io.serveflow.benchmark;
