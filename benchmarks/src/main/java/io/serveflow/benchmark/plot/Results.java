/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.plot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The results that measurements wrote. */
public final class Results {

    private final Map<String, JsonNode> files = new LinkedHashMap<>();

    /** Reads files that {@code --json} named. */
    public Results(final List<Path> files) throws IOException {
        for (final Path file : files) {
            if (!Files.exists(file)) {
                throw new NoSuchFileException(file.toString());
            }
            this.files.put(
                    file.getFileName().toString().replace(".json", ""),
                    new JsonMapper().readTree(file.toFile()));
        }
    }

    /**
     * A point a case that has the parameter and the figure.
     *
     * @param x a parameter, such as {@code rate}
     * @param figures what is drawn over it, such as {@code packet1P99Ms}
     * @param by what parts cases into curves: a parameter, {@code case}, {@code file}, or empty
     */
    public List<Curve> byParameter(final String x, final List<String> figures, final String by) {
        final Map<String, List<Curve.Point>> curves = new LinkedHashMap<>();
        files.forEach(
                (file, results) ->
                        results.get("cases")
                                .properties()
                                .forEach(
                                        measured ->
                                                add(
                                                        measured.getKey(),
                                                        measured.getValue(),
                                                        file,
                                                        x,
                                                        figures,
                                                        by,
                                                        curves)));
        return curves.entrySet().stream()
                .map(curve -> new Curve(curve.getKey(), curve.getValue()))
                .toList();
    }

    private static void add(
            final String name,
            final JsonNode measured,
            final String file,
            final String x,
            final List<String> figures,
            final String by,
            final Map<String, List<Curve.Point>> curves) {
        final JsonNode at = measured.get("parameters").path(x);
        final String part =
                switch (by) {
                    case "" -> "";
                    case "case" -> name;
                    case "file" -> file;
                    default -> by + " " + measured.get("parameters").path(by).asText();
                };
        for (final String key : figures) {
            final JsonNode figure = measured.get("figures").path(key);
            if (at.isNumber() && figure.path("median").isNumber()) {
                final String curve =
                        figures.size() == 1 ? part : (part.isEmpty() ? key : part + ", " + key);
                curves.computeIfAbsent(curve, absent -> new ArrayList<>())
                        .add(
                                new Curve.Point(
                                        at.asDouble(),
                                        figure.get("median").asDouble(),
                                        figure.get("least").asDouble(),
                                        figure.get("most").asDouble()));
            }
        }
    }

    /** The curves that were seen in one run. */
    public List<Curve> seen() {
        final List<Curve> curves = new ArrayList<>();
        files.values()
                .forEach(
                        results ->
                                results.path("curves")
                                        .properties()
                                        .forEach(curve -> curves.add(seen(curve))));
        return curves;
    }

    private static Curve seen(final Map.Entry<String, JsonNode> curve) {
        final List<Curve.Point> points = new ArrayList<>();
        for (final JsonNode point : curve.getValue().get("points")) {
            final double y = point.get(1).asDouble();
            points.add(new Curve.Point(point.get(0).asDouble(), y, y, y));
        }
        return new Curve(curve.getKey(), points);
    }
}
