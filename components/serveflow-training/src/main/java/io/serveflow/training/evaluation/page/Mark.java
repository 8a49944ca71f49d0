/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation.page;

import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/** What stands at a point, so that series differ in more than their colour. */
public enum Mark {
    CIRCLE {
        @Override
        Shape shape(final double size) {
            return new Ellipse2D.Double(-size / 2, -size / 2, size, size);
        }
    },
    SQUARE {
        @Override
        Shape shape(final double size) {
            return new Rectangle2D.Double(-0.45 * size, -0.45 * size, 0.9 * size, 0.9 * size);
        }
    },
    DIAMOND {
        @Override
        Shape shape(final double size) {
            return star(2, 0.62 * size, 0.62 * size);
        }
    },
    TRIANGLE {
        @Override
        Shape shape(final double size) {
            return polygon(3, 0.66 * size);
        }
    },
    STAR {
        @Override
        Shape shape(final double size) {
            return star(5, 0.8 * size, 0.34 * size);
        }
    };

    /**
     * The outline round the origin.
     *
     * @param size about its width
     */
    abstract Shape shape(double size);

    private static Shape polygon(final int corners, final double radius) {
        final Path2D path = new Path2D.Double();
        for (int corner = 0; corner < corners; corner++) {
            add(path, 2 * Math.PI * corner / corners, radius);
        }
        path.closePath();
        return path;
    }

    private static Shape star(final int rays, final double outer, final double inner) {
        final Path2D path = new Path2D.Double();
        for (int corner = 0; corner < 2 * rays; corner++) {
            add(path, Math.PI * corner / rays, corner % 2 == 0 ? outer : inner);
        }
        path.closePath();
        return path;
    }

    private static void add(final Path2D path, final double angle, final double radius) {
        final double x = radius * Math.sin(angle);
        final double y = -radius * Math.cos(angle);
        if (path.getCurrentPoint() == null) {
            path.moveTo(x, y);
        } else {
            path.lineTo(x, y);
        }
    }
}
