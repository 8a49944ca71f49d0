/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import java.util.List;

/** By what documents are put into rows. */
public sealed interface Bucket {

    /** What stands over the column. */
    String label();

    /** The field whose values they are, or that these are ranges of. */
    String field();

    /** What the values are. */
    Unit unit();

    /** Stretches of time, as long as what is shown asks for. */
    record Time(String label, String field) implements Bucket {
        @Override
        public Unit unit() {
            return Unit.TIME;
        }
    }

    /**
     * The values of a field that come first.
     *
     * @param size how many
     * @param order what comes first
     * @param others whether the documents with other values are one more row
     */
    record Values(String label, String field, Unit unit, int size, Order order, boolean others)
            implements Bucket {

        /** Without a row for other values. */
        Values(final String label, final String field, final Unit unit, final int size) {
            this(label, field, unit, size, Order.MOST, false);
        }

        /** The same with a row for the documents with other values. */
        Values withOthers() {
            return new Values(label, field, unit, size, order, true);
        }

        /** The same in another order. */
        Values by(final Order first) {
            return new Values(label, field, unit, size, first, others);
        }
    }

    /**
     * Which values come first.
     *
     * @param measure by which measure of the panel, counted from 0; it must be the number of
     *     documents or a single number of a field
     * @param ascending whether the least comes first
     */
    record Order(int measure, boolean ascending) {
        /** The greatest by the first measure. */
        static final Order MOST = new Order(0, false);
    }

    /**
     * Ranges of a number, each from a bound to the next, which is left out; the last has no end.
     *
     * @param bounds ascending
     */
    record Ranges(String label, String field, List<Double> bounds) implements Bucket {
        public Ranges {
            bounds = List.copyOf(bounds);
        }

        @Override
        public Unit unit() {
            return Unit.NAME;
        }

        /** What the range from a bound on is called. */
        String name(final int i) {
            return i + 1 < bounds.size()
                    ? bounds.get(i) + " to " + bounds.get(i + 1)
                    : bounds.get(i) + " and more";
        }
    }
}
