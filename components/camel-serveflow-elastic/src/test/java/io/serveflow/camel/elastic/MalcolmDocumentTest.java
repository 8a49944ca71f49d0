/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.verdict.AnsweredFlows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MalcolmDocumentTest {

    private final IndexDocument document = SampleDocuments.document(AnsweredFlows.flow(1));

    @Test
    void shouldNameTheFlowAsMalcolmDoes() throws IOException {
        final JsonNode tree = tree(MalcolmDocument.of(document));

        assertThat(tree.at("/event/provider").asText()).isEqualTo("serveflow");
        assertThat(tree.at("/event/dataset").asText()).isEqualTo("prediction");
        assertThat(tree.at("/event/id/0").asText()).isEqualTo("C1");
        assertThat(tree.at("/event/hash").asText()).isEqualTo(document.id());
        assertThat(tree.at("/rootId").asText()).isEqualTo("C1");
        assertThat(tree.at("/related/ip/1").asText()).isEqualTo("203.0.113.9");
        assertThat(tree.at("/serveflow")).isEqualTo(tree(document).at("/serveflow"));
    }

    @Test
    void shouldNameAFlowOfZeekByItsUidAndOneOfSuricataNot() throws IOException {
        assertThat(tree(MalcolmDocument.of(named("CHhAvVGS1DHFjwGM9"))).at("/zeek/uid").asText())
                .isEqualTo("CHhAvVGS1DHFjwGM9");
        assertThat(tree(MalcolmDocument.of(named("1790224116513470"))).has("zeek")).isFalse();
    }

    @Test
    void shouldLeaveADocumentThatIsForMalcolmAlreadyAsItIs() {
        final IndexDocument once = MalcolmDocument.of(document);

        assertThat(MalcolmDocument.of(once)).isSameAs(once);
    }

    @Test
    void shouldBeFoundByItsIdWhenItIsSentAgain() {
        final IndexDocument once = MalcolmDocument.of(document);
        final IndexDocument kept = KeptDocument.of(once.text());

        assertThat(kept.id()).isEqualTo(document.id());
        assertThat(kept.startMillis()).isEqualTo(document.startMillis());
    }

    private static IndexDocument named(final String uid) {
        final IndexDocument one = SampleDocuments.document(AnsweredFlows.flow(1));
        return new IndexDocument(
                one.id(),
                one.text().replace("\"C1\"", "\"" + uid + "\"").getBytes(StandardCharsets.UTF_8),
                one.startMillis());
    }

    private static JsonNode tree(final IndexDocument one) throws IOException {
        return new JsonMapper().readTree(one.json());
    }
}
