/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class SensorFormatsTest {

    private final SensorFormats installed = SensorFormats.installed();

    @Test
    void shouldFindTheFormatsOfThisModule() {
        assertThat(installed.ids()).isEqualTo("pcap, zeek, eve, conn, ndpid");
        assertThat(installed.lineIds()).isEqualTo("zeek, eve, conn, ndpid");
        assertThat(SensorFormats.shipped().ids()).isEqualTo(installed.ids());
        assertThat(installed.only()).isEmpty();
    }

    @Test
    void shouldTakeAFormatForGrantedAndKeepTheOthers() {
        final SensorFormats eve = installed.only("eve");

        assertThat(eve.only()).map(SensorFormat::id).contains("eve");
        assertThat(eve.isOnlyLines()).isTrue();
        assertThat(eve.mayHaveHeaders()).isFalse();
        assertThat(eve.lines()).isEqualTo(installed.lines());
        assertThat(installed.only("pcap").isOnlyCaptures()).isTrue();
        assertThat(installed.only("conn").mayHaveHeaders()).isTrue();
        assertThat(installed.mayHaveHeaders()).isTrue();
    }

    @Test
    void shouldNameTheFormatsThatThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> installed.only("netflow"))
                .withMessage("must be one of pcap, zeek, eve, conn, ndpid, was netflow");
    }

    @Test
    void shouldAddAFormatOnce() {
        final LineFormat toy = new Toy("toy", "toy_packet");

        final SensorFormats more = installed.with(List.of(toy)).with(List.of(toy));

        assertThat(more.ids()).isEqualTo("pcap, zeek, eve, conn, ndpid, toy");
        assertThat(installed.find("toy")).isEmpty();
    }

    @Test
    void shouldRefuseTwoFormatsWithOneId() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> installed.with(List.of(new Toy("eve", "toy_packet"))))
                .withMessageContaining("two formats have the id eve");
    }

    @Test
    void shouldRefuseTwoFormatsWithOneKey() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> installed.with(List.of(new Toy("toy", "event_type"))))
                .withMessageContaining(
                        "the formats eve and toy have the same signature key event_type");
    }

    @Test
    void shouldRefuseAnIdThatNoOptionCanHave() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> installed.with(List.of(new Toy("Toy logs", "toy_packet"))))
                .withMessageContaining("has the id 'Toy logs'; it must be");
    }

    private record Toy(String id, String key) implements LineFormat {

        @Override
        public String title() {
            return "toys";
        }

        @Override
        public LineSignature signature() {
            return LineSignature.of(key);
        }

        @Override
        public LineDecoder open(final DecoderContext context) {
            return (bytes, start, end, position) -> false;
        }
    }
}
