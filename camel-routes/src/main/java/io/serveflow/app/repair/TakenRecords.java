/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.repair;

import io.serveflow.camel.kafka.TopicBacklog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The {@link RepairLine}s that a {@link RepairTopic} held when a repair began.
 *
 * <p>Offsets are committed when all lines before them are given up. A line that is to stay is sent
 * to the end of the topic first where others behind it are given up, so that flows that no tier
 * ever answers do not hold up the others; it keeps its time there, so that the topic deletes it
 * when it would have. What breaks off leaves the offsets as they were; the verdict of a flow that
 * is given again then has the id that it had. Not safe for use by more than one thread.
 */
public final class TakenRecords implements TakenLines {

    /** After so many lines they are settled: so many are asked about again at most. */
    private static final int DUE = 1_024;

    /** And after so many bytes, as those of lines that are to stay are held until then. */
    private static final long DUE_BYTES = 32 << 20;

    private final RepairTopic topic;
    private final TopicBacklog backlog;
    private final Path beside;
    private final List<TopicBacklog.Line> staying = new ArrayList<>();
    private final List<TopicBacklog.Line> aside = new ArrayList<>();
    private boolean filed;
    private boolean left;
    private int read;
    private long bytes;

    /**
     * @param backlog of the topic, of which this repair has partitions
     * @param beside a file; those of what is refused, and of what nothing can be asked with, are
     *     beside it
     */
    public TakenRecords(final RepairTopic topic, final TopicBacklog backlog, final Path beside) {
        this.topic = Objects.requireNonNull(topic, "topic");
        this.backlog = Objects.requireNonNull(backlog, "backlog");
        this.beside = Objects.requireNonNull(beside, "beside");
    }

    @Override
    public Optional<TakenLine> next() throws IOException {
        final Optional<TakenLine> line = backlog.next().map(TakenLine::of);
        read += line.isPresent() ? 1 : 0;
        bytes += line.map(TakenLine::length).orElse(0L);
        return line;
    }

    @Override
    public String place(final TakenLine line) {
        return "offset %d of %s-%d"
                .formatted(line.start(), topic.topic(), record(line).partition());
    }

    private static TopicBacklog.Line record(final TakenLine line) {
        return line.record().orElseThrow();
    }

    @Override
    public void stays(final TakenLine line) {
        staying.add(record(line));
    }

    @Override
    public void putAside(final TakenLine line) {
        aside.add(record(line));
    }

    /** Does nothing: no offset behind what was taken is committed. */
    @Override
    public void restStays() {}

    @Override
    public boolean keepRefused(final InputStream letters) throws IOException {
        if (letters.available() == 0) {
            return false;
        }
        AppendedLines.append(refused(), letters::transferTo, topic.place());
        filed = true;
        return true;
    }

    @Override
    public boolean isDue() {
        return read >= DUE || bytes >= DUE_BYTES;
    }

    @Override
    public void settle() throws IOException {
        forgetLost();
        if (!aside.isEmpty()) {
            AppendedLines.append(remaining(), this::writeAside, topic.place());
        }
        topic.sendToEnd(staying);
        backlog.commit(Map.of());
        left |= !staying.isEmpty();
        forget();
    }

    /**
     * Where nothing of what was read stands in a file by now, lines that stay are not sent to the
     * end: the offsets end before the first of them.
     */
    @Override
    public void finish() throws IOException {
        if (filed || !aside.isEmpty()) {
            settle();
            return;
        }
        forgetLost();
        final Map<Integer, Long> before = new HashMap<>();
        staying.forEach(line -> before.merge(line.partition(), line.offset(), Math::min));
        backlog.commit(before);
        left |= !staying.isEmpty();
        forget();
    }

    /** What another repair has by now is for that one to give up. */
    private void forgetLost() {
        staying.removeIf(line -> !backlog.has(line));
        aside.removeIf(line -> !backlog.has(line));
    }

    private void forget() {
        staying.clear();
        aside.clear();
        filed = false;
        read = 0;
        bytes = 0;
    }

    private void writeAside(final OutputStream out) throws IOException {
        for (final TopicBacklog.Line line : aside) {
            out.write(line.value());
            out.write('\n');
        }
    }

    @Override
    public boolean hasStaying() {
        return left || !staying.isEmpty();
    }

    @Override
    public Path remaining() {
        return beside.resolveSibling(topic.topic() + ".remaining");
    }

    @Override
    public Path refused() {
        return beside.resolveSibling(topic.topic() + ".refused");
    }
}
