/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.kibana;

import java.util.regex.Pattern;

/**
 * A space of Kibana, in which saved objects are apart from those of others.
 *
 * @param id small letters, digits, hyphens and underscores
 */
public record Space(String id) {

    private static final Pattern ID = Pattern.compile("[a-z0-9_-]{1,100}");

    /** The one that is always there. */
    public static final Space DEFAULT = new Space("default");

    public Space {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "the id of a space has small letters, digits, hyphens and underscores, and is"
                            + " in its address behind /s/; it was '"
                            + id
                            + "'");
        }
    }

    boolean isDefault() {
        return equals(DEFAULT);
    }

    /** The path of a call in this space. */
    String path(final String call) {
        return isDefault() ? call : "/s/" + id + call;
    }
}
