/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** How an installation asks a server with an API over HTTP. */
package io.serveflow.app.install.rest;
