/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import inference.GrpcPredictV2.InferTensorContents;
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
import io.serveflow.model.TierScorer;
import io.serveflow.testing.samples.ProjectFiles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Random;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker process asked by Camel's own component {@code kserve}, which is not ours. */
class KserveClientTest {

    private static final int ROWS = 7;

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
            assertThat(model.getVersionsList())
                    .singleElement()
                    .asString()
                    .matches(Pattern.quote(bundle.manifest().version()) + "\\+[0-9a-f]{12}");
            assertThat(model.getInputs(0).getName()).isEqualTo("x");
            assertThat(model.getInputs(0).getShapeList())
                    .containsExactly(-1L, (long) bundle.tier("slow").encoder().width());
            assertThat(model.getOutputs(0).getName()).isEqualTo("probabilities");
            assertThat(model.getOutputs(0).getShapeList())
                    .containsExactly(-1L, (long) bundle.manifest().labels().size());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldGiveTheProbabilitiesThatTheTierGivesHere(final boolean raw) throws Exception {
        final Path folder = ProjectFiles.bundle("service");
        try (Bundle bundle = Bundle.load(folder);
                TierScorer here =
                        TierScorer.Provider.INSTALLED.open(
                                bundle.tier("slow").spec(),
                                bundle.manifest().labels().size(),
                                Files.readAllBytes(
                                        folder.resolve(bundle.tier("slow").spec().file())))) {
            final ByteBuffer features = features(here.columns());
            final FloatBuffer expected = floats(ROWS * here.classes()).asFloatBuffer();
            here.score(ROWS, features.asFloatBuffer(), expected, outcome -> {});

            final ModelInferResponse answer =
                    ask("infer", request(features, here.columns(), raw), ModelInferResponse.class);

            assertThat(answer.getModelVersion()).startsWith(bundle.manifest().version() + "+");
            assertThat(answer.getOutputs(0).getShapeList())
                    .containsExactly((long) ROWS, (long) here.classes());
            assertThat(
                            ByteBuffer.wrap(answer.getRawOutputContents(0).toByteArray())
                                    .order(ByteOrder.LITTLE_ENDIAN)
                                    .asFloatBuffer())
                    .isEqualTo(expected.clear());
        }
    }

    @Test
    void shouldSayThatItHasNoModelOfAnotherVersion() {
        assertThatThrownBy(
                        () ->
                                ask(
                                        "infer",
                                        ModelInferRequest.newBuilder()
                                                .setModelName("service-slow")
                                                .setModelVersion("none")
                                                .build(),
                                        ModelInferResponse.class))
                .hasRootCauseMessage(
                        "NOT_FOUND: there is no model service-slow of version none; there are"
                                + " service-fastest, service-fast, service-slow");
    }

    private static ModelInferRequest request(
            final ByteBuffer features, final int width, final boolean raw) {
        final ModelInferRequest.InferInputTensor.Builder input =
                ModelInferRequest.InferInputTensor.newBuilder()
                        .setName("x")
                        .setDatatype("FP32")
                        .addShape(ROWS)
                        .addShape(width);
        final ModelInferRequest.Builder request =
                ModelInferRequest.newBuilder().setModelName("service-slow");
        if (raw) {
            request.addRawInputContents(ByteString.copyFrom(features.duplicate()));
        } else {
            final InferTensorContents.Builder contents = InferTensorContents.newBuilder();
            final FloatBuffer numbers = features.asFloatBuffer();
            while (numbers.hasRemaining()) {
                contents.addFp32Contents(numbers.get());
            }
            input.setContents(contents);
        }
        return request.addInputs(input).build();
    }

    /** Sizes as packets have them, and some that are missing. */
    private static ByteBuffer features(final int width) {
        final Random random = new Random(1);
        final ByteBuffer features = floats(ROWS * width);
        for (int i = 0; i < ROWS * width; i++) {
            features.putFloat(random.nextInt(4) == 0 ? Float.NaN : random.nextInt(1_500));
        }
        return features.flip();
    }

    private static ByteBuffer floats(final int count) {
        return ByteBuffer.allocateDirect(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static <T> T ask(final String what, final Object request, final Class<T> answer) {
        return template.requestBody(
                "kserve:" + what + "?modelName=service-slow&target=" + worker.address(),
                request,
                answer);
    }
}
