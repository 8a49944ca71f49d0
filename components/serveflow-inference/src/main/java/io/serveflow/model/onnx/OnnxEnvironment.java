/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * ONNX Runtime's environment, of which a process has one, open for as long as the process lives.
 *
 * <p>The runtime's Java API frees it in a shutdown hook. Hooks run at once and in no order, so that
 * sessions which are made or run meanwhile, as where another hook brings routes to their end, would
 * work on freed memory and crash the process. Two things prevent that, in any application:
 *
 * <ul>
 *   <li>The environment counts who asked for it and is freed with the last of them. This asks once
 *       more, and never gives it back; the system does, as with all memory of a process.
 *   <li>A process that ends waits a moment for threads in native code, long enough for a run but
 *       not for the making of a session. So this waits in a hook of its own until those that are
 *       being made are, and makes no more.
 * </ul>
 *
 * @see <a
 *     href="https://github.com/microsoft/onnxruntime/blob/v1.28.0/java/src/main/java/ai/onnxruntime/OrtEnvironment.java">OrtEnvironment</a>
 */
final class OnnxEnvironment {

    private static final String CUDA_FILE = "libonnxruntime_providers_cuda.so";
    private static final String CUDA_LIBRARY = "/ai/onnxruntime/native/linux-x64/" + CUDA_FILE;

    private final OrtEnvironment environment;

    /* Read to make a session, written for good when the process ends. */
    private final ReadWriteLock shutdown = new ReentrantReadWriteLock();

    private OnnxEnvironment() {
        environment = OrtEnvironment.getEnvironment();
        try {
            keepOpen();
            removeLibraries();
        } catch (final ReflectiveOperationException | RuntimeException e) {
            // On a module path, or with another version: then all is as the runtime has it.
            System.getLogger(OnnxEnvironment.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "ONNX Runtime's environment cannot be kept open, so a process that ends"
                                    + " while flows are classified may crash; put onnxruntime on"
                                    + " the class path, in version 1.28",
                            e);
        }
        Runtime.getRuntime()
                .addShutdownHook(new Thread(shutdown.writeLock()::lock, "serveflow-models"));
    }

    /**
     * The environment, opened by the first call.
     *
     * @throws IllegalStateException if it could not be opened then, which is not tried again: that
     *     call was made when the process ended already, or the runtime's library does not load
     */
    static OnnxEnvironment get() {
        if (Opened.ONCE.environment.isEmpty()) {
            final Throwable why = Opened.ONCE.failure.orElseThrow();
            throw new IllegalStateException(
                    "no model can be opened, as ONNX Runtime does not start in this process: "
                            + why.getMessage(),
                    why);
        }
        return Opened.ONCE.environment.get();
    }

    private void keepOpen() throws ReflectiveOperationException {
        final Field api = runtimeField("ortApiHandle");
        final Method create =
                OrtEnvironment.class.getDeclaredMethod(
                        "createHandle", long.class, int.class, String.class);
        create.setAccessible(true);
        create.invoke(
                null,
                api.getLong(null),
                ai.onnxruntime.OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING.getValue(),
                OrtEnvironment.DEFAULT_NAME);
    }

    private static void removeLibraries() throws ReflectiveOperationException {
        final Path folder = (Path) runtimeField("tempDirectory").get(null);
        // Libraries for GPUs are copied there when the first session asks for one.
        if (folder != null && OrtEnvironment.class.getResource(CUDA_LIBRARY) == null) {
            OnnxLibraryFolders.removeLeftBeside(folder);
            OnnxLibraryFolders.remove(folder);
        }
    }

    /**
     * What the system's loader says of the library for CUDA; empty if it loads, or is not to be
     * found. To be called once the runtime has failed to load it, which keeps the reason to its
     * log.
     */
    static Optional<String> whyCudaDoesNotLoad() {
        try {
            final Path temporary = (Path) runtimeField("tempDirectory").get(null);
            final String stated = System.getProperty("onnxruntime.native.path");
            final Path folder = stated == null ? temporary : Path.of(stated);
            if (folder != null && Files.exists(folder.resolve(CUDA_FILE))) {
                System.load(folder.resolve(CUDA_FILE).toAbsolutePath().toString());
            }
            return Optional.empty();
        } catch (final UnsatisfiedLinkError e) {
            return Optional.ofNullable(e.getMessage());
        } catch (final ReflectiveOperationException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static Field runtimeField(final String name) throws ReflectiveOperationException {
        final Field field = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    /** What tensors are made with. */
    OrtEnvironment environment() {
        return environment;
    }

    /**
     * Makes a session.
     *
     * @throws IllegalStateException if the process ends
     */
    OrtSession createSession(final byte[] onnx, final OrtSession.SessionOptions options)
            throws OrtException {
        if (!shutdown.readLock().tryLock()) {
            throw new IllegalStateException("no model is opened any more, the process ends");
        }
        try {
            return environment.createSession(onnx, options);
        } finally {
            shutdown.readLock().unlock();
        }
    }

    /** What came of opening it: an error here would be another one for each later caller. */
    private record Opened(Optional<OnnxEnvironment> environment, Optional<Throwable> failure) {

        private static final Opened ONCE = open();

        private static Opened open() {
            try {
                return new Opened(Optional.of(new OnnxEnvironment()), Optional.empty());
            } catch (final ExceptionInInitializerError e) {
                return new Opened(Optional.empty(), Optional.ofNullable(e.getCause()));
            } catch (final RuntimeException | LinkageError e) {
                return new Opened(Optional.empty(), Optional.of(e));
            }
        }
    }
}
