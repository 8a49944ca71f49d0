/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import inference.GrpcPredictV2.ModelInferRequest;
import inference.GrpcPredictV2.ModelInferResponse;
import inference.GrpcPredictV2.ModelMetadataRequest;
import inference.GrpcPredictV2.ModelMetadataResponse;
import inference.GrpcPredictV2.ModelReadyRequest;
import inference.GrpcPredictV2.ModelReadyResponse;
import inference.GrpcPredictV2.ServerLiveRequest;
import inference.GrpcPredictV2.ServerLiveResponse;
import inference.GrpcPredictV2.ServerMetadataRequest;
import inference.GrpcPredictV2.ServerMetadataResponse;
import inference.GrpcPredictV2.ServerReadyRequest;
import inference.GrpcPredictV2.ServerReadyResponse;
import io.serveflow.app.fixture.WorkerProcess;
import io.serveflow.model.Bundle;
import io.serveflow.testing.samples.ProjectFiles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker process asked by Camel's own component {@code kserve}, which is not ours. */
class KserveClientTest {

    @TempDir private static Path work;

    private static WorkerProcess worker;
    private static CamelContext context;
    private static ProducerTemplate template;

    @BeforeAll
    static void start() throws Exception {
        final Properties settings = new Properties();
        settings.setProperty("serveflow.bundle", ProjectFiles.bundle("service").toString());
        worker = WorkerProcess.start(work, settings);
        context = new DefaultCamelContext();
        context.start();
        template = context.createProducerTemplate();
    }

    @AfterAll
    static void stop() throws Exception {
        context.close();
        worker.close();
    }

    @Test
    void shouldBeAliveAndReady() {
        assertThat(
                        ask(
                                        "server/live",
                                        ServerLiveRequest.getDefaultInstance(),
                                        ServerLiveResponse.class)
                                .getLive())
                .isTrue();
        assertThat(
                        ask(
                                        "server/ready",
                                        ServerReadyRequest.getDefaultInstance(),
                                        ServerReadyResponse.class)
                                .getReady())
                .isTrue();
        assertThat(
                        ask(
                                        "model/ready",
                                        ModelReadyRequest.newBuilder()
                                                .setName("service-slow")
                                                .build(),
                                        ModelReadyResponse.class)
                                .getReady())
                .isTrue();
    }

    @Test
    void shouldSayWhatItIsAndWhatItsModelsReadAndGive() throws Exception {
        final ServerMetadataResponse server =
                ask(
                        "server/metadata",
                        ServerMetadataRequest.getDefaultInstance(),
                        ServerMetadataResponse.class);
        final ModelMetadataResponse model =
                ask(
                        "model/metadata",
                        ModelMetadataRequest.newBuilder().setName("service-slow").build(),
                        ModelMetadataResponse.class);

        assertThat(server.getName()).isEqualTo("serveflow");
        try (Bundle bundle = Bundle.load(ProjectFiles.bundle("service"))) {
            assertThat(model.getVersionsList()).containsExactly(bundle.manifest().version());
            assertThat(model.getInputs(0).getName()).isEqualTo("x");
            assertThat(model.getInputs(0).getShapeList())
                    .containsExactly(-1L, (long) bundle.tier("slow").encoder().width());
            assertThat(model.getOutputs(0).getName()).isEqualTo("probabilities");
            assertThat(model.getOutputs(0).getShapeList())
                    .containsExactly(-1L, (long) bundle.manifest().labels().size());
        }
    }

    @Test
    void shouldGiveProbabilities() throws Exception {
        try (Bundle bundle = Bundle.load(ProjectFiles.bundle("service"))) {
            final int width = bundle.tier("slow").encoder().width();
            final ModelInferResponse answer =
                    ask(
                            "infer",
                            ModelInferRequest.newBuilder()
                                    .setModelName("service-slow")
                                    .addInputs(
                                            ModelInferRequest.InferInputTensor.newBuilder()
                                                    .setName("x")
                                                    .setDatatype("FP32")
                                                    .addShape(2)
                                                    .addShape(width))
                                    .addRawInputContents(
                                            ByteString.copyFrom(new byte[2 * width * Float.BYTES]))
                                    .build(),
                            ModelInferResponse.class);

            final int classes = bundle.manifest().labels().size();
            assertThat(answer.getOutputs(0).getShapeList()).containsExactly(2L, (long) classes);
            final FloatBuffer probabilities =
                    ByteBuffer.wrap(answer.getRawOutputContents(0).toByteArray())
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .asFloatBuffer();
            float sum = 0;
            for (int i = 0; i < classes; i++) {
                assertThat(probabilities.get(i)).isEqualTo(probabilities.get(classes + i));
                sum += probabilities.get(i);
            }
            assertThat(sum).isCloseTo(1, org.assertj.core.data.Offset.offset(1e-4f));
        }
    }

    private static <T> T ask(final String what, final Object request, final Class<T> answer) {
        return template.requestBody(
                "kserve:" + what + "?modelName=service-slow&target=" + worker.address(),
                request,
                answer);
    }
}
