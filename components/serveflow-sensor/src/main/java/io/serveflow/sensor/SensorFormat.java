/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

/**
 * A form of input that can be read, as an object that says how it is known and how it is opened.
 * {@link SensorFormats} has those that there are.
 */
public sealed interface SensorFormat permits LineFormat, CaptureFormat {

    /**
     * The name on the command line and in options, under which records are counted: lower-case
     * letters, digits and dashes.
     */
    String id();

    /** What the input is called in a sentence, such as {@code Suricata EVE logs}. */
    String title();
}
