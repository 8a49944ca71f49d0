/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation.page;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.LogTick;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.axis.ValueTick;
import org.jfree.chart.ui.RectangleEdge;

/** One side of a chart. */
public sealed interface Axis {

    /** How far an axis of shares reaches beyond its ends. */
    double SHARE_MARGIN = 0.06;

    /** What it says of itself; may be empty. */
    String title();

    /**
     * Equal steps.
     *
     * @param step between two numbers that are written
     */
    record Linear(String title, double low, double high, double step) implements Axis {}

    /**
     * Equal steps from 0 to 1, with a margin in which marks at the ends have room, that are written
     * as per cent.
     *
     * @param step between two numbers that are written
     */
    record Share(String title, double step) implements Axis {}

    /** Powers of ten; both ends are above 0. */
    record Log(String title, double low, double high) implements Axis {}

    /** Names, the first one at 0. */
    record Names(String title, List<String> names) implements Axis {}

    /** The axis for the library that draws it, without looks. */
    static ValueAxis of(final Axis axis) {
        if (axis instanceof Linear linear) {
            final NumberAxis drawn = new NumberAxis(linear.title());
            drawn.setRange(linear.low(), linear.high());
            drawn.setTickUnit(
                    new NumberTickUnit(
                            linear.step(), format(linear.step() < 0.1 ? "0.00" : "0.0")));
            return drawn;
        }
        if (axis instanceof Share share) {
            final NumberAxis drawn = new NumberAxis(share.title());
            drawn.setRange(-SHARE_MARGIN, 1 + SHARE_MARGIN);
            drawn.setTickUnit(new NumberTickUnit(share.step(), format("0 %")));
            return drawn;
        }
        if (axis instanceof Log log) {
            final LogAxis drawn = new PlainLogAxis(log.title());
            drawn.setRange(log.low(), log.high());
            drawn.setTickUnit(new NumberTickUnit(1));
            drawn.setMinorTickMarksVisible(true);
            drawn.setMinorTickMarkOutsideLength(2);
            return drawn;
        }
        if (axis instanceof Names names) {
            final SymbolAxis drawn =
                    new SymbolAxis(names.title(), names.names().toArray(String[]::new));
            drawn.setRange(-0.6, names.names().size() - 0.4);
            drawn.setGridBandsVisible(false);
            drawn.setTickMarkStroke(new BasicStroke(0));
            return drawn;
        }
        throw new AssertionError(axis);
    }

    /** Which writes its powers of ten as plain numbers, and as text rather than as shapes. */
    final class PlainLogAxis extends LogAxis {

        private static final long serialVersionUID = 1L;

        PlainLogAxis(final String title) {
            super(title);
        }

        @Override
        public List<ValueTick> refreshTicks(
                final Graphics2D graphics,
                final AxisState state,
                final Rectangle2D area,
                final RectangleEdge edge) {
            final NumberFormat format = format("#,##0.###");
            final List<ValueTick> ticks = new ArrayList<>();
            for (final Object each : super.refreshTicks(graphics, state, area, edge)) {
                if (each instanceof LogTick tick) {
                    ticks.add(
                            new NumberTick(
                                    tick.getTickType(),
                                    tick.getValue(),
                                    tick.getAttributedLabel() == null
                                            ? ""
                                            : format.format(tick.getValue()),
                                    tick.getTextAnchor(),
                                    tick.getRotationAnchor(),
                                    0));
                }
            }
            return ticks;
        }
    }

    private static NumberFormat format(final String pattern) {
        return new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT));
    }
}
