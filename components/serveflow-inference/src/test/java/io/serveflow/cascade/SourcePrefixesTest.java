/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SourcePrefixesTest {

    private final SourcePrefixes prefixes = new SourcePrefixes(24, 64, 1, 2);

    @Test
    void shouldTakeAddressesOfOnePrefixForOneSource() {
        assertThat(prefixes.of("192.0.2.1")).isEqualTo(prefixes.of("192.0.2.254"));
        assertThat(prefixes.of("2001:db8::1")).isEqualTo(prefixes.of("2001:db8::ffff:0:0:1"));
        assertThat(prefixes.of("::ffff:192.0.2.9")).isEqualTo(prefixes.of("192.0.2.1"));
    }

    @Test
    void shouldPartPrefixes() {
        assertThat(prefixes.of("192.0.3.1")).isNotEqualTo(prefixes.of("192.0.2.1"));
        assertThat(prefixes.of("2001:db8:0:1::1")).isNotEqualTo(prefixes.of("2001:db8::1"));
        assertThat(prefixes.of("no address")).isNotEqualTo(prefixes.of("none either"));
    }

    @Test
    void shouldTakeAllForOneSourceWherePrefixesHaveNoBits() {
        final SourcePrefixes all = new SourcePrefixes(0, 0, 1, 2);

        assertThat(all.of("192.0.2.1")).isEqualTo(all.of("10.0.0.1"));
        assertThat(all.of("2001:db8::1")).isEqualTo(all.of("fe80::1"));
    }

    @Test
    void shouldPartAddressesWherePrefixesHaveAllBits() {
        final SourcePrefixes each = new SourcePrefixes(32, 64, 1, 2);

        assertThat(each.of("192.0.2.1")).isNotEqualTo(each.of("192.0.2.2"));
    }

    @Test
    void shouldSpreadPrefixesAnewWithAnotherKey() {
        final SourcePrefixes other = new SourcePrefixes(24, 64, 3, 2);
        final Set<Integer> together =
                IntStream.range(0, 65_536)
                        .mapToObj(i -> "10." + i / 256 + "." + i % 256 + ".1")
                        .filter(address -> prefixes.of(address) == 7)
                        .map(other::of)
                        .collect(Collectors.toSet());

        assertThat(together).hasSizeGreaterThan(8);
    }
}
