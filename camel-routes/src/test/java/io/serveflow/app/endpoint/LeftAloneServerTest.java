/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import inference.GrpcPredictV2.ModelInferResponse;
import io.serveflow.app.cli.Serveflow;
import io.serveflow.app.fixture.RunSettings;
import io.serveflow.app.fixture.WorkerProcess;
import io.serveflow.app.run.RouteApplication;
import io.serveflow.model.Bundle;
import io.serveflow.model.TierModel;
import io.serveflow.model.TierScorer;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A repair whose server fails so often that it is left alone for a while. */
@Timeout(180)
@ExtendWith(OwnElasticsearch.class)
class LeftAloneServerTest {

    private static final String INDEX = "logs-serveflow-left-alone";
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int BATCH = 256;

    private final AtomicInteger requests = new AtomicInteger();

    @TempDir private Path work;

    /** Of the first five requests four fail, never three in a row: then it is left alone. */
    @Test
    void shouldWaitUntilItMayBeAskedAgainAndGiveNothingUpMeanwhile(
            final LocalElasticsearch elasticsearch) throws Exception {
        final Properties settings = RunSettings.ofFiles(elasticsearch, INDEX, work);
        final Path store = work.resolve("repair.ndjson");
        try (Bundle bundle = Bundle.load(ProjectFiles.bundle("service"));
                TierScorer scorer = scorer(bundle);
                KserveServer server =
                        KserveServer.started(
                                "service-slow",
                                scorer,
                                Optional.empty(),
                                WorkerProcess.freePort())) {
            settings.setProperty("serveflow.slow.endpoints", server.address());
            settings.setProperty("serveflow.slow.deadline", "30000");
            server.answer(answer -> wrongIf(answer, request -> true));
            keepFlows(settings);
            final List<String> lines = Files.readAllLines(store);
            final List<String> many = new ArrayList<>();
            while (many.size() < 8 * BATCH) {
                many.addAll(lines);
            }
            Files.write(store, many);
            requests.set(0);
            server.answer(answer -> wrongIf(answer, request -> request <= 5 && request != 3));

            final String out = repair(settings);

            assertThat(out.replaceAll(" +", " "))
                    .contains("service %d %d ".formatted(many.size(), many.size() - 4 * BATCH));
            assertThat(requests.get()).isEqualTo((many.size() + BATCH - 1) / BATCH);
        }
    }

    private static TierScorer scorer(final Bundle bundle) throws Exception {
        final TierModel tier = bundle.tier("slow");
        return TierScorer.Provider.INSTALLED.open(
                tier.spec(),
                tier.classes(),
                Files.readAllBytes(ProjectFiles.bundle("service").resolve(tier.spec().file())));
    }

    private ModelInferResponse wrongIf(final ModelInferResponse answer, final IntPredicate wrong) {
        return wrong.test(requests.incrementAndGet())
                ? answer.toBuilder().clearRawOutputContents().build()
                : answer;
    }

    private void keepFlows(final Properties settings) throws Exception {
        Files.copy(ProjectFiles.records("mixed"), work.resolve("in/mixed.log"));
        try (RouteApplication application = new RouteApplication(Optional.empty(), settings)) {
            application.start();
            await().atMost(LONGEST).until(() -> application.isSettled(1));
        }
    }

    private String repair(final Properties settings) throws Exception {
        final Path file = work.resolve("serveflow.properties");
        try (OutputStream stream = Files.newOutputStream(file)) {
            settings.store(stream, null);
        }
        final StringWriter out = new StringWriter();
        Serveflow.execute(
                new PrintWriter(out),
                new PrintWriter(System.err, true),
                "repair",
                "--config",
                file.toString());
        return out.toString();
    }
}
