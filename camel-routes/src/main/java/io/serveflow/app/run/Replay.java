/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import io.serveflow.app.terminal.ErrorSentence;
import io.serveflow.batch.FlowBatch;
import io.serveflow.batch.Receipt;
import io.serveflow.camel.elastic.KeptDocument;
import io.serveflow.camel.sensor.ReadRecords;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterReplay;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import io.serveflow.sensor.ContextInterest;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/**
 * Feeds dead letters in again: lines of sensors through the routes, as if they had just been read,
 * and verdict documents into the index that refused them, or to the files where verdicts go there.
 *
 * <p>What is refused once more becomes a dead letter once more, in the file that the settings name.
 * What cannot be fed in again stays with the {@link DeadLetterReplay}. Not safe for use by more
 * than one thread.
 */
public final class Replay implements AutoCloseable {

    private static final int BATCH = 256;
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Pattern DATA_STREAM = Pattern.compile("[a-z0-9][a-z0-9._-]{0,254}");

    private final RouteApplication application;
    private final ProducerTemplate template;
    private final SortedMap<String, Tally> tallies = new TreeMap<>();
    private final Map<StreamKey, SensorStream> streams = new HashMap<>();
    private final Map<String, Pending> documents = new HashMap<>();
    private final ReadRecords records = new ReadRecords(ContextInterest.all());

    /** What became of the letters with one reason. */
    public static final class Tally {
        private long letters;
        private long again;
        private long cannot;

        /** How many there were. */
        public long letters() {
            return letters;
        }

        /** How many were taken. */
        public long replayed() {
            return letters - again - cannot;
        }

        /** How many became dead letters once more. */
        public long again() {
            return again;
        }

        /** How many are no whole line or document, and stay. */
        public long cannot() {
            return cannot;
        }
    }

    /** Lines that can be read by one reader; those of one file follow one another in it. */
    private record StreamKey(String source, String format, String observer) {}

    /** Documents for one data stream that met the same reason. */
    private record Pending(String dataStream, Tally tally, List<DeadLetter> letters) {}

    /**
     * @param application has been started; who closes it waits for verdicts that are under way
     */
    public Replay(final RouteApplication application) {
        this.application = Objects.requireNonNull(application, "application");
        this.template = application.context().createProducerTemplate();
    }

    /**
     * Feeds the letters of a file in and waits until each has its end.
     *
     * @throws IOException if the file cannot be read, or the routes did not take what they were
     *     given: the replay is not done then and can be begun again
     */
    public void feed(final DeadLetterReplay file) throws IOException, InterruptedException {
        file.forEach(kept -> feed(file, kept));
        for (final SensorStream stream : streams.values()) {
            stream.finish();
        }
        streams.clear();
        sendRecords();
        for (final Pending pending : documents.values()) {
            send(pending);
        }
        documents.clear();
    }

    /** What became of the letters so far, by reason. */
    public SortedMap<String, Tally> tallies() {
        return tallies;
    }

    @Override
    public void close() throws IOException {
        template.close();
    }

    private void feed(final DeadLetterReplay file, final DeadLetterReplay.Kept kept) {
        final String reason = kept.letter().map(DeadLetter::reason).orElse("not a dead letter");
        final Tally tally = tallies.computeIfAbsent(reason, name -> new Tally());
        tally.letters++;
        final DeadLetter letter = kept.letter().filter(DeadLetter::isWhole).orElse(null);
        if (letter == null) {
            cannot(file, kept, tally);
        } else if (KeptDocument.isOne(letter.payload())) {
            final String dataStream =
                    Reason.isOfIndex(letter.reason())
                            ? letter.source()
                            : application.setting("serveflow.index");
            if (application.storesInFiles() || DATA_STREAM.matcher(dataStream).matches()) {
                document(letter, dataStream, tally);
            } else {
                cannot(file, kept, tally);
            }
        } else if (isLine(letter)) {
            line(letter, tally);
        } else {
            cannot(file, kept, tally);
        }
    }

    private static void cannot(
            final DeadLetterReplay file, final DeadLetterReplay.Kept kept, final Tally tally) {
        tally.cannot++;
        file.remains(kept);
    }

    /** A row of a TSV log means something only below its header, which no letter has. */
    private static boolean isLine(final DeadLetter letter) {
        return letter.payload().stripLeading().startsWith("{")
                && !letter.format().equals(DeadLetter.DOCUMENT);
    }

    private void line(final DeadLetter letter, final Tally tally) {
        final String observer =
                letter.observer().isEmpty()
                        ? application.setting("serveflow.observer")
                        : letter.observer();
        final SensorStream stream =
                streams.computeIfAbsent(
                        new StreamKey(letter.source(), letter.format(), observer), this::stream);
        final long before = deadLetters();
        final byte[] line = letter.payload().getBytes(StandardCharsets.UTF_8);
        stream.line(line, 0, line.length, Math.max(0, letter.offset()));
        tally.again += Math.min(1, deadLetters() - before);
        if (records.size() >= BATCH) {
            sendRecords();
        }
    }

    private SensorStream stream(final StreamKey key) {
        final SensorFormats known = SensorFormats.installed();
        final boolean named =
                known.lines().stream().anyMatch(line -> line.id().equals(key.format()));
        final SensorFormats formats = named ? known.only(key.format()) : known;
        return new SensorStream(
                key.source(),
                formats,
                application.assembling().withObserver(key.observer()),
                application.ledger(),
                application.deadLetters(),
                records,
                records);
    }

    private void document(final DeadLetter letter, final String dataStream, final Tally tally) {
        final Pending pending =
                documents.computeIfAbsent(
                        dataStream + " " + letter.reason(),
                        key -> new Pending(dataStream, tally, new ArrayList<>()));
        pending.letters.add(letter);
        if (pending.letters.size() >= BATCH) {
            send(pending);
        }
    }

    /** Sends what was read and waits for the last verdict, also those of the slow tier. */
    private void sendRecords() {
        if (records.isEmpty()) {
            return;
        }
        final Receipt receipt = Receipt.held(() -> {});
        for (final FlowBatch batch : records.batches(receipt)) {
            receipt.hold();
            send("direct:flows", batch);
            receipt.release();
        }
        records.clear();
        receipt.release();
        while (!receipt.isSettled()) {
            try {
                if (application.awaitEnd(LOOK)) {
                    throw new IllegalStateException("the routes were stopped during the replay");
                }
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted during the replay", e);
            }
        }
    }

    private void send(final Pending pending) {
        if (pending.letters.isEmpty()) {
            return;
        }
        final long before = deadLetters();
        send(
                application.storesInFiles()
                        ? "{{links.sink}}"
                        : "serveflow-index:" + pending.dataStream,
                List.copyOf(pending.letters));
        pending.tally.again += deadLetters() - before;
        pending.letters.clear();
    }

    private void send(final String uri, final Object body) {
        final Exchange exchange = template.send(uri, toSend -> toSend.getMessage().setBody(body));
        if (exchange.getException() != null) {
            throw new IllegalStateException(
                    "the routes did not take what was replayed: "
                            + ErrorSentence.of(exchange.getException()),
                    exchange.getException());
        }
    }

    private long deadLetters() {
        return application.ledger().total(Ledger.Entry.DEAD_LETTERED);
    }
}
