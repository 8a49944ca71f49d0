/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/**
 * The application, in rooms that know each other in one direction only: {@code cli} knows {@code
 * demo}, which knows {@code run}, which knows {@code console}, which knows {@code observe}. All may
 * know {@code settings}, {@code terminal}, and what was built and where it is, which stands here.
 */
package io.serveflow.app;
