/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.springboot;

import org.apache.camel.spi.ComponentCustomizer;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureBefore;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Gives every {@code serveflow*} component of the Camel context the options that stand under {@code
 * camel.component.NAME} in the application's settings, as {@code camel-main} does.
 */
@AutoConfiguration
@AutoConfigureBefore(CamelAutoConfiguration.class)
public class ServeflowAutoConfiguration {

    @Bean
    ComponentCustomizer serveflowComponentOptions(final Environment environment) {
        return new ComponentOptions(environment);
    }
}
