/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.model.Bundles;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the ONNX Runtime for CPUs, which has no CUDA on any machine. */
class TierDeviceTest {

    private final CamelContext context = new DefaultCamelContext();
    private final Ledger ledger = new Ledger();
    private final Bundles bundles = new Bundles();

    @BeforeEach
    void start() {
        context.getRegistry().bind("ledger", ledger);
        context.getRegistry().bind("bundles", bundles);
        context.start();
    }

    @AfterEach
    void stop() throws Exception {
        context.close();
    }

    @Test
    void shouldFailAtStartWhereTheDeviceIsMissing() {
        assertThatThrownBy(() -> ask("&device=cuda:0"))
                .rootCause()
                .hasMessageStartingWith("device cuda:0 is asked for, but the ONNX Runtime on the")
                .hasMessageContaining("Maven profile gpu");
        assertThat(bundles.inUse()).isEmpty();
        assertThat(ledger.total(Ledger.Entry.CPU_FALLBACKS)).isZero();
    }

    @Test
    void shouldNameTheTierAndTheOptionThatAllowsTheCpu() {
        assertThatThrownBy(() -> ask("&device=cuda:0"))
                .cause()
                .hasStackTraceContaining("tier slow: device cuda:0 is asked for")
                .hasStackTraceContaining("set cpuFallback=true");
    }

    @Test
    void shouldComputeOnTheCpuWhereTheOptionAllowsIt() throws Exception {
        final FlowBatch fallback = ask("&device=cuda:0&cpuFallback=true");

        final FlowBatch cpu = ask("&device=cpu");
        for (int i = 0; i < cpu.size(); i++) {
            assertThat(fallback.verdict(i).confidence()).isEqualTo(cpu.verdict(i).confidence());
        }
        assertThat(ledger.byDetail(Ledger.Entry.CPU_FALLBACKS))
                .hasSize(1)
                .containsEntry("service/slow", 1L);
    }

    @Test
    void shouldRefuseWhatIsNoDevice() {
        assertThatThrownBy(() -> ask("&device=gpu"))
                .hasStackTraceContaining("device must be cpu, or cuda:N")
                .hasStackTraceContaining("was 'gpu'");
    }

    @Test
    void shouldComputeWhereTheBundleStatesUnlessTheOptionSaysElse(@TempDir final Path folder)
            throws Exception {
        final String bundle = statingCuda(folder);

        assertThatThrownBy(() -> ask(bundle, ""))
                .hasStackTraceContaining("tier slow: device cuda:0 is asked for");
        assertThat(ask(bundle, "&device=cpu").isEmpty()).isFalse();
        assertThat(ledger.total(Ledger.Entry.CPU_FALLBACKS)).isZero();
        assertThat(ask(bundle, "&cpuFallback=true").isEmpty()).isFalse();
        assertThat(ledger.byDetail(Ledger.Entry.CPU_FALLBACKS)).containsEntry("service/slow", 1L);
    }

    @Test
    void shouldLeaveABundleOfTheRegistryWhereItIsWhateverItStates(@TempDir final Path folder)
            throws Exception {
        try (Bundle bundle = Bundle.load(Path.of(statingCuda(folder)))) {
            context.getRegistry().bind("mine", bundle);

            assertThat(ask("ref:mine", "").isEmpty()).isFalse();
        }
    }

    private static String statingCuda(final Path folder) throws IOException {
        final Path bundle = ProjectFiles.bundle("service");
        try (Stream<Path> files = Files.list(bundle)) {
            for (final Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        final Path manifest = folder.resolve("bundle.json");
        Files.writeString(
                manifest,
                Files.readString(manifest)
                        .replace("\"device\" : \"cpu\"", "\"device\" : \"cuda\""));
        return folder.toString();
    }

    @Test
    void shouldRefuseADeviceForABundleOfTheRegistry() throws Exception {
        try (Bundle bundle = Bundle.load(ProjectFiles.bundle("service"))) {
            context.getRegistry().bind("mine", bundle);

            assertThatThrownBy(() -> ask("ref:mine", "&device=cuda:0&cpuFallback=true"))
                    .hasStackTraceContaining("whoever binds the bundle ref:mine has chosen one");
        }
    }

    private FlowBatch ask(final String options) throws Exception {
        return ask(ProjectFiles.bundle("service").toString(), options);
    }

    private FlowBatch ask(final String bundle, final String options) throws Exception {
        try (ProducerTemplate template = context.createProducerTemplate()) {
            return template.requestBody(
                    "serveflow:slow?bundle=" + bundle + options,
                    FlowBatch.of(Samples.records(FlowRecord.Stage.CONTEXT)),
                    FlowBatch.class);
        }
    }
}
