/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.terminal.Progress;
import io.serveflow.feature.Mask;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.VoteRule;
import io.serveflow.training.Families;
import io.serveflow.training.Training;
import io.serveflow.training.TrainingOptions;
import io.serveflow.training.data.DataKind;
import io.serveflow.training.data.Split;
import io.serveflow.training.score.Objective;
import io.serveflow.training.tier.TierFamily;
import io.serveflow.training.tier.TierPlan;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code serveflow train}: labelled flows to a bundle. The launcher puts the libraries of training
 * on the class path for it.
 */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = "Train a bundle from labelled captures, sessions or size sequences.")
public final class TrainCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--task",
            required = true,
            paramLabel = "NAME",
            description = "The question that the labels answer, such as service.")
    private String task;

    @Mixin private LabelledData data;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder of the new bundle; empty, missing or an older bundle.")
    private Path out;

    @Option(
            names = "--seed",
            defaultValue = "" + TrainingOptions.SEED,
            paramLabel = "N",
            description = "Decides the folds and the trees (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--folds",
            defaultValue = "" + TrainingOptions.FOLDS,
            paramLabel = "N",
            description =
                    "Parts of the flows, each tested with models of the others"
                            + " (default: ${DEFAULT-VALUE}).")
    private int folds;

    @Option(
            names = "--split",
            defaultValue = "group",
            paramLabel = "group|flow",
            description = {
                "What is kept together in one fold (default: ${DEFAULT-VALUE}).",
                "flow needs --i-know-this-leaks."
            })
    private Split split;

    @Option(
            names = "--i-know-this-leaks",
            description =
                    "Allow --split flow, which tests flows with models that know their capture.")
    private boolean leaksKnown;

    @Option(
            names = "--leave-out",
            defaultValue = "0",
            paramLabel = "N",
            description =
                    "Train N times more, each time without one application (column source_label),"
                            + " to measure what is said of what was never seen.")
    private int leaveOut;

    @Option(
            names = "--without-ports",
            description = "Train tiers that see no port, for traffic in tunnels or on odd ports.")
    private boolean withoutPorts;

    @Option(
            names = "--without-names",
            description = {
                "Train tiers that see no host name, to learn what is left where names are"
                        + " encrypted.",
                "Only known-names, known-words and handshake have columns for them."
            })
    private boolean withoutNames;

    @Option(
            names = "--unmask",
            split = ",",
            paramLabel = "FIELD",
            description = {
                "Show tiers what is hidden from them because it tells who and when, not what:"
                        + " addresses, checksums, ip-id, seq-ack.",
                "Only nprint has columns for it. A model that uses them knows its captures."
            })
    private List<Mask> unmask = List.of();

    @Option(
            names = "--family",
            defaultValue = Families.DEFAULT,
            paramLabel = "NAME",
            description = "The family of models that is trained (default: ${DEFAULT-VALUE}).")
    private String family;

    @Option(
            names = "--tier",
            paramLabel = "NAME=ENCODER:PACKETS:ROUNDS",
            description = {
                "A tier, the fastest first, such as fast=header+payload:1:20; up to four.",
                "Without any a fastest tier of 6 and a fast one of 20 rounds on packet 1, and a"
                        + " slow one of 30 rounds on packets 1 to 10; for sequences tiers of the"
                        + " encoder sizes, for sessions of windows, where PACKETS counts payloads"
                        + " or seconds."
            })
    private List<String> tiers = List.of();

    @Option(
            names = "--patience",
            defaultValue = "0",
            paramLabel = "N",
            description = {
                "End a tier of more than 6 rounds when held-out groups have gained nothing for N"
                        + " rounds; its rounds are then the most it gets.",
                "0 trains all rounds (default: ${DEFAULT-VALUE})."
            })
    private int patience;

    @Option(
            names = "--craft",
            description = {
                "Choose the tiers among candidates of 1 to 10 packets by what they cost and how"
                        + " well they score; for captures.",
                "What they cost is measured, so the choice may differ on another machine."
            })
    private boolean craft;

    @Option(
            names = "--vote",
            description =
                    "Let the flows of a host vote on what it is; for tasks in which all flows of a"
                            + " host have one label, such as device.")
    private boolean vote;

    @Option(
            names = "--vote-window",
            defaultValue = "600",
            paramLabel = "SECONDS",
            description =
                    "Flows that begin within so long vote together (default: ${DEFAULT-VALUE}).")
    private int voteWindow;

    @ArgGroup(heading = "What thresholds are chosen for; one of:%n")
    private ObjectiveOption objective = new ObjectiveOption();

    @Option(
            names = "--name",
            paramLabel = "WORD",
            description = "The bundle's name (default: serveflow- and the task).")
    private Optional<String> name;

    @Option(
            names = "--bundle-version",
            defaultValue = TrainingOptions.VERSION,
            paramLabel = "WORD",
            description = "Version of the bundle (default: ${DEFAULT-VALUE}).")
    private String version;

    @Option(
            names = "--data-note",
            defaultValue = TrainingOptions.DATA_NOTE,
            paramLabel = "TEXT",
            description = "What the flows are and under which licence, for the bundle's card.")
    private String dataNote;

    @Override
    public Integer call() {
        final TrainingOptions options = options();
        try (Progress progress = Progress.ofSteps("Training", 1)) {
            final Training training =
                    new Training(
                            options,
                            new TrainingProgress(spec, progress),
                            Clock.systemUTC(),
                            System::nanoTime);
            final BundleManifest bundle = (vote ? training.withVote(voteWindow) : training).run();
            spec.commandLine()
                    .getOut()
                    .printf(
                            "%s %s: %d labels, %d tiers, in %s; its measurements are in %s%n",
                            bundle.name(),
                            bundle.version(),
                            bundle.labels().size(),
                            bundle.tiers().size(),
                            out,
                            out.resolve("CARD.md"));
        }
        return 0;
    }

    /** What is no possible choice is wrong use, and not a failure of the training. */
    private TrainingOptions options() {
        try {
            return stated();
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private TrainingOptions stated() {
        if (voteWindow < 1 || voteWindow > VoteRule.LONGEST_SECONDS) {
            throw new IllegalArgumentException(
                    "--vote-window must be 1 to "
                            + VoteRule.LONGEST_SECONDS
                            + " seconds, was "
                            + voteWindow);
        }
        final TierFamily models = Families.of(family);
        final TrainingOptions stated =
                TrainingOptions.defaults(models, task, data.source(true), out)
                        .withName(name.orElse("serveflow-" + task))
                        .withFolds(folds)
                        .withSeed(seed)
                        .withVersion(version)
                        .withDataNote(dataNote)
                        .withSplit(split())
                        .withLeftOut(leaveOut)
                        .withObjective(objective.objective().orElse(Objective.DEFAULT));
        final TrainingOptions tiered = patient(withTiers(models, stated));
        final TrainingOptions shown = tiered.unmasked(Set.copyOf(unmask));
        final TrainingOptions named = withoutNames ? shown.withoutNames() : shown;
        return withoutPorts ? named.withoutPorts() : named;
    }

    private Split split() {
        if (split == Split.FLOW && !leaksKnown) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--split flow puts flows of one capture into training and test, which makes"
                            + " every score too good; keep --split group, or add"
                            + " --i-know-this-leaks to see how much.");
        }
        return split;
    }

    private TrainingOptions patient(final TrainingOptions stated) {
        try {
            return stated.withPatience(patience);
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--patience: " + e.getMessage(), e);
        }
    }

    private TrainingOptions withTiers(final TierFamily models, final TrainingOptions stated) {
        if (craft && !tiers.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--craft chooses the tiers, so give no --tier with it.");
        }
        if (craft && stated.source().kind() != DataKind.CAPTURES) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--craft chooses among tiers that read whole packets, which "
                            + stated.source().kind().words()
                            + " do not have; name tiers with --tier, or none for the usual ones.");
        }
        if (craft) {
            return stated.withCandidates(models.candidates());
        }
        return tiers.isEmpty()
                ? stated
                : stated.withTiers(tiers.stream().map(tier -> plan(models, tier)).toList());
    }

    private static TierPlan plan(final TierFamily models, final String tier) {
        try {
            return models.plan(tier);
        } catch (final IllegalArgumentException e) {
            throw new IllegalArgumentException("--tier is " + tier + ": " + e.getMessage(), e);
        }
    }
}
