/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.terminal.SkippedReport;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.FlowRecordSource;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** The sentences for a person about one input: what could not be read, and what was skipped. */
final class InputReport {

    private final Path input;
    private final Consumer<String> tell;
    private final SkippedReport skipped;
    private final UnreadReport unread;

    /**
     * @param all the ledger in which everything is counted
     * @param tell takes sentences for people
     */
    InputReport(final Path input, final Ledger all, final Consumer<String> tell) {
        this.input = input;
        this.tell = tell;
        this.skipped = new SkippedReport(input.toString(), all);
        this.unread = new UnreadReport(input.toString(), all, tell);
    }

    /** The ledger that the input is to be opened with. */
    Ledger ledger() {
        return skipped.ledger();
    }

    /** Where what cannot be read of the input goes. */
    DeadLetterSink deadLetters() {
        return unread;
    }

    /** Says what became of an input that was read; returns whether any of it was skipped. */
    boolean end(final FlowRecordSource source) {
        final Optional<String> sentence = skipped.of(source);
        sentence.ifPresent(tell);
        unread.sentence().ifPresent(tell);
        if (source.read() == 0 && unread.isEmpty()) {
            tell.accept(input + " has no " + source.unit());
        }
        return sentence.isPresent();
    }
}
