/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.slow;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import io.serveflow.benchmark.run.FreshJvm;
import io.serveflow.benchmark.traffic.Chunk;
import io.serveflow.benchmark.traffic.Feed;
import io.serveflow.benchmark.traffic.Traffic;
import io.serveflow.feature.FeatureEncoder;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.TierModel;
import io.serveflow.model.TierSpec;
import io.serveflow.model.onnx.OnnxScorer;
import io.serveflow.sensor.ContextInterest;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorStream;
import io.serveflow.training.trees.TensorTrees;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** One tier at one size of batch on one thread, in a JVM of its own. */
public final class SlowRun {

    private static final int FLOWS = 4_096;
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);

    private SlowRun() {}

    /** What is called. */
    public enum Way {
        /** The tier as the product calls it, from records to calibrated probabilities. */
        TIER,
        /** ONNX Runtime alone on features that were made before, on the CPU. */
        CPU,
        /** The same with the trees written in operators on tensors. */
        CPU_TENSORS,
        /** ONNX Runtime alone on the first CUDA device, the model as it is. */
        CUDA,
        /** The same with the trees written in operators on tensors, which CUDA has. */
        CUDA_TENSORS;

        private boolean isCuda() {
            return this == CUDA || this == CUDA_TENSORS;
        }

        private boolean isTensors() {
            return this == CPU_TENSORS || this == CUDA_TENSORS;
        }
    }

    /**
     * What is to be measured.
     *
     * @param tier name of the tier; empty for the last
     * @param device number of the CUDA device, where it is one
     * @param batch flows a run
     * @param warmUpSeconds before the time that counts
     * @param seconds that count
     */
    public record Settings(
            Way way,
            String captures,
            String bundle,
            String tier,
            int device,
            int batch,
            double warmUpSeconds,
            double seconds) {}

    /**
     * What was measured.
     *
     * @param figures empty where the device is not there
     */
    public record Result(Map<String, Double> figures) {}

    /** Whether this build of ONNX Runtime knows CUDA. */
    public static boolean hasCuda() {
        return OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
    }

    /** Measures, in a JVM that {@link FreshJvm} started. */
    public static void main(final String[] arguments) throws Exception {
        final Settings settings = FreshJvm.settings(arguments, Settings.class);
        FreshJvm.say(new Result(measure(settings)));
        System.exit(0); // no thread of a library may keep the process
    }

    /** Answers a batch of flows, the first of which is given. */
    @FunctionalInterface
    private interface Answering {
        void answer(int first) throws OrtException;
    }

    private static Map<String, Double> measure(final Settings settings) throws Exception {
        final Path folder = Path.of(settings.bundle());
        final BundleManifest manifest;
        try (Bundle bundle = Bundle.load(folder)) {
            manifest = bundle.manifest();
        }
        final TierSpec spec =
                manifest.tiers().stream()
                        .filter(tier -> tier.name().equals(settings.tier()))
                        .findFirst()
                        .orElse(manifest.tiers().get(manifest.tiers().size() - 1));
        final byte[] onnx = Files.readAllBytes(folder.resolve(spec.file()));
        final int classes = manifest.labels().size();
        final List<FlowRecord> flows =
                contexts(Traffic.read(Path.of(settings.captures()), spec.features().packets()));
        try (TierModel tier =
                TierModel.of(spec, OnnxScorer.open(spec, classes, onnx, settings.batch()))) {
            if (settings.way() == Way.TIER) {
                final float[] probabilities = new float[settings.batch() * classes];
                return timed(
                        settings,
                        first ->
                                tier.score(
                                        settings.batch(),
                                        i -> flows.get((first + i) % FLOWS),
                                        probabilities));
            }
            return session(settings, onnx, tier.encoder(), classes, flows);
        }
    }

    private static Map<String, Double> session(
            final Settings settings,
            final byte[] onnx,
            final FeatureEncoder encoder,
            final int classes,
            final List<FlowRecord> flows)
            throws OrtException {
        final OrtEnvironment environment = OrtEnvironment.getEnvironment();
        final FloatBuffer input = direct(settings.batch() * encoder.width());
        final FloatBuffer output = direct(settings.batch() * classes);
        for (int i = 0; i < settings.batch(); i++) {
            encoder.encode(flows.get(i % FLOWS), input);
        }
        input.flip();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            if (settings.way().isCuda()) {
                options.addCUDA(settings.device());
            }
            final byte[] model = settings.way().isTensors() ? TensorTrees.of(onnx) : onnx;
            try (OrtSession session = environment.createSession(model, options);
                    OnnxTensor x =
                            OnnxTensor.createTensor(
                                    environment,
                                    input,
                                    new long[] {settings.batch(), encoder.width()});
                    OnnxTensor probabilities =
                            OnnxTensor.createTensor(
                                    environment, output, new long[] {settings.batch(), classes})) {
                return timed(
                        settings,
                        first ->
                                session.run(Map.of("x", x), Map.of("probabilities", probabilities))
                                        .close());
            }
        }
    }

    private static Map<String, Double> timed(final Settings settings, final Answering answering)
            throws OrtException {
        run(settings.warmUpSeconds(), settings.batch(), answering, new Histogram(LONGEST_NANOS, 3));
        final Histogram delays = new Histogram(LONGEST_NANOS, 3);
        final long begin = System.nanoTime();
        final long flows = run(settings.seconds(), settings.batch(), answering, delays);
        final double seconds = (System.nanoTime() - begin) / 1e9;
        final Map<String, Double> figures = new TreeMap<>();
        figures.put("flowsPerSecond", flows / seconds);
        figures.put("p50Ms", delays.getValueAtPercentile(50) / 1e6);
        figures.put("p99Ms", delays.getValueAtPercentile(99) / 1e6);
        figures.put("maxMs", delays.getMaxValue() / 1e6);
        return figures;
    }

    private static long run(
            final double seconds,
            final int batch,
            final Answering answering,
            final Histogram delays)
            throws OrtException {
        final long end = System.nanoTime() + Math.round(seconds * 1e9);
        long flows = 0;
        long before = System.nanoTime();
        do {
            answering.answer((int) (flows % FLOWS));
            final long now = System.nanoTime();
            delays.recordValue(Math.min(LONGEST_NANOS, now - before));
            before = now;
            flows += batch;
        } while (before < end);
        return flows;
    }

    private static FloatBuffer direct(final int floats) {
        return ByteBuffer.allocateDirect(floats * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    private static List<FlowRecord> contexts(final Traffic traffic) throws IOException {
        final List<FlowRecord> contexts = new ArrayList<>(FLOWS);
        final SensorStream stream =
                new SensorStream(
                        "memory",
                        SensorFormats.installed(),
                        FlowAssembler.Options.defaults("benchmark"),
                        new Ledger(),
                        letter -> {
                            throw new IllegalStateException(letter.detail());
                        },
                        ContextInterest.all(),
                        record -> {
                            if (record.stage() == FlowRecord.Stage.CONTEXT) {
                                contexts.add(record);
                            }
                        });
        final Feed feed = traffic.feed(0, FLOWS, 0, 1);
        final Chunk chunk = feed.chunk();
        while (feed.fill(chunk)) {
            for (int i = 0; i < chunk.lines(); i++) {
                stream.line(chunk.bytes(), chunk.start(i), chunk.end(i), i);
            }
        }
        return contexts;
    }
}
