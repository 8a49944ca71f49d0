/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.tier;

/**
 * How a trainer speaks of what it does.
 *
 * @param library who computes, such as {@code XGBoost}
 * @param models what is trained, in the plural, such as {@code trees}
 */
public record TrainerWords(String library, String models) {}
