/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import io.serveflow.app.terminal.ErrorSentence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** What is wrong with an operator's route file: its name, the line where known, and the cause. */
final class RouteFault {

    private static final String FILE = "file:";
    private static final String STEP_BEGINS = ">>> ";
    private static final String STEP_ENDS = " <<<";
    private static final String CUT = "...";

    private RouteFault() {}

    /**
     * The sentence for what Camel threw; empty where no route file of the operator is at fault.
     *
     * @param routes all routes of the context, as they were read
     */
    static Optional<String> of(final Throwable thrown, final List<RouteDefinition> routes) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof MarkedYamlEngineException yaml) {
                return yaml.getProblemMark()
                        .filter(mark -> mark.getName().startsWith(FILE))
                        .map(mark -> inYaml(yaml, mark));
            }
            if (cause instanceof FailedToCreateRouteException failed) {
                return routes.stream()
                        .filter(route -> isOf(route, failed))
                        .filter(route -> fileOf(route).isPresent())
                        .findFirst()
                        .map(route -> inRoute(failed, route));
            }
        }
        return Optional.empty();
    }

    /** Camel's own exceptions say what they miss; those of the parser say how YAML is broken. */
    private static String inYaml(final MarkedYamlEngineException yaml, final Mark mark) {
        final boolean isOfCamel = yaml.getClass().getName().startsWith("org.apache.camel.");
        return at(mark.getName(), mark.getLine() + 1)
                + (isOfCamel
                        ? firstLine(yaml.getProblem())
                        : "this is no YAML: "
                                + firstLine(yaml.getProblem())
                                + "; look at the indentation of this line and the one before");
    }

    private static String inRoute(
            final FailedToCreateRouteException failed, final RouteDefinition route) {
        final String message = failed.getMessage();
        final Optional<String> step =
                message.contains(STEP_BEGINS) && message.contains(STEP_ENDS)
                        ? Optional.of(
                                message.substring(
                                        message.indexOf(STEP_BEGINS) + STEP_BEGINS.length(),
                                        message.indexOf(STEP_ENDS)))
                        : Optional.empty();
        final int line =
                step.flatMap(text -> line(route, text)).orElseGet(() -> route.getLineNumber());
        return at(fileOf(route).orElseThrow(), line)
                + "route '"
                + route.getId()
                + "' cannot be made: "
                + (failed.getCause() == null
                        ? firstLine(message)
                        : ErrorSentence.of(failed.getCause()));
    }

    private static boolean isOf(
            final RouteDefinition route, final FailedToCreateRouteException failed) {
        return failed.getRouteId() != null
                ? failed.getRouteId().equals(route.getId())
                : failed.getMessage().contains("Duplicate route ids detected: " + route.getId());
    }

    /** The line of the step that Camel writes like this, unless several are written so. */
    private static Optional<Integer> line(final RouteDefinition route, final String text) {
        final List<Integer> lines =
                steps(route)
                        .filter(step -> isWritten(step, text))
                        .filter(step -> step.getLineNumber() > 0)
                        .map(step -> keyLine(fileOf(route).orElseThrow(), step))
                        .toList();
        return lines.size() == 1 ? Optional.of(lines.get(0)) : Optional.empty();
    }

    /** Of a step whose options are on the line of its key, Camel knows the line before. */
    private static int keyLine(final String location, final ProcessorDefinition<?> step) {
        final int line = step.getLineNumber();
        try {
            final List<String> lines =
                    Files.readAllLines(Path.of(location.substring(FILE.length())));
            final String key = step.getShortName() + ":";
            return line < lines.size()
                            && !lines.get(line - 1).contains(key)
                            && lines.get(line).contains(key)
                    ? line + 1
                    : line;
        } catch (final IOException e) {
            return line;
        }
    }

    private static boolean isWritten(final ProcessorDefinition<?> step, final String text) {
        return text.endsWith(CUT)
                ? step.toString().startsWith(text.substring(0, text.length() - CUT.length()))
                : step.toString().equals(text);
    }

    private static Stream<ProcessorDefinition<?>> steps(final ProcessorDefinition<?> of) {
        return of.getOutputs().stream()
                .flatMap(step -> Stream.concat(Stream.of(step), steps(step)));
    }

    private static Optional<String> fileOf(final RouteDefinition route) {
        return Optional.ofNullable(route.getResource())
                .map(resource -> resource.getLocation())
                .filter(location -> location.startsWith(FILE));
    }

    private static String at(final String location, final int line) {
        return "route file "
                + location.substring(FILE.length())
                + (line > 0 ? ", line " + line : "")
                + ": ";
    }

    private static String firstLine(final String text) {
        return text.lines().findFirst().orElse(text);
    }
}
