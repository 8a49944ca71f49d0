/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.serveflow.flow.FlowSummary;
import io.serveflow.flow.TestFlows;
import java.nio.BufferOverflowException;
import java.nio.FloatBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnEncoderTest {

    private static final Offset<Float> EXACT = within(1e-5f);

    private final ConnEncoder encoder = new ConnEncoder(Set.of());

    /** The numbers were computed apart from this code, as ln(1 + x) with other software. */
    @Test
    void shouldEncodeAFlowAsComputedByHand() {
        final Map<String, Float> row = row(TestFlows.summary("C1").summary());
        final Map<String, Float> expected = new LinkedHashMap<>();
        encoder.columns().forEach(column -> expected.put(column, 0f));
        expected.put("duration", 14.706489f);
        expected.put("orig_bytes", 7.514800f);
        expected.put("resp_bytes", 10.783363f);
        expected.put("orig_pkts", 3.218876f);
        expected.put("resp_pkts", 3.850148f);
        expected.put("orig_ip_bytes", 7.939872f);
        expected.put("resp_ip_bytes", 10.822255f);
        expected.put("orig_pkt_size", 4.769978f);
        expected.put("resp_pkt_size", 6.994511f);
        expected.put("pkt_gap", 10.458022f);
        expected.put("orig_bytes_share", 0.053014f);
        expected.put("orig_pkts_share", 0.342857f);
        expected.put("orig_port", 0.786053f);
        expected.put("resp_port", 0.006760f);
        expected.put("proto_tcp", 1f);
        expected.put("state_SF", 1f);
        // ShADadFf
        for (final String letter :
                List.of(
                        "orig_hist_s",
                        "resp_hist_h",
                        "orig_hist_a",
                        "orig_hist_d",
                        "resp_hist_a",
                        "resp_hist_d",
                        "orig_hist_f",
                        "resp_hist_f")) {
            expected.put(letter, 1f);
        }
        expected.put("tls_13", 1f);
        // t13d1516h2
        expected.put("ja4_tcp", 1f);
        expected.put("ja4_version", 13f);
        expected.put("ja4_sni", 1f);
        expected.put("ja4_ciphers", 15f);
        expected.put("ja4_extensions", 16f);
        expected.put("ja4_alpn_h2", 1f);

        expected.forEach(
                (column, value) -> assertThat(row.get(column)).as(column).isEqualTo(value, EXACT));
    }

    @Test
    void shouldKeepWhatIsUnknownApartFromZero() {
        final Map<String, Float> row = row(FlowSummary.NONE);
        row.forEach(
                (column, value) -> {
                    final boolean oneHot =
                            column.matches("(proto|state|tls|ja4_alpn)_.*")
                                    || Set.of("ja4_tcp", "ja4_quic", "ja4_dtls").contains(column);
                    if (!column.endsWith("_port") && !oneHot) {
                        assertThat(value).as(column).isEqualTo(-1f);
                    } else if (oneHot && !column.equals("proto_tcp")) {
                        assertThat(value).as(column).isZero();
                    }
                });
        final Map<String, Float> nothingSent =
                row(new FlowSummary(0, 0, 0, 0, 0, 0, 0, "S0", "S", "", "", "", ""));
        assertThat(nothingSent)
                .containsEntry("duration", 0f)
                .containsEntry("orig_bytes", 0f)
                .containsEntry("orig_pkt_size", -1f)
                .containsEntry("pkt_gap", -1f)
                .containsEntry("orig_bytes_share", -1f)
                .containsEntry("resp_hist_s", 0f);
    }

    @Test
    void shouldNameEveryColumnOnce() {
        assertThat(encoder.columns()).hasSize(encoder.width()).hasSize(79);
        assertThat(new HashSet<>(encoder.columns())).hasSize(encoder.width());
        assertThat(encoder.columns()).startsWith("duration", "orig_bytes", "resp_bytes");
    }

    @Test
    void shouldLeaveOutThePortsUnderTheirMask() {
        final ConnEncoder blind = new ConnEncoder(Set.of(Mask.PORTS, Mask.ADDRESSES));
        assertThat(blind.columns())
                .hasSize(encoder.width() - 2)
                .doesNotContain("orig_port", "resp_port");
        final FloatBuffer row = FloatBuffer.allocate(blind.width());
        blind.encode(TestFlows.summary("C1"), row);
        assertThat(row.remaining()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "S0, state_S0",
        "OTH, state_OTH",
        "RSTOS0, state_RSTOS0",
        "established, state_established",
        "closed, state_closed",
        "half, state_other"
    })
    void shouldGiveEachStateItsColumn(final String state, final String column) {
        final Map<String, Float> row = row(withTexts(state, "", "", ""));
        row.forEach(
                (name, value) -> {
                    if (name.startsWith("state_")) {
                        assertThat(value).as(name).isEqualTo(name.equals(column) ? 1f : 0f);
                    }
                });
    }

    @Test
    void shouldCountTheLettersOfTheHistory() {
        final Map<String, Float> row = row(withTexts("SF", "^dDTTtx-", "", ""));
        assertThat(row)
                .containsEntry("hist_flipped", 1f)
                .containsEntry("resp_hist_d", 1f)
                .containsEntry("orig_hist_d", 1f)
                .containsEntry("orig_hist_t", 2f)
                .containsEntry("resp_hist_t", 1f)
                .containsEntry("orig_hist_s", 0f);
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv12, tls_12",
        "TLS 1.2, tls_12",
        "TLSv10, tls_10",
        "TLSv1, tls_10",
        "TLS 1.1, tls_11",
        "TLS 1.3, tls_13",
        "DTLSv12, tls_12",
        "SSLv3, tls_ssl3",
        "SSLv2, tls_ssl3",
        "UNDETERMINED, tls_other",
        "unknown-64282, tls_other"
    })
    void shouldKnowTheVersionsAsBothSensorsWriteThem(final String version, final String column) {
        assertThat(row(withTexts("SF", "", version, ""))).containsEntry(column, 1f);
    }

    @Test
    void shouldReadTheFirstPartOfJa4() {
        final Map<String, Float> row =
                row(withTexts("SF", "", "", "q13i0310h3_55b375c5d22e_cd85d2d88918"));
        assertThat(row)
                .containsEntry("ja4_quic", 1f)
                .containsEntry("ja4_tcp", 0f)
                .containsEntry("ja4_sni", 0f)
                .containsEntry("ja4_ciphers", 3f)
                .containsEntry("ja4_extensions", 10f)
                .containsEntry("ja4_alpn_h3", 1f);
        assertThat(row(withTexts("SF", "", "", "d" + "d2d0310dt_x")))
                .containsEntry("ja4_dtls", 1f)
                .containsEntry("ja4_version", 12f)
                .containsEntry("ja4_alpn_other", 1f);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "t13", "x13d1516h2_a_b", "t13d15xxh2_a_b", "t13d-116h2_a_b"})
    void shouldTakeAJa4ThatIsNoneAsUnknown(final String ja4) {
        assertThat(row(withTexts("SF", "", "", ja4)))
                .containsEntry("ja4_version", -1f)
                .containsEntry("ja4_tcp", 0f);
    }

    @Test
    void shouldNotSeeTheNameThatTheSensorGaveTheApplication() {
        final FlowSummary dns = new FlowSummary(1, 2, 3, 4, 5, 6, 7, "SF", "Dd", "dns", "", "", "");
        final FlowSummary ntp = new FlowSummary(1, 2, 3, 4, 5, 6, 7, "SF", "Dd", "ntp", "", "", "");
        assertThat(row(dns)).isEqualTo(row(ntp));
    }

    @Test
    void shouldWriteNothingWhereThereIsNoRoomForARow() {
        final FloatBuffer small = FloatBuffer.allocate(encoder.width() - 1);
        assertThatThrownBy(() -> encoder.encode(TestFlows.summary("C1"), small))
                .isInstanceOf(BufferOverflowException.class);
        assertThat(small.position()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ssl            | service_ssl",
                "tls            | service_ssl",
                "mysql,ssl      | service_mysql service_ssl",
                "gssapi,ntlm,smb | service_ntlm service_smb",
                "geneve         | service_other",
                "''             | ''"
            })
    void shouldTellTheServicesInAPartOfItsOwn(final String service, final String columns) {
        final ConnServiceEncoder services = new ConnServiceEncoder();
        final FloatBuffer row = FloatBuffer.allocate(services.width());
        services.encode(
                TestFlows.summary(
                        "C1",
                        new FlowSummary(-1, -1, -1, -1, -1, -1, -1, "SF", "", service, "", "", "")),
                row);
        final Set<String> set = new HashSet<>();
        for (int i = 0; i < services.width(); i++) {
            if (row.get(i) == 1) {
                set.add(services.columns().get(i));
            }
        }
        assertThat(set).isEqualTo(columns.isEmpty() ? Set.of() : Set.of(columns.split(" ")));
    }

    private static FlowSummary withTexts(
            final String state, final String history, final String tls, final String ja4) {
        return new FlowSummary(-1, -1, -1, -1, -1, -1, -1, state, history, "", tls, "", ja4);
    }

    private Map<String, Float> row(final FlowSummary summary) {
        final FloatBuffer row = FloatBuffer.allocate(encoder.width());
        encoder.encode(TestFlows.summary("C1", summary), row);
        assertThat(row.remaining()).isZero();
        final Map<String, Float> named = new LinkedHashMap<>();
        for (int i = 0; i < encoder.width(); i++) {
            named.put(encoder.columns().get(i), row.get(i));
        }
        return named;
    }
}
