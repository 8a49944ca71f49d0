/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How far back the panels look, where nobody says from when to when. */
public enum Window {
    /** A quarter of an hour. */
    QUARTER_HOUR("15m", "15 minutes", Duration.ofMinutes(15)),
    /** An hour. */
    HOUR("1h", "hour", Duration.ofHours(1)),
    /** Six hours. */
    SIX_HOURS("6h", "6 hours", Duration.ofHours(6)),
    /** A day. */
    DAY("24h", "24 hours", Duration.ofHours(24)),
    /** A week. */
    WEEK("7d", "7 days", Duration.ofDays(7)),
    /** A month. */
    MONTH("30d", "30 days", Duration.ofDays(30)),
    /** Whatever there is, also of a clock that is wrong. */
    ALL("all", "time", null);

    private final String id;
    private final String length;
    private final Duration duration;

    Window(final String id, final String length, final Duration duration) {
        this.id = id;
        this.length = length;
        this.duration = duration;
    }

    /** As a setting and a request name it. */
    public String id() {
        return id;
    }

    /** How it is called, such as "last 24 hours". */
    public String words() {
        return this == ALL ? "all time" : "last " + length;
    }

    /** How long it is; empty where it has no bounds. */
    Optional<Duration> duration() {
        return Optional.ofNullable(duration);
    }

    /** The window of that word; empty if there is none. */
    public static Optional<Window> named(final String word) {
        return Arrays.stream(values()).filter(one -> one.id.equals(word)).findFirst();
    }

    /** The words of all, the shortest first. */
    public static List<String> ids() {
        return Arrays.stream(values()).map(Window::id).toList();
    }
}
