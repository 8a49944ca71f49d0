/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import io.serveflow.app.settings.Settings;
import io.serveflow.camel.elastic.IndexProfile;
import io.serveflow.camel.elastic.TemplateException;
import io.serveflow.camel.elastic.TemplateInstaller;
import io.serveflow.camel.elastic.TemplateInstaller.Change;
import java.io.IOException;
import java.util.List;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;

/** Looks whether the templates are those of this version, or run can make them so. */
final class TemplateChecks {

    /** Where a server with lifecycles has that of verdicts. */
    static final String LIFECYCLE = "/_ilm/policy/serveflow";

    private static final String TEMPLATES = "templates";

    private final Settings settings;
    private final IndexProfile profile;
    private final RestClient client;
    private final ServerAnswers server;

    /**
     * @param client stays open
     */
    TemplateChecks(final Settings settings, final IndexProfile profile, final RestClient client) {
        this.settings = settings;
        this.profile = profile;
        this.client = client;
        this.server = new ServerAnswers(client);
    }

    /**
     * What was found.
     *
     * @param toInstall whether run writes one when it starts
     */
    record Seen(Finding finding, boolean toInstall) {}

    Seen examine(final boolean isElasticsearch) throws IOException {
        // The template of Malcolm is put by hand, and differs, where the server lacks its types.
        final boolean byHand = profile == IndexProfile.MALCOLM && isElasticsearch;
        final boolean installs = settings.yes("serveflow.elasticsearch.templates");
        try {
            final List<Change> changes = new TemplateInstaller(client, profile).install(true);
            final List<String> differing =
                    changes.stream()
                            .filter(
                                    byHand && !installs
                                            ? TemplateChecks::isMissing
                                            : TemplateChecks::differs)
                            .map(Change::resource)
                            .toList();
            if (installs && profile == IndexProfile.ECS && isHidden()) {
                return new Seen(
                        Finding.failed(
                                TEMPLATES,
                                "it answered 403 to GET "
                                        + LIFECYCLE.substring(1)
                                        + ", with which run ends at its start",
                                noInstalling(profile)),
                        true);
            }
            if (differing.isEmpty()) {
                return new Seen(
                        Finding.ok(
                                TEMPLATES,
                                byHand
                                        ? "one of your own is there, as this server needs"
                                        : "they are those of this version"),
                        false);
            }
            final String said = "missing, or of another version: " + String.join(", ", differing);
            return new Seen(
                    installs && !byHand
                            ? Finding.warning(
                                    TEMPLATES, said, "the next start of run installs them")
                            : Finding.failed(TEMPLATES, said, cure(byHand)),
                    installs);
        } catch (final TemplateException e) {
            return new Seen(refused(e, installs), installs);
        }
    }

    /** Whether run, which is to put the policy there, may not look at it. */
    private boolean isHidden() throws IOException {
        try {
            server.read(new Request("GET", LIFECYCLE));
            return false;
        } catch (final ResponseException e) {
            return ServerAnswers.status(e) == 403;
        }
    }

    /**
     * What keeps the templates from being looked at keeps run from starting where it installs them;
     * else it is somebody else's matter, and a sick server's.
     */
    private static Finding refused(final TemplateException e, final boolean installs) {
        return switch (e.status()) {
            case 0 ->
                    installs
                            ? Finding.failed(TEMPLATES, e.what(), e.cure())
                            : Finding.warning(
                                    TEMPLATES,
                                    e.what(),
                                    "its fields may be others: compare it with elastic-templates/");
            case 408, 429, 502, 503, 504 ->
                    Finding.failed(TEMPLATES, e.what(), ElasticsearchChecks.NOT_YET);
            case 401, 403 ->
                    installs
                            ? Finding.failed(TEMPLATES, e.what(), e.cure())
                            : Finding.skipped(TEMPLATES, "they cannot be looked at: " + e.what());
            default ->
                    Finding.failed(
                            TEMPLATES,
                            e.what(),
                            e.cure().isEmpty()
                                    ? "look into its log; a proxy may have answered in its name"
                                    : e.cure());
        };
    }

    private String cure(final boolean byHand) {
        if (byHand) {
            return "put elastic-templates/malcolm/index-template.json there by hand with flattened"
                    + " instead of flat_object, and set serveflow.elasticsearch.templates=false";
        }
        return switch (profile) {
            case ECS ->
                    "put them there with ./serveflow install elastic, or by hand as"
                            + " elastic-templates/README.md says, or set"
                            + " serveflow.elasticsearch.templates=true";
            case MALCOLM ->
                    "put it there with ./serveflow install malcolm, or by hand from"
                            + " elastic-templates/malcolm/index-template.json, or set"
                            + " serveflow.elasticsearch.templates=true";
        };
    }

    private static boolean isMissing(final Change change) {
        return change.outcome() == Change.Outcome.CREATED;
    }

    private static boolean differs(final Change change) {
        return isMissing(change) || change.outcome() == Change.Outcome.UPDATED;
    }

    /** How run does without installing. */
    static String noInstalling(final IndexProfile profile) {
        return "grant that right; or have the templates put there by somebody who may, with"
                + " ./serveflow install "
                + switch (profile) {
                    case ECS -> "elastic";
                    case MALCOLM -> "malcolm";
                }
                + ", and set serveflow.elasticsearch.templates=false";
    }
}
