/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.sensor.KnownDifferences.Key;
import io.serveflow.sensor.KnownDifferences.Known;
import io.serveflow.sensor.KnownDifferences.Numbers;
import io.serveflow.sensor.KnownDifferences.Reason;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The list that {@link FlowSetsTest} goes by, and the page that explains it. */
class KnownDifferencesTest {

    private static final Pattern SECTION = Pattern.compile("### .*\\(`([A-Z]+)`\\)");

    /** Capture, Community ID, endpoints, flows here, flows of Suricata, and what there is to it. */
    private static final Pattern ROW =
            Pattern.compile(
                    "\\| (\\S+) \\| `(1:\\S+)` \\| [^|]+ \\| (\\d+) \\| (\\d+) \\| [^|]+ \\|");

    @Test
    void shouldHaveARowOfTheReferenceForEach() throws IOException {
        final Path page = ProjectFiles.path("docs/reference/flows-compared.md");
        final Map<Key, Known> explained = new TreeMap<>();
        Reason reason = null;
        for (final String line : Files.readAllLines(page)) {
            final Matcher section = SECTION.matcher(line);
            if (section.matches()) {
                reason = Reason.valueOf(section.group(1));
            }
            final Matcher row = ROW.matcher(line);
            if (row.matches()) {
                final Numbers numbers =
                        new Numbers(Integer.parseInt(row.group(3)), Integer.parseInt(row.group(4)));
                explained.put(
                        new Key(row.group(1) + ".pcap", row.group(2)), new Known(reason, numbers));
            }
        }
        assertThat(explained).isEqualTo(KnownDifferences.read());
    }
}
