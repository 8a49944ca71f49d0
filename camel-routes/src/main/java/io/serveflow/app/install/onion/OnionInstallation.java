/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.onion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.app.install.InstallException;
import io.serveflow.app.install.Plan;
import io.serveflow.app.install.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What is to be on the manager of a Security Onion: the script for Zeek, the integration of the
 * agent and the columns of Hunt, all where an upgrade leaves them alone.
 */
public final class OnionInstallation {

    private static final String ELASTICSEARCH =
            " --url https://MANAGER:9200 --username so_elastic"
                    + " --ca-certificate /etc/pki/tls/certs/intca.crt";
    private static final String KIBANA = " --url http://localhost:5601 --username so_elastic";
    private static final JsonMapper JSON = new JsonMapper();
    private static final String INTEGRATION = "integrations/grid-nodes_general/serveflow-logs.json";
    private static final String PACKAGES = "salt/zeek/zkg";
    private static final String POLICIES = "salt/zeek/policy/custom";
    private static final String NAME = "serveflow";
    private static final String REMOVE_INTEGRATION =
            "( . /usr/sbin/so-elastic-fleet-common && elastic_fleet_integration_remove"
                    + " so-grid-nodes_general serveflow-logs )";

    private final OnionManager manager;
    private final Path product;

    /**
     * @param product the folder of this product, with {@code security-onion} and {@code
     *     zeek-scripts}
     */
    public OnionInstallation(final OnionManager manager, final Path product) {
        this.manager = Objects.requireNonNull(manager, "manager");
        this.product = Objects.requireNonNull(product, "product");
    }

    /**
     * The steps, each of which can be taken back; before them what is of an earlier form goes, as
     * Zeek does not start with a script in two folders.
     *
     * @throws IOException if a file of the product cannot be read
     */
    public List<Step> steps() throws IOException {
        final InstalledFiles files = installed();
        final Map<Path, String> present = new LinkedHashMap<>();
        for (final Map.Entry<String, Path> one : zeekFiles().entrySet()) {
            present.put(zeekFolder().resolve(one.getKey()), Files.readString(one.getValue()));
        }
        present.put(integration(), integrationForm());
        final List<Step> steps = new ArrayList<>();
        for (final Path file : files.paths()) {
            if (!present.containsKey(file)) {
                steps.add(new EarlierFileStep(removal(files, file)));
            }
        }
        present.forEach(
                (file, content) -> steps.add(new FileStep(files, staying(file), file, content)));
        steps.add(
                new BlockStep(
                        files,
                        settingsOfSoc(),
                        "soc",
                        eventFields(JSON.readTree(read("security-onion/soc/eventfields.json")))));
        // The last, so that they are out of the folders before these go.
        steps.addAll(drafts(files, present.keySet()));
        return steps;
    }

    private InstalledFiles installed() throws IOException {
        return InstalledFiles.in(manager.local("serveflow.sha256"));
    }

    private Path settingsOfSoc() {
        return manager.local("pillar/soc/adv_soc.sls");
    }

    private FileRemoval removal(final InstalledFiles files, final Path file) {
        return new FileRemoval(files, staying(file), file);
    }

    /**
     * Those that are there.
     *
     * @param present the files of this version
     */
    private List<DraftStep> drafts(final InstalledFiles files, final Set<Path> present)
            throws IOException {
        final Set<Path> written = new LinkedHashSet<>(files.paths());
        written.addAll(present);
        written.add(files.list());
        final Path settings = settingsOfSoc();
        written.add(Files.exists(settings) ? settings.toRealPath() : settings);
        return written.stream()
                .map(file -> new DraftStep(WholeFile.draftOf(file)))
                .filter(DraftStep::isThere)
                .toList();
    }

    /**
     * What is left to be done by hand after an installation, a line each, if asked before it: what
     * was there before makes a difference.
     *
     * @throws IOException if a file cannot be read
     */
    public List<String> leftAfterInstall() throws IOException {
        final List<String> left = new ArrayList<>();
        left.add(
                "in SOC, Administration, Configuration, elasticfleet, logging, zeek, excluded: add"
                        + " serveflow");
        final Path policy = manager.local(POLICIES).resolve(NAME);
        if (manager.isThree() && Files.exists(policy)) {
            left.add("in SOC, zeek, config, local, load: take custom/serveflow out again");
            left.add("rm -rf " + policy + " # where anything is left of it");
            left.add("rm -rf /opt/so/conf/zeek/policy/custom/serveflow # on each sensor");
        }
        if (manager.isThree()) {
            left.add(
                    "( cd "
                            + zeekFolder()
                            + " && git init -q && git add -A && { git diff --cached --quiet || git"
                            + " -c user.name=serveflow -c user.email=serveflow@localhost commit -qm"
                            + " serveflow; } )");
        } else {
            left.add("in SOC, zeek, config, local, load: add custom/serveflow, keep the rest");
        }
        left.add(ofServer("elastic", ELASTICSEARCH) + " --without-key");
        left.add(ofServer("kibana", KIBANA));
        if (isIntegrationOfAnotherForm()) {
            left.add(
                    REMOVE_INTEGRATION
                            + " && rm -f /opt/so/state/eaintegrations.txt # Security Onion tries to"
                            + " make the one form into the other, and then does not try again");
        }
        left.add("salt-call state.apply elasticfleet # or wait 15 minutes");
        left.add("so-zeek-restart # on each sensor, once Salt has brought it the script");
        left.add(
                "queries and actions of SOC, and the service on each sensor:"
                        + " docs/security-onion.md, steps 4 and 7");
        return left;
    }

