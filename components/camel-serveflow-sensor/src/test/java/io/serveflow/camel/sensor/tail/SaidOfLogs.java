/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.Closeable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What who follows logs says, with its level, until this is closed. */
final class SaidOfLogs extends AppenderBase<ILoggingEvent> implements Closeable {

    private final Logger follower = (Logger) LoggerFactory.getLogger(LogFollower.class);
    private final Level before = follower.getLevel();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private SaidOfLogs() {}

    static SaidOfLogs fromNowOn() {
        final SaidOfLogs said = new SaidOfLogs();
        said.start();
        said.follower.setLevel(Level.INFO);
        said.follower.addAppender(said);
        return said;
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    protected void append(final ILoggingEvent event) {
        lines.add(event.getLevel() + " " + event.getFormattedMessage());
    }

    @Override
    public void close() {
        follower.detachAppender(this);
        follower.setLevel(before);
    }
}
