/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.verdict.VerdictListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CanaryTierTest {

    private static final int COPIES = 40;

    @TempDir private Path work;

    private final CamelContext context = new DefaultCamelContext();
    private final Ledger ledger = new Ledger();
    private final Map<String, Integer> finals = new ConcurrentHashMap<>();
    private final List<FlowRecord> flows = new ArrayList<>();
    private ProducerTemplate template;

    @BeforeEach
    void start() throws Exception {
        for (int copy = 0; copy < COPIES; copy++) {
            for (final FlowRecord record : Samples.records(FlowRecord.Stage.FIRST)) {
                flows.add(named(record, record.id().uid() + copy));
            }
        }
        context.getRegistry().bind("ledger", ledger);
        context.getRegistry()
                .bind(
                        "verdicts",
                        (VerdictListener)
                                (flow, verdict) -> finals.merge(flow.id().uid(), 1, Integer::sum));
        context.start();
        template = context.createProducerTemplate();
    }

    @AfterEach
    void stop() throws IOException {
        template.close();
        context.stop();
    }

    @Test
    void shouldAnswerItsShareOfTheFlowsByTheirIds() throws IOException {
        final String options = "&canaryShare=0.2&canary=" + candidate("service");

        final FlowBatch fastest = ask("fastest", options);
        final FlowBatch fast = ask("fast", options);

        final Set<String> own = ofCanary(fastest);
        assertThat(own).isEqualTo(ofCanary(fast));
        assertThat((double) own.size() / flows.size()).isCloseTo(0.2, within(0.05));
        for (int i = 0; i < flows.size(); i++) {
            assertThat(fastest.record(i)).isSameAs(flows.get(i));
        }
        assertThat(ledger.byDetail(Ledger.Entry.CANARY_FLOWS))
                .containsEntry("service/fastest", (long) own.size())
                .containsEntry("service/fast", (long) own.size());
    }

    @Test
    void shouldGiveEachFlowOneVerdict() throws IOException {
        final FlowBatch last = ask("fast", "&canaryShare=0.5&canary=" + candidate("service"));

        assertThat(finals.values()).containsOnly(1);
        assertThat(finals).hasSize(last.certain().size());
    }

    @Test
    void shouldBeRolledBackWhereItDisagrees() throws IOException {
        final String options = "&canaryShare=0.5&canary=" + candidate("service-noports");
        assertThat(ofCanary(ask("fastest", options))).isNotEmpty();

        await().untilAsserted(
                        () -> {
                            ask("fastest", options);
                            assertThat(ledger.byDetail(Ledger.Entry.CANARY_ROLLBACKS))
                                    .containsEntry("service/canary_disagrees", 1L);
                        });

        assertThat(ofCanary(ask("fastest", options))).isEmpty();
        assertThat(ofCanary(ask("fast", options))).isEmpty();
    }

    @Test
    void shouldBeTriedAnewWhereAnotherBundleComesToItsFolder() throws IOException {
        final Path folder = candidate("service-noports");
        final String options = "&canaryShare=0.5&canary=" + folder;
        await().untilAsserted(
                        () -> {
                            ask("fastest", options);
                            assertThat(ledger.total(Ledger.Entry.CANARY_ROLLBACKS)).isEqualTo(1);
                        });
        assertThat(ofCanary(ask("fastest", options))).isEmpty();

        context.getComponent("serveflow", ServeflowComponent.class)
                .getBundles()
                .replace(folder.toString(), Bundle.load(candidate("service")));

        for (int i = 0; i < 3; i++) {
            assertThat(ofCanary(ask("fastest", options))).isNotEmpty();
        }
        assertThat(ledger.total(Ledger.Entry.CANARY_ROLLBACKS)).isEqualTo(1);
    }

    @Test
    void shouldLeaveOtherTasksAlone() {
        assertThat(ofCanary(ask("fast", "&canary=" + ProjectFiles.bundle("device")))).isEmpty();
    }

    @Test
    void shouldRefuseAShareThatIsNone() {
        assertThatThrownBy(() -> ask("fast", "&canaryShare=1.5"))
                .hasStackTraceContaining("canaryShare must be 0 to 1, was 1.5");
    }

    private static Set<String> ofCanary(final FlowBatch batch) {
        final Set<String> own = new HashSet<>();
        for (int i = 0; i < batch.size(); i++) {
            if (batch.verdict(i).bundle().version().equals("canary")) {
                own.add(batch.record(i).id().uid());
            }
        }
        return own;
    }

    private static FlowRecord named(final FlowRecord record, final String uid) {
        return new FlowRecord(
                new FlowId(record.id().observer(), uid),
                record.tuple(),
                record.communityId(),
                record.startMicros(),
                record.stage(),
                record.end(),
                record.packets(),
                record.readNanos(),
                record.summary(),
                record.tunnel());
    }

    private Path candidate(final String shipped) throws IOException {
        final Path folder = Files.createDirectories(work.resolve("candidate"));
        try (Stream<Path> files = Files.list(ProjectFiles.bundle(shipped))) {
            for (final Path file : files.toList()) {
                Files.write(folder.resolve(file.getFileName()), Files.readAllBytes(file));
            }
        }
        final Path manifest = folder.resolve("bundle.json");
        Files.writeString(
                manifest,
                Files.readString(manifest)
                        .replaceFirst("\"version\" : \"[^\"]*\"", "\"version\" : \"canary\""));
        return folder;
    }

    private FlowBatch ask(final String tier, final String options) {
        return template.requestBody(
                "serveflow:" + tier + "?bundle=" + ProjectFiles.bundle("service") + options,
                FlowBatch.of(flows),
                FlowBatch.class);
    }
}
