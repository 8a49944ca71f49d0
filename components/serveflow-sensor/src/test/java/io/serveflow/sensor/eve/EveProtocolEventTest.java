/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.eve;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.ClientHello;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Handshake;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.ContextInterest;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorStream;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Suricata's events about protocols add to the context records of their flows. */
class EveProtocolEventTest {

    /** The first flow of the samples' HTTPS; its ten packets are within 7 ms. */
    private static final String TLS_FLOW = "588492014963173";

    private static final String HTTP_FLOW = "315089418054997";

    /** As Suricata 7.0.10 wrote it. */
    private static final String TLS =
            """
            {"timestamp":"2026-11-22T21:24:27.088703+0000","flow_id":588492014963173,"pcap_cnt":9,\
            "event_type":"tls","src_ip":"10.77.1.14","src_port":60632,"dest_ip":"10.77.2.30",\
            "dest_port":443,"proto":"TCP","pkt_src":"wire/pcap","metadata":{"flowints":\
            {"serveflow":8}},"tls":{"sni":"Region.lab.example","version":"TLS 1.3","ja3":\
            {"hash":"0149f47eabf9a20d0893e2a44e5a6323","string":\
            "771,4866-4867-255,0-11-10-16-43-51-21,29-23-30,0-1-2"}}}\
            """;

    /** As Suricata 7.0.10 wrote it, shortened. */
    private static final String QUIC =
            """
            {"timestamp":"2026-11-22T21:25:27.862532+0000","flow_id":588492014963173,\
            "event_type":"quic","proto":"UDP","quic":{"version":"1","sni":"localhost","ja3":\
            {"hash":"4e2f39e9839276fe7bfd283b657fb9db","string":\
            "771,4865-4866,57-16-43-0-65037,29-23,0"},"extensions":[{"name":\
            "quic_transport_parameters","type":57},{"name":"alpn","type":16,"values":["h3"]},\
            {"name":"supported_versions","type":43,"values":["Tls13"]}]}}\
            """;

    private final Ledger ledger = new Ledger();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private final List<FlowRecord> records = new ArrayList<>();
    private final SensorStream stream =
            new SensorStream(
                    "eve.json",
                    SensorFormats.installed().only("eve"),
                    FlowAssembler.Options.defaults("suricata-1"),
                    ledger,
                    deadLetters::add,
                    ContextInterest.all(),
                    records::add);
    private int position;

