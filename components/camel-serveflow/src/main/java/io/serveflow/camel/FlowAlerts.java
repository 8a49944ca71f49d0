/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.batch.FlowBatch;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import io.serveflow.verdict.AlertDocument;
import io.serveflow.verdict.AlertSeverity;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.VerdictStage;
import io.serveflow.verdict.VerdictWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes alerts of the final verdicts that pass through a route and have a label that was chosen, so
 * many a minute at most; what is beyond is counted and gets none.
 *
 * <p>A verdict that passes again gives the same alert with the same id. So does a repaired verdict
 * whose label is that of the one that stood, as nobody here knows whether that alert was ever
 * stored; where the one that stood was alerted on, this does not count towards the bound. Safe for
 * use by many threads.
 */
public final class FlowAlerts implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(FlowAlerts.class);
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Options options;
    private final Ledger ledger;
    private final Clock clock;
    private final LongSupplier nanoClock;
    private final Object minute = new Object();
    private long minuteBegan;
    private int given;
    private boolean warned;

    /**
     * Which verdicts are alerted on.
     *
     * @param rules of which the first that fits a verdict counts
     * @param minConfidence how sure a verdict must be, 0 to 1
     * @param maxPerMinute most alerts in a minute
     */
    public record Options(List<Rule> rules, double minConfidence, int maxPerMinute) {

        public Options {
            rules = List.copyOf(rules);
            if (!(minConfidence >= 0 && minConfidence <= 1)) {
                throw new IllegalArgumentException(
                        "minConfidence must be from 0 to 1, was " + minConfidence);
            }
            if (maxPerMinute < 1) {
                throw new IllegalArgumentException(
                        "maxPerMinute must be 1 or more, was " + maxPerMinute);
            }
        }
    }

    /**
     * A label that is alerted on.
     *
     * @param task whose label it is; empty for any
     */
    public record Rule(Optional<String> task, String label, AlertSeverity severity) {

        private boolean fits(final String ofTask, final String given) {
            return label.equals(given) && task.map(ofTask::equals).orElse(true);
        }
    }

    /** A verdict that is alerted on. */
    private record Chosen(AlertDocument alert, AlertSeverity severity) {}

    /**
     * @param clock when alerts are made
     * @param nanoClock a clock like {@link System#nanoTime()}
     */
    public FlowAlerts(
            final Options options,
            final Ledger ledger,
            final Clock clock,
            final LongSupplier nanoClock) {
        this.options = options;
        this.ledger = ledger;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.minuteBegan = nanoClock.getAsLong();
    }

    /**
     * Leaves in the body the documents of the alerts, as a list of texts that may be empty, for the
     * verdicts in it: a {@link FlowBatch}, or their documents as a list of texts or bytes.
     */
    @Override
    public void process(final Exchange exchange) {
        final Object body = exchange.getMessage().getBody();
        exchange.getMessage()
                .setBody(
                        body instanceof Collection<?> documents
                                ? ofDocuments(documents)
                                : of(FlowBodies.batch(body)));
    }

    /** The alerts on the verdicts of a batch, of all its tasks. */
    public List<String> of(final FlowBatch flows) {
        final Instant created = clock.instant();
        final VerdictWriter writer = new VerdictWriter();
        final List<String> alerts = new ArrayList<>();
        for (final String task : flows.tasks()) {
            final FlowBatch answered = flows.of(task);
            for (int i = 0; i < answered.size(); i++) {
                if (answered.hasVerdict(i) && isChosen(answered.verdict(i))) {
                    final boolean repeated = isRepeated(answered, i, writer, created);
                    add(
                            writer.write(answered.record(i), answered.verdict(i), created).json(),
                            repeated,
                            alerts);
                }
            }
        }
        return alerts;
    }

    private boolean isChosen(final Verdict verdict) {
        return verdict.isFinal() && rule(verdict.bundle().task(), verdict.label()).isPresent();
    }

    /** Whether the verdict that stood before has the same label and was chosen, too. */
    private boolean isRepeated(
            final FlowBatch flows, final int row, final VerdictWriter writer, final Instant now) {
        return flows.verdict(row).stage() == VerdictStage.REPAIRED
                && !flows.verdict(row).revised()
                && flows.hasGivenOut(row)
                && chosen(writer.write(flows.record(row), flows.givenOut(row), now).json())
                        .isPresent();
    }

    private Optional<Rule> rule(final String task, final String label) {
        return options.rules().stream().filter(rule -> rule.fits(task, label)).findFirst();
    }

    private List<String> ofDocuments(final Collection<?> documents) {
        final List<String> alerts = new ArrayList<>();
        for (final Object document : documents) {
            if (document instanceof byte[] bytes) {
                add(bytes, false, alerts);
            } else if (document instanceof String text) {
                add(text.getBytes(StandardCharsets.UTF_8), false, alerts);
            }
        }
        return alerts;
    }

    private void add(final byte[] verdict, final boolean repeated, final List<String> alerts) {
        final Optional<Chosen> chosen = chosen(verdict);
        if (chosen.isEmpty()) {
            return;
        }
        final AlertSeverity severity = chosen.get().severity();
        if (!repeated && !mayGive()) {
            ledger.add(Ledger.Entry.DROPPED, Reason.ALERT_RATE, 1);
            return;
        }
        alerts.add(new String(chosen.get().alert().json(severity), StandardCharsets.UTF_8));
        ledger.add(Ledger.Entry.ALERTS, severity.label(), 1);
    }

    private Optional<Chosen> chosen(final byte[] verdict) {
        return AlertDocument.of(verdict)
                .filter(AlertDocument::isFinal)
                .filter(one -> one.confidence() >= options.minConfidence())
                .flatMap(
                        one ->
                                rule(one.task(), one.label())
                                        .map(rule -> new Chosen(one, rule.severity())));
    }

    private boolean mayGive() {
        synchronized (minute) {
            final long now = nanoClock.getAsLong();
            if (now - minuteBegan >= MINUTE_NANOS) {
                minuteBegan = now;
                given = 0;
                warned = false;
            }
            if (given < options.maxPerMinute()) {
                given++;
                return true;
            }
            if (!warned) {
                warned = true;
                LOG.warn(
                        "There are more than {} alerts a minute; the others of this minute are"
                                + " dropped and counted as {}",
                        options.maxPerMinute(),
                        Reason.ALERT_RATE.code());
            }
            return false;
        }
    }
}
