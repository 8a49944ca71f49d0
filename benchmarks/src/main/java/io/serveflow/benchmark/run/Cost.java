/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.run;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * What this process has used so far; the difference of two is what was used between them.
 *
 * @param wallNanos time
 * @param cpuNanos time of the processor, of all threads, the JVM's own included
 * @param allocatedBytes what the Java threads that are alive have allocated
 * @param gcMillis pauses of the garbage collector
 * @param gcs how many there were
 */
public record Cost(long wallNanos, long cpuNanos, long allocatedBytes, long gcMillis, long gcs) {

    private static final double MICROS = 1e3;

    /** What was used up to now. */
    public static Cost now() {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long allocated =
                Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                        .filter(bytes -> bytes > 0)
                        .sum();
        long millis = 0;
        long count = 0;
        for (final GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
            millis += Math.max(0, gc.getCollectionTime());
            count += Math.max(0, gc.getCollectionCount());
        }
        return new Cost(
                System.nanoTime(),
                ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getProcessCpuTime(),
                allocated,
                millis,
                count);
    }

    /** What was used since another moment. */
    public Cost since(final Cost before) {
        return new Cost(
                wallNanos - before.wallNanos,
                cpuNanos - before.cpuNanos,
                allocatedBytes - before.allocatedBytes,
                gcMillis - before.gcMillis,
                gcs - before.gcs);
    }

    /** The rate and the cost of so many units of work. */
    public Map<String, Double> per(final String unit, final long units) {
        final Map<String, Double> figures = new TreeMap<>();
        figures.put(unit + "sPerSecond", units * 1e9 / wallNanos);
        figures.put("cpuMicrosPer" + capital(unit), cpuNanos / MICROS / units);
        figures.put("bytesPer" + capital(unit), (double) allocatedBytes / units);
        figures.put("gcMillis", (double) gcMillis);
        figures.put("gcs", (double) gcs);
        figures.put("seconds", wallNanos / 1e9);
        return figures;
    }

    private static String capital(final String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
