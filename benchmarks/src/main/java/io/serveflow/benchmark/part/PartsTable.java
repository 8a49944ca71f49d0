/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.part;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Measures the parts and prints a row a case: nanoseconds a flow, the median of all iterations of
 * all forks with the least and the most, bytes allocated a flow, and how many times as fast as its
 * baseline in the same run it is.
 */
public final class PartsTable {

    private static final String ROW = "%-46s %-26s %9s %19s %9s %8s%n";
    private static final String BYTES = "gc.alloc.rate.norm";

    private PartsTable() {}

    /** What each benchmark measures and what it is compared with. */
    private enum Case {
        BYTE_BY_BYTE(LineSplitBenchmark.class, "byteByByte", "lines: byte by byte", "byteByByte"),
        BUFFERED_READER(
                LineSplitBenchmark.class,
                "bufferedReader",
                "lines: BufferedReader, as strings",
                "byteByByte"),
        SEARCH(LineSplitBenchmark.class, "search", "lines: ours", "byteByByte"),
        JDK_BASE64(Base64Benchmark.class, "jdk", "base64: the JDK's decoder", "jdk"),
        CHARACTERS(
                Base64Benchmark.class, "ofCharacters", "base64: ours, of a parser's text", "jdk"),
        TO_QUOTE(Base64Benchmark.class, "toQuote", "base64: ours, of a line", "jdk"),
        COPY(EncoderBenchmark.class, "copy", "features: copy of a ready row", "copy"),
        ENCODE(EncoderBenchmark.class, "encode", "features: made from a record", "copy"),
        COPY_PACKETS(HandshakeBenchmark.class, "copy", "handshake: copy of the packets", "copy"),
        READ(HandshakeBenchmark.class, "read", "handshake: read from packets", "copy"),
        ONE_AT_A_TIME(
                TierBenchmark.class, "oneAtATime", "tier: a flow at a time, arrays", "oneAtATime"),
        TIER(TierBenchmark.class, "score", "tier: record to probabilities", "oneAtATime"),
        SESSION(TierBenchmark.class, "session", "tier: ONNX Runtime alone", "oneAtATime"),
        LOOP(DecisionBenchmark.class, "loop", "decision: bare loop", "loop"),
        SCORE(DecisionBenchmark.class, "score", "decision: scores of the first tier", "score"),
        DECIDE(DecisionBenchmark.class, "decide", "decision: scores and verdicts", "score"),
        HASH_MAP(JoinBenchmark.class, "hashMap", "join: a hash map", "hashMap"),
        JOIN(JoinBenchmark.class, "join", "join: ours", "hashMap"),
        MAP(VerdictBenchmark.class, "map", "verdict: maps and Jackson's mapper", "map"),
        JSON(VerdictBenchmark.class, "json", "verdict: document", "map"),
        DIGEST(VerdictBenchmark.class, "digest", "verdict: SHA-1 alone", "digest"),
        ID(VerdictBenchmark.class, "id", "verdict: id", "digest"),
        METHOD(ExchangeBenchmark.class, "method", "exchange: method call", "method"),
        EXCHANGE(ExchangeBenchmark.class, "exchange", "exchange: split and choice", "method");

        private final Class<?> of;
        private final String method;
        private final String words;
        private final String baseline;

        Case(final Class<?> of, final String method, final String words, final String baseline) {
            this.of = of;
            this.method = method;
            this.words = words;
            this.baseline = baseline;
        }

        boolean measured(final RunResult result) {
            return is(result, method);
        }

        /** Whether a result is the baseline of another, which may have parameters beyond it. */
        boolean isBaseline(final RunResult candidate, final RunResult result) {
            final BenchmarkParams parameters = candidate.getParams();
            return is(candidate, baseline)
                    && parameters.getParamsKeys().stream()
                            .allMatch(
                                    key ->
                                            parameters
                                                    .getParam(key)
                                                    .equals(result.getParams().getParam(key)));
        }

        private boolean is(final RunResult result, final String name) {
            return result.getParams().getBenchmark().equals(of.getName() + '.' + name);
        }
    }

    /**
     * Runs with options of JMH and prints the table.
     *
     * @param arguments those of JMH's command line; without the name of a benchmark, all parts
     */
    public static void main(final String[] arguments)
            throws RunnerException, CommandLineOptionException {
        final CommandLineOptions given = new CommandLineOptions(arguments);
        final ChainedOptionsBuilder options = new OptionsBuilder().parent(given);
        if (given.getIncludes().isEmpty()) {
            options.include(all());
        }
        options.addProfiler(GCProfiler.class).shouldFailOnError(true);
        System.out.print(of(new Runner(options.build()).run()));
    }

    /** The pattern of all parts. */
    static String all() {
        return PartsTable.class.getPackageName().replace(".", "\\.") + "\\.";
    }

    /** The table of what a run measured. */
    static String of(final Collection<RunResult> results) {
        final StringBuilder table = new StringBuilder();
        table.append(row("", "", "ns/flow", "least to most", "B/flow", "ratio"));
        for (final Case of : Case.values()) {
            results.stream()
                    .filter(of::measured)
                    .forEach(result -> table.append(row(of, result, results)));
        }
        return table.toString();
    }

    private static String row(
            final Case of, final RunResult result, final Collection<RunResult> results) {
        final double[] nanos = sorted(result, PartsTable::nanos);
        return row(
                of.words,
                parameters(result.getParams()),
                format("%.1f", median(nanos)),
                format("%.1f to %.1f", nanos[0], nanos[nanos.length - 1]),
                bytes(result),
                baseline(of, result, results)
                        .map(b -> ratio(median(sorted(b, PartsTable::nanos)) / median(nanos)))
                        .orElse(""));
    }

    /** Two decimals, or four where those would be mere zeros. */
    private static String ratio(final double timesAsFast) {
        return format(timesAsFast < 0.1 ? "%.4f" : "%.2f", timesAsFast);
    }

    private static Optional<RunResult> baseline(
            final Case of, final RunResult result, final Collection<RunResult> results) {
        return results.stream().filter(candidate -> of.isBaseline(candidate, result)).findFirst();
    }

    /** Those that tell cases apart; where the flows and models are from is the same for all. */
    private static String parameters(final BenchmarkParams of) {
        return of.getParamsKeys().stream()
                .filter(key -> !key.equals("captures") && !key.equals("bundle"))
                .map(key -> key + ' ' + of.getParam(key))
                .collect(Collectors.joining(", "));
    }

    private static String bytes(final RunResult result) {
        return format(
                "%.0f",
                median(
                        sorted(
                                result,
                                iteration ->
                                        iteration.getSecondaryResults().get(BYTES).getScore())));
    }

    private static double nanos(final IterationResult iteration) {
        return iteration.getPrimaryResult().getScore();
    }

    private static double[] sorted(
            final RunResult result, final ToDoubleFunction<IterationResult> of) {
        return result.getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .mapToDouble(of)
                .sorted()
                .toArray();
    }

    private static double median(final double[] sorted) {
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static String row(final Object... cells) {
        return String.format(Locale.ROOT, ROW, cells);
    }

    private static String format(final String pattern, final Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
