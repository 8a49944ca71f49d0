/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Ledger.Entry;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where components find what they share. */
class ServeflowBeansTest {

    private static final DeadLetter LETTER =
            DeadLetter.document("logs-serveflow-so", "index_400", "torn", "{}");

    @TempDir private Path folder;

    private final CamelContext context = new DefaultCamelContext();
    private final Ledger ledger = new Ledger();
    private ServeflowBeans beans;

    @BeforeEach
    void start() {
        beans = ServeflowBeans.of(context);
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void shouldBeOneForAContext() {
        assertThat(ServeflowBeans.of(context)).isSameAs(beans);
    }

    @Test
    void shouldGiveTheLedgerThatIsSetOrElseThatOfTheContext() {
        assertThat(beans.ledger(ledger)).isSameAs(ledger);
        assertThat(beans.ledger(null))
                .isNotNull()
                .isSameAs(ServeflowBeans.of(context).ledger(null));
    }

    @Test
    void shouldTakeTheFirstSinkThatIsSet() {
        final DeadLetterSink endpoint = letter -> {};
        final DeadLetterSink component = letter -> {};

        assertThat(ServeflowBeans.deadLetters("x", ledger, endpoint, component)).isSameAs(endpoint);
        assertThat(ServeflowBeans.deadLetters("x", ledger, null, component)).isSameAs(component);
    }

    @Test
    void shouldRefuseToBeWithoutASink() {
        assertThatThrownBy(() -> ServeflowBeans.deadLetters("serveflow-x", ledger, null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("serveflow-x needs a place for dead letters")
                .hasMessageContaining("deadLetters")
                .hasMessageContaining("bind one DeadLetterSink");
    }

    @Test
    void shouldKeepDeadLettersInAFileThatIsNamed() throws Exception {
        final Path file = folder.resolve("dead.ndjson");

        ServeflowBeans.deadLetters("x", ledger, sink(file)).accept(LETTER);

        assertThat(Files.readString(file)).contains("\"reason\":\"index_400\"");
        assertThat(ledger.total(Entry.DEAD_LETTERED)).isEqualTo(1);
    }

    @Test
    void shouldShareAFileThatSeveralName() {
        assertThat(sink(folder.resolve("dead.ndjson")))
                .isSameAs(sink(folder.resolve(".").resolve("dead.ndjson")));
    }

    @Test
    void shouldSayWhichFileCannotBeWritten() {
        assertThatThrownBy(() -> ServeflowBeans.deadLetters("x", ledger, sink(folder)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("option deadLetters is " + folder);
    }

    @Test
    void shouldCloseFilesWhenTheContextHasStopped() {
        final DeadLetterSink sink =
                ServeflowBeans.deadLetters("x", ledger, sink(folder.resolve("dead.ndjson")));

        context.stop();

        assertThatThrownBy(() -> sink.accept(LETTER))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is not open");
    }

    @Test
    void shouldUnderstandNamesOfFilesInAContextThatStartsAgain() {
        context.stop();
        context.start();
        ServeflowBeans.of(context);

        assertThat(sink(folder.resolve("dead.ndjson"))).isNotNull();
    }

    private DeadLetterSink sink(final Path file) {
        return context.getTypeConverter().convertTo(DeadLetterSink.class, file.toString());
    }
}
