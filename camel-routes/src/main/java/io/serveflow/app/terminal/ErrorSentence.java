/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.terminal;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import org.elasticsearch.client.ResponseException;

/** What an error says to a person, in one sentence. */
public final class ErrorSentence {

    private ErrorSentence() {}

    /**
     * The message of the innermost cause that has one; a file system's bare path made a sentence.
     * What a server answered is no sentence where somebody has said what it means.
     */
    public static String of(final Throwable error) {
        String sentence = error.getClass().getSimpleName();
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof NoSuchFileException missing) {
                return "there is no file or folder " + missing.getFile();
            }
            if (cause instanceof AccessDeniedException denied) {
                return "this user may not read or write " + denied.getFile();
            }
            if (cause instanceof FileAlreadyExistsException existing) {
                return existing.getFile() + " exists already";
            }
            if (cause instanceof ResponseException && cause != error) {
                break;
            }
            if (cause.getClass().getName().startsWith("io.serveflow.")) {
                return cause.getMessage();
            }
            if (cause.getMessage() != null && !cause.getMessage().isBlank()) {
                sentence = cause.getMessage();
            }
        }
        return sentence.lines().findFirst().orElse(sentence);
    }
}
