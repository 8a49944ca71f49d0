/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is declared, what ships in {@code application.properties}, and what routes ask for. */
class DeclaredSettingsTest {

    private static final Pattern SHIPPED =
            Pattern.compile("(?m)^#?(serveflow\\.[A-Za-z0-9.-]+)=(.*)$");

    @Test
    void shouldShipEachDeclaredSettingWithItsDefault() throws IOException {
        final Map<String, String> shipped = new LinkedHashMap<>();
        final Matcher lines = SHIPPED.matcher(text("/application.properties"));
        while (lines.find()) {
            if (lines.group().startsWith("#")) {
                shipped.putIfAbsent(lines.group(1), "");
            } else {
                shipped.put(lines.group(1), lines.group(2));
            }
        }
        final Map<String, String> declared = new LinkedHashMap<>();
        DeclaredSettings.all()
                .forEach(one -> declared.put(one.name(), one.defaultValue().orElse("")));

        assertThat(shipped).containsExactlyInAnyOrderEntriesOf(declared);
    }

    @Test
    void shouldDeclareWhatTheShippedRoutesAskFor() throws IOException {
        for (final String route :
                List.of(
                        "flows",
                        "summaries",
                        "tasks",
                        "cascade",
                        "slow",
                        "verdicts",
                        "hosts",
                        "console",
                        "role-fast",
                        "role-slow",
                        "role-index",
                        "sensor-files",
                        "sensor-tail",
                        "sensor-socket",
                        "sensor-kafka",
                        "sensor-pcap")) {
            final Matcher placeholder =
                    /* Others are parameters of templates, or made of the bundles' tiers. */
                    Pattern.compile("\\{\\{\\??(serveflow\\.[A-Za-z0-9.-]+)")
                            .matcher(text("/camel/" + route + ".camel.yaml"));
            while (placeholder.find()) {
                assertThat(DeclaredSettings.named(placeholder.group(1)))
                        .as("%s asks for %s", route, placeholder.group(1))
                        .isPresent();
            }
        }
    }

    private static String text(final String resource) throws IOException {
        try (InputStream in = DeclaredSettings.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
