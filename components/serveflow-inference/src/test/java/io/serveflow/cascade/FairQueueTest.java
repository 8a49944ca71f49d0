/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FairQueueTest {

    private final FairQueue<String> queue = new FairQueue<>(100);

    @Test
    void shouldGiveEachSourceATurn() {
        add(1, "a1", "a2", "a3");
        add(2, "b1");
        add(3, "c1", "c2");

        assertThat(take(10)).containsExactly("a1", "b1", "c1", "a2", "c2", "a3");
    }

    @Test
    void shouldLetASourceWithNothingInFrontOfWhatALoudOneHas() {
        IntStream.range(0, 100_000).forEach(i -> queue.add(1, "loud"));
        take(50_000);
        add(2, "quiet");

        assertThat(take(2)).contains("quiet");
    }

    @Test
    void shouldNotLetASourceSaveUpTurns() {
        add(1, "a1");
        assertThat(take(1)).hasSize(1);
        IntStream.range(0, 100).forEach(i -> queue.add(2, "b"));
        take(50);
        add(1, "a2", "a3", "a4");

        assertThat(take(6)).containsSubsequence("b", "a3").hasSize(6);
        assertThat(queue.size()).isEqualTo(100 - 50 + 3 - 6);
    }

    @Test
    void shouldTakeNoMoreOfASourceThanThereAreRounds() {
        IntStream.range(0, 10).forEach(i -> queue.add(1, "a" + i));
        add(2, "b0", "b1");

        assertThat(take(100, 3)).containsExactly("a0", "b0", "a1", "b1", "a2");
        assertThat(take(100, 2)).containsExactly("a3", "a4");
    }

    @Test
    void shouldKnowHowManyGoOutBeforeANewOne() {
        final Random random = new Random(3);
        for (int i = 0; i < 2_000; i++) {
            queue.add(random.nextInt(10) * random.nextInt(10), "" + i);
            if (i % 3 == 0) {
                take(1);
            }
            final int source = random.nextInt(100);
            final int ahead = queue.ahead(source);
            final FairQueue<String> same = replayed(i + 1);
            assertThat(same.ahead(source)).isEqualTo(ahead);
            same.add(source, "new");
            assertThat(take(same, same.size())).element(ahead).isEqualTo("new");
        }
    }

    /** The queue as it is after so many steps of {@link #shouldKnowHowManyGoOutBeforeANewOne}. */
    private static FairQueue<String> replayed(final int steps) {
        final FairQueue<String> same = new FairQueue<>(100);
        final Random random = new Random(3);
        for (int i = 0; i < steps; i++) {
            same.add(random.nextInt(10) * random.nextInt(10), "" + i);
            if (i % 3 == 0) {
                take(same, 1);
            }
            random.nextInt(100);
        }
        return same;
    }

    @Test
    void shouldCountNoFewerThanGoOutBeforeOneThatIsFarBehind() {
        IntStream.range(0, 2_000).forEach(i -> queue.add(1, "a"));
        IntStream.range(0, 1_000).forEach(i -> queue.add(2, "b"));
        final int ahead = queue.ahead(2);
        queue.add(2, "new");

        assertThat(take(queue.size()).indexOf("new")).isBetween(ahead - 2, ahead);
    }

    private void add(final int source, final String... items) {
        List.of(items).forEach(item -> queue.add(source, item));
    }

    private List<String> take(final int most) {
        return take(queue, most);
    }

    private static List<String> take(final FairQueue<String> from, final int most) {
        final List<String> taken = new ArrayList<>();
        from.take(most, Integer.MAX_VALUE, taken);
        return taken;
    }

    private List<String> take(final int most, final int rounds) {
        final List<String> taken = new ArrayList<>();
        queue.take(most, rounds, taken);
        return taken;
    }
}
