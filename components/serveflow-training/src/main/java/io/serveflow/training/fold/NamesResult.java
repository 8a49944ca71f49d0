/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.fold;

import io.serveflow.feature.FeatureEncoder;
import io.serveflow.feature.FeatureEncoders;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Handshake;
import io.serveflow.flow.Packets;
import io.serveflow.handshake.HandshakeReader;
import io.serveflow.training.data.Dataset;
import io.serveflow.training.score.Answers;
import io.serveflow.training.score.Evaluation;
import io.serveflow.training.score.NameTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * What names are worth to a cascade that reads them, all of it out of fold.
 *
 * @param table the commonest label of what a host is known for, by itself
 * @param withoutNames the last tier trained and tested in the same way but blind to names
 * @param parts the flows in parts, by whether they ask for a name and whether their label is due to
 *     one
 * @param cuts the last tier on records that hold less than those that it was trained on
 */
public record NamesResult(
        Evaluation table, Evaluation withoutNames, List<Part> parts, List<Cut> cuts) {

    /**
     * Some of the flows.
     *
     * @param words which flows these are
     * @param cascade share of them that the cascade is right about
     * @param table share of them that the table of names is right about
     */
    public record Part(String words, int flows, double cascade, double table) {}

    /**
     * The last tier on records that hold less.
     *
     * @param words what they hold
     */
    public record Cut(String words, Evaluation slow) {}

    /** What a record holds that is cut. */
    public record Keep(String words, UnaryOperator<FlowRecord> cut) {}

    /** The encoder whose columns of names the table is made of. */
    private static final String ENCODER = "handshake";

    /** What sensors keep of a packet where nothing else is said. */
    private static final int SNAP_BYTES = 128;

    /** Whether a tier reads the names that this is about. */
    public static boolean isOf(final FeatureSpec features) {
        return List.of(features.encoder().split("\\+")).contains(ENCODER);
    }

    /** The cuts that are measured: the defaults of sensors. */
    public static List<Keep> cuts(final int packets) {
        return List.of(
                new Keep(
                        SNAP_BYTES
                                + " bytes of a packet, and what the sensor says of the beginning",
                        flow ->
                                cut(flow)
                                        .saying(
                                                new HandshakeReader()
                                                        .read(flow.packets().first(packets)))),
                new Keep(SNAP_BYTES + " bytes of a packet, and no more", NamesResult::cut));
    }

    private static FlowRecord cut(final FlowRecord flow) {
        final Packets whole = flow.packets();
        final Packets.Builder kept = new Packets.Builder();
        for (int i = 0; i < whole.count(); i++) {
            kept.add(
                    whole.offsetMicros(i),
                    whole.fromOriginator(i),
                    whole.length(i),
                    whole.bytes(),
                    whole.start(i),
                    Math.min(SNAP_BYTES, whole.end(i) - whole.start(i)));
        }
        return new FlowRecord(
                flow.id(),
                flow.tuple(),
                flow.communityId(),
                flow.startMicros(),
                flow.stage(),
                flow.end(),
                kept.build(),
                flow.readNanos(),
                flow.summary(),
                flow.tunnel(),
                flow.handshake());
    }

    /**
     * Compares a cascade with a table of names.
     *
     * @param packets how many packets from the flow's start names are looked for in
     */
    public static NamesResult of(
            final Dataset data,
            final Answers cascade,
            final int packets,
            final Evaluation withoutNames,
            final List<Cut> cuts) {
        final int[] table = table(data, packets);
        final boolean[] byTable = Answers.right(table, data.labels());
        final boolean[] byCascade = Answers.right(cascade.predicted(), data.labels());
        final boolean[] named = named(data, packets);
        final boolean[] due = dueToAName(data);
        final List<Part> parts = new ArrayList<>();
        parts.add(part("ask for a host by its name", named, true, byCascade, byTable));
        parts.add(part("show no name", named, false, byCascade, byTable));
        parts.add(part("have a label that rests on a name", due, true, byCascade, byTable));
        parts.add(part("have one that rests on the protocol", due, false, byCascade, byTable));
        final Answers sure = Answers.sure(table);
        return new NamesResult(
                Evaluation.of(
                        data.labels(), sure.predicted(), sure.confidence(), data.names().size()),
                withoutNames,
                List.copyOf(parts),
                List.copyOf(cuts));
    }

    private static int[] table(final Dataset data, final int packets) {
        final FeatureEncoder encoder =
                FeatureEncoders.of(new FeatureSpec(ENCODER, 1, packets, Set.of()));
        final int[] predicted = new int[data.labels().length];
        for (int fold = 0; fold < data.folds().count(); fold++) {
            final int[] others = data.folds().outside(fold);
            final NameTable names =
                    new NameTable(
                            encoder, data.flows(others), data.labels(others), data.names().size());
            for (final int row : data.folds().in(fold)) {
                predicted[row] = names.predict(data.flows().get(row));
            }
        }
        return predicted;
    }

    private static boolean[] named(final Dataset data, final int packets) {
        final HandshakeReader reader = new HandshakeReader();
        final boolean[] named = new boolean[data.labels().length];
        for (int row = 0; row < named.length; row++) {
            final FlowRecord flow = data.flows().get(row);
            final Optional<Handshake> says =
                    flow.handshake().or(() -> reader.read(flow.packets().first(packets)));
            named[row] = says.isPresent() && !says.get().name().isEmpty();
        }
        return named;
    }

    /**
     * Whether a flow's application is a protocol with something behind it, as in {@code
     * TLS.NetFlix}, and its label another one than that of most flows of the protocol alone.
     */
    private static boolean[] dueToAName(final Dataset data) {
        final Map<String, int[]> counts = new HashMap<>();
        for (int row = 0; row < data.labels().length; row++) {
            counts.computeIfAbsent(
                            data.applications().get(row), name -> new int[data.names().size()])[
                    data.labels()[row]]++;
        }
        final boolean[] due = new boolean[data.labels().length];
        for (int row = 0; row < due.length; row++) {
            final String application = data.applications().get(row);
            final int dot = application.indexOf('.');
            if (dot > 0 && counts.containsKey(application.substring(0, dot))) {
                final int[] alone = counts.get(application.substring(0, dot));
                final int label = data.labels()[row];
                due[row] = IntStream.of(alone).anyMatch(count -> count > alone[label]);
            }
        }
        return due;
    }

    private static Part part(
            final String words,
            final boolean[] mask,
            final boolean wanted,
            final boolean[] byCascade,
            final boolean[] byTable) {
        int flows = 0;
        int cascade = 0;
        int table = 0;
        for (int row = 0; row < mask.length; row++) {
            if (mask[row] == wanted) {
                flows++;
                cascade += byCascade[row] ? 1 : 0;
                table += byTable[row] ? 1 : 0;
            }
        }
        return new Part(
                words,
                flows,
                flows == 0 ? 0 : (double) cascade / flows,
                flows == 0 ? 0 : (double) table / flows);
    }
}
