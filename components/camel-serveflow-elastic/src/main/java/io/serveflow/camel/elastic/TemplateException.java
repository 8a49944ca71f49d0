/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import java.io.IOException;
import org.elasticsearch.client.ResponseException;

/** A template that the server does not take, or that is not replaced there. */
public final class TemplateException extends IOException {

    private static final long serialVersionUID = 1;

    private final String what;
    private final String cure;

    /**
     * @param what is wrong, for people
     * @param cure what they do about it; empty if that is not known
     */
    TemplateException(final String what, final String cure) {
        super(sentence(what, cure));
        this.what = what;
        this.cure = cure;
    }

    TemplateException(final String what, final String cure, final ResponseException answer) {
        super(sentence(what, cure), answer);
        this.what = what;
        this.cure = cure;
    }

    private static String sentence(final String what, final String cure) {
        return cure.isEmpty() ? what : what + "; " + cure;
    }

    /** What is wrong, on one line, without what cures it. */
    public String what() {
        return RequestFailure.oneLine(what);
    }

    /** What cures it; empty if that is not known. */
    public String cure() {
        return cure;
    }

    /** The status that the server answered; 0 where nothing was refused by it. */
    public int status() {
        return getCause() instanceof ResponseException answer
                ? answer.getResponse().getStatusLine().getStatusCode()
                : 0;
    }

    /** The same on one line, what the server said in it shortened and the cure whole. */
    String oneLine() {
        return sentence(what(), cure);
    }
}
