/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.serveflow.feature.FeatureEncoder;
import io.serveflow.feature.FeatureEncoders;
import io.serveflow.flow.FlowRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/**
 * One tier ready to answer: its encoder, its ONNX model and its calibration.
 *
 * <p>The model has a float input {@code x} of shape [n, encoder's width] and a float output {@code
 * probabilities} of shape [n, classes], n being free; other outputs are not looked at. Safe for use
 * by many threads, each of which computes alone: throughput grows by scoring on more threads. A
 * model that is closed while threads are scoring is freed when the last of them is done.
 */
public final class TierModel implements AutoCloseable {

    /**
     * Most flows a run: ONNX Runtime on one thread takes each tree through up to 128 rows before
     * the next tree, and a run costs 2 us by itself.
     */
    public static final int BATCH = 128;

    /** Wide rows, such as the 40 KB of ten packets' bits, would fall out of the caches. */
    private static final int BATCH_BYTES = 1 << 18;

    private static final int LEAST_BATCH = 32;

    private static final String INPUT = "x";
    private static final String OUTPUT = "probabilities";

    private final TierSpec spec;
    private final FeatureEncoder encoder;
    private final int classes;
    private final int batch;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final UseCount uses = new UseCount();

    private final Idle<Buffers> idle = new Idle<>();

    private TierModel(
            final TierSpec spec,
            final FeatureEncoder encoder,
            final int classes,
            final int batch,
            final OrtEnvironment environment,
            final OrtSession session) {
        this.spec = spec;
        this.encoder = encoder;
        this.classes = classes;
        this.batch = batch;
        this.environment = environment;
        this.session = session;
    }

    /**
     * Opens a tier.
     *
     * @param onnx the model's bytes
     * @param classes how many labels its bundle has
     * @throws BundleException if the encoder is unknown, or the bytes are no model with the input
     *     and the output that the encoder and the labels ask for
     */
    public static TierModel open(final TierSpec spec, final int classes, final byte[] onnx) {
        return open(spec, classes, onnx, OptionalInt.empty());
    }

    /**
     * Opens a model that scores a stated number of flows a run.
     *
     * @throws BundleException as {@link #open(TierSpec, int, byte[])} does
     */
    public static TierModel open(
            final TierSpec spec, final int classes, final byte[] onnx, final int batch) {
        return open(spec, classes, onnx, OptionalInt.of(batch));
    }

    private static TierModel open(
            final TierSpec spec, final int classes, final byte[] onnx, final OptionalInt stated) {
        final FeatureEncoder encoder;
        try {
            encoder = FeatureEncoders.of(spec.features());
        } catch (final IllegalArgumentException e) {
            throw new BundleException("tier " + spec.name() + ": " + e.getMessage(), e);
        }
        final OnnxEnvironment environment = OnnxEnvironment.get();
        final OrtSession session = session(spec, environment, onnx);
        try {
            requireShape(spec, INPUT, session.getInputInfo().get(INPUT), encoder.width());
            requireShape(spec, OUTPUT, session.getOutputInfo().get(OUTPUT), classes);
            if (session.getNumInputs() != 1) {
                throw wrong(spec, "has inputs " + session.getInputNames() + ", must have only x");
            }
            final int batch = stated.orElseGet(() -> batch(encoder.width()));
            return new TierModel(spec, encoder, classes, batch, environment.environment(), session);
        } catch (final OrtException e) {
            close(session, e);
            throw wrong(spec, "does not tell its inputs and outputs: " + e.getMessage(), e);
        } catch (final RuntimeException e) {
            close(session, e);
            throw e;
        }
    }

    private static int batch(final int width) {
        return Math.max(LEAST_BATCH, Math.min(BATCH, BATCH_BYTES / (Float.BYTES * width)));
    }

    /** The tier as its bundle states it. */
    public TierSpec spec() {
        return spec;
    }

    /** What turns a flow into a row of the model's input. */
    public FeatureEncoder encoder() {
        return encoder;
    }

    /** How many labels the tier tells apart. */
    public int classes() {
        return classes;
    }

    /**
     * Writes the calibrated probabilities of n flows, those of flow i at {@code [i * classes, (i +
     * 1) * classes)}. They do not depend on which flows are scored together.
     *
     * @param flow the flow record of a row, asked for once a row and in order
     * @param probabilities room for {@code n * classes} values or more
     * @throws IllegalStateException if the tier is closed, or the model fails or gives no
     *     probabilities
     */
    public void score(
            final int n, final IntFunction<FlowRecord> flow, final float[] probabilities) {
        if (n < 0 || (long) n * classes > probabilities.length) {
            throw new IllegalArgumentException(
                    n
                            + " flows of "
                            + classes
                            + " classes do not fit into "
                            + probabilities.length
                            + " probabilities");
        }
        if (!uses.enter()) {
            throw new IllegalStateException("tier " + spec.name() + " is closed");
        }
        try {
            final Buffers buffers = idle.borrow().orElseGet(this::newBuffers);
            try {
                for (int from = 0; from < n; from += batch) {
                    final int rows = Math.min(batch, n - from);
                    encode(from, rows, flow, buffers.input);
                    run(rows, buffers);
                    buffers.output.clear().get(probabilities, from * classes, rows * classes);
                    calibrate(from, rows, probabilities);
                }
            } finally {
                idle.giveBack(buffers);
            }
        } finally {
            if (uses.leave()) {
                free();
            }
        }
    }

