/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.kibana;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.install.InstallException;
import io.serveflow.app.install.Plan;
import io.serveflow.app.install.Step;
import io.serveflow.app.install.rest.RestServer;
import io.serveflow.app.install.rest.Version;
import io.serveflow.app.panel.SavedObjects;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What is to be in a space of Kibana: the data view of the verdicts and the dashboards. */
public final class KibanaInstallation {

    /** The oldest that the objects are made for. */
    private static final Version OLDEST = new Version(8, 14);

    private final RestServer server;
    private final Space space;

    /**
     * @param server stays open
     */
    public KibanaInstallation(final RestServer server, final Space space) {
        this.server = Objects.requireNonNull(server, "server");
        this.space = Objects.requireNonNull(space, "space");
    }

    /**
     * The steps of an installation.
     *
     * @param replace whether objects that are there are brought to the state of this version, and
     *     lose what was changed in them
     * @throws InstallException if the server is none for them
     */
    public List<Step> toInstall(final boolean replace) throws IOException {
        final StoredObjects stored = stored();
        final ObjectImport all = new ObjectImport(server, space, replace);
        final List<Step> steps = new ArrayList<>();
        final List<String> users = new ArrayList<>();
        for (final ObjectNode object : SavedObjects.objects()) {
            final Optional<StoredObject> there = stored.of(object);
            final boolean stays = there.isPresent() && !replace;
            if (stays && there.get().views().contains(stored.view())) {
                users.add(there.get().type() + " " + object.path("id").asText());
            }
            steps.add(
                    new SavedObjectStep(
                            server,
                            space,
                            object,
                            there,
                            stays
                                    ? Optional.empty()
                                    : Optional.of(all.of(referring(object, stored.view()))),
                            stays ? broken(there.get(), stored) : Optional.empty()));
        }
        all.keepId(StoredObject.DATA_VIEW_TYPE, stored.view(), users);
        return steps;
    }

    /**
     * The steps of which each is taken back.
     *
     * @throws InstallException as {@link #toInstall}
     */
    public List<Step> toUninstall() throws IOException {
        final StoredObjects stored = stored();
        final List<Step> steps = new ArrayList<>();
        for (final ObjectNode object : SavedObjects.objects()) {
            final Optional<StoredObject> there = stored.of(object);
            steps.add(
                    new SavedObjectStep(
                            server,
                            space,
                            object,
                            there,
                            Optional.empty(),
                            there.isPresent() && isView(object)
                                    ? needed(there.get(), stored)
                                    : Optional.empty()));
        }
        return steps;
    }

    private static boolean isView(final JsonNode object) {
        return object.path("id").asText().equals(SavedObjects.DATA_VIEW);
    }

    /**
     * What becomes of a dashboard whose panels show errors alone, as their data view is not there.
     * Where ours is, or comes, under another id, all of them are so; otherwise somebody has chosen
     * another data view for this one.
     */
    private static Optional<Plan> broken(final StoredObject there, final StoredObjects stored) {
        return there.views().stream()
                .filter(stored.missing()::contains)
                .filter(view -> !view.equals(stored.view()))
                .sorted()
                .findFirst()
                .map(view -> broken(view, stored));
    }

    private static Plan broken(final String view, final StoredObjects stored) {
        final String why =
                "its panels use the data view "
                        + view
                        + ", which is not there; put that there again, or bring this version of"
                        + " all with --replace, by which what was changed in them is lost";
        return stored.isOfAnotherId(view)
                ? new Plan.Refused(why + "; nothing was changed")
                : new Plan.Kept(why);
    }

    private Optional<Plan> needed(final StoredObject view, final StoredObjects stored)
            throws IOException {
        final Set<String> ours =
                stored.byId().values().stream()
                        .map(StoredObject::id)
                        .collect(Collectors.toUnmodifiableSet());
        return DataViewUse.of(server, space, view.id(), ours)
                .map(
                        users ->
                                new Plan.Kept(
                                        "it is needed by "
                                                + users
                                                + "; --uninstall removes it once nothing needs"
                                                + " it"));
    }

    /** The object with the id that the data view has, or is to have, in this space. */
    private static ObjectNode referring(final ObjectNode object, final String view) {
        final ObjectNode imported = object.deepCopy();
        imported.path("references").forEach(to -> ((ObjectNode) to).put("id", view));
        if (isView(object) && !view.equals(SavedObjects.DATA_VIEW)) {
            // By its origin it is found again.
            imported.put("id", view).put("originId", SavedObjects.DATA_VIEW);
        }
        return imported;
    }

    private StoredObjects stored() throws IOException {
        final JsonNode status =
                server.getIfKnown("/api/status")
                        .filter(answer -> answer.at("/status/overall/level").isTextual())
                        .orElseThrow(() -> server.strange(new IllegalStateException("no status")));
        if (!space.isDefault() && server.get("/api/spaces/space/" + space.id()).isEmpty()) {
            throw new InstallException(
                    server.address()
                            + " has no space '"
                            + space.id()
                            + "'; make it under Stack Management, Spaces, or name another one with"
                            + " --space");
        }
        // Kibana says its version only to those whom it knows; the search says who is not.
        final StoredObjects stored = StoredObjects.in(server, space, SavedObjects.objects());
        final String said = status.at("/version/number").asText();
        final Version version =
                Version.in(said)
                        .orElseThrow(
                                () ->
                                        new InstallException(
                                                server.address()
                                                        + " does not say its version to "
                                                        + server.asker()
                                                        + "; name a user with --username, such as "
                                                        + server.privileged()));
        if (version.isBefore(OLDEST)) {
            throw new InstallException(
                    server.address()
                            + " is of version "
                            + said
                            + "; the dashboards have panels that Kibana has from "
                            + OLDEST
                            + " on, so that or later is needed");
        }
        return stored;
    }
}
