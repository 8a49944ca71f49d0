/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** What a terminal shows and sends: plain text, one sentence for an error, progress, signals. */
package io.serveflow.app.terminal;
