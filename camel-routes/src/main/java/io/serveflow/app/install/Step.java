/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install;

import java.io.IOException;

/**
 * One thing that an installation puts somewhere and takes away again.
 *
 * <p>A plan is made by looking alone. All plans of an installation are made before the first is
 * carried out, so that one that is refused leaves everything as it was.
 */
public interface Step {

    /** What people call the thing, such as {@code index template serveflow}. */
    String subject();

    /**
     * What has to be done for the thing to be there as this version has it.
     *
     * @throws IOException if that cannot be found out
     */
    Plan toInstall() throws IOException;

    /**
     * What has to be done for the thing to be gone, if it was put there by an installation.
     *
     * @throws IOException if that cannot be found out
     */
    Plan toUninstall() throws IOException;
}
