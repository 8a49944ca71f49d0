/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowRecord;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.VerdictDocument;
import io.serveflow.verdict.VerdictStage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RepairLineTest {

    private static final RepairLine LINE = RepairFlows.line("C1");

    @Test
    void shouldReadTheFlowThatItWrote() {
        final RepairLine read = RepairLine.decode(LINE.encode());

        assertThat(read.context())
                .usingRecursiveComparison()
                .ignoringFields("readNanos")
                .isEqualTo(LINE.context());
        assertThat(read.stood().bundle()).isEqualTo(LINE.stood().bundle());
        assertThat(read.stood())
                .extracting(
                        Verdict::tier,
                        Verdict::label,
                        Verdict::confidence,
                        Verdict::uncertainty,
                        Verdict::packets,
                        Verdict::reason,
                        Verdict::stage)
                .containsExactly(
                        "fast",
                        LINE.stood().label(),
                        0.7123456789,
                        0.2876543211,
                        1,
                        "slow_unavailable",
                        VerdictStage.FINAL);
        assertThat(VerdictDocument.id(read.context(), read.stood()))
                .isEqualTo(VerdictDocument.id(LINE.context(), LINE.stood()));
        assertThat(read.open().stage()).isEqualTo(VerdictStage.PROVISIONAL);
    }

    @Test
    void shouldReadFieldsInAnyOrderAndSkipThoseThatItDoesNotKnow() {
        final String text = text();
        final String id = text.replaceFirst(".*?(\"id\":\"[^\"]*\").*", "$1").strip();
        final String other =
                text.replace(id + ",", "")
                        .replaceFirst("}\\s*$", ",\"more\":[{\"a\":1}]," + id + "}");

        assertThat(RepairLine.decode(bytes(other)).context().id()).isEqualTo(LINE.context().id());
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void shouldSayWhyALineIsOfNoFlow(final String line, final String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RepairLine.decode(bytes(line)))
                .withMessageContaining(why);
    }

    static Stream<Arguments> wrong() {
        final String text = text();
        final FlowRecord context = LINE.context();
        return Stream.of(
                Arguments.of(text.substring(0, text.length() / 2), "it is no whole JSON object"),
                Arguments.of("[1]", "it is no JSON object"),
                Arguments.of("{", "it is no whole JSON object"),
                Arguments.of(text + "{}", "something follows its JSON object"),
                Arguments.of("{\"version\":1}", "it lacks an id, a verdict or a record"),
                Arguments.of("{}", "it is of version 0 of the format"),
                Arguments.of(
                        text.replaceFirst("\"tier\":\"fast\"", "\"tier\":4"),
                        "it lacks an id, a verdict or a record"),
                Arguments.of(
                        text.replaceFirst("1.2.3", "1.2.4"),
                        "its id is not that of its record and verdict"),
                Arguments.of(
                        text.replaceFirst("\"ts\":1700000000.123456", "\"ts\":1700000000.123457"),
                        "its id is not that of its record and verdict"),
                Arguments.of(
                        text.replaceFirst("\"stage\":\"context\"", "\"stage\":\"late\""),
                        "its record cannot be read: "),
                Arguments.of(
                        text.replaceFirst("\"record\":.*", "\"record\":7}"),
                        "its record cannot be read: "),
                Arguments.of(
                        new String(
                                new RepairLine(
                                                new FlowRecord(
                                                        context.id(),
                                                        context.tuple(),
                                                        context.communityId(),
                                                        context.startMicros(),
                                                        FlowRecord.Stage.FIRST,
                                                        FlowRecord.End.DEPTH,
                                                        context.packets().first(1),
                                                        0),
                                                LINE.stood())
                                        .encode(),
                                StandardCharsets.UTF_8),
                        "its record is no context record but of stage FIRST"));
    }

    @Test
    void shouldMakeLinesOfThoseFlowsAloneThatTheTierHadNoAnswerFor() {
        final List<Verdict> verdicts =
                List.of(
                        RepairFlows.stood("slow_unavailable"),
                        RepairFlows.stood("depth"),
                        RepairFlows.stood("record_too_short"),
                        RepairFlows.provisional());
        final FlowBatch batch =
                FlowBatch.of(Stream.of("a", "b", "c", "d").map(RepairFlows::context).toList())
                        .withVerdicts(verdicts::get);

        assertThat(RepairLines.of(batch))
                .singleElement()
                .extracting(line -> RepairLine.decode(line).context().id().uid())
                .isEqualTo("a");
        assertThat(RepairLines.of(batch.withoutVerdicts())).isEmpty();
    }

    private static String text() {
        return new String(LINE.encode(), StandardCharsets.UTF_8).stripTrailing();
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
