/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

import io.serveflow.camel.support.Backoff;
import io.serveflow.camel.support.OptionFaults;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.apache.camel.spi.UriPath;

/** The options of {@code serveflow-file}, on the component for all endpoints or on one of them. */
@UriParams
@Configurer
public class ServeflowFileConfiguration implements Cloneable {

    private static final long MIN_FILE_BYTES = 64 * 1024;
    private static final long MAX_FILE_BYTES = 1L << 40;
    private static final long MAX_AGE_MILLIS = 7 * 86_400_000L;
    private static final int MAX_TIMEOUT_MILLIS = 600_000;
    private static final int MIN_WAITING_BYTES = 64 * 1024;
    private static final int MAX_WAITING_BYTES = 1024 * 1024 * 1024;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
    private static final String OWNER_WRITES = "rw";

    @UriPath
    @Metadata(required = true)
    private String folder = "";

    @UriParam(label = "producer", defaultValue = "serveflow")
    private String name = "serveflow";

    @UriParam(label = "producer", defaultValue = "batch", enums = "batch,interval,none")
    private String fsync = FsyncPolicy.BATCH.id();

    @UriParam(label = "producer", defaultValue = "1000", javaType = "java.time.Duration")
    private long fsyncInterval = 1_000;

    @UriParam(label = "producer", defaultValue = "134217728")
    private long maxFileBytes = 128 * 1024 * 1024;

    @UriParam(label = "producer", defaultValue = "3600000", javaType = "java.time.Duration")
    private long maxFileAge = 3_600_000;

    @UriParam(label = "producer", defaultValue = "0")
    private int maxFiles;

    @UriParam(label = "producer", defaultValue = "0")
    private long maxTotalBytes;

    @UriParam(label = "producer", defaultValue = "rw-r-----")
    private String permissions = "rw-r-----";

    @UriParam(label = "producer", defaultValue = "0", javaType = "java.time.Duration")
    private long retryFor;

    @UriParam(label = "producer,advanced", defaultValue = "200", javaType = "java.time.Duration")
    private long backoffMin = 200;

    @UriParam(label = "producer,advanced", defaultValue = "10000", javaType = "java.time.Duration")
    private long backoffMax = 10_000;

    @UriParam(label = "producer,advanced", defaultValue = "16777216")
    private int maxWaitingBytes = 16 * 1024 * 1024;

