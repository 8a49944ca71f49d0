/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import io.serveflow.camel.sensor.SensorEndpoint;
import io.serveflow.camel.support.OptionFaults;
import io.serveflow.flow.FlowAssembler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;

/** Follow the log files that a sensor writes, through rotation and restarts, and lose no line. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "serveflow-tail",
        title = "ServeFlow Tail",
        syntax = "serveflow-tail:path",
        consumerOnly = true,
        remote = false,
        category = {Category.FILE, Category.MONITORING})
public class ServeflowTailEndpoint extends SensorEndpoint {

    private static final String BEGINNING = "beginning";
    private static final String END = "end";

    @UriPath
    @Metadata(
            required = true,
            description =
                    "The file that the sensor writes to, or a glob of such files; each folder in it"
                            + " may be a glob too")
    private final String path;

    @UriParam(
            description =
                    "Where files go when they are rotated away, as a path or glob; by default"
                        + " beside the file, with a number or a date in the name, gzip-compressed"
                        + " or not")
    private String rotated = "";

    @UriParam(
            description =
                    "The file that keeps the positions up to which every flow is acknowledged. It"
                        + " must outlive restarts. No other endpoint may use it, and not for other"
                        + " files: both are refused")
    @Metadata(required = true)
    private String positionFile = "";

    @UriParam(
            defaultValue = BEGINNING,
            enums = "beginning,end",
            description =
                    "Where files are read from that are there when no positions are kept yet; files"
                            + " that come later are always read from their beginning")
    private String startAt = BEGINNING;

    @UriParam(
            defaultValue = "5",
            description =
                    "Most milliseconds between two looks for new lines; a quarter of a"
                            + " millisecond where lines have just come",
            javaType = "java.time.Duration")
    private long pollDelay = 5;

    @UriParam(
            label = "advanced",
            defaultValue = "1000",
            description =
                    "Milliseconds between two searches for files while no folder seems to have"
                            + " changed",
            javaType = "java.time.Duration")
    private long scanDelay = 1_000;

    @UriParam(
            label = "advanced",
            defaultValue = "5000",
            description =
                    "How long a file that was rotated away or deleted, or has a later part, must"
                        + " not grow before it is finished, in milliseconds; a last line without"
                        + " line end is read then",
            javaType = "java.time.Duration")
    private long finishDelay = 5_000;

    @UriParam(
            label = "advanced",
            defaultValue = "60000",
            description =
                    "How long a file that is gone before it was read is looked for, in"
                            + " milliseconds, before it counts as lost",
            javaType = "java.time.Duration")
    private long searchTime = 60_000;

    @UriParam(
            label = "advanced",
            defaultValue = "100",
            description = "Least time between two writes of the position file, in milliseconds",
            javaType = "java.time.Duration")
    private long positionDelay = 100;

    public ServeflowTailEndpoint(
            final String uri, final ServeflowTailComponent component, final String path) {
        super(uri, component);
        this.path = path;
    }

    @Override
    protected void check(final OptionFaults faults) {
        super.check(faults);
        faults.reading(this::live);
        faults.reading(this::rotatedPatterns);
        faults.reading(() -> LogName.requireKnownPlaceholders("observer", getObserver()));
        if (positionFile.isBlank()) {
            faults.add(
                    "positionFile must name a file that outlives restarts, as in"
                            + " positionFile=/var/lib/serveflow/"
                            + "zeek.positions; it names none");
        }
        requireNoFolder(faults, "positionFile", positionFile);
        requireNoFolder(faults, "path", path);
        faults.oneOf("startAt", startAt, BEGINNING, END);
        faults.range("pollDelay", pollDelay, 1, 60_000);
        faults.range("scanDelay", scanDelay, 1, 3_600_000);
        faults.range("finishDelay", finishDelay, 0, 3_600_000);
        faults.range("searchTime", searchTime, 0, 86_400_000);
        faults.range("positionDelay", positionDelay, 1, 60_000);
    }

    private static void requireNoFolder(
            final OptionFaults faults, final String option, final String file) {
        if (!file.isBlank() && Files.isDirectory(Path.of(file))) {
            faults.add(option + " must name a file, and " + file + " is a folder");
        }
    }

    /** How single packets of a log become flow records, of the observer that its name gives. */
    FlowAssembler.Options assembling(final String log) {
        return assembling().withObserver(LogName.inPlaceholders(getObserver(), log));
    }

    /** The files that the sensor writes to. */
    FilePattern live() {
        return FilePattern.of("path", path);
    }

    /** The files that were rotated away. */
    List<FilePattern> rotatedPatterns() {
        if (!rotated.isBlank()) {
            return List.of(FilePattern.of("rotated", rotated));
        }
        final List<FilePattern> beside = new ArrayList<>();
        for (final String end : List.of(".[0-9]*", "-[0-9]*")) {
            beside.add(FilePattern.of("rotated", path + end));
        }
        if (live().isGlob()) {
            beside.add(FilePattern.of("rotated", path + ".gz"));
        } else {
            beside.addAll(datedBeside(Path.of(path)));
        }
        return List.copyOf(beside);
    }

    /** A single digit before the extension may be the number of a log, not of a part of it. */
    private static List<FilePattern> datedBeside(final Path file) {
        final String name = file.getFileName().toString();
        final int dot = name.lastIndexOf('.');
        if (dot <= 0) {
            return List.of();
        }
        final List<FilePattern> dated = new ArrayList<>();
        for (final String between : List.of(".[0-9][0-9]*", "-[0-9][0-9]*")) {
            for (final String packed : List.of("", ".gz")) {
                final String glob = name.substring(0, dot) + between + name.substring(dot) + packed;
                dated.add(FilePattern.of("rotated", file.resolveSibling(glob).toString()));
            }
        }
        return dated;
    }

    /** Whether what is written already is skipped where no positions are kept yet. */
    boolean startsAtEnd() {
        return startAt.equals(END);
    }

    @Override
    public Consumer createConsumer(final Processor processor) throws Exception {
        final ServeflowTailConsumer consumer = new ServeflowTailConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public boolean isRemote() {
        return false;
    }

    public String getPath() {
        return path;
    }

    public String getRotated() {
        return rotated;
    }

    public void setRotated(final String rotated) {
        this.rotated = rotated;
    }

    public String getPositionFile() {
        return positionFile;
    }

    public void setPositionFile(final String positionFile) {
        this.positionFile = positionFile;
    }

    public String getStartAt() {
        return startAt;
    }

    public void setStartAt(final String startAt) {
        this.startAt = startAt;
    }

    public long getPollDelay() {
        return pollDelay;
    }

    public void setPollDelay(final long pollDelay) {
        this.pollDelay = pollDelay;
    }

    public long getScanDelay() {
        return scanDelay;
    }

    public void setScanDelay(final long scanDelay) {
        this.scanDelay = scanDelay;
    }

    public long getFinishDelay() {
        return finishDelay;
    }

    public void setFinishDelay(final long finishDelay) {
        this.finishDelay = finishDelay;
    }

    public long getSearchTime() {
        return searchTime;
    }

    public void setSearchTime(final long searchTime) {
        this.searchTime = searchTime;
    }

    public long getPositionDelay() {
        return positionDelay;
    }

    public void setPositionDelay(final long positionDelay) {
        this.positionDelay = positionDelay;
    }
}
