/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** The account of what came in and what became of it, and the dead letters. */
package io.serveflow.ledger;
