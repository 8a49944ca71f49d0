/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation.page;

import java.awt.Color;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The colours of a page. Each has a name in the style sheet, so that a reader's light or dark
 * setting decides what it looks like; those of series can be distinguished by the colour-blind.
 */
public enum Ink {
    /** Text and whatever must stand out. */
    TEXT("text", 0x1b1f24, 0xe8eaed),
    /** Text of less weight, and axes. */
    SOFT("soft", 0x59636e, 0xa0a8b2),
    /** Lines of a grid. */
    RULE("rule", 0xd9dee3, 0x3a414a),
    /** The page. */
    PAPER("paper", 0xffffff, 0x14171b),
    BLUE("blue", 0x0067b1, 0x5fb6f2),
    ORANGE("orange", 0xc65102, 0xff9d5c),
    GREEN("green", 0x00835d, 0x38cf9f),
    PURPLE("purple", 0xa9428c, 0xe597cd),
    OCHRE("ochre", 0x8d6a00, 0xe3bc3c);

    private final String id;
    private final int light;
    private final int dark;

    Ink(final String id, final int light, final int dark) {
        this.id = id;
        this.light = light;
        this.dark = dark;
    }

    /** The colour to draw with; {@link #paint} finds the ink by it again. */
    Color color() {
        return new Color(light);
    }

    /** The same where nothing is to be seen. */
    Color transparent() {
        return new Color(light >> 16, light >> 8 & 0xff, light & 0xff, 0);
    }

    /** The colour as a style sheet names it. */
    public String variable() {
        return "var(--" + id + ")";
    }

    /** What the style sheet is to say instead of a colour that was drawn with. */
    static String paint(final Color drawn) {
        return Arrays.stream(values())
                .filter(ink -> ink.light == (drawn.getRGB() & 0xffffff))
                .findFirst()
                .map(Ink::variable)
                .orElseThrow(
                        () -> new IllegalArgumentException("No ink has the colour " + drawn + "."));
    }

    /** The variables of all colours for a light page, as declarations of a style sheet. */
    static String lightVariables() {
        return Arrays.stream(values())
                .map(ink -> declaration(ink.id, ink.light))
                .collect(Collectors.joining());
    }

    /** The same for a dark page. */
    static String darkVariables() {
        return Arrays.stream(values())
                .map(ink -> declaration(ink.id, ink.dark))
                .collect(Collectors.joining());
    }

    private static String declaration(final String id, final int rgb) {
        return String.format(Locale.ROOT, "--%s:#%06x;", id, rgb);
    }
}
