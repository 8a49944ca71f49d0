/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.repair;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * {@link RepairLine}s that somebody repairs, and what becomes of each: it is given up, unless it is
 * to stay or put aside. No line is lost, whatever breaks off.
 */
public sealed interface TakenLines permits TakenRepairs, TakenRecords {

    /** The next line that is not blank; empty at the end. */
    Optional<TakenLine> next() throws IOException;

    /** Where a line is, for people. */
    String place(TakenLine line);

    /** Has a line stay for the next repair. */
    void stays(TakenLine line);

    /** Has a line put aside with which nothing can be asked. */
    void putAside(TakenLine line);

    /** Has all lines stay that were not taken yet; none is afterwards. */
    void restStays() throws IOException;

    /**
     * Adds dead letters to {@link #refused()}; they are on the disk when this returns. Before
     * {@link #settle} and {@link #finish}, which give up the lines that they came of.
     *
     * @param letters what has not been read yet of these is added
     * @return whether there were any
     * @throws IOException if they could not be added
     */
    boolean keepRefused(InputStream letters) throws IOException;

    /** Whether so much was read that it should be settled. */
    boolean isDue();

    /** Gives up what was read up to here, but for what is to stay. */
    void settle() throws IOException, InterruptedException;

    /** Ends the repair: only what stays is left. */
    void finish() throws IOException, InterruptedException;

    /** Whether any line is to stay for the next repair. */
    boolean hasStaying();

    /** Where lines are put with which nothing can be asked. */
    Path remaining();

    /** Where verdicts are that Elasticsearch refused for their own sake. */
    Path refused();
}
