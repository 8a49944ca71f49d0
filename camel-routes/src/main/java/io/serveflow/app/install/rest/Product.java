/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.rest;

import java.util.Map;
import java.util.Objects;

/**
 * What is expected at an address.
 *
 * @param name for sentences
 * @param privileged who may do everything there, for sentences
 * @param headers what it wants of each request
 */
public record Product(String name, String privileged, Map<String, String> headers) {

    /** Elasticsearch. */
    public static final Product ELASTICSEARCH =
            new Product("Elasticsearch", "elastic or so_elastic", Map.of());

    /** Kibana, which does nothing for a request that a page of others could have sent. */
    public static final Product KIBANA =
            new Product("Kibana", "elastic or so_elastic", Map.of("kbn-xsrf", "true"));

    /** OpenSearch. */
    public static final Product OPENSEARCH = new Product("OpenSearch", "admin", Map.of());

    public Product {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(privileged, "privileged");
        headers = Map.copyOf(headers);
    }
}
