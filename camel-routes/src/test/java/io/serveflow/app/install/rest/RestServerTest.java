/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.app.install.InstallException;
import io.serveflow.app.install.rest.AnsweringServer.Answer;
import io.serveflow.camel.elastic.ElasticConnection;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RestServerTest {

    private static final String NOT_READY =
            "{\"error\":{\"type\":\"cluster_block_exception\",\"reason\":\"no master\"}}";
    private static final URI NOWHERE = URI.create("http://127.0.0.1:1");

    private final AtomicLong now = new AtomicLong();
    private final List<String> notices = new ArrayList<>();

    @Test
    void shouldSayOnceThatItWaitsAndGiveUpWhenTheTimeIsOver() throws IOException {
        try (AnsweringServer server = new AnsweringServer(asked -> new Answer(503, NOT_READY));
                RestServer client = client(server.uri())) {
            assertThatThrownBy(() -> client.get("/_ilm/policy/serveflow"))
                    .isInstanceOf(InstallException.class)
                    .hasMessageContaining("is busy or not ready; try again (503");

            assertThat(notices)
                    .containsExactly(
                            "Elasticsearch at "
                                    + server.uri()
                                    + " is not ready (cluster_block_exception: no master); it is"
                                    + " asked again for up to 10 s");
            assertThat(server.asked()).hasSize(11);
        }
    }

    /** The answer may come late, so that the bound is on time and not on tries. */
    @Test
    void shouldNotAskAgainWhereOneTryTookAllTheTime() throws IOException {
        try (AnsweringServer server =
                        new AnsweringServer(
                                asked -> {
                                    now.addAndGet(Duration.ofSeconds(10).toNanos());
                                    return new Answer(503, NOT_READY);
                                });
                RestServer client = client(server.uri())) {
            assertThatThrownBy(() -> client.get("/")).isInstanceOf(InstallException.class);

            assertThat(server.asked()).hasSize(1);
            assertThat(notices).isEmpty();
        }
    }

    @Test
    void shouldSendAPostToNoOtherNodeWhereItMayHaveBeenDone() throws IOException {
        try (AnsweringServer first = new AnsweringServer(asked -> Answer.none());
                AnsweringServer second = new AnsweringServer(asked -> Answer.ok("{}"));
                RestServer client = client(first.uri(), second.uri())) {
            assertThatThrownBy(() -> client.call("POST", "/_security/api_key", Optional.empty()))
                    .isInstanceOfSatisfying(
                            InstallException.class,
                            thrown -> assertThat(RestServer.mayBeDone(thrown)).isTrue());

            assertThat(first.calls()).containsExactly("POST /_security/api_key");
            assertThat(second.calls()).isEmpty();
        }
    }

    @Test
    void shouldSendAPostToAnotherNodeWhereTheFirstCannotBeReached() throws IOException {
        try (AnsweringServer second = new AnsweringServer(asked -> Answer.ok("{\"id\":\"a\"}"));
                RestServer client = client(NOWHERE, second.uri())) {
            assertThat(client.call("POST", "/_security/api_key", Optional.empty()).path("id"))
                    .hasToString("\"a\"");
        }
    }

    @Test
    void shouldSendWhatDoesNothingTwiceToAnotherNode() throws IOException {
        try (AnsweringServer first = new AnsweringServer(asked -> new Answer(502, ""));
                AnsweringServer second = new AnsweringServer(asked -> Answer.ok("{}"));
                RestServer client = client(first.uri(), second.uri())) {
            client.call("PUT", "/_index_template/serveflow", Optional.empty());
            client.call("PUT", "/_index_template/serveflow", Optional.empty());

            assertThat(first.asked()).hasSize(1);
            assertThat(second.asked()).hasSize(2);
        }
    }

    @Test
    void shouldKnowThatNothingWasDoneWhereNothingWasReached() throws IOException {
        try (RestServer client = client(NOWHERE)) {
            assertThatThrownBy(() -> client.call("POST", "/_security/api_key", Optional.empty()))
                    .isInstanceOfSatisfying(
                            InstallException.class,
                            thrown -> assertThat(RestServer.mayBeDone(thrown)).isFalse());
        }
    }

    /** The answer to the first try was lost, and it had been done. */
    @Test
    void shouldTakeForGoneWhatIsNotThereAtASecondTry() throws IOException {
        try (AnsweringServer first = new AnsweringServer(asked -> Answer.none());
                AnsweringServer second = new AnsweringServer(asked -> new Answer(404, "{}"));
                RestServer client = client(first.uri(), second.uri())) {
            assertThat(RestCall.delete(client, "/_index_template/serveflow").perform()).isEmpty();

            assertThat(second.calls()).containsExactly("DELETE /_index_template/serveflow");
        }
    }

    @Test
    void shouldSayWhatKeepsAThingThatIsInUse() throws IOException {
        try (AnsweringServer server =
                        new AnsweringServer(
                                asked ->
                                        new Answer(
                                                400,
                                                "{\"error\":{\"type\":\"illegal_argument_exception\",\"reason\":\"[a]"
                                                    + " are in use by [b]\"}}"));
                RestServer client = client(server.uri())) {
            assertThat(RestCall.delete(client, "/_index_template/a").perform())
                    .contains("illegal_argument_exception: [a] are in use by [b]");
        }
    }

    @Test
    void shouldSayWhatElseIsRefusedWhereAThingIsToGo() throws IOException {
        try (AnsweringServer server =
                        new AnsweringServer(asked -> new Answer(400, "{\"error\":\"no\"}"));
                RestServer client = client(server.uri())) {
            assertThatThrownBy(() -> RestCall.delete(client, "/_index_template/a").perform())
                    .hasMessageContaining("answered 400 to DELETE /_index_template/a: no");
        }
    }

    private RestServer client(final URI... nodes) throws IOException {
        return new RestServer(
                Product.ELASTICSEARCH,
                ElasticConnection.to(nodes),
                new Patience(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(1),
                        now::get,
                        time -> now.addAndGet(time.toNanos()),
                        notices::add));
    }
}
