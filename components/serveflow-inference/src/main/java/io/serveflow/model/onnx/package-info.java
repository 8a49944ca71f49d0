/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** Tiers scored in this process by ONNX Runtime; nothing else knows that library. */
package io.serveflow.model.onnx;
