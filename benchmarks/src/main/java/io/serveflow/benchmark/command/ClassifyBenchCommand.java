/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.command;

import io.serveflow.app.cli.Serveflow;
import io.serveflow.benchmark.classify.MergedCapture;
import io.serveflow.benchmark.report.Report;
import io.serveflow.benchmark.report.Report.Column;
import io.serveflow.benchmark.run.FreshJvm;
import io.serveflow.benchmark.run.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench classify}: captures to verdicts on one core, beside nDPI. */
@Command(
        name = "classify",
        mixinStandardHelpOptions = true,
        description =
                "Packets a second of serveflow classify on one core, and of nDPI's ndpiReader on"
                        + " the same capture and core.")
final class ClassifyBenchCommand implements Callable<Integer> {

    private static final String RATE = "packetsPerSecond";
    private static final String OURS = "classify";
    private static final String NDPI = "ndpiReader";
    private static final Pattern NDPI_FLOWS = Pattern.compile("Unique flows:\\s+(\\d+)");
    private static final List<Column> COLUMNS =
            List.of(
                    new Column(RATE, "packets/s", "%,.0f"),
                    new Column("flowsPerSecond", "flows/s", "%,.0f"),
                    new Column("seconds", "s", "%.2f"),
                    new Column("startSeconds", "of it start", "%.2f"),
                    new Column("netPacketsPerSecond", "packets/s after start", "%,.0f"),
                    new Column("netFlowsPerSecond", "flows/s after start", "%,.0f"),
                    new Column("flows", "flows", "%,.0f"));

    @Mixin private Common common;

    @Option(
            names = "--packets",
            defaultValue = "500000",
            paramLabel = "N",
            description = "Packets in the merged capture (default: ${DEFAULT-VALUE}).")
    private long packets;

    @Option(
            names = "--ndpi",
            defaultValue = "ndpiReader",
            paramLabel = "COMMAND",
            description = "nDPI's reader; Debian has it in libndpi-bin.")
    private String ndpi;

    private double ndpiFlows;

    @Override
    public Integer call() throws Exception {
        final Report report = new Report("classify", COLUMNS);
        report.add(OURS, "serveflow classify --output ndjson", parameters());
        try (WorkFolder work = WorkFolder.made()) {
            final Path capture = work.path().resolve("merged.pcap");
            final Path nothing = work.path().resolve("nothing.pcap");
            final MergedCapture merged = MergedCapture.write(common.captures(), packets, capture);
            try (var in = Files.newInputStream(capture)) {
                Files.write(nothing, in.readNBytes(24));
            }
            report.note(
                    "The capture has %,d packets; %d files that are no pcap of Ethernet frames are left out of it."
                            .formatted(merged.packets(), merged.leftOut()));
            final boolean withNdpi = isThere();
            if (withNdpi) {
                report.add(NDPI, "nDPI's reader, quiet, with its default limits", parameters());
                report.compare(OURS, NDPI, RATE);
                report.compare(OURS, NDPI, "netPacketsPerSecond");
            } else {
                report.note(
                        "There is no "
                                + ndpi
                                + " here to compare with; install Debian's libndpi-bin, or name it"
                                + " with --ndpi.");
            }
            if (withNdpi) {
                // Quiet, it does not say how many flows it found.
                final Path said = work.path().resolve("said");
                seconds(List.of(ndpi, "-i", capture.toString()), said);
                ndpiFlows = ndpiFlows(said);
            }
            for (int run = 1; run <= common.runs(); run++) {
                measure(report, run, OURS, merged, work.path(), ours(capture), ours(nothing));
                if (withNdpi) {
                    measure(
                            report,
                            run,
                            NDPI,
                            merged,
                            work.path(),
                            List.of("taskset", "-c", "0", ndpi, "-q", "-i", capture.toString()),
                            List.of("taskset", "-c", "0", ndpi, "-q", "-i", nothing.toString()));
                }
            }
        }
        common.publish(report);
        return 0;
    }

    private List<String> ours(final Path capture) {
        return new FreshJvm(1, common.jvm())
                .command(
                        Serveflow.class,
                        "classify",
                        "--bundle",
                        common.bundle().toString(),
                        "--output",
                        "ndjson",
                        capture.toString());
    }

    private void measure(
            final Report report,
            final int run,
            final String name,
            final MergedCapture merged,
            final Path work,
            final List<String> command,
            final List<String> start)
            throws Exception {
        final Path said = work.resolve("said");
        final double startSeconds = seconds(start, said);
        final double seconds = seconds(command, said);
        final double flows = name.equals(OURS) ? lines(said) : ndpiFlows;
        final Map<String, Double> figures = new LinkedHashMap<>();
        final double net = Math.max(1e-3, seconds - startSeconds);
        figures.put(RATE, merged.packets() / seconds);
        figures.put("flowsPerSecond", flows / seconds);
        figures.put("seconds", seconds);
        figures.put("startSeconds", startSeconds);
        figures.put("netPacketsPerSecond", merged.packets() / net);
        figures.put("netFlowsPerSecond", flows / net);
        figures.put("flows", flows);
        report.run(name, figures);
        common.tell(
                "run %d of %d: %s, %,.0f packets/s", run, common.runs(), name, figures.get(RATE));
    }

    private static double seconds(final List<String> command, final Path said)
            throws IOException, InterruptedException {
        final long begin = System.nanoTime();
        final Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        process.getOutputStream().close();
        final int code = process.waitFor();
        final double seconds = (System.nanoTime() - begin) / 1e9;
        if (code != 0) {
            throw new IOException(
                    String.join(" ", command) + " ended with code " + code + ": " + tail(said));
        }
        return seconds;
    }

    private static String tail(final Path said) throws IOException {
        final List<String> lines = Files.readAllLines(said);
        return lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1);
    }

    private static double lines(final Path said) throws IOException {
        try (Stream<String> lines = Files.lines(said)) {
            return lines.filter(line -> line.startsWith("{")).count();
        }
    }

    private static double ndpiFlows(final Path said) throws IOException {
        final Matcher flows = NDPI_FLOWS.matcher(Files.readString(said));
        return flows.find() ? Double.parseDouble(flows.group(1)) : Double.NaN;
    }

    private boolean isThere() {
        try {
            final Process process =
                    new ProcessBuilder(ndpi, "-h")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            process.waitFor();
            return true;
        } catch (final IOException e) {
            return false;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Map<String, Object> parameters() {
        final Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("packets", packets);
        parameters.put("jvm", common.jvm());
        return parameters;
    }
}
