/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxDeviceTest {

    @ParameterizedTest
    @CsvSource({"cpu, cpu", "cuda, cuda:0", "cuda:0, cuda:0", "cuda:7, cuda:7"})
    void shouldReadADevice(final String name, final String device) {
        assertThat(OnnxDevice.of(name)).hasToString(device);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpu", "CUDA", "cuda:", "cuda:-1", "cuda:x", "cuda:0000", "cpu:0"})
    void shouldRefuseWhatIsNoDevice(final String name) {
        assertThatThrownBy(() -> OnnxDevice.of(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("device must be cpu, or cuda:N")
                .hasMessageEndingWith("was '" + name + "'");
    }

    /** What the loader of glibc says where the folders of CUDA are not named. */
    @Test
    void shouldNameTheLibraryThatIsNotFound() {
        assertThat(
                        OnnxDevice.of("cuda:0")
                                .why(
                                        "/tmp/onnxruntime-java1/libonnxruntime_providers_cuda.so:"
                                                + " libcublasLt.so.12: cannot open shared object"
                                                + " file: No such file or directory"))
                .startsWith(
                        "device cuda:0 is asked for, but the library libcublasLt.so.12 is not"
                                + " found")
                .contains("LD_LIBRARY_PATH");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "libcuda.so.1: cannot open shared object file: No such file or directory",
                "CUDA failure 100: no CUDA-capable device is detected",
                "CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version"
            })
    void shouldSayThatTheDriverIsMissing(final String said) {
        assertThat(OnnxDevice.of("cuda:1").why(said))
                .startsWith("device cuda:1 is asked for, but there is no NVIDIA driver")
                .contains(said);
    }

    @Test
    void shouldPassOnWhatItDoesNotKnow() {
        assertThat(OnnxDevice.of("cuda:9").why("CUDA failure 101: invalid device ordinal"))
                .isEqualTo(
                        "device cuda:9 is asked for, but cannot be used; ONNX Runtime says: CUDA"
                                + " failure 101: invalid device ordinal");
    }
}
