/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.onion;

import io.serveflow.app.install.Plan;
import io.serveflow.app.install.Plan.Verb;
import io.serveflow.app.install.Step;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/** A draft that an installation left which was killed while it wrote. */
record DraftStep(Path draft) implements Step {

    /** Whether there is one; a folder of that name is somebody else's. */
    boolean isThere() {
        return Files.isRegularFile(draft, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public String subject() {
        return draft.toString();
    }

    @Override
    public Plan toInstall() {
        return removal();
    }

    @Override
    public Plan toUninstall() {
        return removal();
    }

    private Plan removal() {
        return isThere()
                ? new Plan.Changes(
                        Verb.REMOVE,
                        List.of(new FileAction("rm " + draft, () -> Files.deleteIfExists(draft))),
                        "an installation was killed while it wrote this draft")
                : new Plan.Unchanged("it is not there");
    }
}
