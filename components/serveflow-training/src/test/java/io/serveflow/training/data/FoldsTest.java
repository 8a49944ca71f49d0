/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.serveflow.training.notice.TrainingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FoldsTest {

    private static final int CLASSES = 4;
    private static final int COUNT = 5;

    private final List<String> groups = new ArrayList<>();
    private int[] labels = {};

    @Test
    void shouldNeverShareAGroupBetweenFolds() {
        for (int seed = 0; seed < 50; seed++) {
            random(seed);
            final Folds folds = folds(seed);
            final Map<String, Integer> foldOf = new HashMap<>();
            for (int row = 0; row < labels.length; row++) {
                assertThat(foldOf.merge(groups.get(row), folds.foldOf()[row], (a, b) -> a))
                        .isEqualTo(folds.foldOf()[row]);
            }
        }
    }

    @Test
    void shouldPutEveryFlowInsideOneFoldAndOutsideTheOthers() {
        random(1);
        final Folds folds = folds(1);
        for (int fold = 0; fold < COUNT; fold++) {
            assertThat(
                            IntStream.concat(
                                    IntStream.of(folds.in(fold)),
                                    IntStream.of(folds.outside(fold))))
                    .hasSize(labels.length)
                    .doesNotHaveDuplicates();
        }
        assertThat(IntStream.range(0, COUNT).flatMap(fold -> IntStream.of(folds.in(fold))))
                .hasSize(labels.length)
                .doesNotHaveDuplicates();
    }

    @Test
    void shouldGiveEveryFoldItsShareOfEveryClass() {
        random(1);
        final Folds folds = folds(1);
        for (int c = 0; c < CLASSES; c++) {
            final int label = c;
            final long all = Arrays.stream(labels).filter(l -> l == label).count();
            for (int fold = 0; fold < COUNT; fold++) {
                final long n =
                        Arrays.stream(folds.in(fold)).filter(i -> labels[i] == label).count();
                assertThat((double) n / all).isCloseTo(1.0 / COUNT, within(0.1));
            }
        }
    }

    @Test
    void shouldGiveTheSameFoldsForTheSameSeed() {
        random(2);
        assertThat(folds(7).foldOf()).isEqualTo(folds(7).foldOf());
    }

    @Test
    void shouldGiveOtherFoldsForAnotherSeed() {
        random(3);
        assertThat(folds(7).foldOf()).isNotEqualTo(folds(8).foldOf());
    }

    @Test
    void shouldSpreadTheGroupsOfARareClass() {
        random(4);
        final int[] more = Arrays.copyOf(labels, labels.length + COUNT);
        for (int i = labels.length; i < more.length; i++) {
            more[i] = CLASSES;
            groups.add("rare" + i);
        }
        final Folds folds = Folds.of(groups, more, CLASSES + 1, COUNT, 1);
        for (int fold = 0; fold < COUNT; fold++) {
            assertThat(Arrays.stream(folds.in(fold)).filter(i -> more[i] == CLASSES)).hasSize(1);
        }
    }

    @Test
    void shouldNotMakeUpAClassInAFoldOfOneLargeGroup() {
        random(5);
        final int[] more = Arrays.copyOf(labels, labels.length + 160);
        for (int i = labels.length; i < more.length; i++) {
            more[i] = CLASSES;
            groups.add(i < labels.length + 120 ? "large" + i % 3 : "small" + i);
        }
        final Folds folds = Folds.of(groups, more, CLASSES + 1, COUNT, 1);
        for (int fold = 0; fold < COUNT; fold++) {
            assertThat(
                            Arrays.stream(folds.in(fold))
                                    .filter(i -> more[i] == CLASSES)
                                    .mapToObj(groups::get)
                                    .distinct())
                    .hasSizeGreaterThan(2);
        }
    }

    @Test
    void shouldLeaveNoFoldEmpty() {
        final Folds folds =
                Folds.of(List.of("a", "b", "c", "d", "e"), new int[] {0, 0, 1, 1, 0}, 2, 5, 1);
        assertThat(folds.foldOf()).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    }

    @Test
    void shouldRefuseFewerGroupsThanFolds() {
        assertThatThrownBy(
                        () ->
                                Folds.of(
                                        List.of("a", "b", "a", "b"),
                                        new int[] {0, 1, 1, 0},
                                        2,
                                        3,
                                        1))
                .isInstanceOf(TrainingException.class)
                .hasMessage(
                        "The labelled flows are of 2 group(s), 3 folds need at least as many;"
                                + " label more captures, or ask for fewer folds.");
    }

    private Folds folds(final long seed) {
        return Folds.of(groups, labels, CLASSES, COUNT, seed);
    }

    /** 300 groups of 1 to 20 flows, each mostly of one class. */
    private void random(final long seed) {
        final Random random = new Random(seed);
        final List<Integer> classes = new ArrayList<>();
        groups.clear();
        for (int group = 0; group < 300; group++) {
            final int main = random.nextInt(CLASSES);
            for (int i = 1 + random.nextInt(20); i > 0; i--) {
                groups.add("group" + group);
                classes.add(random.nextInt(5) == 0 ? random.nextInt(CLASSES) : main);
            }
        }
        labels = classes.stream().mapToInt(Integer::intValue).toArray();
    }
}
