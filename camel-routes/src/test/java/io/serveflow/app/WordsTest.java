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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    private static final Map<Pattern, String> BETTER = new LinkedHashMap<>();

    static {
        instead("in place of", "instead of");
        instead("answer(ed|ing) for", "acknowledged, stored or dead-lettered");
        instead("(has|have|had) (its|their) answers?", "is acknowledged");
        instead("(keeps?|kept) (its|their) (earlier )?answers?", "falls back to the fast verdict");
        instead("pass(ed|es|ing) over", "skipped");
        instead("(fore)?told", "reported, detected or called");
        instead("mend(s|ed|ing)?", "fix");
        instead("bur(y|ies|ied|ying)", "deadLetter");
        instead("front ?door", "format detection");
        instead("telling ?keys?", "signature key");
        instead("world (has )?moved", "drifted");
        instead("strangers?", "held-out, or unknown");
        instead("deal(s|t)? out", "assign, as to folds");
        instead("(sees?|saw|seen) to", "checklist, or ensure");
        instead("beside (a|its|their) baselines?", "compared with a baseline");
        instead("gzip'?d", "gzip-compressed");
        instead("time-outs?", "timeout");
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

    private static void instead(final String words, final String better) {
        BETTER.put(Pattern.compile("\\b(?:" + words + ")\\b"), better);
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
        for (int i = 0; i < lines.size(); i++) {
            final String line = plain(lines.get(i));
            final String withNext =
                    i + 1 < lines.size() ? line + ' ' + plain(lines.get(i + 1)) : line;
            final int number = i + 1;
            BETTER.forEach(
                    (words, better) -> {
                        final Matcher hit = words.matcher(withNext);
                        while (hit.find() && hit.start() < line.length()) {
                            found.add(
                                    name
                                            + ':'
                                            + number
                                            + ": "
                                            + hit.group()
                                            + "; better: "
                                            + better);
                        }
                    });
        }
        return found;
    }

    /** A line without marks of comments and texts, its names taken apart into words. */
    private static String plain(final String line) {
        return line.strip()
                .replaceFirst("^(\\*|//+|#+|/\\*+|\\+? *\")\\s*", "")
                .replaceFirst("(\\\\?\"\\s*\\+?[;,)]*|\\\\)$", "")
                .strip()
                .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                .toLowerCase(Locale.ROOT);
    }
}
