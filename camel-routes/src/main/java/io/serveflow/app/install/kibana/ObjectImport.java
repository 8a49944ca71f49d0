/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.kibana;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.install.Action;
import io.serveflow.app.install.InstallException;
import io.serveflow.app.install.rest.RestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.entity.ContentType;

/** One import of several objects, made when the first of them is to be there. */
final class ObjectImport {

    private static final String BOUNDARY = "serveflow-saved-objects";
    private static final String CONFLICT = "conflict";
    private static final Set<String> TO_BE_RESOLVED =
            Set.of(CONFLICT, "ambiguous_" + CONFLICT, "missing_references");

    private final RestServer server;
    private final String path;
    private final List<ObjectNode> objects = new ArrayList<>();
    private Optional<KeptId> kept = Optional.empty();
    private boolean done;

    /**
     * An object that is to be found under the id that it is imported with.
     *
     * @param users names of the objects that stay and refer to it by that id
     */
    private record KeptId(String type, String id, List<String> users) {

        /** The other id that Kibana has given it, as one of another space has this one. */
        private Optional<String> other(final JsonNode said) {
            return StreamSupport.stream(said.path("successResults").spliterator(), false)
                    .filter(one -> one.path("type").asText().equals(type))
                    .filter(one -> one.path("id").asText().equals(id))
                    .filter(one -> one.hasNonNull("destinationId"))
                    .map(one -> one.path("destinationId").asText())
                    .filter(given -> !given.equals(id))
                    .findFirst();
        }
    }

    /**
     * @param overwrite whether objects that are there are replaced
     */
    ObjectImport(final RestServer server, final Space space, final boolean overwrite) {
        this.server = server;
        this.path = space.path("/api/saved_objects/_import?overwrite=" + overwrite);
    }

    /** What has one more object imported with the others. */
    Action of(final ObjectNode object) {
        final boolean first = objects.isEmpty();
        objects.add(object);
        return new Action() {
            @Override
            public String shown() {
                return (first
                                ? "POST "
                                        + path
                                        + "\nwith a file serveflow.ndjson of these lines:\n"
                                : "in the same call:\n")
                        + object;
            }

            @Override
            public Optional<String> perform() throws IOException {
                importOnce();
                return Optional.empty();
            }
        };
    }

    /**
     * Has the import fail if an object comes under another id than it is imported with.
     *
     * @param users names of the objects that stay and refer to it; where there are none, any id
     *     will do
     */
    void keepId(final String type, final String id, final List<String> users) {
        kept =
                users.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new KeptId(type, id, List.copyOf(users)));
    }

    private void importOnce() throws IOException {
        if (done) {
            return;
        }
        final JsonNode said = server.post(path, file());
        if (!said.path("success").isBoolean()) {
            throw server.strange(new IllegalStateException("no success in the answer"));
        }
        if (!said.path("success").asBoolean()) {
            throw refused(said);
        }
        done = true;
        final Optional<String> other = kept.flatMap(one -> one.other(said));
        if (other.isPresent()) {
            throw unreferred(kept.get(), other.get());
        }
    }

    private InstallException unreferred(final KeptId object, final String given) {
        return new InstallException(
                server.address()
                        + " imported all, and "
                        + object.type()
                        + " "
                        + object.id()
                        + " under the id "
                        + given
                        + ", as another space has one of that id; "
                        + String.join(", ", object.users())
                        + " of this space cannot find it so: run this again with --replace, by"
                        + " which what was changed in them is lost");
    }

    /**
     * Kibana imports nothing at all where somebody is to choose what becomes of one object, though
     * it lists the others as imported; of other errors it leaves out the objects that they are of.
     */
    private InstallException refused(final JsonNode said) {
        final List<JsonNode> errors =
                StreamSupport.stream(said.path("errors").spliterator(), false).toList();
        final Set<String> types =
                errors.stream()
                        .map(error -> error.at("/error/type").asText())
                        .collect(Collectors.toUnmodifiableSet());
        return new InstallException(
                server.address()
                        + (types.stream().anyMatch(TO_BE_RESOLVED::contains)
                                ? " imported nothing, because of "
                                : " imported "
                                        + said.path("successCount").asInt()
                                        + " of "
                                        + objects.size()
                                        + " objects, and not ")
                        + errors.stream().map(ObjectImport::fault).collect(Collectors.joining("; "))
                        + (types.stream().anyMatch(type -> type.endsWith(CONFLICT))
                                ? "; it is there already: run this again, or with --replace"
                                : "; look into its log, and run this again once that is cured"));
    }

    private static String fault(final JsonNode one) {
        final JsonNode error = one.path("error");
        final String references =
                StreamSupport.stream(error.path("references").spliterator(), false)
                        .map(to -> to.path("type").asText() + " " + to.path("id").asText())
                        .collect(Collectors.joining(", "));
        return one.path("type").asText()
                + " "
                + one.path("id").asText()
                + " ("
                + error.path("type").asText("error")
                + (references.isEmpty() ? "" : ": " + references)
                + (error.hasNonNull("message") ? ": " + error.path("message").asText() : "")
                + ")";
    }

    private ByteArrayEntity file() {
        final String lines =
                objects.stream().map(object -> object + "\n").collect(Collectors.joining());
        return new ByteArrayEntity(
                ("--"
                                + BOUNDARY
                                + "\r\nContent-Disposition: form-data; name=\"file\";"
                                + " filename=\"serveflow.ndjson\"\r\n"
                                + "Content-Type: application/ndjson\r\n\r\n"
                                + lines
                                + "\r\n--"
                                + BOUNDARY
                                + "--\r\n")
                        .getBytes(StandardCharsets.UTF_8),
                ContentType.parse("multipart/form-data; boundary=" + BOUNDARY));
    }
}
