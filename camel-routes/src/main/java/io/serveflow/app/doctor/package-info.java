/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** Looks at what an instance needs before and while it runs: {@code serveflow doctor}. */
package io.serveflow.app.doctor;
