/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serveflow.testing.samples.SharedTraffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommunityIdTest {

    // The addresses and ports of the specification's baseline; all ids are also what Wireshark 4.0
    // prints for such packets.
    @ParameterizedTest
    @CsvSource({
        "TCP, 128.232.110.120, 34855, 66.35.250.204, 80, 1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
        "TCP, 66.35.250.204, 80, 128.232.110.120, 34855, 1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
        "TCP, 2001:db8::5, 51514, 2001:db8:0:1::1, 443, 1:3UpdVT/FgaP25Nn9SYRcTRINcU0=",
        "TCP, 2001:db8:0:1::1, 443, 2001:db8::5, 51514, 1:3UpdVT/FgaP25Nn9SYRcTRINcU0=",
        "TCP, 10.0.0.1, 80, 10.0.0.1, 1025, 1:Fd26Wxtyyno7fM1prbbQsDZ5eVA=",
        "TCP, 10.0.0.1, 1025, 10.0.0.1, 80, 1:Fd26Wxtyyno7fM1prbbQsDZ5eVA=",
        "UDP, 192.168.1.52, 54585, 8.8.8.8, 53, 1:d/FP5EW3wiY1vCndhwleRRKHowQ=",
        "UDP, 8.8.8.8, 53, 192.168.1.52, 54585, 1:d/FP5EW3wiY1vCndhwleRRKHowQ=",
        "UDP, 3ffe:507:0:1:200:86ff:fe05:80da, 2415, 3ffe:501:4819::42, 53,"
                + " 1:DblIC7Bw7gfCmEuAOolUPPBOsO8=",
        "SCTP, 192.168.170.8, 7, 192.168.170.56, 80, 1:jQgCxbku+pNGw8WPbEc/TS/uTpQ=",
        "SCTP, 192.168.170.56, 80, 192.168.170.8, 7, 1:jQgCxbku+pNGw8WPbEc/TS/uTpQ=",
        "SCTP, 2001:db8::5, 7, 2001:db8::6, 80, 1:jTs0iWC6sGLF7h267Ve+Eqg62y4=",
    })
    void shouldHashATupleInBothDirectionsAlike(
            final Transport transport,
            final String originator,
            final int originatorPort,
            final String responder,
            final int responderPort,
            final String id) {
        assertThat(
                        CommunityId.v1(
                                new FlowTuple(
                                        transport,
                                        originator,
                                        originatorPort,
                                        responder,
                                        responderPort)))
                .isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource({
        "ICMP, 192.168.0.89, 8, 192.168.0.1, 0, 1:X0snYXpgwiv9TZtqg64sgzUn6Dk=",
        "ICMP, 192.168.0.1, 0, 192.168.0.89, 0, 1:X0snYXpgwiv9TZtqg64sgzUn6Dk=",
        "ICMP, 10.0.0.9, 13, 10.0.0.1, 0, 1:KOx2rCkaKRETIj7nGU9P3+gFAMU=",
        "ICMP6, fe80::200:86ff:fe05:80da, 135, fe80::260:97ff:fe07:69ea, 0,"
                + " 1:dGHyGvjMfljg6Bppwm3bg0LO8TY=",
        "ICMP6, fe80::260:97ff:fe07:69ea, 136, fe80::200:86ff:fe05:80da, 0,"
                + " 1:dGHyGvjMfljg6Bppwm3bg0LO8TY=",
        "ICMP6, 3ffe:507:0:1:200:86ff:fe05:80da, 128, 3ffe:507:0:1:260:97ff:fe07:69ea, 0,"
                + " 1:GpbEQrKqfWtsfsFiqg8fufoZe5Y=",
        "ICMP6, 3ffe:507:0:1:260:97ff:fe07:69ea, 129, 3ffe:507:0:1:200:86ff:fe05:80da, 0,"
                + " 1:GpbEQrKqfWtsfsFiqg8fufoZe5Y=",
    })
    void shouldMatchIcmpQuestionsWithTheirAnswers(
            final Transport transport,
            final String originator,
            final int type,
            final String responder,
            final int code,
            final String id) {
        assertThat(CommunityId.v1(new FlowTuple(transport, originator, type, responder, code)))
                .isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource({
        "ICMP, 192.168.0.89, 20, 192.168.0.1, 0, 1:3o2RFccXzUgjl7zDpqmY7yJi8rI=",
        "ICMP, 192.168.0.1, 20, 192.168.0.89, 1, 1:FA0BMOBkBhDYtQIgoVrANprFFNs=",
        "ICMP, 192.168.0.89, 3, 192.168.0.1, 1, 1:LXCfhMUFbYXe+CEMrQuZCbiLY3o=",
        "ICMP6, 3ffe:507:0:1:260:97ff:fe07:69ea, 1, 3ffe:507:0:1:200:86ff:fe05:80da, 4,"
                + " 1:gTqu7VsUsAmnYtRcECfFr8lTno8=",
        "ICMP6, 3ffe:507:0:1:200:86ff:fe05:80da, 3, 3ffe:507:0:1:260:97ff:fe07:69ea, 0,"
                + " 1:/OGBt9BN1ofenrmSPWYicpij2Vc=",
    })
    void shouldKeepTheDirectionOfIcmpWithoutAnswers(
            final Transport transport,
            final String originator,
            final int type,
            final String responder,
            final int code,
            final String id) {
        assertThat(CommunityId.v1(new FlowTuple(transport, originator, type, responder, code)))
                .isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource({
        "TCP, 128.232.110.120, 34855, 66.35.250.204, 80, 1:3V71V58M3Ksw/yuFALMcW0LAHvc=",
        "SCTP, 192.168.170.8, 7, 192.168.170.56, 80, 1:Y1/0jQg6e+I3ZwZZ9LP65DNbTXU=",
        "UDP, 3ffe:507:0:1:200:86ff:fe05:80da, 2415, 3ffe:501:4819::42, 53,"
                + " 1:DAm1Soprq1RMYMvCFHKc3sWh5oY=",
        "ICMP6, fe80::200:86ff:fe05:80da, 135, fe80::260:97ff:fe07:69ea, 0,"
                + " 1:kHa1FhMYIT6Ym2Vm2AOtoOARDzY=",
    })
    void shouldUseTheSeed(
            final Transport transport,
            final String originator,
            final int originatorPort,
            final String responder,
            final int responderPort,
            final String id) {
        final FlowTuple tuple =
                new FlowTuple(transport, originator, originatorPort, responder, responderPort);

        assertThat(CommunityId.v1(tuple, 1)).isEqualTo(id);
    }

    @Test
    void shouldRefuseASeedOfMoreThan16Bits() {
        final FlowTuple tuple = new FlowTuple(Transport.TCP, "10.0.0.1", 1, "10.0.0.2", 2);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> CommunityId.v1(tuple, 65_536))
                .withMessage("the Community ID seed must be 0 to 65535, was 65536");
    }

    @Test
    void shouldRefuseAddressesOfTwoVersions() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> CommunityId.v1(new FlowTuple(Transport.TCP, "10.0.0.1", 1, "::1", 2)))
                .withMessage("a flow has addresses of one IP version, not 10.0.0.1 and ::1");
    }

    // But for flows of an address with itself, see the class comment of CommunityId.
    @Test
    @EnabledIf("io.serveflow.testing.samples.SharedTraffic#present")
    void shouldAgreeWithZeekOnEveryLogLine() throws IOException {
        final ObjectMapper json = new ObjectMapper();
        int rows = 0;
        for (final Path log : zeekLogs()) {
            for (final String line : Files.readAllLines(log)) {
                final JsonNode row = json.readTree(line);
                if (row.hasNonNull("community_id")
                        && !row.get("id.orig_h").equals(row.get("id.resp_h"))) {
                    assertThat(CommunityId.v1(tuple(row)))
                            .as("%s: %s", log, line)
                            .isEqualTo(row.get("community_id").textValue());
                    rows++;
                }
            }
        }
        assertThat(rows).as("rows with a Community ID").isGreaterThan(1000);
    }

    private static List<Path> zeekLogs() throws IOException {
        try (Stream<Path> paths = Files.walk(SharedTraffic.folder().resolve("zeek-logs"))) {
            return paths.filter(path -> path.getParent().endsWith("json"))
                    .filter(path -> path.toString().matches(".*/(conn|serveflow)\\.log"))
                    .sorted()
                    .toList();
        }
    }

    private static FlowTuple tuple(final JsonNode row) {
        final String originator = row.get("id.orig_h").textValue();
        return new FlowTuple(
                Transport.named(row.get("proto").textValue(), IpAddress.isIpv6(originator)),
                originator,
                row.get("id.orig_p").intValue(),
                row.get("id.resp_h").textValue(),
                row.get("id.resp_p").intValue());
    }
}
