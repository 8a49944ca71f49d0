/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

import java.util.Arrays;
import java.util.Collection;

/**
 * A queue in which sources take turns: in each round every source that has something gets one item
 * out, the oldest of its own. However much one source has put in, an item of another one waits for
 * at most one item of each source.
 *
 * <p>This is fair queueing with rounds stated as numbers when an item comes in, so that neither end
 * searches for whose turn it is, and of each source only its latest round is kept. Sources are
 * numbers below a bound; several that share a number share its turns.
 *
 * <p>For one thread at a time.
 *
 * @see <a href="https://dl.acm.org/doi/10.1145/75247.75248">Demers, Keshav, Shenker: Analysis and
 *     simulation of a fair queueing algorithm (1989)</a>, and McKenney: Stochastic fairness
 *     queueing (1990), which has a fixed number of queues by a keyed hash
 */
final class FairQueue<T> {

    /**
     * Up to so many rounds are counted exactly; of those further on no more than an upper bound.
     */
    private static final int EXACT_ROUNDS = 256;

    private static final int FIRST_ROUNDS = 64;

    /** The latest round of each source. */
    private final long[] latest;

    /* A ring by round: as many rounds as the longest queue of a source has items. */
    private Node<T>[] first = nodes(FIRST_ROUNDS);
    private Node<T>[] last = nodes(FIRST_ROUNDS);
    private int[] counts = new int[FIRST_ROUNDS];

    /** The round that is under way. */
    private long round;

    /** The round behind the last one that has items. */
    private long end;

    private int size;

    /**
     * @param sources how many sources there are
     */
    FairQueue(final int sources) {
        latest = new long[sources];
        Arrays.fill(latest, -1);
    }

    /** Puts an item behind all of its source, in the first round in which that has none. */
    void add(final int source, final T item) {
        final long turn = turn(source);
        if (turn - round >= counts.length) {
            grow();
        }
        final int at = at(turn);
        final Node<T> node = new Node<>(item);
        if (counts[at]++ == 0) {
            first[at] = node;
        } else {
            last[at].next = node;
        }
        last[at] = node;
        latest[source] = turn;
        end = Math.max(end, turn + 1);
        size++;
    }

    private long turn(final int source) {
        return Math.max(round, latest[source] + 1);
    }

    /**
     * Takes out items in their turn.
     *
     * @param most most items that are taken
     * @param rounds most rounds that they are of, that is, most items of one source
     * @param to what they are added to
     */
    void take(final int most, final int rounds, final Collection<? super T> to) {
        int left = Math.min(most, size);
        advance();
        final long until = round + rounds;
        while (left > 0 && round < until) {
            to.add(remove());
            left--;
            advance();
        }
    }

    /** To the next round that has items. */
    private void advance() {
        while (size > 0 && counts[at(round)] == 0) {
            round++;
        }
    }

    private T remove() {
        final int at = at(round);
        final Node<T> node = first[at];
        first[at] = node.next;
        if (--counts[at] == 0) {
            last[at] = null;
        }
        size--;
        return node.item;
    }

    /**
     * How many items go out before one that this source would put in now; where that is far behind
     * others, no less than there are.
     */
    int ahead(final int source) {
        final long turn = turn(source);
        if (turn >= end - 1) {
            return size;
        }
        final long exact = Math.min(turn, round + EXACT_ROUNDS - 1);
        long ahead = 0;
        for (long r = round; r <= exact; r++) {
            ahead += counts[at(r)];
        }
        /* No source is in a round without being in all before it, so later ones have no more. */
        ahead += (turn - exact) * counts[at(exact)];
        return (int) Math.min(size, ahead);
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    private int at(final long turn) {
        return (int) turn & counts.length - 1;
    }

    private void grow() {
        final Node<T>[] formerFirst = first;
        final Node<T>[] formerLast = last;
        final int[] formerCounts = counts;
        first = nodes(2 * formerCounts.length);
        last = nodes(2 * formerCounts.length);
        counts = new int[2 * formerCounts.length];
        for (long r = round; r < round + formerCounts.length; r++) {
            final int from = (int) r & formerCounts.length - 1;
            first[at(r)] = formerFirst[from];
            last[at(r)] = formerLast[from];
            counts[at(r)] = formerCounts[from];
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <T> Node<T>[] nodes(final int rounds) {
        return new Node[rounds];
    }

    private static final class Node<T> {

        private final T item;
        private Node<T> next;

        private Node(final T item) {
            this.item = item;
        }
    }
}
