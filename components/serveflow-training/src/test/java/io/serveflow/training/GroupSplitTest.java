/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.serveflow.training.GroupSplit.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GroupSplitTest {

    private static final int CLASSES = 4;

    private final List<String> groups = new ArrayList<>();
    private int[] labels = {};

    @Test
    void shouldNeverShareAGroupBetweenParts() {
        for (int seed = 0; seed < 50; seed++) {
            random(seed);
            final GroupSplit split = GroupSplit.of(groups, labels, CLASSES, seed);
            final Map<String, Part> partOf = new HashMap<>();
            int rows = 0;
            for (final Part part : Part.values()) {
                for (final int row : split.rows(part)) {
                    assertThat(partOf.merge(groups.get(row), part, (a, b) -> a)).isEqualTo(part);
                    rows++;
                }
            }
            assertThat(rows).isEqualTo(labels.length);
        }
    }

    @Test
    void shouldGiveEveryPartItsShareOfEveryClass() {
        random(1);
        final GroupSplit split = GroupSplit.of(groups, labels, CLASSES, 1);
        for (int c = 0; c < CLASSES; c++) {
            final int label = c;
            final long all = Arrays.stream(labels).filter(l -> l == label).count();
            for (final Part part : Part.values()) {
                final long n =
                        Arrays.stream(split.rows(part)).filter(i -> labels[i] == label).count();
                assertThat((double) n / all).isCloseTo(part.share(), within(0.1));
            }
        }
    }

    @Test
    void shouldGiveTheSamePartsForTheSameSeed() {
        random(2);
        for (final Part part : Part.values()) {
            assertThat(GroupSplit.of(groups, labels, CLASSES, 7).rows(part))
                    .isEqualTo(GroupSplit.of(groups, labels, CLASSES, 7).rows(part));
        }
    }

    @Test
    void shouldGiveOtherPartsForAnotherSeed() {
        random(3);
        assertThat(GroupSplit.of(groups, labels, CLASSES, 7).rows(Part.TEST))
                .isNotEqualTo(GroupSplit.of(groups, labels, CLASSES, 8).rows(Part.TEST));
    }

    @Test
    void shouldTrainOnAClassThatFewGroupsHold() {
        random(4);
        final int[] more = Arrays.copyOf(labels, labels.length + 7);
        for (int i = labels.length; i < more.length; i++) {
            more[i] = i < labels.length + 3 ? CLASSES : CLASSES + 1;
            groups.add(i == labels.length + 3 ? "rare" : "rarer" + more[i]);
        }
        final int[] train = GroupSplit.of(groups, more, CLASSES + 2, 1).rows(Part.TRAIN);
        assertThat(Arrays.stream(train).map(i -> more[i]).distinct().boxed().toList())
                .contains(CLASSES, CLASSES + 1);
    }

    @Test
    void shouldNotMakeUpAClassInTheTestPartOfOneLargeGroup() {
        random(5);
        final int[] more = Arrays.copyOf(labels, labels.length + 160);
        for (int i = labels.length; i < more.length; i++) {
            more[i] = CLASSES;
            groups.add(i < labels.length + 120 ? "large" + i % 3 : "small" + i);
        }
        final int[] test = GroupSplit.of(groups, more, CLASSES + 1, 1).rows(Part.TEST);
        assertThat(
                        Arrays.stream(test)
                                .filter(i -> more[i] == CLASSES)
                                .mapToObj(groups::get)
                                .distinct())
                .hasSizeGreaterThan(4);
    }

    @Test
    void shouldRefuseFewerGroupsThanParts() {
        assertThatThrownBy(
                        () ->
                                GroupSplit.of(
                                        List.of("a", "b", "a", "b"), new int[] {0, 1, 1, 0}, 2, 1))
                .isInstanceOf(TrainingException.class)
                .hasMessage(
                        "The labelled flows are of 2 group(s), training needs at least 3; label"
                                + " more captures.");
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
