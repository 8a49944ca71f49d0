/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** The Camel component that writes verdicts to files for an agent that ships logs. */
package io.serveflow.camel.file;
