/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.serveflow.batch.FlowBatch;
import io.serveflow.candidate.CandidateListener;
import io.serveflow.candidate.CandidateScores;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleFiles;
import io.serveflow.model.BundleTrust;
import io.serveflow.model.Bundles;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.verdict.Verdict.BundleRef;
import io.serveflow.verdict.VerdictListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShadowTierTest {

    private static final String USED = ProjectFiles.bundle("service").toString();

    @TempDir private Path work;

    private final CamelContext context = new DefaultCamelContext();
    private final Ledger ledger = new Ledger();
    private final Map<String, CandidateScores> scores = new ConcurrentHashMap<>();
    private final Queue<String> given = new ConcurrentLinkedQueue<>();
    private List<FlowRecord> flows;
    private ProducerTemplate template;

    @BeforeEach
    void start() throws Exception {
        flows = Samples.records(FlowRecord.Stage.FIRST);
        context.getRegistry().bind("ledger", ledger);
        context.getRegistry()
                .bind(
                        "verdicts",
                        (VerdictListener) (flow, verdict) -> given.add(verdict.bundle().version()));
        context.getRegistry()
                .bind(
                        "candidates",
                        new CandidateListener() {
                            @Override
                            public void opened(
                                    final BundleRef candidate,
                                    final String tier,
                                    final CandidateScores found) {
                                scores.put(candidate.version() + " " + tier, found);
                            }

                            @Override
                            public void closed(final BundleRef candidate, final String tier) {
                                scores.remove(candidate.version() + " " + tier);
                            }
                        });
        context.start();
        template = context.createProducerTemplate();
    }

    @AfterEach
    void stop() throws IOException {
        template.close();
        context.stop();
        assertThat(scores).isEmpty();
    }

    @Test
    void shouldCompareTheSameFlowsAndGiveNothingOut() throws Exception {
        final FlowBatch answered = ask("fast", "&shadow=" + candidate("service"));

        await().until(() -> scores.get("candidate fast").report().flows() == flows.size());
        assertThat(scores.get("candidate fast").report().agreement()).isEqualTo(1);
        assertThat(scores.get("candidate fast").report().secondsPerFlow()).isPositive();
        assertThat(ledger.byDetail(Ledger.Entry.SHADOW_FLOWS))
                .containsEntry("service/fast", (long) flows.size());
        assertThat(ledger.total(Ledger.Entry.SHADOW_DISAGREED)).isZero();
        assertThat(answered.verdict(0).bundle().version()).isNotEqualTo("candidate");
        assertThat(given).isNotEmpty().doesNotContain("candidate");
        assertThat(ledger.byDetail(Ledger.Entry.ESCALATED))
                .containsEntry("service/fast-slow", (long) answered.uncertain().size());
    }

    @Test
    void shouldFindThatAnotherBundleDisagrees() throws Exception {
        ask("fast", "&shadow=" + candidate("service-noports"));

        await().until(() -> scores.get("candidate fast").report().flows() == flows.size());
        assertThat(scores.get("candidate fast").report().agreement()).isLessThan(1).isPositive();
        assertThat(ledger.total(Ledger.Entry.SHADOW_DISAGREED)).isPositive();
    }

    @Test
    void shouldLeaveOutWhatItsThreadHasNoRoomFor() throws Exception {
        final ShadowTier shadow =
                new ShadowTier(
                        "fast",
                        task -> {
                            throw new RejectedExecutionException("full");
                        },
                        ledger,
                        CandidateListener.SILENT);
        final Bundles bundles = new Bundles();
        shadow.begin(
                bundles.open(
                        BundleFiles.in(ProjectFiles.bundle("service")),
                        BundleTrust.ANYBODY,
                        shadow));
        final BundleRef ref = bundles.current("service").orElseThrow().ref();
        shadow.offer(FlowBatch.of(flows), ref);
        shadow.close();
        assertThat(bundles.inUse()).isEmpty();

        assertThat(ledger.byDetail(Ledger.Entry.SHADOW_SKIPPED))
                .containsEntry("service/shadow_behind", (long) flows.size());
    }

    @Test
    void shouldGoOnComparingWhereAReplacementIsRefused() throws Exception {
        final Bundles bundles = new Bundles();
        final BundleFiles files = BundleFiles.in(candidate("service"));
        final ShadowTier shadow =
                new ShadowTier("fast", Runnable::run, ledger, CandidateListener.SILENT);
        shadow.begin(bundles.open(files, BundleTrust.ANYBODY, shadow));
        try (Bundles.Use refusing =
                bundles.open(files, BundleTrust.ANYBODY, new OnlyOf("candidate"))) {
            final Bundle next = Bundle.load(ProjectFiles.bundle("service"));
            assertThatThrownBy(() -> bundles.replace(files.location(), next))
                    .hasMessageContaining("not this one");

            final FlowBatch answered = ask("fast", "");
            shadow.offer(answered, answered.verdict(0).bundle());

            assertThat(ledger.byDetail(Ledger.Entry.SHADOW_FLOWS))
                    .containsEntry("service/fast", (long) flows.size());
            assertThat(refusing.bundle().manifest().version()).isEqualTo("candidate");
        } finally {
            shadow.close();
        }
    }

    /** What waits to be compared holds on to the bundle that it is compared with. */
    @Test
    void shouldCompareWithTheBundleBeforeWhatWasOfferedThen() throws Exception {
        final Bundles bundles = new Bundles();
        final Queue<Runnable> later = new ConcurrentLinkedQueue<>();
        final BundleFiles files = BundleFiles.in(candidate("service"));
        final ShadowTier shadow =
                new ShadowTier("fast", later::add, ledger, CandidateListener.SILENT);
        shadow.begin(bundles.open(files, BundleTrust.ANYBODY, shadow));
        final FlowBatch answered = ask("fast", "");
        final Queue<String> with = new ConcurrentLinkedQueue<>();
        final ShadowTier.Found found = (ref, compared, agreed, time) -> with.add(ref.version());

        shadow.offer(answered, answered.verdict(0).bundle(), found);
        final String next =
                bundles.replace(files.location(), Bundle.load(ProjectFiles.bundle("service")))
                        .ref()
                        .version();
        shadow.offer(answered, answered.verdict(0).bundle(), found);
        later.forEach(Runnable::run);

        assertThat(with).containsExactly("candidate", next);
        assertThat(ledger.total(Ledger.Entry.SHADOW_SKIPPED)).isZero();
        assertThat(bundles.inUse()).hasSize(1);
        shadow.close();
    }

    @Test
    void shouldLeaveOtherTasksAlone() throws Exception {
        ask("fast", "&shadow=" + ProjectFiles.bundle("device"));

        assertThat(scores).isEmpty();
        assertThat(ledger.total(Ledger.Entry.SHADOW_FLOWS)).isZero();
    }

    @Test
    void shouldNotStartWithADamagedCandidateOrOneOfOtherTiers() throws Exception {
        final Path damaged = candidate("service");
        Files.writeString(damaged.resolve("slow.onnx"), "x");
        assertThatThrownBy(() -> ask("fast", "&shadow=" + damaged))
                .hasStackTraceContaining("slow.onnx has the SHA-256");

        final Path manifest = ProjectFiles.bundle("vpn").resolve("bundle.json");
        final Path other = Files.createDirectory(work.resolve("other"));
        Files.writeString(
                other.resolve("bundle.json"),
                Files.readString(manifest).replace("\"task\" : \"vpn\"", "\"task\" : \"service\""));
        assertThatThrownBy(() -> ask("fast", "&shadow=" + other))
                .hasStackTraceContaining("its tiers are");
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
                        .replaceFirst("\"version\" : \"[^\"]*\"", "\"version\" : \"candidate\""));
        return folder;
    }

    private FlowBatch ask(final String tier, final String options) {
        return template.requestBody(
                "serveflow:" + tier + "?bundle=" + USED + options,
                FlowBatch.of(flows),
                FlowBatch.class);
    }

    /** Somebody who can use one version alone. */
    private record OnlyOf(String version) implements Bundles.Member {

        @Override
        public void prepare(final Bundle bundle) {
            if (!bundle.manifest().version().equals(version)) {
                throw new IllegalStateException("not this one");
            }
        }

        @Override
        public void forget(final Bundle bundle) {
            // Nothing was made ready.
        }
    }
}
