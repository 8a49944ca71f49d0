/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

/**
 * Documents were given back because the index was stopped while they were held; their sources give
 * them again where they can. The index itself says how many in the log.
 */
public final class IndexStoppedException extends IndexException {

    private static final long serialVersionUID = 1L;

    IndexStoppedException(final String message) {
        super(message);
    }
}
