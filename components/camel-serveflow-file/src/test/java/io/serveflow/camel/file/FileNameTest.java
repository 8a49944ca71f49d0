/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Names of files of verdicts. */
class FileNameTest {

    /** From 2001 to 2033, so that stamps have one length. */
    @Property
    void shouldGiveNamesThatAscendWhateverTheClockDoes(
            @ForAll @Size(min = 2, max = 40)
                    final List<@LongRange(min = 1_000_000_000L, max = 2_000_000_000L) Long> clock) {
        final List<String> names = new ArrayList<>();
        FileName name = FileName.at("serveflow", Instant.ofEpochSecond(clock.get(0)));
        names.add(name.text());
        for (final long second : clock.subList(1, clock.size())) {
            name = name.next(Instant.ofEpochSecond(second));
            names.add(name.text());
        }

        assertThat(names).isSorted().doesNotHaveDuplicates();
    }

    @Property
    void shouldReadTheNamesThatItGives(
            @ForAll @LongRange(min = 1_000_000_000L, max = 2_000_000_000L) final long second) {
        final FileName name =
                FileName.at("so-1", Instant.ofEpochSecond(second)).next(Instant.EPOCH);

        assertThat(FileName.parse("so-1", name.text())).contains(name);
    }

    @Example
    void shouldGiveTheSameNamesInEveryLanguage() {
        final Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThat(FileName.at("serveflow", Instant.EPOCH).text())
                    .isEqualTo("serveflow-19700101T000000Z-0001.ndjson");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Example
    void shouldTakeNoFilesOfOthers() {
        final String name = FileName.at("serveflow", Instant.EPOCH).text();

        assertThat(name).isEqualTo("serveflow-19700101T000000Z-0001.ndjson");
        assertThat(FileName.parse("serve", name)).isEmpty();
        assertThat(FileName.parse("serveflow", name + ".gz")).isEmpty();
        assertThat(FileName.parse("serveflow", "serveflow-dead-letters.ndjson")).isEmpty();
    }
}
