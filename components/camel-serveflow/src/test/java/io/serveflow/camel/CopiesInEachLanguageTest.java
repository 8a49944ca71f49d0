/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowRecord;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies of a message each give what they would give alone, whatever the route is written in. */
class CopiesInEachLanguageTest {

    private static final Path SERVICE = ProjectFiles.bundle("service");
    private static final Path DEVICE = ProjectFiles.bundle("device");

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final CountDownLatch laterTierAnswered = new CountDownLatch(1);
    private final CompletableFuture<List<Answer>> tapped = new CompletableFuture<>();
    private final Map<String, List<Answer>> branches = new ConcurrentHashMap<>();
    private FlowBatch flows;

    @BeforeEach
    void readFlows() throws IOException {
        flows = FlowBatch.of(Samples.records(FlowRecord.Stage.FIRST));
    }

    @AfterEach
    void closeAll() throws Exception {
        for (final AutoCloseable each : opened) {
            each.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldShowAWireTapTheVerdictsOfTheMomentThatItTapped(final RouteLanguage language)
            throws Exception {
        final Exchange answer = send(language, "direct:tapped");

        assertThat(tapped.get(1, TimeUnit.MINUTES)).isEqualTo(alone(SERVICE, "service", "fastest"));
        assertThat(Answer.in(answer, "service")).isEqualTo(alone(SERVICE, "service", "fast"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveEachBranchOfAMulticastTheVerdictsOfItsOwnTask(final RouteLanguage language)
            throws Exception {
        send(language, "direct:branches");

        assertThat(branches)
                .isEqualTo(
                        Map.of(
                                "service", alone(SERVICE, "service", "fast"),
                                "device", alone(DEVICE, "device", "fast")));
    }

    @ParameterizedTest
    @EnumSource
    void shouldLeaveTheVerdictsOfOneTaskToTheOtherThatEnrichesThem(final RouteLanguage language)
            throws Exception {
        requireBoth(send(language, "direct:enriched"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepTheVerdictsOfTheTaskThatWasAskedBefore(final RouteLanguage language)
            throws Exception {
        final Exchange answer = send(language, "direct:both");

        requireBoth(answer);
        assertThat(answer.getMessage().getBody(FlowBatch.class).tasks())
                .containsExactly("service", "device");
        assertThat(answer.getMessage().getHeader(ServeflowConstants.TASK)).isEqualTo("device");
    }

    private void requireBoth(final Exchange answer) {
        assertThat(Answer.in(answer, "service")).isEqualTo(alone(SERVICE, "service", "fast"));
        assertThat(Answer.in(answer, "device")).isEqualTo(alone(DEVICE, "device", "fast"));
    }

    private Exchange send(final RouteLanguage language, final String uri) throws Exception {
        final Processor laterTier = exchange -> laterTierAnswered.countDown();
        final Processor tap =
                exchange -> {
                    laterTierAnswered.await();
                    tapped.complete(Answer.in(exchange, "service"));
                };
        final Processor branch =
                exchange -> {
                    final String task =
                            exchange.getMessage().getHeader(ServeflowConstants.TASK, String.class);
                    branches.put(task, Answer.in(exchange, task));
                };
        final CamelContext context =
                language.start(
                        "copies",
                        Map.of("device", DEVICE.toString()),
                        Map.of("laterTier", laterTier, "tap", tap, "branch", branch));
        opened.add(context);
        final ProducerTemplate template = context.createProducerTemplate();
        opened.add(0, template);
        final Exchange answer =
                template.request(uri, exchange -> exchange.getMessage().setBody(flows));
        assertThat(answer.getException()).isNull();
        return answer;
    }

    private List<Answer> alone(final Path bundle, final String task, final String tier) {
        return Answer.alone(flows, bundle, task, tier);
    }
}
