/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.log;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.serveflow.app.terminal.PlainText;

/**
 * The message of a line in the log, {@code %plain}: on one line and without control characters,
 * whoever wrote what is quoted in it.
 */
public final class PlainMessageConverter extends MessageConverter {

    @Override
    public String convert(final ILoggingEvent event) {
        return PlainText.of(super.convert(event));
    }
}
