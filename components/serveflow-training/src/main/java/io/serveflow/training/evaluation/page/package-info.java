/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */

/**
 * What pages of tables and figures are made of: the page itself, tables, charts as SVG, colours and
 * numbers as words. Knows nothing of what is shown.
 */
package io.serveflow.training.evaluation.page;
