/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.serveflow.model.BundleException;
import io.serveflow.model.TierScorer;
import io.serveflow.model.TierSpec;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * Scores with an ONNX model in this process, on the caller's thread.
 *
 * <p>The model has a float input {@code x} of shape [n, columns] and a float output {@code
 * probabilities} of shape [n, classes], n being free; other outputs are not looked at. Each thread
 * computes alone: throughput grows by scoring on more threads.
 */
public final class OnnxScorer implements TierScorer {

    /**
     * Most rows a run: ONNX Runtime on one thread takes each tree through up to 128 rows before the
     * next tree, and a run costs 2 us by itself.
     */
    public static final int BATCH = 128;

    /** Wide rows, such as the 40 KB of ten packets' bits, would fall out of the caches. */
    private static final int BATCH_BYTES = 1 << 18;

    private static final int LEAST_BATCH = 32;

    /** Most rows a run on a CUDA device, where each run costs copies and launches. */
    public static final int CUDA_BATCH = 4_096;

    private static final String INPUT = "x";
    private static final String OUTPUT = "probabilities";

    private final String tier;
    private final int columns;
    private final int classes;
    private final int batch;
    private final OrtEnvironment environment;
    private final OrtSession session;

    private OnnxScorer(
            final String tier,
            final int columns,
            final int classes,
            final int batch,
            final OrtEnvironment environment,
            final OrtSession session) {
        this.tier = tier;
        this.columns = columns;
        this.classes = classes;
        this.batch = batch;
        this.environment = environment;
        this.session = session;
    }

    /**
     * Opens the model of a tier.
     *
     * @param classes how many labels its bundle has
     * @param onnx the model's bytes
     * @throws BundleException if the bytes are no model with the input and the output that the
     *     encoder and the labels ask for
     */
    public static OnnxScorer open(final TierSpec spec, final int classes, final byte[] onnx) {
        return open(spec, classes, onnx, batch(spec.encoder().width()));
    }

    /**
     * Opens a model that scores at most a stated number of rows a run.
     *
     * @throws BundleException as {@link #open(TierSpec, int, byte[])} does
     */
    public static OnnxScorer open(
            final TierSpec spec, final int classes, final byte[] onnx, final int batch) {
        return open(spec, classes, onnx, batch, OnnxDevice.CPU);
    }

    /**
     * Opens a model that scores on a stated device, whatever the tier says of one.
     *
     * <p>ONNX Runtime has no CUDA kernels for ensembles of trees ({@code ai.onnx.ml}): it computes
     * those on the CPU whatever the device, and copies only what other operators of the model take.
     *
     * @throws BundleException as {@link #open(TierSpec, int, byte[])} does
     * @throws DeviceMissingException if the device cannot be used here
     */
    public static OnnxScorer open(
            final TierSpec spec,
            final int classes,
            final byte[] onnx,
            final int batch,
            final OnnxDevice device) {
        final int columns = spec.encoder().width();
        final OnnxEnvironment environment = OnnxEnvironment.get();
        final OrtSession session = session(spec, environment, onnx, device);
        try {
            requireShape(spec, INPUT, session.getInputInfo().get(INPUT), columns);
            requireShape(spec, OUTPUT, session.getOutputInfo().get(OUTPUT), classes);
            if (session.getNumInputs() != 1) {
                throw wrong(spec, "has inputs " + session.getInputNames() + ", must have only x");
            }
            return new OnnxScorer(
                    spec.name(), columns, classes, batch, environment.environment(), session);
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

    @Override
    public int columns() {
        return columns;
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public int rows() {
        return batch;
    }

    @Override
    public void score(
            final int n,
            final FloatBuffer features,
            final FloatBuffer probabilities,
            final End end) {
        final long started = System.nanoTime();
        final int input = features.position();
        final int output = probabilities.position();
        for (int from = 0; from < n; from += batch) {
            final int rows = Math.min(batch, n - from);
            features.limit(input + (from + rows) * columns).position(input + from * columns);
            probabilities.limit(output + (from + rows) * classes).position(output + from * classes);
            run(rows, features, probabilities);
        }
        end.scored(Outcome.complete(System.nanoTime() - started));
    }

    /** The tensors are the buffers themselves, outside the Java heap, so nothing is copied. */
    private void run(final int rows, final FloatBuffer features, final FloatBuffer probabilities) {
        try (OnnxTensor x =
                        OnnxTensor.createTensor(environment, features, new long[] {rows, columns});
                OnnxTensor y =
                        OnnxTensor.createTensor(
                                environment, probabilities, new long[] {rows, classes})) {
            session.run(Map.of(INPUT, x), Map.of(OUTPUT, y)).close();
        } catch (final OrtException e) {
            throw new IllegalStateException(
                    "tier " + tier + " cannot compute: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (final OrtException e) {
            throw new IllegalStateException(
                    "tier " + tier + " cannot be freed: " + e.getMessage(), e);
        }
    }

    private static OrtSession session(
            final TierSpec spec,
            final OnnxEnvironment environment,
            final byte[] onnx,
            final OnnxDevice device) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            // Threads of ours score in parallel; threads of the runtime would only compete with
            // them and spin between runs.
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            // A memory plan is kept for each input shape, and each batch size is one.
            options.setMemoryPatternOptimization(false);
            device.use(options);
            return environment.createSession(onnx, options);
        } catch (final OrtException e) {
            if (device.explains(e)) {
                throw device.missing(e);
            }
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
}
