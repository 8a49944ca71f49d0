/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.onion;

import io.serveflow.app.install.Plan;
import io.serveflow.app.install.Plan.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * Taking a file away that an installation made, if nobody has changed it since.
 *
 * @param top the folder that stays where the file goes
 */
record FileRemoval(InstalledFiles files, Path top, Path file) {

    /**
     * What has to be done for the file to be gone.
     *
     * @param note why it goes, for people; may be empty
     */
    Plan plan(final String note) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return files.has(file)
                    ? removed("it is gone already, and is taken off " + files.list())
                    : new Plan.Unchanged("it is not there");
        }
        if (!files.has(file)) {
            return new Plan.Kept("this command did not make it");
        }
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && files.wrote(file, Files.readAllBytes(file))
                ? removed(note)
                : new Plan.Kept(
                        (note.isEmpty() ? "" : note + "; ")
                                + "somebody has changed it since; delete it by hand");
    }

    private Plan removed(final String note) {
        return new Plan.Changes(
                Verb.REMOVE,
                List.of(new FileAction("rm " + file, () -> files.delete(file, top))),
                note);
    }
}
