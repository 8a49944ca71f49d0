/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Curves over one pair of axes, as SVG with the text as text. */
public final class Picture {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 400;
    private static final int LEFT = 80;
    private static final int RIGHT = 160;
    private static final int TOP = 44;
    private static final int BOTTOM = 52;

    /** Distinguishable by most people, also in grey: Okabe and Ito's. */
    private static final List<String> COLOURS =
            List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000");

    private final String title;
    private final Axis x;
    private final Axis y;
    private final List<Curve> curves;

    /** What is written at the axes and how they run. */
    public record Axes(String x, boolean logX, String y, boolean logY) {}

    /**
     * @throws IllegalArgumentException if there are no points
     */
    public Picture(final String title, final Axes axes, final List<Curve> curves) {
        final List<Curve.Point> points =
                curves.stream().flatMap(curve -> curve.points().stream()).toList();
        if (points.isEmpty()) {
            throw new IllegalArgumentException("there is nothing to draw");
        }
        this.title = title;
        this.x = Axis.of(axes.x(), points.stream().map(Curve.Point::x).toList(), axes.logX());
        this.y =
                Axis.of(
                        axes.y(),
                        points.stream()
                                .flatMap(point -> Stream.of(point.y(), point.most(), point.least()))
                                .toList(),
                        axes.logY());
        this.curves = List.copyOf(curves);
    }

    /** The picture. */
    public String svg() {
        final List<String> parts = new ArrayList<>();
        parts.add(
                text(
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
                                + " font-family=\"sans-serif\" font-size=\"12\" role=\"img\">",
                        WIDTH, HEIGHT));
        parts.add("<title>" + escaped(title) + "</title>");
        parts.add("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
        parts.add(label(LEFT, 22, "start", title, " font-size=\"14\" font-weight=\"bold\""));
        frame(parts);
        for (int i = 0; i < curves.size(); i++) {
            curve(parts, curves.get(i), COLOURS.get(i % COLOURS.size()), i);
        }
        parts.add("</svg>");
        return String.join("\n", parts) + "\n";
    }

    private void frame(final List<String> parts) {
        for (final double mark : x.marks()) {
            final double at = across(mark);
            parts.add(line(at, TOP, at, HEIGHT - BOTTOM, "#e0e0e0"));
            parts.add(label(at, HEIGHT - BOTTOM + 18, "middle", number(mark), ""));
        }
        for (final double mark : y.marks()) {
            final double at = up(mark);
            parts.add(line(LEFT, at, WIDTH - RIGHT, at, "#e0e0e0"));
            parts.add(label(LEFT - 8, at + 4, "end", number(mark), ""));
        }
        parts.add(line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, "#404040"));
        parts.add(line(LEFT, TOP, LEFT, HEIGHT - BOTTOM, "#404040"));
        parts.add(label((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle", x.label(), ""));
        parts.add(
                text(
                        "<text transform=\"translate(16 %.1f) rotate(-90)\""
                                + " text-anchor=\"middle\">%s</text>",
                        (TOP + HEIGHT - BOTTOM) / 2.0, escaped(y.label())));
    }

    private void curve(
            final List<String> parts, final Curve curve, final String colour, final int place) {
        final StringBuilder path = new StringBuilder();
        for (final Curve.Point point : curve.points()) {
            path.append(path.isEmpty() ? "M" : " L")
                    .append(text("%.1f %.1f", across(point.x()), up(point.y())));
            if (point.least() < point.most()) {
                parts.add(
                        line(
                                across(point.x()),
                                up(point.least()),
                                across(point.x()),
                                up(point.most()),
                                colour));
            }
        }
        parts.add(
                "<path fill=\"none\" stroke-width=\"2\" stroke=\""
                        + colour
                        + "\" d=\""
                        + path
                        + "\"/>");
        if (curve.points().size() <= 20) {
            for (final Curve.Point point : curve.points()) {
                parts.add(
                        text(
                                "<circle r=\"3\" cx=\"%.1f\" cy=\"%.1f\" fill=\"%s\"/>",
                                across(point.x()), up(point.y()), colour));
            }
        }
        final int height = TOP + 16 + 18 * place;
        if (!curve.name().isEmpty()) {
            parts.add(
                    text(
                            "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"3\" fill=\"%s\"/>",
                            WIDTH - RIGHT + 14, height - 5, colour));
            parts.add(label(WIDTH - RIGHT + 34, height, "start", curve.name(), ""));
        }
    }

    private double across(final double value) {
        return LEFT + x.position(value) * (WIDTH - RIGHT - LEFT);
    }

    private double up(final double value) {
        return HEIGHT - BOTTOM - y.position(value) * (HEIGHT - BOTTOM - TOP);
    }

    private static String line(
            final double x1, final double y1, final double x2, final double y2, final String ink) {
        return text(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>",
                x1, y1, x2, y2, ink);
    }

    private static String label(
            final double x,
            final double y,
            final String anchor,
            final String words,
            final String more) {
        return text("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>", x, y, anchor, more)
                + escaped(words)
                + "</text>";
    }

    /** As short as a person would write it. */
    private static String number(final double value) {
        if (value >= 1e6 && value % 1e5 == 0) {
            return text("%sM", plain(value / 1e6));
        }
        return value >= 1e4 && value % 100 == 0 ? text("%sk", plain(value / 1e3)) : plain(value);
    }

    private static String plain(final double value) {
        return Math.abs(value - Math.rint(value)) < 1e-9
                ? text("%,.0f", value)
                : text("%.3f", value).replaceAll("0+$", "");
    }

    private static String escaped(final String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String text(final String pattern, final Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
