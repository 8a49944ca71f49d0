/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */

/**
 * How good a bundle is on labelled captures: the measurements, and the report of them as JSON and
 * as a page.
 */
package io.serveflow.training.evaluation;
