/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.command;

import io.serveflow.benchmark.report.Report;
import io.serveflow.benchmark.report.Report.Column;
import io.serveflow.benchmark.slow.SlowRun;
import io.serveflow.benchmark.slow.SlowRun.Way;
import io.serveflow.model.onnx.OnnxDevice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench slow}: the slow tier by the size of its batches. */
@Command(
        name = "slow",
        mixinStandardHelpOptions = true,
        description =
                "Flows a second and time a batch of the slow tier on one thread, beside ONNX"
                        + " Runtime alone, on the CPU and on CUDA where the build has it.")
final class SlowCommand implements Callable<Integer> {

    private static final String RATE = "flowsPerSecond";
    private static final List<Column> COLUMNS =
            List.of(
                    new Column(RATE, "flows/s", "%,.0f"),
                    new Column("p50Ms", "p50 ms a batch", "%.3f"),
                    new Column("p99Ms", "p99", "%.3f"),
                    new Column("maxMs", "max", "%.2f"));

    @Mixin private Common common;

    @Option(
            names = "--batches",
            split = ",",
            defaultValue = "1,2,4,8,16,32,64,128,256,512,1024,2048,4096",
            paramLabel = "N",
            description = "Flows a batch (default: ${DEFAULT-VALUE}).")
    private List<Integer> batches;

    @Option(
            names = "--tier",
            defaultValue = "",
            paramLabel = "NAME",
            description = "The tier (default: the last of the bundle).")
    private String tier;

    @Option(
            names = "--seconds",
            defaultValue = "5",
            paramLabel = "N",
            description = "Seconds that count, of each run (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "3",
            paramLabel = "N",
            description = "Seconds before (default: ${DEFAULT-VALUE}).")
    private double warmUp;

    @Spec private CommandSpec spec;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description =
                    "cpu for no other, or cuda:N, which must be there then (default: cuda:0 too, if"
                            + " the build has it).")
    private Optional<String> device;

    @Override
    public Integer call() throws Exception {
        final OnnxDevice asked = device();
        final Report report = new Report("slow", COLUMNS);
        final List<Way> ways = new ArrayList<>(List.of(Way.TIER, Way.CPU, Way.CPU_TENSORS));
        if (asked.isCuda()) {
            ways.add(Way.CUDA);
            ways.add(Way.CUDA_TENSORS);
        } else if (device.isEmpty()) {
            report.note(
                    "This build of ONNX Runtime has no CUDA; name one that has (artifact"
                            + " onnxruntime_gpu) in SERVEFLOW_BENCH_CLASSPATH to see it here.");
        }
        for (final int batch : batches) {
            for (final Way way : ways) {
                report.add(name(way, batch), words(way), parameters(way, batch));
            }
            for (final Way way : ways.subList(1, ways.size())) {
                report.compare(name(way, batch), name(Way.TIER, batch), RATE);
            }
        }
        for (int run = 1; run <= common.runs(); run++) {
            for (final int batch : batches) {
                for (final Way way : ways) {
                    report.run(name(way, batch), measure(way, batch));
                }
                common.tell("run %d of %d: batch %d is done", run, common.runs(), batch);
            }
        }
        common.publish(report);
        return 0;
    }

    private OnnxDevice device() {
        final OnnxDevice asked;
        try {
            asked = OnnxDevice.of(device.orElse(SlowRun.hasCuda() ? "cuda:0" : "cpu"));
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "option --device: " + e.getMessage());
        }
        if (asked.isCuda() && !SlowRun.hasCuda()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "option --device is "
                            + asked
                            + ", but this build of ONNX Runtime has no CUDA; name one that has"
                            + " (artifact onnxruntime_gpu) in SERVEFLOW_BENCH_CLASSPATH");
        }
        return asked;
    }

    private Map<String, Double> measure(final Way way, final int batch) throws Exception {
        return common.freshJvm()
                .measure(
                        SlowRun.class,
                        new SlowRun.Settings(
                                way,
                                common.captures().toString(),
                                common.bundle().toString(),
                                tier,
                                device().number(),
                                batch,
                                warmUp,
                                seconds),
                        SlowRun.Result.class)
                .figures();
    }

    private static String name(final Way way, final int batch) {
        return way.name().toLowerCase(Locale.ROOT) + " " + batch;
    }

    private static String words(final Way way) {
        return switch (way) {
            case TIER -> "the tier as the product calls it, with features";
            case CPU -> "ONNX Runtime alone, features made before";
            case CPU_TENSORS -> "the same, the trees in operators on tensors";
            case CUDA -> "ONNX Runtime alone on CUDA, features made before";
            case CUDA_TENSORS -> "the same, the trees in operators on tensors";
        };
    }

    private Map<String, Object> parameters(final Way way, final int batch) {
        final Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("way", way.name().toLowerCase(Locale.ROOT));
        parameters.put("batch", batch);
        parameters.put("jvm", common.jvm());
        return parameters;
    }
}
