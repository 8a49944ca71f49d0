/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import java.util.List;

/**
 * Panels that are seen together.
 *
 * @param id stable
 * @param help a sentence that says what it is for
 */
public record Dashboard(String id, String title, String help, List<Panel> panels) {

    public Dashboard {
        panels = List.copyOf(panels);
    }
}