    /** Frees the model as soon as no thread is scoring. Later calls do nothing. */
    @Override
    public void close() {
        if (uses.close()) {
            free();
        }
    }

    private void encode(
            final int from,
            final int rows,
            final IntFunction<FlowRecord> flow,
            final FloatBuffer input) {
        input.clear();
        for (int row = 0; row < rows; row++) {
            encoder.encode(flow.apply(from + row), input);
        }
        input.flip();
    }

    private void run(final int rows, final Buffers buffers) {
        buffers.output.clear().limit(rows * classes);
        try (OnnxTensor x =
                        OnnxTensor.createTensor(
                                environment, buffers.input, new long[] {rows, encoder.width()});
                OnnxTensor probabilities =
                        OnnxTensor.createTensor(
                                environment, buffers.output, new long[] {rows, classes})) {
            session.run(Map.of(INPUT, x), Map.of(OUTPUT, probabilities)).close();
        } catch (final OrtException e) {
            throw new IllegalStateException(
                    "tier " + spec.name() + " cannot compute: " + e.getMessage(), e);
        }
    }

    private Buffers newBuffers() {
        return new Buffers(batch * encoder.width(), batch * classes);
    }

    private void calibrate(final int from, final int rows, final float[] probabilities) {
        for (int row = from; row < from + rows; row++) {
            try {
                spec.calibration().apply(probabilities, row * classes, classes);
            } catch (final IllegalArgumentException e) {
                throw new IllegalStateException(
                        "tier " + spec.name() + " gives no probabilities: " + e.getMessage(), e);
            }
        }
    }

    private void free() {
        try {
            session.close();
        } catch (final OrtException e) {
            throw new IllegalStateException(
                    "tier " + spec.name() + " cannot be freed: " + e.getMessage(), e);
        }
    }

    private static OrtSession session(
            final TierSpec spec, final OnnxEnvironment environment, final byte[] onnx) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            // Threads of ours score in parallel; threads of the runtime would only compete with
            // them and spin between runs.
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            // A memory plan is kept for each input shape, and each batch size is one.
            options.setMemoryPatternOptimization(false);
            return environment.createSession(onnx, options);
        } catch (final OrtException e) {
            throw wrong(spec, "cannot be read by ONNX Runtime: " + e.getMessage(), e);
        }
    }

    private static void requireShape(
            final TierSpec spec, final String name, final NodeInfo node, final int columns) {
        if (node == null) {
            throw wrong(spec, "has no tensor " + name);
        }
        if (!(node.getInfo() instanceof TensorInfo tensor) || tensor.type != OnnxJavaType.FLOAT) {
            throw wrong(spec, "has no float tensor " + name + " but " + node.getInfo());
        }
        final long[] shape = tensor.getShape();
        if (shape.length != 2 || shape[0] >= 0) {
            throw wrong(
                    spec,
                    name + " must have the shape [n, " + columns + "] with n free, has " + tensor);
        }
        if (shape[1] != columns) {
            throw wrong(
                    spec,
                    INPUT.equals(name)
                            ? "x has " + shape[1] + " columns, the encoder writes " + columns
                            : "probabilities has "
                                    + shape[1]
                                    + " columns, the bundle has "
                                    + columns
                                    + " labels");
        }
    }

    private static void close(final OrtSession session, final Exception because) {
        try {
            session.close();
        } catch (final OrtException e) {
            because.addSuppressed(e);
        }
    }

    private static BundleException wrong(final TierSpec spec, final String what) {
        return new BundleException(message(spec, what));
    }

    private static BundleException wrong(
            final TierSpec spec, final String what, final Exception cause) {
        return new BundleException(message(spec, what), cause);
    }

    private static String message(final TierSpec spec, final String what) {
        return spec.file()
                + ", the model of tier "
                + spec.name()
                + ", "
                + what
                + "; export the model again";
    }

    /** What one run reads and writes, outside the Java heap, where ONNX Runtime needs no copy. */
    private static final class Buffers {

        private final FloatBuffer input;
        private final FloatBuffer output;

        private Buffers(final int inputs, final int outputs) {
            this.input = direct(inputs);
            this.output = direct(outputs);
        }

        private static FloatBuffer direct(final int floats) {
            return ByteBuffer.allocateDirect(floats * Float.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }
    }
}
