/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.onion;

import io.serveflow.app.install.Plan;
import io.serveflow.app.install.Step;
import java.io.IOException;

/**
 * A file of an earlier form: one that an earlier version of ours wrote, or this one for an earlier
 * Security Onion.
 */
record EarlierFileStep(FileRemoval removal) implements Step {

    private static final String WHY = "it is of an earlier form";

    @Override
    public String subject() {
        return removal.file().toString();
    }

    @Override
    public Plan toInstall() throws IOException {
        return removal.plan(WHY);
    }

    @Override
    public Plan toUninstall() throws IOException {
        return removal.plan(WHY);
    }
}
