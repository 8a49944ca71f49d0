/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.plot;

import java.util.Comparator;
import java.util.List;

/**
 * Points that belong together.
 *
 * @param name what they are of; empty if there is nothing else in the picture
 */
public record Curve(String name, List<Point> points) {

    public Curve {
        points = points.stream().sorted(Comparator.comparingDouble(Point::x)).toList();
    }

    /** A point with the least and the most of its runs. */
    public record Point(double x, double y, double least, double most) {}
}
