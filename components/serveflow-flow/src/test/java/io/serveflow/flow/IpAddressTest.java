/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "10.0.0.1, 10.0.0.1",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "2001:0db8:0000:0000:0001:0000:0000:0001, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:DB8::A, 2001:db8::a",
        "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "0:0:1:2:3:4:5:6, ::1:2:3:4:5:6",
        "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::ffff:192.0.2.128, ::ffff:192.0.2.128",
        "0:0:0:0:0:FFFF:c000:280, ::ffff:192.0.2.128",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "fe80::260:97ff:fe07:69ea, fe80::260:97ff:fe07:69ea",
    })
    void shouldPrintLiteralsInCanonicalForm(final String literal, final String canonical) {
        final byte[] bytes = IpAddress.parse(literal);

        assertThat(IpAddress.format(bytes, 0, bytes.length)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.4 ",
                "1..2.3",
                "+1.2.3.4",
                ":",
                ":::",
                ":1",
                "1:",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "1::2::3",
                "12345::",
                "g::1",
                "fe80::1%eth0",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1.2.3",
                "::1.2.3.4:5",
                "1.2.3.4::",
                "\uff11::",
                "\uff11.2.3.4"
            })
    void shouldRefuseWhatIsNoLiteral(final String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpAddress.parse(text))
                .withMessage("'" + text + "' is no IP address");
    }

    @Test
    void shouldKeepAnIpv4MappedAddressAsIpv6() {
        assertThat(IpAddress.parse("::ffff:1.2.3.4")).hasSize(16).endsWith(0xff, 0xff, 1, 2, 3, 4);
    }

    @Test
    void shouldTellTheVersionsApart() {
        assertThat(IpAddress.isIpv6("::1")).isTrue();
        assertThat(IpAddress.isIpv6("10.0.0.1")).isFalse();
    }

    @Test
    void shouldRefuseAnotherLength() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpAddress.format(new byte[6], 0, 6))
                .withMessage("an IP address has 4 or 16 bytes, not 6");
    }

    @Test
    void shouldReadFromTheMiddleOfAPacket() {
        assertThat(IpAddress.format(new byte[] {9, 9, 10, 0, 0, 1, 9}, 2, 4)).isEqualTo("10.0.0.1");
    }

    @Property
    void shouldReadBackWhatItPrints(@ForAll @Size(16) final byte[] address) {
        assertThat(IpAddress.parse(IpAddress.format(address, 0, 16))).isEqualTo(address);
    }

    @Property
    void shouldAgreeWithThePlatformOnIpv6(
            @ForAll @Size(8) final boolean[] zero, @ForAll @Size(16) final byte[] address)
            throws UnknownHostException {
        for (int i = 0; i < zero.length; i++) {
            if (zero[i]) {
                address[2 * i] = 0;
                address[2 * i + 1] = 0;
            }
        }
        final String expanded = Inet6Address.getByAddress("", address, -1).getHostAddress();
        final String text = IpAddress.format(address, 0, 16);

        assertThat(IpAddress.parse(expanded)).isEqualTo(address);
        assertThat(InetAddress.getByName(text).getAddress())
                .as(text)
                .isEqualTo(InetAddress.getByAddress(address).getAddress());
    }
}
