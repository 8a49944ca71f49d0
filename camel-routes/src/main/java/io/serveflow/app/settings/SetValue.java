/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.settings;

import java.nio.file.Path;

/**
 * A value of a setting and where it is from.
 *
 * @param value the text as it was written
 * @param origin where it is set, for a person, such as "/etc/serveflow/my.properties line 3"; empty
 *     for a default or what the program sets itself
 * @param folder where relative paths in it begin
 */
record SetValue(String value, String origin, Path folder) {

    /** The value with its origin, for a sentence. */
    String shown() {
        return "'"
                + value.replaceAll("//[^@/]*@", "//...@") // a password in a URL
                + "'"
                + (origin.isEmpty() ? "" : " (" + origin + ")");
    }
}
