/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation.page;

import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.geom.Line2D;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.DefaultXYDataset;

/** A chart of lines and points over two axes, in the style of the page. */
public final class Chart {

    private static final float THIN = 1;
    private static final float LINE = 2;
    private static final double MARK = 9;

    private final int width;
    private final int height;
    private final XYPlot plot;
    private final Font font;
    private String heading = "";
    private boolean legend;

    private Chart(final int width, final int height, final float points, final XYPlot plot) {
        this.width = width;
        this.height = height;
        this.plot = plot;
        this.font = new Font(Font.SANS_SERIF, Font.PLAIN, 1).deriveFont(points);
    }

    /** A chart as wide as the page. */
    public static Chart wide(final int height, final Axis x, final Axis y) {
        return new Chart(760, height, 13, new XYPlot()).withAxes(x, y);
    }

    /** A chart of which two or three stand side by side. */
    public static Chart half(final Axis x, final Axis y) {
        return new Chart(380, 340, 13, new XYPlot()).withAxes(x, y);
    }

    /** One of many small charts. */
    public static Chart small(final Axis x, final Axis y) {
        return new Chart(200, 190, 11, new XYPlot()).withAxes(x, y);
    }

    /** How a series is drawn. */
    public record Style(Ink ink, Dash dash, Mark mark) {}

    private Chart withAxes(final Axis x, final Axis y) {
        plot.setDomainAxis(styled(Axis.of(x)));
        plot.setRangeAxis(styled(Axis.of(y)));
        plot.getRangeAxis().setLabel(null);
        heading = y.title();
        plot.setBackgroundPaint(null);
        plot.setOutlineVisible(false);
        plot.setDomainGridlinePaint(Ink.RULE.color());
        plot.setRangeGridlinePaint(Ink.RULE.color());
        plot.setDomainGridlineStroke(new BasicStroke(THIN));
        plot.setRangeGridlineStroke(new BasicStroke(THIN));
        plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
        plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
        plot.setInsets(new RectangleInsets(8, 4, 4, 20));
        return this;
    }

    private ValueAxis styled(final ValueAxis axis) {
        axis.setLabelFont(font);
        axis.setTickLabelInsets(new RectangleInsets(3, 4, 3, axis instanceof SymbolAxis ? 10 : 5));
        axis.setTickLabelFont(font);
        axis.setLabelPaint(Ink.TEXT.color());
        axis.setTickLabelPaint(axis instanceof SymbolAxis ? Ink.TEXT.color() : Ink.SOFT.color());
        axis.setAxisLinePaint(Ink.SOFT.color());
        axis.setTickMarkPaint(Ink.SOFT.color());
        if (axis instanceof NumberAxis number) {
            number.setAutoRangeIncludesZero(false);
        }
        return axis;
    }

    /** Adds a line; it is in the legend. */
    public Chart line(final String name, final Style style, final double[] xs, final double[] ys) {
        final XYLineAndShapeRenderer renderer = renderer(style, true, false);
        add(name, renderer, xs, ys);
        return this;
    }

    /** Adds a line with a mark at each point; it is in the legend. */
    public Chart marked(
            final String name, final Style style, final double[] xs, final double[] ys) {
        add(name, renderer(style, true, true), xs, ys);
        return this;
    }

    /** Adds points; they are in the legend. */
    public Chart points(
            final String name, final Style style, final double[] xs, final double[] ys) {
        add(name, renderer(style, false, true), xs, ys);
        return this;
    }

    /** Adds points of which only the outline is drawn; they are not in the legend. */
    public Chart open(final Style style, final double[] xs, final double[] ys) {
        final XYLineAndShapeRenderer renderer = renderer(style, false, true);
        renderer.setSeriesShapesFilled(0, false);
        renderer.setSeriesStroke(0, Dash.SOLID.stroke(THIN));
        renderer.setSeriesVisibleInLegend(0, false);
        add("", renderer, xs, ys);
        return this;
    }

    /** Adds one point that stands out; it is in the legend. */
    public Chart star(final String name, final Ink ink, final double x, final double y) {
        final XYLineAndShapeRenderer renderer =
                renderer(new Style(ink, Dash.SOLID, Mark.STAR), false, true);
        renderer.setSeriesShape(0, Mark.STAR.shape(2 * MARK));
        renderer.setLegendShape(0, Mark.STAR.shape(1.3 * MARK));
        renderer.setSeriesOutlinePaint(0, Ink.PAPER.color());
        renderer.setUseOutlinePaint(true);
        renderer.setDrawOutlines(true);
        add(name, renderer, new double[] {x}, new double[] {y});
        return this;
    }

