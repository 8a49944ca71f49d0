/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** What files of verdicts need of the operating system and its disk, each of which may fail. */
interface Disk {

    /** Writes bytes to the end of a file. */
    void write(FileOutputStream out, byte[] bytes, int from, int length) throws IOException;

    /** How long a file is. */
    long length(FileOutputStream out) throws IOException;

    /** Cuts off what lies behind a length. */
    void truncate(FileOutputStream out, long length) throws IOException;

    /** Brings what was written to the disk. */
    void sync(FileOutputStream out) throws IOException;

    /**
     * Brings the names of the files in a folder to the disk, where the system knows how: a file
     * whose name is not there is lost with what is in it.
     */
    void syncFolder(Path folder) throws IOException;

    /** Says who may read and write a file, where the system knows owners. */
    void setPermissions(Path file, Set<PosixFilePermission> permissions) throws IOException;

    /** Cuts off what lies behind a length, on the disk too; does nothing if there is no file. */
    void cut(Path file, long length) throws IOException;

    /** Removes a file if it is there. */
    void delete(Path file) throws IOException;
}
