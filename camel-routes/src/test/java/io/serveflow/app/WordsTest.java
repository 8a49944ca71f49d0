/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Holds code, names, messages and pages to the field's words; {@code docs/reference/words.md} says
 * what they mean.
 */
class WordsTest {

    private static final Path ROOT = ProjectFiles.root();

    /** What is not written, and what is written instead. */
    private static final List<Better> BETTER = new ArrayList<>();

    private static final Pattern BEGIN = Pattern.compile("^(\\*|//+|#+|/\\*+|\\+? *\")\\s*");
    private static final Pattern END = Pattern.compile("(\\\\?\"\\s*\\+?[;,)]*|\\\\)$");

    /**
     * @param part what each of the words has in it, which is looked for first, as that is quick
     */
    private record Better(String part, Pattern words, String instead) {}

    static {
        instead("place", "in place of", "instead of");
        instead("answer", "answer(ed|ing) for", "acknowledged, stored or dead-lettered");
        instead("answer", "(has|have|had) (its|their) answers?", "is acknowledged");
        instead(
                "answer",
                "(keeps?|kept) (its|their) (earlier )?answers?",
                "falls back to the fast verdict");
        instead(" over", "pass(ed|es|ing) over", "skipped");
        instead("told", "(fore)?told", "reported, detected or called");
        instead("mend", "mend(s|ed|ing)?", "fix");
        instead("bur", "bur(y|ies|ied|ying)", "deadLetter");
        instead("front", "front ?door", "format detection");
        instead("telling", "telling ?keys?", "signature key");
        instead("world", "world (has )?moved", "drifted");
        instead("stranger", "strangers?", "held-out, or unknown");
        instead("deal", "deal(s|t)? out", "assign, as to folds");
        instead(" to", "(sees?|saw|seen) to", "checklist, or ensure");
        instead("baseline", "beside (a|its|their) baselines?", "compared with a baseline");
        instead("gzip", "gzip'?d", "gzip-compressed");
        instead("time-out", "time-outs?", "timeout");
    }

    /** What a file may be that is read by people; scripts have no ending. */
    private static final Pattern TEXT =
            Pattern.compile(
                    "[^.]+|.+\\.(adoc|css|html|java|js|json|md|properties|py|sh|ya?ml|xml|zeek)");

    private static final Set<Path> LEFT_OUT =
            Set.of(
                    // What was decided and changed stays in the words of its day.
                    Path.of("CHANGELOG.md"),
                    Path.of("docs/decisions"),
                    // Made with the bundles, which their checksums hold.
                    Path.of("models"),
                    Path.of("camel-routes/src/test/java/io/serveflow/app/WordsTest.java"));

    private static final Set<String> HIDDEN_BUT_OURS = Set.of(".ci", ".mvn");

    @Test
    void shouldUseTheWordsOfTheField() throws IOException {
        final List<String> found = new ArrayList<>();
        int files = 0;
        for (final Path file : files()) {
            if (look(file, found)) {
                files++;
            }
        }
        assertThat(files).isGreaterThan(500);
        assertThat(found).isEmpty();
    }

    @Test
    void shouldFindWordsInNamesAndOverTheEndsOfLines() {
        assertThat(
                        lookInto(
                                "X",
                                List.of(
                                        "    /** What comes late is passed",
                                        "     * over. */",
                                        "    void shouldSkipWhatWasToldBefore() {",
                                        "        throw new X(\"one in\"",
                                        "                + \" place of another\");")))
                .containsExactly(
                        "X:1: passed over; better: skipped",
                        "X:3: told; better: reported, detected or called",
                        "X:4: in place of; better: instead of");
    }

    private static void instead(final String part, final String words, final String better) {
        BETTER.add(new Better(part, Pattern.compile("\\b(?:" + words + ")\\b"), better));
    }

    private static List<Path> files() throws IOException {
        final List<Path> files = new ArrayList<>();
        Files.walkFileTree(
                ROOT,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            final Path folder, final BasicFileAttributes attributes) {
                        final String name = folder.getFileName().toString();
                        final boolean hidden =
                                name.startsWith(".") && !HIDDEN_BUT_OURS.contains(name);
                        return !folder.equals(ROOT)
                                        && (hidden
                                                || name.equals("target")
                                                || LEFT_OUT.contains(ROOT.relativize(folder)))
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(
                            final Path file, final BasicFileAttributes attributes) {
                        if (attributes.isRegularFile()
                                && TEXT.matcher(file.getFileName().toString()).matches()
                                && !LEFT_OUT.contains(ROOT.relativize(file))) {
                            files.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return files;
    }

    /** Whether the file is text. */
    private static boolean look(final Path file, final List<String> found) throws IOException {
        try {
            found.addAll(lookInto(ROOT.relativize(file).toString(), Files.readAllLines(file)));
            return true;
        } catch (final MalformedInputException e) {
            return false;
        }
    }

    private static List<String> lookInto(final String name, final List<String> lines) {
        final List<String> found = new ArrayList<>();
        final List<String> all = lines.stream().map(WordsTest::plain).toList();
        for (int i = 0; i < all.size(); i++) {
            final String line = all.get(i);
            final String withNext = i + 1 < all.size() ? line + ' ' + all.get(i + 1) : line;
            final int number = i + 1;
            for (final Better better : BETTER) {
                if (!withNext.contains(better.part)) {
                    continue;
                }
                final Matcher hit = better.words.matcher(withNext);
                while (hit.find() && hit.start() < line.length()) {
                    found.add(
                            "%s:%d: %s; better: %s"
                                    .formatted(name, number, hit.group(), better.instead));
                }
            }
        }
        return found;
    }

    /** A line without marks of comments and texts, its names taken apart into words. */
    private static String plain(final String line) {
        final String begun = BEGIN.matcher(line.strip()).replaceFirst("");
        final String text = END.matcher(begun).replaceFirst("").strip();
        final StringBuilder words = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (i > 0 && c >= 'A' && c <= 'Z' && isSmall(text.charAt(i - 1))) {
                words.append(' ');
            }
            words.append(Character.toLowerCase(c));
        }
        return words.toString();
    }

    private static boolean isSmall(final char c) {
        return c >= 'a' && c <= 'z';
    }
}
