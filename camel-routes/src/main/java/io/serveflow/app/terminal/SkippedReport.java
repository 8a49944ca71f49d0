/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.terminal;

import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.SkippedWords;
import io.serveflow.sensor.FlowRecordSource;
import java.util.Optional;

/** One sentence a file that says how much of it was skipped, and why. */
public final class SkippedReport {

    private final String file;
    private final Ledger ledger;
    private final SkippedWords words;

    /**
     * @param file the file as the sentence names it
     * @param all the ledger in which everything is counted
     */
    public SkippedReport(final String file, final Ledger all) {
        this.file = file;
        this.ledger = all.part();
        this.words = new SkippedWords(ledger);
    }

    /** The ledger that the source is to be opened with. */
    public Ledger ledger() {
        return ledger;
    }

    /** What was skipped of a source that was read; empty if nothing was. */
    public Optional<String> of(final FlowRecordSource source) {
        return words.next()
                .map(
                        skipped ->
                                file
                                        + ": "
                                        + skipped.count()
                                        + " of "
                                        + source.read()
                                        + " "
                                        + source.unit()
                                        + " skipped: "
                                        + skipped.reasons());
    }
}
