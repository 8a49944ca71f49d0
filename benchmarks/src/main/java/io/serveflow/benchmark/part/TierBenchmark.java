/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.part;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.serveflow.feature.FeatureEncoder;
import io.serveflow.flow.FlowRecord;
import io.serveflow.model.TierModel;
import io.serveflow.model.TierSpec;
import io.serveflow.model.onnx.OnnxScorer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * A tier's answer, from the record to calibrated probabilities, by the number of flows that are
 * scored together. The baseline asks for one flow at a time with arrays, as a first program with
 * ONNX Runtime does; the ceiling is the runtime alone, on tensors that are ready.
 */
@OperationsPerInvocation(PartBenchmark.FLOWS)
public class TierBenchmark extends PartBenchmark {

    private static final String INPUT = "x";
    private static final String OUTPUT = "probabilities";

    /** A tier of the bundle, and the runtime's own session of its model. */
    @State(Scope.Benchmark)
    public static class Tier {

        @Param({"fastest", "fast", "slow"})
        public String tier = "";

        private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
        private TierModel model;
        private OrtSession session;
        private List<FlowRecord> records = List.of();
        private byte[] onnx = {};

        @Setup
        public void open(final Sample sample, final Models models)
                throws IOException, OrtException {
            model = models.bundle().tier(tier);
            records = EncoderBenchmark.records(model.spec().features(), sample.flows);
            onnx = Files.readAllBytes(Path.of(models.bundle).resolve(model.spec().file()));
            try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
                options.setIntraOpNumThreads(1);
                options.setInterOpNumThreads(1);
                options.setMemoryPatternOptimization(false);
                session = environment.createSession(onnx, options);
            }
        }

        @TearDown
        public void close() throws OrtException {
            session.close();
        }
    }

    /** The tier at one size of its batches, with all rows as tensors. */
    @State(Scope.Benchmark)
    public static class Sized {

        @Param({"1", "4", "16", "32", "64", "128", "256", "1024"})
        public int batch;

        private final List<OnnxTensor> inputs = new ArrayList<>();
        private final List<OnnxTensor> outputs = new ArrayList<>();
        private TierModel model;
        private float[] probabilities = {};

        @Setup
        public void open(final Tier tier) throws OrtException {
            final TierSpec spec = tier.model.spec();
            final int classes = tier.model.classes();
            model = TierModel.of(spec, OnnxScorer.open(spec, classes, tier.onnx, batch));
            probabilities = new float[FLOWS * classes];
            final int width = model.encoder().width();
            for (int from = 0; from < FLOWS; from += batch) {
                final int rows = Math.min(batch, FLOWS - from);
                final FloatBuffer input = direct(rows * width);
                tier.records
                        .subList(from, from + rows)
                        .forEach(record -> model.encoder().encode(record, input));
                inputs.add(tensor(tier.environment, input.flip(), rows, width));
                outputs.add(tensor(tier.environment, direct(rows * classes), rows, classes));
            }
        }

        private static OnnxTensor tensor(
                final OrtEnvironment environment,
                final FloatBuffer values,
                final int rows,
                final int columns)
                throws OrtException {
            return OnnxTensor.createTensor(environment, values, new long[] {rows, columns});
        }

        private static FloatBuffer direct(final int floats) {
            return ByteBuffer.allocateDirect(floats * Float.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }

        @TearDown
        public void close() {
            inputs.forEach(OnnxTensor::close);
            outputs.forEach(OnnxTensor::close);
            model.close();
        }
    }

    @Benchmark
    public void oneAtATime(final Tier tier, final Blackhole sink) throws OrtException {
        final FeatureEncoder encoder = tier.model.encoder();
        for (final FlowRecord record : tier.records) {
            final float[][] row = new float[1][encoder.width()];
            encoder.encode(record, FloatBuffer.wrap(row[0]));
            try (OnnxTensor x = OnnxTensor.createTensor(tier.environment, row);
                    OrtSession.Result result = tier.session.run(Map.of(INPUT, x), Set.of(OUTPUT))) {
                final float[][] answer = (float[][]) result.get(0).getValue();
                tier.model.spec().calibration().apply(answer[0], 0, answer[0].length);
                sink.consume(answer);
            }
        }
    }

    @Benchmark
    public void score(final Tier tier, final Sized sized, final Blackhole sink) {
        sized.model.score(FLOWS, tier.records::get, sized.probabilities);
        sink.consume(sized.probabilities);
    }

    @Benchmark
    public void session(final Tier tier, final Sized sized, final Blackhole sink)
            throws OrtException {
        for (int i = 0; i < sized.inputs.size(); i++) {
            tier.session
                    .run(Map.of(INPUT, sized.inputs.get(i)), Map.of(OUTPUT, sized.outputs.get(i)))
                    .close();
        }
        sink.consume(sized.outputs);
    }
}
