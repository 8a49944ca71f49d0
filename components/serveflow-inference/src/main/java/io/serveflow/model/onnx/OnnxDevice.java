/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where ONNX Runtime computes a model: on the CPU, or on one of the CUDA devices. */
public final class OnnxDevice {

    /** The processor that this process runs on. */
    public static final OnnxDevice CPU = new OnnxDevice(-1);

    private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,3}))?");
    private static final Pattern MISSING_LIBRARY =
            Pattern.compile("(lib[\\w+-]+\\.so[.\\d]*): cannot open shared object file");
    private static final Pattern DRIVER =
            Pattern.compile(
                    "libcuda\\.so|no CUDA-capable device|driver version is insufficient|NVIDIA"
                            + " driver");
    private static final Pattern ABSENT =
            Pattern.compile("CUDA|cuda|cudnn|CUDNN|cublas|CUBLAS|shared object file");
    private static final String NOT_LOADED = "Failed to load shared library";
    private static final int LONGEST_REASON = 300;

    private final int number;

    private OnnxDevice(final int number) {
        this.number = number;
    }

    /**
     * Reads a device: {@code cpu}, {@code cuda} (the first one) or {@code cuda:N}, counted from 0.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static OnnxDevice of(final String name) {
        if (name.equals("cpu")) {
            return CPU;
        }
        final Matcher cuda = CUDA.matcher(name);
        if (!cuda.matches()) {
            throw new IllegalArgumentException(
                    "device must be cpu, or cuda:N with the number of the device, such as cuda:0;"
                            + " was '"
                            + name
                            + "'");
        }
        return new OnnxDevice(cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1)));
    }

    /** Number of the CUDA device; -1 for the CPU. */
    public int number() {
        return number;
    }

    /** Whether it is a CUDA device. */
    public boolean isCuda() {
        return number >= 0;
    }

    /**
     * Has a session compute here.
     *
     * @throws DeviceMissingException if the device, or what it takes to use it, is not there
     */
    void use(final OrtSession.SessionOptions options) {
        if (!isCuda()) {
            return;
        }
        if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
            throw new DeviceMissingException(
                    "device "
                            + this
                            + " is asked for, but the ONNX Runtime on the class path is the one for"
                            + " CPUs only; build with the Maven profile gpu, or put onnxruntime_gpu"
                            + " there and remove onnxruntime");
        }
        try {
            options.addCUDA(number);
        } catch (final OrtException e) {
            throw missing(e);
        }
    }

    /** Whether a session that could not be made failed because of the device, not of its model. */
    boolean explains(final OrtException failure) {
        return isCuda() && ABSENT.matcher(failure.getMessage()).find();
    }

    DeviceMissingException missing(final OrtException failure) {
        final String said = failure.getMessage();
        return new DeviceMissingException(
                why(
                        said.contains(NOT_LOADED)
                                ? OnnxEnvironment.whyCudaDoesNotLoad().orElse(said)
                                : said),
                failure);
    }

    /** What is missing, by what the runtime says. */
    String why(final String said) {
        final String begin = "device " + this + " is asked for, but ";
        if (DRIVER.matcher(said).find()) {
            return begin
                    + "there is no NVIDIA driver, or one that is too old, or no device; nvidia-smi"
                    + " must list it (ONNX Runtime says: "
                    + shortened(said)
                    + ")";
        }
        final Matcher library = MISSING_LIBRARY.matcher(said);
        if (library.find()) {
            return begin
                    + "the library "
                    + library.group(1)
                    + " is not found; install CUDA and cuDNN in the major version that this name"
                    + " ends with, and name their folders in LD_LIBRARY_PATH";
        }
        return begin + "cannot be used; ONNX Runtime says: " + shortened(said);
    }

    private static String shortened(final String said) {
        final String line = said.strip().replaceAll("\\s+", " ");
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "...";
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof OnnxDevice that && number == that.number;
    }

    @Override
    public int hashCode() {
        return number;
    }

    /** {@code cpu} or {@code cuda:N}. */
    @Override
    public String toString() {
        return isCuda() ? "cuda:" + number : "cpu";
    }
}
