/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/**
 * What each part of the way from a line to a verdict costs a flow, in time and in garbage, each
 * compared with a baseline in the same run.
 */
package io.serveflow.benchmark.part;
