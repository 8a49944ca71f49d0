/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.serveflow.app.settings.DeclaredSettings;
import io.serveflow.app.settings.Kind;
import io.serveflow.app.settings.Setting;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScopeTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    @Test
    void shouldBeAllDocumentsWithoutParameters() {
        assertThat(scope(Map.of("label", " ", "host", ""))).isEqualTo(Scope.ALL);
        assertThat(queries(Scope.ALL)).isEmpty();
    }

    @Test
    void shouldNarrowToAllThatIsAskedFor() {
        assertThat(
                        queries(
                                        scope(
                                                Map.of(
                                                        "label", "web_*",
                                                        "host", "10.0.0.0/8",
                                                        "task", "service",
                                                        "from", "2026-11-22T21:00:00Z",
                                                        "to", "2026-11-22T22:00:00Z")))
                                .toString())
                .isEqualTo(
                        "[{\"prefix\":{\"serveflow.label\":\"web_\"}},"
                                + "{\"term\":{\"serveflow.task\":\"service\"}},"
                                + "{\"bool\":{\"minimum_should_match\":1,\"should\":["
                                + "{\"term\":{\"source.ip\":\"10.0.0.0/8\"}},"
                                + "{\"term\":{\"destination.ip\":\"10.0.0.0/8\"}},"
                                + "{\"term\":{\"host.ip\":\"10.0.0.0/8\"}}]}},"
                                + "{\"range\":{\"@timestamp\":{"
                                + "\"format\":\"strict_date_optional_time\","
                                + "\"gte\":\"2026-11-22T21:00:00Z\","
                                + "\"lte\":\"2026-11-22T22:00:00Z\"}}}]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.5", "0.0.0.0/0", "2001:db8::1", "2001:db8::/32", "::ffff:1.2.3.4"})
    void shouldTakeAddressesAndNetworks(final String host) {
        assertThat(scope(Map.of("host", host)).address()).contains(host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.org",
                "10.0.0",
                "10.0.0.256",
                "010.0.0.1",
                "10.0.0.5/33",
                "10.0.0.5/",
                "::1/129",
                "dead.beef",
                "1:2",
                ".:1",
                "dead.beef.:1",
                ":::",
                "fe80::1%eth0",
                "* OR 1",
                "10.0.0.1 OR *:*"
            })
    void shouldRefuseWhatIsNoAddress(final String host) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scope(Map.of("host", host)))
                .withMessage(
                        "host is no IPv4 or IPv6 address such as 10.0.0.5, and no network such as"
                                + " 10.0.0.0/8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"now-1d", "2026-11-22", "1960-01-01T00:00:00Z", "+12026-01-01T00:00:00Z"})
    void shouldRefuseWhatIsNoTime(final String time) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scope(Map.of("from", time)))
                .withMessageStartingWith("from is no time from 1970 to 9999");
    }

    @Test
    void shouldRefuseATimeThatEndsBeforeItBegins() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                scope(
                                        Map.of(
                                                "from", "2026-11-22T22:00:00Z",
                                                "to", "2026-11-22T21:00:00Z")))
                .withMessage(
                        "from is 2026-11-22T22:00:00Z, which is after to, 2026-11-22T21:00:00Z");
    }

    @Test
    void shouldLookBackAsFarAsIsUsualWhereNobodySays() {
        final Scope usual = Scope.of(Map.of("label", "dns"), Window.DAY, NOW);

        assertThat(usual.from()).contains(Instant.parse("2026-11-29T12:00:00Z"));
        assertThat(usual.to()).contains(NOW);
        assertThat(usual.time()).isEqualTo("last 24 hours");
    }

    @Test
    void shouldLookBackAsFarAsIsAskedFor() {
        assertThat(Scope.of(Map.of("last", "1h"), Window.DAY, NOW).from())
                .contains(Instant.parse("2026-11-30T11:00:00Z"));
        assertThat(Scope.of(Map.of("last", "all"), Window.DAY, NOW)).isEqualTo(Scope.ALL);
    }

    @Test
    void shouldHaveNoOtherEndsThanThoseThatAreGiven() {
        final Scope open = Scope.of(Map.of("from", "2026-11-22T21:00:00Z"), Window.DAY, NOW);

        assertThat(open.to()).isEmpty();
        assertThat(open.time()).isEqualTo("from 2026-11-22T21:00:00Z");
    }

    @Test
    void shouldRefuseAWindowThatThereIsNot() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scope(Map.of("last", "90d")))
                .withMessage("last is no window; it can be 15m, 1h, 6h, 24h, 7d, 30d, all");
    }

    @Test
    void shouldRefuseAWindowBesideItsEnds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scope(Map.of("last", "1h", "to", "2026-11-22T21:00:00Z")))
                .withMessage("last is given with from or to; give last, or from and to");
    }

    @Test
    void shouldHaveTheWindowsThatTheSettingCanName() {
        assertThat(
                        DeclaredSettings.all().stream()
                                .filter(one -> one.name().equals("serveflow.console.window"))
                                .map(Setting::kind))
                .containsExactly(new Kind.Choice(Window.ids()));
    }

    /** A name that is asked for by a browser is no reason to ask a name server. */
    @Test
    void shouldNotKnowHowNamesAreResolved() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(InetAddress.class, InetSocketAddress.class)
                .check(new ClassFileImporter().importClasses(Scope.class));
    }

    @Test
    void shouldRefuseALongLabel() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scope(Map.of("label", "x".repeat(129))))
                .withMessage(
                        "label has 129 characters; it can have 128, none of them a control"
                                + " character");
    }

    private static Scope scope(final Map<String, String> parameters) {
        return Scope.of(parameters, Window.ALL, NOW);
    }

    private static ArrayNode queries(final Scope scope) {
        final ArrayNode queries = JsonNodeFactory.instance.arrayNode();
        scope.addTo(queries);
        return queries;
    }
}
