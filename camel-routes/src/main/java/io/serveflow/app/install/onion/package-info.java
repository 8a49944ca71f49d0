/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/**
 * What is installed on the manager of a Security Onion: {@code serveflow install security-onion}.
 */
package io.serveflow.app.install.onion;
