/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/**
 * What is installed in Elasticsearch, {@code serveflow install elastic}, and in the OpenSearch of
 * Malcolm, {@code serveflow install malcolm}.
 */
package io.serveflow.app.install.elastic;
