/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** The options of the Camel components in a Spring Boot application. */
package io.serveflow.camel.springboot;
