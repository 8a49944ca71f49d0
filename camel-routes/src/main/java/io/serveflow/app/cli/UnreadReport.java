/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Tells what could not be read of one file: the first {@value #NAMED} positions each with its
 * reason, at the end how many there were and why. Not safe for use by more than one thread.
 */
public final class UnreadReport implements DeadLetterSink {

    static final int NAMED = 10;

    private final String file;
    private final Ledger ledger;
    private final Consumer<String> tell;
    private final Map<String, Long> reasons = new TreeMap<>();
    private long count;
    private boolean capture;

    /**
     * @param file the file as the sentence names it
     * @param tell takes sentences for people
     */
    public UnreadReport(final String file, final Ledger ledger, final Consumer<String> tell) {
        this.file = Objects.requireNonNull(file, "file");
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.tell = Objects.requireNonNull(tell, "tell");
    }

    @Override
    public void accept(final DeadLetter letter) {
        ledger.add(Ledger.Entry.DEAD_LETTERED, letter.reason(), 1);
        reasons.merge(letter.reason(), 1L, Long::sum);
        count++;
        capture = isOfCapture(letter);
        if (count <= NAMED) {
            tell.accept(position(letter) + ": " + letter.detail());
        }
    }

    @Override
    public void notice(final String sentence) {
        tell.accept(sentence);
    }

    /** Whether all of the file could be read so far. */
    public boolean isEmpty() {
        return count == 0;
    }

    /**
     * How much of the file could not be read; empty if that is at most what was reported already.
     */
    public Optional<String> sentence() {
        return count <= 1
                ? Optional.empty()
                : Optional.of(
                        file
                                + ": "
                                + count
                                + (capture ? " places" : " lines")
                                + " could not be read: "
                                + reasons.entrySet().stream()
                                        .map(reason -> reason.getValue() + " " + reason.getKey())
                                        .collect(Collectors.joining(", "))
                                + (count > NAMED
                                        ? "; the first " + NAMED + " are named above"
                                        : ""));
    }

    /** A line is known by its byte offset; a packet, which has no text, by its number. */
    private static String position(final DeadLetter letter) {
        if (letter.offset() < 0) {
            return letter.source();
        }
        return letter.source() + (isOfCapture(letter) ? ", packet " : ", byte ") + letter.offset();
    }

    /** A log names its observer also where it breaks off, which leaves no line to keep. */
    private static boolean isOfCapture(final DeadLetter letter) {
        return letter.payload().isEmpty() && letter.observer().isEmpty();
    }
}
