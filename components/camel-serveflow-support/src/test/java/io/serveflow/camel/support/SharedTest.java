/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who opens and who closes what several share. */
class SharedTest {

    private final List<String> closed = new ArrayList<>();
    private final Shared<String, String> shared = new Shared<>(closed::add);

    @Test
    void shouldOpenAKeyOnceForAllItsUsers() {
        final Shared.Use<String> first = shared.acquire("key", () -> "value");
        final Shared.Use<String> second = shared.acquire("key", () -> "another");

        assertThat(first.value()).isEqualTo("value").isSameAs(second.value());
    }

    @Test
    void shouldCloseWithTheLastUser() {
        final Shared.Use<String> first = shared.acquire("key", () -> "value");
        final Shared.Use<String> second = shared.acquire("key", () -> "value");

        first.release();
        assertThat(closed).isEmpty();
        second.release();

        assertThat(closed).containsExactly("value");
    }

    @Test
    void shouldEndAUseOnlyOnce() {
        final Shared.Use<String> first = shared.acquire("key", () -> "value");
        shared.acquire("key", () -> "value");

        first.release();
        first.release();

        assertThat(closed).isEmpty();
    }

    @Test
    void shouldOpenAgainAfterTheLastUser() {
        shared.acquire("key", () -> "value").release();

        assertThat(shared.acquire("key", () -> "another").value()).isEqualTo("another");
    }

    @Test
    void shouldKeepKeysApart() {
        final Shared.Use<String> one = shared.acquire("one", () -> "1");
        shared.acquire("two", () -> "2");

        one.release();

        assertThat(closed).containsExactly("1");
        assertThat(shared.values()).containsExactly("2");
    }

    @Test
    void shouldGiveTheValuesInTheOrderOfOpening() {
        shared.acquire("b", () -> "first");
        shared.acquire("a", () -> "second");
        shared.acquire("b", () -> "third");

        assertThat(shared.values()).containsExactly("first", "second");
    }

    @Test
    void shouldKeepNothingOfWhatCannotBeOpened() {
        assertThatThrownBy(
                        () ->
                                shared.acquire(
                                        "key",
                                        () -> {
                                            throw new IOException("no");
                                        }))
                .isInstanceOf(IOException.class)
                .hasMessage("no");

        assertThat(shared.values()).isEmpty();
        assertThat(shared.acquire("key", () -> "value").value()).isEqualTo("value");
    }

    @Test
    void shouldForgetWhatCannotBeClosed() {
        final Shared<String, String> failing =
                new Shared<>(
                        value -> {
                            throw new IllegalStateException(value);
                        });
        final Shared.Use<String> use = failing.acquire("key", () -> "value");

        assertThatThrownBy(use::release).isInstanceOf(IllegalStateException.class);

        assertThat(failing.values()).isEmpty();
        assertThat(failing.acquire("key", () -> "another").value()).isEqualTo("another");
    }
}
