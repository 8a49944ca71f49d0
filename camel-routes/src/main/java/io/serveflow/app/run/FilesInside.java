/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import io.serveflow.ledger.Ledger;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the route {@code sensor-files} read what is in its folder and nothing else: whoever may put
 * a file there could otherwise have any file of the machine read, by a symbolic link to it.
 */
public final class FilesInside implements GenericFileFilter<File> {

    /** The reason under which files are counted that links lead to outside the folder. */
    static final String OUTSIDE = "link_outside_input";

    /** Most links that are remembered as reported. */
    private static final int MAX_REPORTED = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(FilesInside.class);

    private final Path input;
    private final Ledger ledger;
    private final Set<Path> reported = ConcurrentHashMap.newKeySet();

    FilesInside(final Path input, final Ledger ledger) {
        this.input = input;
        this.ledger = ledger;
    }

    @Override
    public boolean accept(final GenericFile<File> file) {
        final Path path = Path.of(file.getAbsoluteFilePath());
        try {
            if (path.toRealPath().startsWith(input.toRealPath())) {
                return true;
            }
        } catch (final IOException e) {
            LOG.debug("{} cannot be looked at, and is looked at again", path, e);
            return false;
        }
        if (reported.size() < MAX_REPORTED && reported.add(path)) {
            ledger.add(Ledger.Entry.SKIPPED, OUTSIDE, 1);
            LOG.warn("{} is a link out of {} and is not followed", path, input);
        }
        return false;
    }
}
