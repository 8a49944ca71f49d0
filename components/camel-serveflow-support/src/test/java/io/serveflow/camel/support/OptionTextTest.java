/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.camel.support.OptionText.Form;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.GeneratedPropertyConfigurer;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"0", "500", "500ms", "5s", "1m", "1h30m", "0s", "PT5S", "-5"})
    void shouldTakeTimesThatCamelReads(final String text) {
        assertThat(OptionText.fault(Form.TIME, text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "5x", "1.5s", "", "5 seconds", "Pabc"})
    void shouldRefuseTimesThatCamelMakesZero(final String text) {
        assertThat(OptionText.fault(Form.TIME, text)).get().asString().contains("5s");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "106752d",
                "99999999999999d",
                "10000000000000",
                "99999999999999999999",
                "99999999999999999999s",
                "1h99999999999999999m",
                "P106752D"
            })
    void shouldRefuseTimesThatNoLongHoldsInNanoseconds(final String text) {
        assertThat(OptionText.fault(Form.TIME, text))
                .contains("must be at most 9223372036854 milliseconds");
    }

    @ParameterizedTest
    @ValueSource(strings = {"25d", "30d", "2147483648", "600h", "P25D"})
    void shouldRefuseTimesThatNoIntHoldsWhereTheOptionIsOne(final String text) {
        assertThat(OptionText.fault(new Types(), "waitMs", text))
                .contains("waitMs must be at most 2147483647 milliseconds, was '" + text + "'");
        assertThat(OptionText.fault(new Types(), "waitMs", "24d")).isEmpty();
        assertThat(OptionText.fault(new Types(), "pause", text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "5s", "1e3", "3000000000", ""})
    void shouldRefuseWhatIsNoNumber(final String text) {
        assertThat(OptionText.fault(Form.NUMBER, text)).isPresent();
    }

    @Test
    void shouldNameAllOptionsThatAreWrong() {
        final Map<String, Object> values = new LinkedHashMap<>();
        values.put("size", "abc");
        values.put("pause", "soon");
        values.put("strict", "ja");
        values.put("name", "abc");
        values.put("other", "abc");
        values.put("bean", "#abc");

        assertThatThrownBy(() -> OptionText.check("x:y", new Types(), values))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "x:y: pause must be a time, in milliseconds or such as 500ms, 5s"
                                + " or 1m, was 'soon'; size must be a whole number of at"
                                + " most 2147483647, was 'abc'; strict must be true or"
                                + " false, was 'ja'");
    }

    /** Types of options as the generated configurers know them. */
    private static final class Types
            implements GeneratedPropertyConfigurer, PropertyConfigurerGetter {

        @Override
        public Class<?> getOptionType(final String name, final boolean ignoreCase) {
            return switch (name) {
                case "size", "bean", "waitMs" -> int.class;
                case "pause" -> long.class;
                case "strict" -> boolean.class;
                case "name" -> String.class;
                default -> null;
            };
        }

        @Override
        public Object getOptionValue(
                final Object target, final String name, final boolean ignoreCase) {
            return null;
        }

        @Override
        public boolean configure(
                final CamelContext context,
                final Object target,
                final String name,
                final Object value,
                final boolean ignoreCase) {
            return false;
        }
    }
}
