/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.score;

import io.serveflow.training.notice.TrainingException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** What the thresholds of a cascade, and its tiers if they are chosen, shall reach. */
public sealed interface Objective {

    /**
     * As few flows as possible wait, at a macro F1 and an accuracy close to those of the last tier
     * alone. Macro F1 by itself can hang on one group that is all there is of a rare label.
     */
    record NearSlow(double tolerance) implements Objective {
        public NearSlow {
            requireWithin("the tolerance", tolerance, 1);
        }

        @Override
        public String text() {
            return "as few flows as possible wait, at a macro F1 and an accuracy within "
                    + number(tolerance)
                    + " of the last tier's";
        }
    }

    /** As few flows as possible wait, at a macro F1 of at least a number. */
    record LeastF1(double macroF1) implements Objective {
        public LeastF1 {
            requireWithin("--min-f1", macroF1, 1);
        }

        @Override
        public String text() {
            return "as few flows as possible wait, at a macro F1 of "
                    + number(macroF1)
                    + " or more";
        }
    }

    /** The best macro F1 while no more than a share of the flows waits for more packets. */
    record MostEscalated(double share) implements Objective {
        public MostEscalated {
            requireWithin("--max-escalation", share, 1);
        }

        @Override
        public String text() {
            return "the best macro F1 while at most "
                    + number(share)
                    + " of the flows wait for more packets";
        }
    }

    /** The best macro F1 while flows wait no longer than so many milliseconds on average. */
    record TargetLatency(double millis) implements Objective {
        public TargetLatency {
            requireWithin("--target-latency", millis, 600_000);
        }

        @Override
        public String text() {
            return "the best macro F1 while a flow waits "
                    + number(millis)
                    + " ms or less for packets on average";
        }
    }

    /** The best macro F1, whoever waits for it: rare labels count as much as common ones. */
    record BestF1() implements Objective {
        @Override
        public String text() {
            return "the best macro F1, however many flows wait for it";
        }
    }

    /** The most right answers, whoever waits for them. */
    record BestAccuracy() implements Objective {
        @Override
        public String text() {
            return "the best accuracy, however many flows wait for it";
        }
    }

    /** What is chosen where nothing is asked for. */
    Objective DEFAULT = new NearSlow(0.0095);

    /** Macro F1 counts labels alike; a little less, as what a rare label gains is known badly. */
    double MACRO_RARITY = 0.75;

    /** Where accuracy matters too. */
    double SOME_RARITY = 0.5;

    /** The objective in words. */
    String text();

    /**
     * By which power of its label's rarity a right answer counts when thresholds are chosen: 0
     * counts all answers alike, 1 all labels.
     */
    default double rarity() {
        if (this instanceof BestAccuracy) {
            return 0;
        }
        return this instanceof BestF1 ? MACRO_RARITY : SOME_RARITY;
    }

    /**
     * Makes sure that the objective can be judged.
     *
     * @param timed whether it is known when packets came
     * @param flows what the flows are read from, in the plural
     * @throws TrainingException if it needs times and there are none
     */
    default void requireTimes(final boolean timed, final String flows) {
        if (!timed && this instanceof TargetLatency) {
            throw new TrainingException(
                    "--target-latency needs to know when packets came, which "
                            + flows
                            + " do not say; choose --min-f1 or --max-escalation.");
        }
    }

    /**
     * Whether an outcome meets the limit.
     *
     * @param slow the outcome of the last tier alone on the same flows
     */
    default boolean isMetBy(final Outcome outcome, final Outcome slow) {
        if (this instanceof NearSlow near) {
            return outcome.macroF1() >= slow.macroF1() - near.tolerance()
                    && outcome.accuracy() >= slow.accuracy() - near.tolerance();
        }
        if (this instanceof LeastF1 least) {
            return outcome.macroF1() >= least.macroF1();
        }
        if (this instanceof MostEscalated most) {
            return outcome.escalated() <= most.share();
        }
        if (this instanceof BestF1 || this instanceof BestAccuracy) {
            return true;
        }
        return outcome.meanMillis() <= ((TargetLatency) this).millis();
    }

    /**
     * The best of some candidates: among those that meet the limit the one that does best by the
     * aim; if none does, the one that comes closest to the limit. The first of equals.
     *
     * @param candidates at least one
     * @param slow as in {@link #isMetBy}
     */
    default <T> T best(
            final List<T> candidates, final Function<T, Outcome> outcome, final Outcome slow) {
        final Comparator<Outcome> f1 = Comparator.comparingDouble(o -> -o.macroF1());
        final Comparator<Outcome> escalated = Comparator.comparingDouble(Outcome::escalated);
        final Comparator<Outcome> millis = Comparator.comparingDouble(Outcome::meanMillis);
        final boolean boundsF1 = this instanceof NearSlow || this instanceof LeastF1;
        final Comparator<Outcome> accuracy = Comparator.comparingDouble(o -> -o.accuracy());
        final Comparator<Outcome> aim =
                this instanceof BestAccuracy
                        ? accuracy.thenComparing(escalated)
                        : boundsF1 ? escalated.thenComparing(f1) : f1.thenComparing(escalated);
        final Comparator<Outcome> closeness =
                boundsF1 ? f1 : this instanceof MostEscalated ? escalated : millis;
        final Comparator<Outcome> order =
                Comparator.<Outcome, Boolean>comparing(o -> !isMetBy(o, slow))
                        .thenComparing(
                                (a, b) ->
                                        isMetBy(a, slow) && isMetBy(b, slow)
                                                ? aim.compare(a, b)
                                                : closeness.compare(a, b));
        return candidates.stream()
                .min((a, b) -> order.compare(outcome.apply(a), outcome.apply(b)))
                .orElseThrow();
    }

    private static void requireWithin(final String name, final double value, final double most) {
        if (!(value >= 0 && value <= most)) {
            throw new IllegalArgumentException(
                    name + " must be 0 to " + number(most) + ", was " + value);
        }
    }

    private static String number(final double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : Double.toString(value);
    }
}
