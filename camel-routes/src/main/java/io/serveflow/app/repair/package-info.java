/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** The store of flows whose slow tier had no answer, which {@code serveflow repair} asks again. */
package io.serveflow.app.repair;
