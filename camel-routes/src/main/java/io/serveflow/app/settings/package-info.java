/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** The settings of the application: what there is, what is set, and what is wrong with it. */
package io.serveflow.app.settings;
