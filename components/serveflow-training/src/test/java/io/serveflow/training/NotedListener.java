/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import io.serveflow.training.notice.TrainingListener;
import java.util.ArrayList;
import java.util.List;

/** A listener that keeps what it is heard. */
public final class NotedListener implements TrainingListener {

    private final List<String> notices = new ArrayList<>();
    private final List<String> steps = new ArrayList<>();

    @Override
    public void progress(final String step, final long done, final long total) {
        if (!steps.contains(step)) {
            steps.add(step);
        }
    }

    @Override
    public void notice(final String sentence) {
        notices.add(sentence);
    }

    public List<String> notices() {
        return notices;
    }

    List<String> steps() {
        return steps;
    }
}