    private String ofServer(final String target, final String where) {
        return product.resolve(NAME) + " install " + target + where;
    }

    /**
     * What is left to be done by hand after a removal, a line each, if asked before it.
     *
     * @throws IOException if a file cannot be read
     */
    public List<String> leftAfterUninstall() throws IOException {
        final List<String> left = new ArrayList<>();
        left.add(REMOVE_INTEGRATION);
        left.add("rm -f " + integrationOfFleet() + " # or Fleet is given it again");
        left.add(ofServer("kibana", KIBANA) + " --uninstall # view and dashboards");
        left.add(
                ofServer("elastic", ELASTICSEARCH)
                        + " --uninstall # template and pipeline; with --data the verdicts too");
        final InstalledFiles files = installed();
        for (final String folder : List.of(PACKAGES, POLICIES)) {
            final Path zeek = manager.local(folder).resolve(NAME);
            if (Files.exists(zeek) && hasMoreThan(files, zeek)) {
                left.add("rm -rf " + zeek + " # it has more in it than was installed");
            }
        }
        left.add("in SOC take back what was added there by hand: docs/security-onion.md, Removal");
        return left;
    }

    /** Whether anything in a folder is not taken away with what was installed. */
    private boolean hasMoreThan(final InstalledFiles files, final Path folder) throws IOException {
        final Set<Path> drafts =
                drafts(files, Set.of()).stream()
                        .map(DraftStep::draft)
                        .collect(Collectors.toUnmodifiableSet());
        try (Stream<Path> all = Files.walk(folder)) {
            for (final Path one : all.toList()) {
                final boolean goes =
                        Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS)
                                || drafts.contains(one)
                                || removal(files, one).plan("") instanceof Plan.Changes;
                if (!goes) {
                    return true;
                }
            }
        }
        return false;
    }

    private Path zeekFolder() {
        return manager.local(manager.isThree() ? PACKAGES : POLICIES).resolve(NAME);
    }

    /** Where Salt takes the integration from. */
    private Path integration() {
        return manager.local("salt/elasticfleet/files").resolve(INTEGRATION);
    }

    /** Where Salt brings it, and Security Onion gives it to Fleet. */
    private Path integrationOfFleet() {
        return manager.path("opt/so/conf/elastic-fleet").resolve(INTEGRATION);
    }

    private String integrationForm() throws IOException {
        final String form = manager.isThree() ? "serveflow-filestream" : "serveflow-log";
        return read("security-onion/fleet/" + form + ".json");
    }

    /** Fleet makes no integration of one package into one of another. */
    private boolean isIntegrationOfAnotherForm() throws IOException {
        final String ours = packageOf(integrationForm().getBytes(StandardCharsets.UTF_8));
        for (final Path file : List.of(integration(), integrationOfFleet())) {
            final String theirs =
                    Files.isRegularFile(file) ? packageOf(Files.readAllBytes(file)) : "";
            if (!theirs.isEmpty() && !theirs.equals(ours)) {
                return true;
            }
        }
        return false;
    }

    /** By its name; empty if it is no integration, such as one that somebody is writing. */
    private static String packageOf(final byte[] integration) {
        try {
            return JSON.readTree(integration).at("/package/name").asText();
        } catch (final IOException e) {
            return "";
        }
    }

    /** The folder that stays where a file and the folders that were made for it go. */
    private Path staying(final Path file) {
        return Stream.of(PACKAGES, POLICIES)
                .map(manager::local)
                .filter(file::startsWith)
                .findFirst()
                .orElse(manager.local("salt"));
    }

    /** By their path in the folder for Zeek: a package, or its scripts alone. */
    private Map<String, Path> zeekFiles() throws IOException {
        final Path scripts = product.resolve("zeek-scripts/scripts");
        if (!Files.isDirectory(scripts)) {
            throw missing(scripts);
        }
        final Map<String, Path> files;
        try (Stream<Path> all = Files.list(scripts)) {
            files =
                    all.collect(
                            Collectors.toMap(
                                    file ->
                                            (manager.isThree() ? "scripts/" : "")
                                                    + file.getFileName(),
                                    file -> file,
                                    (one, other) -> one,
                                    TreeMap::new));
        }
        if (manager.isThree()) {
            files.put("zkg.meta", product.resolve("zeek-scripts/zkg.meta"));
        }
        return files;
    }

    private String read(final String path) throws IOException {
        final Path file = product.resolve(path);
        if (!Files.isRegularFile(file)) {
            throw missing(file);
        }
        return Files.readString(file);
    }

    private static InstallException missing(final Path file) {
        return new InstallException("there is no " + file + "; run ./serveflow of a whole release");
    }

    /** As YAML, which takes lists of quoted texts on one line. */
    private static String eventFields(final JsonNode fields) {
        final StringBuilder yaml = new StringBuilder("soc:\n  config:\n    eventFields:\n");
        for (final Map.Entry<String, JsonNode> one : fields.properties()) {
            yaml.append("      '")
                    .append(one.getKey())
                    .append("': [")
                    .append(
                            StreamSupport.stream(one.getValue().spliterator(), false)
                                    .map(field -> "'" + field.asText() + "'")
                                    .collect(Collectors.joining(", ")))
                    .append("]\n");
        }
        return yaml.toString();
    }
}
