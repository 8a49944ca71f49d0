/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.serveflow.sensor.zeek.PlainLineContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The fuzz targets of the readers, one a format; {@code .ci/fuzz} runs them for long, the build on
 * their seeds and on what was found.
 */
class SensorFuzzTest {

    @TempDir private Path folder;

    @MethodSource("io.serveflow.sensor.FuzzSeeds#pcap")
    @FuzzTest
    void pcap(final byte[] file) {
        new SensorContract(folder).holdsFor("pcap", file);
    }

    @MethodSource("io.serveflow.sensor.FuzzSeeds#pcapng")
    @FuzzTest
    void pcapng(final byte[] file) {
        new SensorContract(folder).holdsFor("pcap", file);
    }

    @MethodSource("io.serveflow.sensor.FuzzSeeds#frames")
    @FuzzTest
    void frames(final byte[] linkTypeAndFrame) {
        FrameContract.holdsFor(linkTypeAndFrame);
    }

    @MethodSource("io.serveflow.sensor.FuzzSeeds#zeekJson")
    @FuzzTest
    void zeekJson(final byte[] file) {
        new SensorContract(folder).holdsFor("zeek", file);
    }

    @MethodSource("io.serveflow.sensor.FuzzSeeds#zeekLines")
    @FuzzTest
    void zeekLine(final byte[] line) {
        PlainLineContract.holdsFor(line);
    }

    @MethodSource("io.serveflow.sensor.FuzzSeeds#zeekTsv")
    @FuzzTest
    void zeekTsv(final byte[] file) {
        new SensorContract(folder).holdsFor("zeek", file);
    }

    @MethodSource("io.serveflow.sensor.FuzzSeeds#eve")
    @FuzzTest
    void eve(final byte[] file) {
        new SensorContract(folder).holdsFor("eve", file);
    }

    @MethodSource("io.serveflow.sensor.FuzzSeeds#eveFlow")
    @FuzzTest
    void eveFlow(final byte[] file) {
        new SensorContract(folder).holdsFor("eve", file);
    }

    @MethodSource("io.serveflow.sensor.FuzzSeeds#connJson")
    @FuzzTest
    void connJson(final byte[] file) {
        new SensorContract(folder).holdsFor("conn", file);
    }

    @MethodSource("io.serveflow.sensor.FuzzSeeds#connTsv")
    @FuzzTest
    void connTsv(final byte[] file) {
        new SensorContract(folder).holdsFor("conn", file);
    }

    @MethodSource("io.serveflow.sensor.FuzzSeeds#ndpid")
    @FuzzTest
    void ndpid(final byte[] file) {
        new SensorContract(folder).holdsFor("ndpid", file);
    }

    @MethodSource("io.serveflow.sensor.FuzzSeeds#securityOnion")
    @FuzzTest
    void securityOnion(final byte[] file) {
        new SensorContract(folder).holdsFor(file);
    }

    @MethodSource("io.serveflow.sensor.FuzzSeeds#zeekKafka")
    @FuzzTest
    void zeekKafka(final byte[] file) {
        new SensorContract(folder).holdsFor(file);
    }

    @MethodSource("io.serveflow.sensor.FuzzSeeds#mixed")
    @FuzzTest
    void mixed(final byte[] file) {
        new SensorContract(folder).holdsFor(file);
    }

    @MethodSource("io.serveflow.sensor.FuzzSeeds#gzip")
    @FuzzTest
    void gzip(final byte[] file) {
        new SensorContract(folder).holdsFor(file);
    }
}
