/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.part;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.model.Bundle;
import io.serveflow.model.TierModel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How all parts are measured: on one thread, in nanoseconds a flow. One call of a benchmark is a
 * pass over {@value #FLOWS} flows, and says so to JMH by {@code OperationsPerInvocation}. Captures
 * and models are read before the clock runs.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Threads(1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+UseSerialGC"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public abstract class PartBenchmark {

    /** Flows of a pass, and the largest batch that is measured. */
    static final int FLOWS = 1_024;

    /** The flows that are measured with. */
    @State(Scope.Benchmark)
    public static class Sample {

        /** A capture, or a folder of captures; those of the samples unless it is named. */
        @Param("samples/captures")
        public String captures = "";

        Flows flows = new Flows(List.of(), List.of());

        @Setup
        public void read() {
            flows = Flows.draw(Path.of(captures), FLOWS);
        }

        /** The context records of the same flows with all bytes of each packet. */
        List<FlowRecord> whole() {
            return Flows.draw(Path.of(captures), FLOWS, FlowAssembler.Options.MAX_SNAP).context();
        }
    }

    /** The models that are measured. */
    @State(Scope.Benchmark)
    public static class Models {

        /** The folder of a bundle; the shipped one for services unless it is named. */
        @Param("models/service")
        public String bundle = "";

        private Bundle loaded;

        @Setup
        public void load() {
            loaded = Bundle.load(Path.of(bundle));
        }

        @TearDown
        public void close() {
            loaded.close();
        }

        Bundle bundle() {
            return loaded;
        }

        /** The tier that is asked first. */
        TierModel first() {
            return loaded.tiers().get(0);
        }
    }
}
