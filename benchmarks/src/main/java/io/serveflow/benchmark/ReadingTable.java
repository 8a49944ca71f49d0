/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Measures reading and prints a row a case: the median of all iterations of all forks, the least
 * and the most, how many times as fast as Jackson's tree in the same run, and what was allocated.
 * Seconds are those of the processor, not of the clock.
 */
public final class ReadingTable {

    private static final String ROW = "%-44s %7s %15s %7s %9s%n";

    private ReadingTable() {}

    /** What each benchmark measures and what it is compared with. */
    private enum Case {
        ZEEK_TREE("zeekTree", "Zeek JSON: Jackson's tree", "zeekTree"),
        ZEEK("zeekRecords", "Zeek JSON: records", "zeekTree"),
        ZEEK_UNDECIDED(
                "zeekRecordsUndecided", "Zeek JSON: records, decided flows dropped", "zeekTree"),
        ZEEK_FILE("zeekRecordsOfFile", "Zeek JSON: records of a file", "zeekTree"),
        ZEEK_PARSER("zeekRecordsByParser", "Zeek JSON: records by Jackson's parser", "zeekTree"),
        ZEEK_TSV("zeekRecordsOfTsv", "Zeek TSV: records", ""),
        EVE_TREE("eveTree", "EVE: Jackson's tree", "eveTree"),
        EVE("eveRecords", "EVE: records", "eveTree");

        private final String method;
        private final String words;
        private final String baseline;

        Case(final String method, final String words, final String baseline) {
            this.method = method;
            this.words = words;
            this.baseline = baseline;
        }
    }

    /**
     * Runs with options of JMH and prints the table.
     *
     * @param arguments those of JMH's command line
     */
    public static void main(final String[] arguments)
            throws RunnerException, CommandLineOptionException {
        final Options options =
                new OptionsBuilder()
                        .parent(new CommandLineOptions(arguments))
                        .include(ReadingBenchmark.class.getName())
                        .addProfiler(GCProfiler.class)
                        .build();
        System.out.print(of(new Runner(options).run()));
    }

    /** The table of what a run measured. */
    static String of(final Collection<RunResult> results) {
        final StringBuilder table = new StringBuilder();
        table.append(row("", "MB/s", "least to most", "ratio", "B/record"));
        for (final Case of : Case.values()) {
            find(results, of.method).ifPresent(result -> table.append(row(of, result, results)));
        }
        return table.toString();
    }

    private static String row(
            final Case of, final RunResult result, final Collection<RunResult> results) {
        final double[] speeds = sorted(result, ReadingTable::megabytes);
        final String ratio =
                find(results, of.baseline)
                        .map(
                                b ->
                                        format(
                                                "%.2f",
                                                median(speeds)
                                                        / median(
                                                                sorted(
                                                                        b,
                                                                        ReadingTable::megabytes))))
                        .orElse("");
        return row(
                of.words,
                format("%.0f", median(speeds)),
                format("%.0f to %.0f", speeds[0], speeds[speeds.length - 1]),
                ratio,
                format("%.0f", median(sorted(result, ReadingTable::allocated))));
    }

    private static Optional<RunResult> find(
            final Collection<RunResult> results, final String method) {
        return results.stream()
                .filter(r -> r.getParams().getBenchmark().endsWith("." + method))
                .findFirst();
    }

    private static double[] sorted(
            final RunResult result, final ToDoubleFunction<IterationResult> of) {
        return result.getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .mapToDouble(of)
                .sorted()
                .toArray();
    }

    /** Megabytes in a second of the processor's time. */
    private static double megabytes(final IterationResult iteration) {
        return secondary(iteration, "bytes") / secondary(iteration, "cpuNanos") * 1e3;
    }

    /** Bytes that were allocated for a line. */
    private static double allocated(final IterationResult iteration) {
        final double linesOfAPass =
                secondary(iteration, "lines") / iteration.getPrimaryResult().getScore();
        return secondary(iteration, "gc.alloc.rate.norm") / linesOfAPass;
    }

    private static double secondary(final IterationResult iteration, final String label) {
        return iteration.getSecondaryResults().get(label).getScore();
    }

    private static double median(final double[] sorted) {
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static String row(final String... cells) {
        return String.format(Locale.ROOT, ROW, (Object[]) cells);
    }

    private static String format(final String pattern, final Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
