/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.onion;

import io.serveflow.app.install.Action;
import io.serveflow.app.install.Plan;
import io.serveflow.app.install.Plan.Verb;
import io.serveflow.app.install.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A file of our own beside those of Security Onion.
 *
 * @param top the folder that stays where the file goes
 */
record FileStep(InstalledFiles files, Path top, Path file, String content) implements Step {

    @Override
    public String subject() {
        return file.toString();
    }

    private byte[] bytes() {
        return content.getBytes(StandardCharsets.UTF_8);
    }

    private Action writing() {
        return new FileAction(content, () -> files.write(file, bytes()));
    }

    @Override
    public Plan toInstall() throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return new Plan.Changes(Verb.CREATE, List.of(writing()), "");
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return new Plan.Refused("it is there and no file; give it another name");
        }
        final byte[] present = Files.readAllBytes(file);
        if (Arrays.equals(present, bytes())) {
            return files.wrote(file, present)
                    ? new Plan.Unchanged("")
                    : new Plan.Changes(
                            Verb.ADOPT,
                            List.of(
                                    new FileAction(
                                            "add it to " + files.list(),
                                            () -> files.adopt(file, present))),
                            "it is what would be written");
        }
        if (!files.has(file)) {
            return new Plan.Refused(
                    "it is there, and this command did not make it; delete it or give it another"
                            + " name, nothing was changed");
        }
        return files.wrote(file, present)
                ? new Plan.Changes(Verb.UPDATE, List.of(writing()), "")
                : new Plan.Kept(
                        "somebody has changed it since; delete it to have that of this version");
    }

    @Override
    public Plan toUninstall() throws IOException {
        return new FileRemoval(files, top, file).plan("");
    }
}