    /** A copy that may be changed without changing this one. */
    public ServeflowFileConfiguration copy() {
        try {
            return (ServeflowFileConfiguration) clone();
        } catch (final CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    /**
     * Checks all options together.
     *
     * @throws IllegalArgumentException naming every option that is wrong, its value and its limit
     */
    void validate() {
        final OptionFaults wrong = new OptionFaults();
        if (folder.isBlank()) {
            wrong.add("folder must be the path of a folder such as /nsm/serveflow, was ''");
        } else {
            try {
                Path.of(folder);
            } catch (final InvalidPathException e) {
                wrong.add("folder is " + folder + ", which is no path: " + e.getReason());
            }
        }
        if (!NAME.matcher(name).matches()) {
            wrong.add(
                    "name must be 1 to 64 letters, digits, '_', '.' and '-', the first one a letter"
                            + " or digit, was '"
                            + name
                            + "'");
        }
        wrong.oneOf("fsync", fsync, FsyncPolicy.ids().toArray(String[]::new));
        wrong.range("fsyncInterval", fsyncInterval, 1, MAX_TIMEOUT_MILLIS);
        wrong.range("maxFileBytes", maxFileBytes, MIN_FILE_BYTES, MAX_FILE_BYTES);
        wrong.range("maxFileAge", maxFileAge, 1_000, MAX_AGE_MILLIS);
        if (maxFiles != 0) {
            wrong.range("maxFiles", maxFiles, 2, Integer.MAX_VALUE);
        }
        if (maxTotalBytes != 0) {
            wrong.range("maxTotalBytes", maxTotalBytes, maxFileBytes, Long.MAX_VALUE);
        }
        if (!arePermissions()) {
            wrong.add(
                    "permissions must be nine letters as of ls -l that let the owner read and"
                            + " write, such as rw-r-----, was '"
                            + permissions
                            + "'");
        }
        wrong.range("retryFor", retryFor, 0, Long.MAX_VALUE);
        wrong.range("backoffMin", backoffMin, 1, MAX_TIMEOUT_MILLIS);
        wrong.range("backoffMax", backoffMax, Math.max(1, backoffMin), MAX_TIMEOUT_MILLIS);
        wrong.range("maxWaitingBytes", maxWaitingBytes, MIN_WAITING_BYTES, MAX_WAITING_BYTES);
        wrong.check("serveflow-file:" + folder);
    }

    private boolean arePermissions() {
        try {
            PosixFilePermissions.fromString(permissions);
            return permissions.startsWith(OWNER_WRITES);
        } catch (final IllegalArgumentException e) {
            return false;
        }
    }

    /** What files are like. Call after {@link #validate()}. */
    RotatedFiles.Options files() {
        return new RotatedFiles.Options(
                path(),
                name,
                maxFileBytes,
                maxFileAge,
                maxFiles,
                maxTotalBytes,
                PosixFilePermissions.fromString(permissions),
                policy() != FsyncPolicy.NONE);
    }

    /** The folder, the same for all ways to write it. */
    Path path() {
        return Path.of(folder).toAbsolutePath().normalize();
    }

    /** What bounds the work. Call after {@link #validate()}. */
    GroupCommit.Options commit() {
        return new GroupCommit.Options(
                policy(),
                fsyncInterval,
                maxWaitingBytes,
                retryFor,
                Backoff.of(backoffMin, backoffMax));
    }

    private FsyncPolicy policy() {
        return FsyncPolicy.named(fsync).orElseThrow();
    }

    /** All options, of which endpoints that share a writer have the same. */
    List<Object> sameFor() {
        return List.of(
                path(),
                name,
                fsync,
                fsyncInterval,
                maxFileBytes,
                maxFileAge,
                maxFiles,
                maxTotalBytes,
                permissions,
                retryFor,
                backoffMin,
                backoffMax,
                maxWaitingBytes);
    }

    public String getFolder() {
        return folder;
    }

    /** Folder that the files are written to, such as /nsm/serveflow; it has to be there. */
    public void setFolder(final String folder) {
        this.folder = folder;
    }

    public String getName() {
        return name;
    }

    /**
     * What the names of the files begin with: serveflow makes
     * serveflow-20261130T101530Z-0001.ndjson. A file keeps its name and is never truncated, so an
     * agent follows all that begin with serveflow- and end with .ndjson. No two processes may write
     * files of one name in a folder.
     */
    public void setName(final String name) {
        this.name = name;
    }

    public String getFsync() {
        return fsync;
    }

    /**
     * When verdicts are durable, so that their exchange ends: batch is when the disk has them, with
     * one fsync for all that came together; interval when the operating system has them, which an
     * fsync brings to the disk every fsyncInterval; none when the operating system has them. With
     * batch a power failure loses nothing, with interval what came in the last one, with none what
     * the operating system held back; the end of the process loses nothing with any of them.
     */
    public void setFsync(final String fsync) {
        this.fsync = fsync;
    }

    public long getFsyncInterval() {
        return fsyncInterval;
    }

    /** How often there is an fsync with fsync=interval, 1 to 600000 milliseconds. */
    public void setFsyncInterval(final long fsyncInterval) {
        this.fsyncInterval = fsyncInterval;
    }

    public long getMaxFileBytes() {
        return maxFileBytes;
    }

    /**
     * How large a file may become before another one is begun, 65536 bytes or more. The verdicts of
     * a batch stay together, so a file that a larger batch begins is as large as that.
     */
    public void setMaxFileBytes(final long maxFileBytes) {
        this.maxFileBytes = maxFileBytes;
    }

    public long getMaxFileAge() {
        return maxFileAge;
    }

    /**
     * How long a file is written to before another one is begun, 1000 to 604800000 milliseconds. No
     * file is begun before there is a verdict.
     */
    public void setMaxFileAge(final long maxFileAge) {
        this.maxFileAge = maxFileAge;
    }

    public int getMaxFiles() {
        return maxFiles;
    }

    /**
     * How many files stay, 2 or more with the one that is written; when one is begun the oldest
     * ones beyond that are removed, whether an agent has read them or not. 0 keeps all.
     */
    public void setMaxFiles(final int maxFiles) {
        this.maxFiles = maxFiles;
    }

    public long getMaxTotalBytes() {
        return maxTotalBytes;
    }

    /**
     * How many bytes of files stay, maxFileBytes or more; when one is begun the oldest ones beyond
     * that are removed, whether an agent has read them or not. The one that is begun comes on top.
     * 0 keeps all.
     */
    public void setMaxTotalBytes(final long maxTotalBytes) {
        this.maxTotalBytes = maxTotalBytes;
    }

    public String getPermissions() {
        return permissions;
    }

    /**
     * Who may read and write the files, in the nine letters of ls -l; verdicts hold addresses. An
     * agent that runs as root reads them anyway.
     */
    public void setPermissions(final String permissions) {
        this.permissions = permissions;
    }

    public long getRetryFor() {
        return retryFor;
    }

    /**
     * How long verdicts are held and written again while they cannot be written, such as to a full
     * disk, before their exchange fails, in milliseconds; 0 is for as long as the route runs.
     */
    public void setRetryFor(final long retryFor) {
        this.retryFor = retryFor;
    }

    public long getBackoffMin() {
        return backoffMin;
    }

    /**
     * The wait after a first failure, 1 to 600000 milliseconds; it doubles with every further one.
     */
    public void setBackoffMin(final long backoffMin) {
        this.backoffMin = backoffMin;
    }

    public long getBackoffMax() {
        return backoffMax;
    }

    /** The longest wait between two tries, backoffMin to 600000 milliseconds. */
    public void setBackoffMax(final long backoffMax) {
        this.backoffMax = backoffMax;
    }

    public int getMaxWaitingBytes() {
        return maxWaitingBytes;
    }

    /**
     * How many bytes of verdicts may wait to be written, 65536 to 1073741824; the thread that
     * brings more waits, which slows its source down.
     */
    public void setMaxWaitingBytes(final int maxWaitingBytes) {
        this.maxWaitingBytes = maxWaitingBytes;
    }
}
