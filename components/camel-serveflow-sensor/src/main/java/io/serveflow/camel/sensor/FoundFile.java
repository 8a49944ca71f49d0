/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Optional;

/**
 * A file as one look at the folders found it.
 *
 * @param live whether it has a name under which the sensor writes, not one for what is rotated away
 * @param key what the file system knows it by; empty if by nothing
 */
record FoundFile(Path path, boolean live, Optional<String> key, long size, Instant modified) {

    /**
     * Looks at a file, through links.
     *
     * @throws IOException if it is not there or is no file
     */
    static FoundFile at(final Path path, final boolean live) throws IOException {
        final BasicFileAttributes attributes =
                Files.readAttributes(path, BasicFileAttributes.class);
        if (attributes.isDirectory()) {
            throw new IOException("it is a folder, not a file");
        }
        return new FoundFile(
                path,
                live,
                Optional.ofNullable(attributes.fileKey()).map(Object::toString),
                attributes.size(),
                attributes.lastModifiedTime().toInstant());
    }
}
