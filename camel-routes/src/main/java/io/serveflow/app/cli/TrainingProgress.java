/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.terminal.PlainText;
import io.serveflow.app.terminal.Progress;
import io.serveflow.training.notice.TrainingListener;
import picocli.CommandLine.Model.CommandSpec;

/** Shows a training's progress and notices on the terminal. */
record TrainingProgress(CommandSpec spec, Progress progress) implements TrainingListener {

    @Override
    public void progress(final String step, final long done, final long total) {
        progress.at(done, total, step);
    }

    @Override
    public void notice(final String sentence) {
        spec.commandLine().getErr().println("serveflow: " + PlainText.lines(sentence));
    }
}