    @Test
    void shouldHaveInTheContextWhatWasSaidBefore() throws IOException {
        final List<String> packets = packets("https", TLS_FLOW);
        packets.subList(0, 8).forEach(this::line);
        line(TLS);
        packets.subList(8, 10).forEach(this::line);

        assertThat(records)
                .extracting(FlowRecord::stage)
                .containsExactly(FlowRecord.Stage.FIRST, FlowRecord.Stage.CONTEXT);
        assertThat(records.get(0).handshake()).isEmpty();
        assertThat(handshake())
                .isEqualTo(
                        new Handshake(
                                Handshake.Protocol.TLS,
                                "region.lab.example",
                                false,
                                "",
                                Optional.of(
                                        new ClientHello(
                                                0,
                                                false,
                                                0,
                                                List.of(),
                                                List.of(4866, 4867, 255),
                                                List.of(0, 11, 10, 16, 43, 51, 21),
                                                List.of(29, 23, 30),
                                                List.of(),
                                                List.of(),
                                                false))));
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED)).isEqualTo(Map.of("protocol_event", 1L));
    }

    @Test
    void shouldHoldAContextForAMomentWhereATlsEventIsLikelyToCome() throws IOException {
        line(TLS.replace(TLS_FLOW, "1"));
        packets("https", TLS_FLOW).forEach(this::line);
        assertThat(records).hasSize(1);
        assertThat(stream.oldestHeld()).isEqualTo(OptionalLong.of(2));

        line(TLS);
        assertThat(handshake().name()).isEqualTo("region.lab.example");
        assertThat(stream.oldestHeld()).isEmpty();
    }

    @Test
    void shouldNotHoldAContextWhereNoTlsEventHasCome() throws IOException {
        packets("https", TLS_FLOW).forEach(this::line);
        assertThat(records).hasSize(2);
    }

    @Test
    void shouldNotHoldAContextWithoutTls() throws IOException {
        line(TLS.replace(TLS_FLOW, "1"));
        packets("http", HTTP_FLOW).forEach(this::line);
        assertThat(records).hasSize(2);
    }

    @Test
    void shouldHoldAContextForASecondOfPacketsAtMost() throws IOException {
        line(TLS.replace(TLS_FLOW, "1"));
        packets("https", TLS_FLOW).forEach(this::line);
        final String other = packets("http", HTTP_FLOW).get(0);
        line(other.replace("21:24:25.", "21:24:27."));
        assertThat(records).hasSize(2);
        line(other.replace("21:24:25.", "21:24:29.").replace(HTTP_FLOW, "2"));
        assertThat(records).hasSize(4);
        assertThat(records.get(2).stage()).isEqualTo(FlowRecord.Stage.CONTEXT);
        assertThat(records.get(2).handshake()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldGiveOnWhatIsHeldWhenTimePassesOrTheStreamEnds(final boolean ends)
            throws IOException {
        line(TLS.replace(TLS_FLOW, "1"));
        packets("https", TLS_FLOW).forEach(this::line);
        if (ends) {
            stream.finish();
        } else {
            stream.elapse(HeldContexts.LONGEST_MICROS);
        }
        assertThat(records).hasSize(2);
    }

    @Test
    void shouldGiveOnWhatIsHeldBeforeTheSummaryOfTheFlow() throws IOException {
        line(TLS.replace(TLS_FLOW, "1"));
        packets("https", TLS_FLOW).forEach(this::line);
        line(
                """
                {"flow_id":588492014963173,"event_type":"flow","src_ip":"10.77.1.14",\
                "src_port":60632,"dest_ip":"10.77.2.30","dest_port":443,"proto":"TCP",\
                "flow":{"start":"2026-11-22T21:24:27.049660+0000"}}\
                """);
        assertThat(records)
                .extracting(FlowRecord::stage)
                .containsExactly(
                        FlowRecord.Stage.FIRST, FlowRecord.Stage.CONTEXT, FlowRecord.Stage.SUMMARY);
    }

    @Test
    void shouldReadTheHelloOfQuicAndNotThatOfItsServer() throws IOException {
        final List<String> packets = packets("https", TLS_FLOW);
        line(packets.get(0));
        line(QUIC);
        line(
                """
                {"flow_id":588492014963173,"event_type":"quic","quic":{"version":"1","ja3s":\
                {"hash":"eb1d94daa7e0344597e756a1fb6e7054","string":"771,4865,51-43"},\
                "extensions":[{"name":"key_share","type":51}]}}\
                """);
        stream.finish();
        assertThat(handshake())
                .isEqualTo(
                        new Handshake(
                                Handshake.Protocol.QUIC,
                                "localhost",
                                true,
                                "",
                                Optional.of(
                                        new ClientHello(
                                                0,
                                                false,
                                                1,
                                                List.of(),
                                                List.of(4865, 4866),
                                                List.of(57, 16, 43, 0, 65_037),
                                                List.of(29, 23),
                                                List.of("h3"),
                                                List.of(),
                                                false))));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "v2, 1798521807", "ff00001d, 4278190109", "Q046, 1362113590"})
    void shouldReadTheVersionsOfQuic(final String name, final long version) throws IOException {
        line(packets("https", TLS_FLOW).get(0));
        line(QUIC.replace("\"version\":\"1\"", "\"version\":\"" + name + '"'));
        stream.finish();
        assertThat(handshake().hello().orElseThrow().quicVersion()).isEqualTo(version);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "http | \"http\":{\"hostname\":\"Near.example:8080\",\"url\":\"/\"} | HTTP |"
                        + " near.example",
                "http | \"http\":{\"hostname\":null,\"url\":\"/\"} | HTTP | ``",
                "dns |"
                    + " \"dns\":{\"version\":2,\"type\":\"query\",\"rrname\":\"host2.lab.example\",\"rrtype\":\"A\"}"
                    + " | DNS | host2.lab.example",
                "dns |"
                    + " \"dns\":{\"version\":3,\"type\":\"request\",\"queries\":[{\"rrname\":\"a.example\",\"rrtype\":\"A\"},{\"rrname\":\"b.example\"}]}"
                    + " | DNS | a.example",
                "dns | \"dns\":{\"version\":3,\"type\":\"response\",\"queries\":[]} | DNS | ``",
                "ssh |"
                    + " \"ssh\":{\"client\":{\"proto_version\":\"2.0\",\"software_version\":\"OpenSSH_9.2p1\"}}"
                    + " | SSH | ``",
                "tls | \"tls\":{} | TLS | ``",
                "tls | \"tls\":{\"sni\":5,\"version\":\"UNDETERMINED\"} | TLS | ``"
            })
    void shouldReadWhomAFlowAsksFor(
            final String type,
            final String members,
            final Handshake.Protocol protocol,
            final String name)
            throws IOException {
        line(packets("https", TLS_FLOW).get(0));
        line("{\"event_type\":\"" + type + "\",\"flow_id\":" + TLS_FLOW + ',' + members + '}');
        stream.finish();
        assertThat(deadLetters).isEmpty();
        assertThat(handshake().protocol()).isEqualTo(protocol);
        assertThat(handshake().name()).isEqualTo(name);
    }

    @Test
    void shouldReadTheListsOfSuricata8() throws IOException {
        line(packets("https", TLS_FLOW).get(0));
        line(
                """
                {"event_type":"tls","flow_id":588492014963173,"tls":{"sni":"a.example",\
                "client_alpns":["h2","http/1.1"],"server_alpns":["h2"],"client_handshake":\
                {"version":"TLS 1.2","ciphers":[2570,4865],"exts":[0,16,65281],"sig_algs":[1027]}}}\
                """);
        stream.finish();
        assertThat(handshake().chosen()).isEqualTo("h2");
        final ClientHello hello = handshake().hello().orElseThrow();
        assertThat(hello.protocols()).containsExactly("h2", "http/1.1");
        assertThat(hello.ciphers()).containsExactly(4865);
        assertThat(hello.extensions()).containsExactly(0, 16, 65_281);
        assertThat(hello.grease()).isTrue();
    }

    @Test
    void shouldKeepWhatAnEarlierEventSaid() throws IOException {
        line(packets("https", TLS_FLOW).get(0));
        line(TLS);
        line("{\"event_type\":\"tls\",\"flow_id\":" + TLS_FLOW + ",\"tls\":{\"sni\":null}}");
        line(
                "{\"event_type\":\"http\",\"flow_id\":"
                        + TLS_FLOW
                        + ",\"http\":{\"hostname\":\"x\"}}");
        stream.finish();
        assertThat(handshake().protocol()).isEqualTo(Handshake.Protocol.TLS);
        assertThat(handshake().name()).isEqualTo("region.lab.example");
        assertThat(handshake().hello().orElseThrow().groups()).containsExactly(29, 23, 30);
    }

    @Test
    void shouldPreferWhatTlsSaysBehindAProxy() throws IOException {
        line(packets("https", TLS_FLOW).get(0));
        line(
                "{\"event_type\":\"http\",\"flow_id\":"
                        + TLS_FLOW
                        + ",\"http\":{\"hostname\":\"x\"}}");
        line(TLS);
        stream.finish();
        assertThat(handshake().name()).isEqualTo("region.lab.example");
    }

    @Test
    void shouldTakeTheFirstQuestionOfAFlow() throws IOException {
        line(packets("https", TLS_FLOW).get(0));
        for (final String name : List.of("a.example", "b.example")) {
            line(
                    "{\"event_type\":\"dns\",\"flow_id\":"
                            + TLS_FLOW
                            + ",\"dns\":{\"rrname\":\""
                            + name
                            + "\"}}");
        }
        stream.finish();
        assertThat(handshake().name()).isEqualTo("a.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"771", "771,a-b,0,29,0", "771,99999999999999999999-70000,,,", ""})
    void shouldTakeNothingFromATextThatIsNoJa3(final String text) throws IOException {
        line(packets("https", TLS_FLOW).get(0));
        line(TLS.replaceFirst("\"771,[^\"]*\"", '"' + text + '"'));
        stream.finish();
        assertThat(deadLetters).isEmpty();
        assertThat(handshake().name()).isEqualTo("region.lab.example");
        assertThat(handshake().hello().map(ClientHello::ciphers).orElse(List.of())).isEmpty();
    }

    @Test
    void shouldTakeTheVersionOfAHelloWithoutTheExtensionForVersions() throws IOException {
        line(packets("https", TLS_FLOW).get(0));
        line(TLS.replace("-43-", "-"));
        stream.finish();
        assertThat(handshake().hello().orElseThrow().versions()).containsExactly(771);
    }

    @Test
    void shouldCountANameThatIsNoneAndKeepTheRecord() throws IOException {
        line(packets("https", TLS_FLOW).get(0));
        line(TLS.replace("Region.lab", "Region\\u00e9.lab"));
        stream.finish();
        assertThat(handshake().name()).isEmpty();
        assertThat(deadLetters).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.UNKNOWN_VALUES)).isEqualTo(Map.of("odd_name", 1L));
    }

    @Test
    void shouldNameTheFlowIdThatIsMissing() {
        line(TLS.replace("\"flow_id\"", "\"x\""));
        assertThat(deadLetters).extracting(DeadLetter::reason).containsExactly("missing_field");
    }

    @Test
    void shouldRememberNothingOfAFlowThatIsNotWaitedFor() throws IOException {
        line(
                "{\"event_type\":\"dns\",\"flow_id\":"
                        + TLS_FLOW
                        + ",\"dns\":{\"rrname\":\"a.example\"}}");
        line(packets("https", TLS_FLOW).get(0));
        stream.finish();
        assertThat(records.get(1).handshake()).isEmpty();
    }

    private Handshake handshake() {
        final FlowRecord context = records.get(records.size() - 1);
        assertThat(context.stage()).isEqualTo(FlowRecord.Stage.CONTEXT);
        return context.handshake().orElseThrow();
    }

    private void line(final String text) {
        final byte[] bytes = text.strip().getBytes(StandardCharsets.UTF_8);
        stream.line(bytes, 0, bytes.length, ++position);
    }

    /** The events of the packets of a flow, as Suricata wrote them of a sample. */
    private static List<String> packets(final String sample, final String flow) throws IOException {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(
                                        Files.newInputStream(
                                                ProjectFiles.samples()
                                                        .resolve("eve")
                                                        .resolve(sample + ".eve.json.gz"))),
                                StandardCharsets.UTF_8))) {
            final List<String> packets =
                    lines.lines()
                            .filter(line -> line.contains("\"flow_id\":" + flow + ','))
                            .filter(line -> line.contains("\"event_type\":\"alert\""))
                            .toList();
            assertThat(packets).hasSize(10);
            return packets;
        }
    }
}
