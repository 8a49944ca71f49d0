/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** Brings what ServeFlow needs to the systems of others, and takes it away again. */
package io.serveflow.app.install;