    /** Adds points whose area grows with a weight from 0 to 1; they are not in the legend. */
    public Chart bubbles(
            final Style style, final double[] xs, final double[] ys, final double[] weights) {
        for (int i = 0; i < xs.length; i++) {
            final XYLineAndShapeRenderer renderer = renderer(style, false, true);
            renderer.setSeriesShape(
                    0,
                    style.mark()
                            .shape(Math.min(width, 330) * (0.016 + 0.055 * Math.sqrt(weights[i]))));
            renderer.setSeriesOutlinePaint(0, Ink.PAPER.color());
            renderer.setUseOutlinePaint(true);
            renderer.setSeriesVisibleInLegend(0, false);
            add("", renderer, new double[] {xs[i]}, new double[] {ys[i]});
        }
        return this;
    }

    /** Adds a straight line that is there to be compared with; it is not in the legend. */
    public Chart guide(final double x0, final double y0, final double x1, final double y1) {
        final XYLineAndShapeRenderer renderer =
                renderer(new Style(Ink.SOFT, Dash.DASHED, Mark.CIRCLE), true, false);
        renderer.setSeriesStroke(0, Dash.DASHED.stroke(THIN));
        renderer.setSeriesVisibleInLegend(0, false);
        add("", renderer, new double[] {x0, x1}, new double[] {y0, y1});
        return this;
    }

    /** Adds a line from bottom to top with words at its lower end. */
    public Chart limit(final double x, final String words) {
        final ValueMarker marker =
                new ValueMarker(x, Ink.SOFT.color(), Dash.DASHED.stroke(THIN + 0.5f));
        marker.setLabel(words);
        marker.setLabelFont(font);
        marker.setLabelPaint(Ink.TEXT.color());
        marker.setLabelBackgroundColor(Ink.PAPER.transparent());
        marker.setLabelAnchor(RectangleAnchor.BOTTOM_RIGHT);
        marker.setLabelTextAnchor(TextAnchor.BOTTOM_LEFT);
        marker.setLabelOffset(new RectangleInsets(4, 5, 4, 5));
        plot.addDomainMarker(marker);
        return this;
    }

    /** Shows what each series means, below the chart. */
    public Chart withLegend() {
        legend = true;
        return this;
    }

    /**
     * The chart as an SVG element for a page.
     *
     * @param id of the element, unique on its page
     * @param description what can be seen, for those who cannot see it
     */
    public String svg(final String id, final String description) {
        final JFreeChart chart = new JFreeChart(null, font, plot, false);
        chart.setBackgroundPaint(null);
        chart.setBorderVisible(false);
        chart.setPadding(RectangleInsets.ZERO_INSETS);
        if (!heading.isEmpty()) {
            // Above the axis and level, for a reader's neck.
            final TextTitle title = new TextTitle(heading, font);
            title.setPaint(Ink.TEXT.color());
            title.setHorizontalAlignment(HorizontalAlignment.LEFT);
            title.setPadding(2, 2, 0, 0);
            chart.addSubtitle(title);
        }
        if (legend) {
            final LegendTitle title = new LegendTitle(plot);
            title.setItemFont(font);
            title.setItemPaint(Ink.TEXT.color());
            title.setBackgroundPaint(null);
            title.setPosition(RectangleEdge.BOTTOM);
            title.setItemLabelPadding(new RectangleInsets(2, 2, 2, 14));
            chart.addLegend(title);
        }
        return new InlineSvg(width, height).draw(chart::draw, id, description);
    }

    private static XYLineAndShapeRenderer renderer(
            final Style style, final boolean lines, final boolean marks) {
        final XYLineAndShapeRenderer renderer = new SampledRenderer(lines, marks);
        renderer.setSeriesPaint(0, style.ink().color());
        renderer.setSeriesStroke(0, style.dash().stroke(LINE));
        renderer.setSeriesShape(0, style.mark().shape(MARK));
        renderer.setDrawSeriesLineAsPath(true);
        return renderer;
    }

    private void add(
            final String name,
            final XYLineAndShapeRenderer renderer,
            final double[] xs,
            final double[] ys) {
        final DefaultXYDataset data = new DefaultXYDataset();
        data.addSeries(name, new double[][] {xs.clone(), ys.clone()});
        final int index = plot.getDatasetCount();
        plot.setDataset(index, data);
        plot.setRenderer(index, renderer);
    }

    /** Whose legend shows enough of a line to tell its dashes. */
    private static final class SampledRenderer extends XYLineAndShapeRenderer {

        private static final long serialVersionUID = 1L;

        SampledRenderer(final boolean lines, final boolean marks) {
            super(lines, marks);
            setLegendLine(new Line2D.Double(-17, 0, 17, 0));
        }
    }
}
