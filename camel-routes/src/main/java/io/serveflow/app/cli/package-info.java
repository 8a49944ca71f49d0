/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** The command line: what an operator types, and what the answers look like on a terminal. */
package io.serveflow.app.cli;
