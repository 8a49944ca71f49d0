/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.tier;

import io.serveflow.training.data.Dataset;
import io.serveflow.training.data.Folds;
import io.serveflow.training.features.EncodedFlows;
import io.serveflow.training.notice.DiskFailure;
import io.serveflow.training.notice.TrainingListener;
import io.serveflow.training.work.Digest;
import io.serveflow.training.work.WorkFolder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Trains the models of a run, each of which is kept in the {@link WorkFolder} as soon as it is
 * there and taken from it when it was trained before.
 *
 * <p>The key of a model is a digest of all that decides it: its plan, the feature rows and labels
 * of the flows, which of them it is trained on and compared on, the seed, the library that trains
 * and its version, and {@link #MADE_BY}. So a model that is taken is the one that would be trained.
 *
 * <p>Where a plan has patience, the rounds of a fold's model are those that were best on a fifth of
 * its groups, and the model is then trained on all of its flows.
 */
public final class TrainedModels {

    /** To be raised whenever training or export gives other models from the same input. */
    private static final int MADE_BY = 2;

    /** One group in so many is held out to decide when to stop. */
    private static final int STOPPING_FOLDS = 5;

    private static final int[] NONE = {};

    private final Dataset data;
    private final WorkFolder work;
    private final long seed;
    private final TrainingListener listener;
    private final EncodedFlows encoded;
    private final int[] groups;
    private final Map<TierPlan, List<Integer>> roundsFound = new HashMap<>();
    private int asked;
    private int taken;
    private int unreadable;

    /**
     * @param budgetBytes how much memory encoded rows may take
     */
    public TrainedModels(
            final Dataset data,
            final WorkFolder work,
            final long seed,
            final long budgetBytes,
            final TrainingListener listener) {
        this.data = data;
        this.work = work;
        this.seed = seed;
        this.listener = listener;
        this.encoded = new EncodedFlows(data.flows(), budgetBytes);
        this.groups = numbers(data.groups());
    }

    /** The model of a tier that knows all folds but one, compared with its trainer on that one. */
    public TrainedTier withoutFold(final TierPlan plan, final int fold, final String step) {
        final int[] rows = data.folds().outside(fold);
        final int rounds = plan.trainer().patience() > 0 ? rounds(plan, rows, step) : 0;
        if (rounds == 0) {
            return model(plan, rows, data.folds().in(fold), step);
        }
        roundsFound.computeIfAbsent(plan, p -> new ArrayList<>()).add(rounds);
        return model(
                plan.withTrainer(plan.trainer().settled(rounds)),
                rows,
                data.folds().in(fold),
                step);
    }

    /** The model of a tier that is trained on some flows, by their numbers. */
    public TrainedTier of(final TierPlan plan, final int[] rows, final String step) {
        return model(plan, rows, NONE, step);
    }

    /**
     * A plan with the rounds that its models without a fold had: the median of them. Itself if it
     * has no patience.
     */
    public TierPlan settled(final TierPlan plan) {
        final List<Integer> found = roundsFound.get(plan);
        if (found == null) {
            return plan;
        }
        final List<Integer> sorted = found.stream().sorted().toList();
        return plan.withTrainer(plan.trainer().settled(sorted.get(sorted.size() / 2)));
    }

    /** What a tier costs; as an earlier run measured it, or else measured now. */
    public TierCost cost(
            final TierPlan plan, final TrainedTier tier, final LongSupplier nanoClock) {
        final String key = key("cost", plan, NONE, NONE).add(tier.onnx()).hex();
        return take(key, TrainedModels::readCost)
                .orElseGet(
                        () -> {
                            final TierCost cost = tier.cost(data.flows(), nanoClock);
                            work.keep(key, bytes(out -> write(cost, out)));
                            return cost;
                        });
    }

    /** One sentence for each thing that should be known of the work folder. */
    public List<String> notices() {
        final List<String> notices = new ArrayList<>();
        if (taken > 0) {
            notices.add(taken + " of " + asked + " models were trained by an earlier run.");
        }
        final int useless = work.damaged() + unreadable;
        if (useless > 0) {
            notices.add(
                    useless
                            + " files of an earlier run in "
                            + work.path()
                            + " are torn or damaged; what they held was made again.");
        }
        work.failure()
                .ifPresent(
                        cause ->
                                notices.add(
                                        "Models cannot be kept in "
                                                + work.path()
                                                + " for a run that is stopped ("
                                                + DiskFailure.reason(cause)
                                                + ")."));
        return notices;
    }

    private TrainedTier model(
            final TierPlan plan, final int[] rows, final int[] tested, final String step) {
        final int classes = data.names().size();
        final String key = key("model", plan, rows, tested).hex();
        asked++;
        final Optional<TrainedTier> known = take(key, in -> readModel(plan, classes, in));
        if (known.isPresent()) {
            taken++;
            listener.progress(step, plan.trainer().rounds(), plan.trainer().rounds());
            return known.get();
        }
        final TrainedTier tier =
                TrainedTier.train(
                        plan,
                        examples(plan, rows),
                        seed,
                        encoded.rows(plan.features(), tested),
                        data.flows(tested),
                        round -> listener.progress(step, round, plan.trainer().rounds()));
        work.keep(key, bytes(out -> write(tier, out)));
        return tier;
    }

    private Examples examples(final TierPlan plan, final int[] rows) {
        return new Examples(
                encoded.rows(plan.features(), rows),
                data.labels(rows),
                data.names().size(),
                encoded.columns(plan.features()),
                Arrays.stream(rows).mapToObj(data.groups()::get).toList());
    }

    /** The best rounds on held-out groups; all rounds if there is but one group. */
    private int rounds(final TierPlan plan, final int[] rows, final String step) {
        final int[] labels = data.labels(rows);
        final List<String> theirs = Arrays.stream(rows).mapToObj(data.groups()::get).toList();
        final int folds = (int) Math.min(STOPPING_FOLDS, theirs.stream().distinct().count());
        if (folds < 2) {
            return plan.trainer().rounds();
        }
        final String key = key("rounds", plan, rows, NONE).hex();
        return take(key, DataInputStream::readInt)
                .orElseGet(
                        () -> {
                            final Folds parts =
                                    Folds.of(theirs, labels, data.names().size(), folds, seed);
                            final int[] fit = pick(rows, parts.outside(0));
                            final int[] heldOut = pick(rows, parts.in(0));
                            final int best =
                                    plan.trainer()
                                            .bestRounds(
                                                    examples(plan, fit),
                                                    examples(plan, heldOut),
                                                    seed,
                                                    round ->
                                                            listener.progress(
                                                                    step + ", counting rounds",
                                                                    round,
                                                                    plan.trainer().rounds()));
                            work.keep(key, bytes(out -> out.writeInt(best)));
                            return best;
                        });
    }

    private Digest key(
            final String kind, final TierPlan plan, final int[] rows, final int[] tested) {
        return new Digest()
                .add(kind)
                .add(MADE_BY)
                .add(plan.trainer().madeBy())
                .add(plan.trainer().settings())
                .add(plan.name())
                .add(plan.features())
                .add(plan.device())
                .add(seed)
                .add(data.names().size())
                .add(encoded.digest(plan.features()))
                .add(rows)
                .add(data.labels(rows))
                .add(pick(groups, rows))
                .add(tested);
    }

    /** Reads an entry; one whose content is not understood is as good as damaged. */
    private <T> Optional<T> take(final String key, final Content<T> content) {
        final Optional<byte[]> entry = work.find(key);
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(entry.get()))) {
            return Optional.of(content.read(in));
        } catch (final IOException | RuntimeException e) {
            unreadable++;
            return Optional.empty();
        }
    }

    @FunctionalInterface
    private interface Content<T> {
        T read(DataInputStream in) throws IOException;
    }

    @FunctionalInterface
    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private static byte[] bytes(final Writing writing) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            writing.to(out);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(final TrainedTier tier, final DataOutputStream out)
            throws IOException {
        out.writeDouble(tier.parity());
        out.writeInt(tier.onnx().length);
        out.write(tier.onnx());
    }

    private static TrainedTier readModel(
            final TierPlan plan, final int classes, final DataInputStream in) throws IOException {
        final double parity = in.readDouble();
        final byte[] onnx = in.readNBytes(in.readInt());
        return TrainedTier.open(plan, onnx, parity, classes);
    }

    private static void write(final TierCost cost, final DataOutputStream out) throws IOException {
        out.writeDouble(cost.featureMicros());
        out.writeDouble(cost.inferenceMicros());
        out.writeDouble(cost.aloneMicros());
    }

    private static TierCost readCost(final DataInputStream in) throws IOException {
        return new TierCost(in.readDouble(), in.readDouble(), in.readDouble());
    }

    private static int[] pick(final int[] from, final int[] rows) {
        return Arrays.stream(rows).map(row -> from[row]).toArray();
    }

    /** A number for each name, the same for the same name. */
    private static int[] numbers(final List<String> names) {
        final Map<String, Integer> known = new HashMap<>();
        return names.stream()
                .mapToInt(name -> known.computeIfAbsent(name, n -> known.size()))
                .toArray();
    }
}
