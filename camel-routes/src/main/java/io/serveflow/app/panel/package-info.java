/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/**
 * The dashboards, declared once: what Elasticsearch is asked, what Kibana imports and what the
 * console page shows are all made from {@link io.serveflow.app.panel.Dashboards}.
 */
package io.serveflow.app.panel;
