/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.onion;

import io.serveflow.app.install.Plan;
import io.serveflow.app.install.Plan.Verb;
import io.serveflow.app.install.Step;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Lines of our own between two marks in a file of an operator.
 *
 * @param key the key at the top of the lines, which YAML takes once in a file
 * @param lines without the marks, each with its line break
 */
record BlockStep(InstalledFiles files, Path file, String key, String lines) implements Step {

    private static final String BEGIN = "# begin of serveflow";
    private static final String END = "# end of serveflow";

    /** A file before and behind our lines, and what is between the marks. */
    private record Parts(String before, Optional<String> ours, String behind) {

        /** Empty if there is anything but each mark once, in their order, or none of them. */
        private static Optional<Parts> of(final String text) {
            final List<MatchResult> begins = marks(BEGIN, text);
            final List<MatchResult> ends = marks(END, text);
            if (begins.isEmpty() && ends.isEmpty()) {
                return Optional.of(new Parts(text, Optional.empty(), ""));
            }
            if (begins.size() != 1
                    || ends.size() != 1
                    || ends.get(0).start() < begins.get(0).end()) {
                return Optional.empty();
            }
            return Optional.of(
                    new Parts(
                            text.substring(0, begins.get(0).start()),
                            Optional.of(text.substring(begins.get(0).end(), ends.get(0).start())),
                            text.substring(ends.get(0).end())));
        }

        /** Each as a whole line, as any editor leaves it: of Windows, or the last one of a file. */
        private static List<MatchResult> marks(final String mark, final String text) {
            return Pattern.compile("(?md)^" + Pattern.quote(mark) + "[ \t\r]*(?:\n|\\z)")
                    .matcher(text)
                    .results()
                    .toList();
        }

        private String rest() {
            return before + behind;
        }
    }

    /** What the file is made of, or why that cannot be known. */
    private record Found(Optional<Parts> parts, String fault) {

        private static Found in(final Path file) throws IOException {
            if (!Files.isRegularFile(file)) {
                return new Found(Optional.empty(), "it is no file");
            }
            try {
                final Optional<Parts> parts = Parts.of(Files.readString(file));
                return new Found(
                        parts,
                        parts.isPresent()
                                ? ""
                                : "it does not have each of the marks '"
                                        + BEGIN
                                        + "' and '"
                                        + END
                                        + "' once and in this order; take our lines out by hand");
            } catch (final CharacterCodingException e) {
                return new Found(Optional.empty(), "it is not in UTF-8, as Salt needs it");
            }
        }
    }

    @Override
    public String subject() {
        return "lines in " + file;
    }

    /** As they were written, whatever line breaks an editor has given them. */
    private static String written(final String found) {
        return found.replace("\r\n", "\n");
    }

    /** Whether somebody has changed what is between the marks since an installation wrote it. */
    private boolean isChanged(final String found) {
        return !written(found).equals(lines) && !files.wroteLines(file, written(found));
    }

    private String whyKept() {
        return files.hasLines(file)
                ? "somebody has changed them since"
                : "they are of an earlier version, whose list does not say whether somebody has"
                        + " changed them since";
    }

    private static String marked(final String lines) {
        return BEGIN + "\n" + lines + END + "\n";
    }

    @Override
    public Plan toInstall() throws IOException {
        if (Files.notExists(file)) {
            return new Plan.Refused(
                    "it is not there, though Security Onion has it, if empty; nothing was changed."
                            + " Make it, then run this again: "
                            + (Files.isDirectory(file.getParent())
                                    ? ""
                                    : "install -d -o socore -g socore " + file.getParent() + " && ")
                            + "install -o socore -g socore -m 0644 /dev/null "
                            + file);
        }
        final Found found = Found.in(file);
        if (found.parts().isEmpty()) {
            return new Plan.Refused(found.fault());
        }
        final Parts parts = found.parts().get();
        if (parts.ours().filter(ours -> written(ours).equals(lines)).isPresent()) {
            return files.wroteLines(file, lines)
                    ? new Plan.Unchanged("")
                    : new Plan.Changes(
                            Verb.ADOPT,
                            List.of(
                                    new FileAction(
                                            "add them to " + files.list(),
                                            () -> files.adoptLines(file, lines))),
                            "they are what would be written");
        }
        if (parts.ours().filter(this::isChanged).isPresent()) {
            return new Plan.Kept(
                    whyKept() + "; delete them with their marks to have those of this version");
        }
        if (Pattern.compile("(?m)^([\"']?)" + Pattern.quote(key) + "\\1\\s*:")
                .matcher(parts.rest())
                .find()) {
            return new Plan.Skipped(
                    "it has settings of its own under '"
                            + key
                            + ":'; add those of security-onion/soc/eventfields.json there by hand");
        }
        final String before = parts.before();
        final String content =
                before
                        + (before.isEmpty() || before.endsWith("\n") ? "" : "\n")
                        + marked(lines)
                        + parts.behind();
        return new Plan.Changes(
                parts.ours().isPresent() ? Verb.UPDATE : Verb.CREATE,
                List.of(
                        new FileAction(
                                marked(lines), () -> files.writeLines(file, lines, content))),
                "");
    }

    @Override
    public Plan toUninstall() throws IOException {
        if (Files.notExists(file)) {
            return new Plan.Unchanged("they are not there");
        }
        final Found found = Found.in(file);
        if (found.parts().isEmpty()) {
            return new Plan.Kept(found.fault());
        }
        final Parts parts = found.parts().get();
        if (parts.ours().isEmpty()) {
            return new Plan.Unchanged("they are not there");
        }
        if (isChanged(parts.ours().get())) {
            return new Plan.Kept(whyKept() + "; delete them with their marks by hand");
        }
        return new Plan.Changes(
                Verb.REMOVE,
                List.of(
                        new FileAction(
                                "without\n" + marked(parts.ours().get()),
                                () -> files.deleteLines(file, parts.rest()))),
                "");
    }
}
