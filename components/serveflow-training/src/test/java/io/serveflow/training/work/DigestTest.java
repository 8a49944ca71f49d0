/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.feature.FeatureSpec;
import io.serveflow.feature.Mask;
import io.serveflow.training.tier.TierPlan;
import io.serveflow.training.trees.LeadingTrees;
import io.serveflow.training.trees.TreeSettings;
import io.serveflow.training.trees.TreeTrainer;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DigestTest {

    private static final TreeSettings TREES =
            new TreeSettings(4, 3, 0.5, 0.5, 1, 1, 0.5).withPatience(2);

    @Test
    void shouldNotDependOnTheOrderOfASet() {
        record Holder(Set<String> names) {}
        assertThat(sum(new Holder(new LinkedHashSet<>(List.of("a", "b")))))
                .isEqualTo(sum(new Holder(new LinkedHashSet<>(List.of("b", "a")))));
    }

    @Test
    void shouldChangeWithEveryTreeSetting() throws ReflectiveOperationException {
        final RecordComponent[] components = TreeSettings.class.getRecordComponents();
        final Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = components[i].getType();
        }
        final Constructor<TreeSettings> constructor = TreeSettings.class.getConstructor(types);
        for (int changed = 0; changed < components.length; changed++) {
            final Object[] values = new Object[components.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = components[i].getAccessor().invoke(TREES);
            }
            values[changed] = other(types[changed]);
            assertThat(sum(constructor.newInstance(values)))
                    .as(components[changed].getName())
                    .isNotEqualTo(sum(TREES));
        }
    }

    private static Object other(final Class<?> type) {
        if (type == LeadingTrees.class) {
            return new LeadingTrees(3, 2, 0.5, 1);
        }
        return type == int.class ? (Object) 7 : (Object) 0.75;
    }

    @Test
    void shouldChangeWithEveryPartOfAPlan() {
        final TierPlan plan = plan("fast", "header", 2, EnumSet.of(Mask.PORTS));
        assertThat(
                        List.of(
                                sum(plan),
                                sum(plan("slow", "header", 2, EnumSet.of(Mask.PORTS))),
                                sum(plan("fast", "payload", 2, EnumSet.of(Mask.PORTS))),
                                sum(plan("fast", "header", 3, EnumSet.of(Mask.PORTS))),
                                sum(plan("fast", "header", 2, EnumSet.of(Mask.IP_ID))),
                                sum(plan.withRounds(5))))
                .doesNotHaveDuplicates();
    }

    @Test
    void shouldNotRunValuesTogether() {
        assertThat(new Digest().add("ab").add("c").hex())
                .isNotEqualTo(new Digest().add("a").add("bc").hex());
        assertThat(new Digest().add(new int[] {1}).add(new int[] {2, 3}).hex())
                .isNotEqualTo(new Digest().add(new int[] {1, 2}).add(new int[] {3}).hex());
    }

    @Test
    void shouldTakeArraysThatAreLongerThanItsBuffer() {
        final int[] numbers = new int[5000];
        final String zeros = new Digest().add(numbers).hex();
        numbers[4999] = 1;
        assertThat(new Digest().add(numbers).hex()).isNotEqualTo(zeros);
    }

    private static String sum(final Record settings) {
        return new Digest().add(settings).hex();
    }

    private static TierPlan plan(
            final String name, final String encoder, final int packets, final Set<Mask> mask) {
        return new TierPlan(
                name,
                new FeatureSpec(encoder, 1, packets, mask),
                new TreeTrainer(TREES),
                "cpu",
                0.002);
    }
}
