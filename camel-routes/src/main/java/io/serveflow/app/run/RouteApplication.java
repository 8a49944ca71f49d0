/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.serveflow.app.BuildInfo;
import io.serveflow.app.console.ConsolePage;
import io.serveflow.app.console.ConsolePanels;
import io.serveflow.app.console.ConsoleStatus;
import io.serveflow.app.console.HttpGuard;
import io.serveflow.app.observe.Account;
import io.serveflow.app.observe.DriftHealthCheck;
import io.serveflow.app.observe.DriftWatch;
import io.serveflow.app.observe.FlowAccount;
import io.serveflow.app.observe.ServeflowMeters;
import io.serveflow.app.observe.UncertainFlows;
import io.serveflow.app.observe.VerdictTally;
import io.serveflow.app.panel.PanelSearch;
import io.serveflow.app.panel.VerdictStore;
import io.serveflow.app.panel.Window;
import io.serveflow.app.repair.KeptFlows;
import io.serveflow.app.repair.RepairLines;
import io.serveflow.app.repair.RepairTopic;
import io.serveflow.app.settings.ProcessSettings;
import io.serveflow.app.settings.Role;
import io.serveflow.app.settings.Settings;
import io.serveflow.app.settings.WrongSettingsException;
import io.serveflow.camel.FlowAlerts;
import io.serveflow.camel.FlowRouting;
import io.serveflow.camel.HostVoting;
import io.serveflow.camel.ServeflowComponent;
import io.serveflow.camel.ServeflowJoinComponent;
import io.serveflow.camel.TierPlacement;
import io.serveflow.camel.elastic.ServeflowIndexComponent;
import io.serveflow.camel.file.ServeflowFileComponent;
import io.serveflow.camel.kafka.RequiredTopics;
import io.serveflow.camel.kafka.ServeflowKafkaComponent;
import io.serveflow.camel.kafka.ServeflowKafkaConfiguration;
import io.serveflow.camel.support.SourceExchange;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetterFile;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.Bundles;
import io.serveflow.sensor.ContextInterest;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.Verdict.BundleRef;
import io.serveflow.verdict.VerdictListener;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.main.Main;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.apache.camel.util.concurrent.SynchronousExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes with all that they share, in one Camel context: the ledger and its meters, the dead
 * letters, the tally of verdicts.
 *
 * <p>{@link Settings} says where settings come from and which of them win.
 */
public final class RouteApplication implements Application {

    private static final int BATCH = 256;

    /** How long to wait between two looks whether Kafka answers. */
    private static final Duration KAFKA_LOOK = Duration.ofSeconds(1);

    /** Most files in the input folder; beyond it, files would be forgotten and read for ever. */
    private static final int MAX_FILES = 100_000;

    /** Settings that need not be set, by the options of tiers that they are. */
    private static final Map<String, String> OPTIONS_OF_TIERS =
            Map.of(
                    "serveflow.bundle.trustedKeys", "trustedKeys",
                    "serveflow.bundle.shadow", "shadow",
                    "serveflow.bundle.canary", "canary");

    private static final Logger LOG = LoggerFactory.getLogger(RouteApplication.class);

    private final Main main = new Main();
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ServeflowMeters meters = new ServeflowMeters(registry);
    private final Ledger ledger = new Ledger(meters);
    private final FlowAccount flowAccount = new FlowAccount();
    private final Bundles bundles = new Bundles();
    private final DriftWatch drift;
    private final VerdictTally tally;
    private final UncertainFlows uncertainFlows;
    private final PanelSearch panels;
    private final InputsDone inputsDone = new InputsDone();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final RouteFiles routes;

    /** Which steps of the account the operator's own route files leave out; empty if none. */
    private final Optional<String> uncounted;

    private final Settings settings;
    private final Links links;
    private final DeadLetterFile deadLetters;
    private final FlowAssembler.Options assembling;
    private final HostVoting hostVoting;
    private final KeptFlows repairs;
    private volatile Optional<Cascades> cascades = Optional.empty();
    private final AtomicBoolean running = new AtomicBoolean();

    /**
     * With settings of the program and of a file alone, whatever the process was started with.
     *
     * @param configuration a configuration file, or the folder of {@code application.properties};
     *     route files in {@code camel/} beside it replace the shipped ones of the same name
     * @param overrides settings that win over those of the file
     */
    public RouteApplication(final Optional<Path> configuration, final Properties overrides)
            throws IOException {
        this(configuration, overrides, ProcessSettings.none());
    }

    /**
     * @param configuration a configuration file, or the folder of {@code application.properties};
     *     route files in {@code camel/} beside it replace the shipped ones of the same name
     * @param overrides settings that win over all others
     * @param process what the process was started with, which wins over the file
     * @throws io.serveflow.app.settings.WrongSettingsException naming all settings that are wrong
     */
    public RouteApplication(
            final Optional<Path> configuration,
            final Properties overrides,
            final ProcessSettings process)
            throws IOException {
        routes = RouteFiles.beside(configuration);
        if (!routes.faults().isEmpty()) {
            throw new WrongSettingsException(routes.faults());
        }
        uncounted = routes.uncounted();
        settings =
                Settings.load(
                        new Settings.Sources(
                                BuildInfo.home(),
                                configuration,
                                process,
                                overrides,
                                routes.placeholders()));
        links = new Links(settings);
        final PartOptions options = new PartOptions(settings);
        drift = new DriftWatch(wholeTraffic(), options.drift(), meters, System::nanoTime);
        tally = new VerdictTally(ledger, meters, drift);
        uncertainFlows = new UncertainFlows(settings.number("serveflow.console.packets"));
        panels =
                new PanelSearch(
                        this::verdictStore, () -> cascades.map(Cascades::tasks).orElse(List.of()));
        deadLetters =
                new DeadLetterFile(
                        settings.path("serveflow.deadLetters"),
                        ledger,
                        Clock.systemUTC(),
                        settings.number("serveflow.deadLetters.maxBytes"));
        hostVoting = new HostVoting(wholeTraffic(), options.hosts(), ledger, System::nanoTime);
        repairs = options.repairs(ledger);
        bundles.listen(meters);
        if (!links.isByKafka()) {
            List.of(drift, hostVoting).forEach(bundles::listen);
        }
        configureCamel();
        publishMeters();
        bindAccount();
        bindRouting();
        assembling = options.assembling();
        bindFiles();
        bindServers(options.guard(settings.yes("camel.server.enabled")));
    }

    /**
     * The bundles in use, for what needs all verdicts of theirs; none in a process of a role, which
     * sees some of the verdicts.
     */
    private Function<BundleRef, Optional<BundleManifest>> wholeTraffic() {
        return links.isByKafka() ? ref -> Optional.empty() : bundles::manifest;
    }

    private void configureCamel() {
        settings.forCamel()
                .forEach((key, value) -> main.addInitialProperty((String) key, (String) value));
        SourceAddresses.of(settings.forCamel()).forEach(main::addInitialProperty);
        OPTIONS_OF_TIERS.forEach(
                (name, option) -> {
                    if (settings.has(name)) {
                        main.addInitialProperty(
                                "camel.component.serveflow." + option, setting(name));
                    }
                });
        links.placeholders().forEach(main::addInitialProperty);
        main.configure()
                .withRoutesIncludePattern(
                        routes.pattern(
                                settings.sources(), settings.role(), !settings.alerts().isEmpty()))
                .withAutoConfigurationEnabled(true);
        main.setDefaultPropertyPlaceholderLocation("false");
    }

    private void publishMeters() {
        meters.begin(ledger);
        meters.slowQueue(this::pendingFlows);
        meters.slowLoad(this::slowDelaySeconds, this::slowThreshold);
        meters.held(this::heldDocuments, this::heldSeconds);
        if (repairs.bytes().isPresent()) {
            meters.repairStore(() -> repairs.bytes().orElse(0));
        }
        // Under this name Camel finds it and publishes it instead of one of its own.
        main.bind(MicrometerConstants.METRICS_REGISTRY_NAME, registry);
    }

    /** What the components find by type, and routes by name. */
    private void bindAccount() {
        main.bind("ledger", ledger);
        main.bind("deadLetters", deadLetters);
        main.bind("verdictTally", verdictListener());
        main.bind("inputsDone", inputsDone);
        main.bind("bundles", bundles);
        main.bind("candidates", meters);
        main.bind("hostVoting", hostVoting);
        main.bind("contextInterest", (ContextInterest) this::awaitsContext);
    }

    /** Provisional verdicts that another process gave are counted there. */
    private VerdictListener verdictListener() {
        return settings.role() == Role.SLOW
                ? (flow, verdict) -> {
                    if (verdict.isFinal()) {
                        given(flow, verdict);
                    }
                }
                : this::given;
    }

    private void given(final FlowRecord flow, final Verdict verdict) {
        tally.given(flow, verdict);
        uncertainFlows.given(flow, verdict);
    }

    /** What routes ask of a message. */
    private void bindRouting() {
        main.bind("hostVerdicts", FlowRouting.hasItems());
        main.bind("hasItems", FlowRouting.hasItems());
        main.bind(
                "flowAlerts",
                new FlowAlerts(
                        new PartOptions(settings).alerts(),
                        ledger,
                        Clock.systemUTC(),
                        System::nanoTime));
        main.bind("firstRecords", FlowRouting.isOf(FlowRecord.Stage.FIRST));
        main.bind("contextRecords", FlowRouting.isOf(FlowRecord.Stage.CONTEXT));
        main.bind("flowParts", FlowRouting.parts());
        main.bind("callerThread", new SynchronousExecutorService());
        main.bind("unusedSummaries", new UnusedSummaries(ledger));
        main.bind("repairLines", new RepairLines());
        main.bind(
                "repairStore",
                (Processor)
                        one ->
                                repairs.keep(
                                        List.of(one.getMessage().getMandatoryBody(byte[].class))));
        main.bind("unansweredFlows", new UnansweredFlows(repairs, this::context));
        main.bind("flowsTaken", (Processor) flowAccount::taken);
        main.bind("flowsWaiting", (Processor) flowAccount::waiting);
        main.bind("flowsJoined", (Processor) flowAccount::joined);
        main.bind("verdictsStored", (Processor) flowAccount::stored);
        main.bind("escalatedTally", new EscalatedTally(tally));
        main.bind(
                "slowRoom",
                new SlowRoom(
                        this::readyFlows,
                        SlowRoom.most(settings.number("serveflow.slow.maxFlows")),
                        () -> context().isStopping()));
    }

    /** What the route {@code sensor-files} reads with. */
    private void bindFiles() {
        main.bind(
                "sensorFiles",
                new SensorFiles(
                        assembling, BATCH, ledger, deadLetters, () -> context().isStopping()));
        main.bind("wholeFile", (Processor) SourceExchange::begin);
        main.bind("assembling", assembling);
        main.bind("filesRead", MemoryIdempotentRepository.memoryIdempotentRepository(MAX_FILES));
        main.bind("filesInside", new FilesInside(settings.path("serveflow.input"), ledger));
    }

    private void bindServers(final HttpGuard.Options guard) {
        main.bind("vertxOptions", withoutCache());
        main.bind(
                "consoleStatus",
                new ConsoleStatus(
                        sink(),
                        ledger,
                        tally,
                        drift,
                        this::pendingFlows,
                        new ConsoleStatus.Held(this::heldDocuments, this::heldSeconds),
                        this::account,
                        this::placements));
        main.bind("consolePage", new ConsolePage());
        main.bind(
                "consolePanels",
                new ConsolePanels(
                        panels,
                        uncertainFlows,
                        Window.named(setting("serveflow.console.window")).orElseThrow(),
                        Clock.systemUTC()));
        main.bind("httpGuard", new HttpGuard(guard));
        main.bind("driftHealth", new DriftHealthCheck(drift));
    }

    private ConsoleStatus.Sink sink() {
        if (settings.storesInFiles()) {
            return new ConsoleStatus.Sink("file", "files", setting("serveflow.file.folder"));
        }
        return new ConsoleStatus.Sink(
                settings.storesInElasticsearch() ? "elasticsearch" : "none",
                setting("serveflow.index"),
                setting("serveflow.elasticsearch.urls"));
    }

    /** Vert.x makes a folder for files of the class path, of which none is served here. */
    private static VertxOptions withoutCache() {
        return new VertxOptions()
                .setFileSystemOptions(
                        new FileSystemOptions()
                                .setFileCachingEnabled(false)
                                .setClassPathResolvingEnabled(false));
    }

    /**
     * Brings the templates to Elasticsearch, waiting for it as long as it takes, unless the
     * settings say not to, and starts the routes; returns when all of them run.
     */
    @Override
    public void start() throws Exception {
        init();
        requireFreePort("camel.server", "serveflow.console");
        requireFreePort("camel.management", "camel.management");
        requireTopics();
        openRepairTopic();
        if (!settings.storesInElasticsearch()) {
            LOG.debug("With this role and sink there is no Elasticsearch to talk to");
        } else if (Boolean.parseBoolean(setting("serveflow.elasticsearch.templates"))) {
            setup().installTemplates(millis -> awaitEnd(Duration.ofMillis(millis)));
            if (ended.getCount() > 0) {
                setup().requireTemplate("serveflow.index");
                if (!settings.alerts().isEmpty()) {
                    setup(setting("serveflow.alerts.index"))
                            .requireTemplate("serveflow.alerts.index");
                }
            }
        } else {
            setup().requireRightPassword();
        }
        if (ended.getCount() > 0) {
            namingRouteFiles(main::start);
            running.set(true);
        }
    }

    /**
     * Reads the routes and the tier lists of the bundles, and starts nothing; a start does so too.
     */
    public void init() throws Exception {
        if (main.getCamelContext() == null) {
            addCascades();
            sayWhatOfAlerts();
            namingRouteFiles(main::init);
        }
    }

    /** Where the flows are kept that the slow tier had no answer for, if a topic keeps them. */
    public Optional<RepairTopic> repairTopic() {
        return repairs instanceof RepairTopic topic ? Optional.of(topic) : Optional.empty();
    }

    /** The options of {@code serveflow-kafka} that all its endpoints begin with. */
    public ServeflowKafkaConfiguration kafka() {
        return context()
                .getComponent("serveflow-kafka", ServeflowKafkaComponent.class)
                .getConfiguration();
    }

    /** In the processes that ask tiers on context records. */
    private void openRepairTopic() throws InterruptedException {
        if (settings.role() == Role.FAST || settings.role() == Role.INDEX) {
            return;
        }
        if (repairs instanceof RepairTopic topic) {
            topic.open(context(), kafka(), settings.number("serveflow.link.partitions"));
        }
    }

    /** What of {@code serveflow.alerts} would be found out only when an alert is missed. */
    private void sayWhatOfAlerts() throws IOException {
        if (settings.alerts().isEmpty()) {
            return;
        }
        final Optional<Path> without = routes.withoutAlerts(settings.role());
        if (without.isPresent()) {
            LOG.warn(
                    "Setting serveflow.alerts is set, and no verdict becomes an alert: {} replaces"
                            + " the shipped file and has no step that sends to direct:alerts; add"
                            + " it behind the step that stores verdicts",
                    without.get());
        }
        if (settings.role() == Role.INDEX) {
            LOG.info(
                    "Whether any bundle gives the labels {} of serveflow.alerts is not checked, as"
                            + " this role has none; a process of the role fast or all with the"
                            + " same setting checks them",
                    settings.alerts().stream()
                            .map(FlowAlerts.Rule::label)
                            .collect(Collectors.joining(", ")));
        }
    }

    /** Waits for Kafka, as long as it takes, where other processes are linked by it. */
    private void requireTopics() throws InterruptedException {
        if (!links.isByKafka()) {
            return;
        }
        final RequiredTopics topics = links.topics(kafka());
        boolean said = false;
        while (ended.getCount() > 0 && !topics.require()) {
            if (!said) {
                said = true;
                LOG.warn(
                        "Kafka at {} does not answer; the routes start when it does",
                        links.brokers());
            }
            awaitEnd(KAFKA_LOOK);
        }
    }

    /** Where a route file of the operator is at fault, its name and the line are said. */
    private void namingRouteFiles(final Runnable step) {
        try {
            step.run();
        } catch (final RuntimeException e) {
            final List<RouteDefinition> read =
                    context() instanceof ModelCamelContext model
                            ? model.getRouteDefinitions()
                            : List.of();
            throw RouteFault.of(e, read)
                    .<RuntimeException>map(fault -> new WrongSettingsException(List.of(fault), e))
                    .orElse(e);
        }
    }

    /**
     * Waits until Elasticsearch answers, as long as it takes, if verdicts go there, and starts
     * nothing.
     *
     * @return whether it has; false if this was closed meanwhile
     */
    public boolean awaitElasticsearch() throws Exception {
        if (!settings.storesInElasticsearch()) {
            return true;
        }
        main.init();
        return setup().awaitAnswer(millis -> awaitEnd(Duration.ofMillis(millis)));
    }

    /**
     * Reads the tier lists of the bundles, which are opened and checked when their routes start.
     */
    private void addCascades() {
        if (settings.role() == Role.INDEX) {
            return;
        }
        final Cascades made = Cascades.of(settings.bundles(), settings.role());
        final List<String> faults = made.alertFaults(settings.alerts());
        if (!faults.isEmpty()) {
            throw new WrongSettingsException(faults);
        }
        made.placeholders().forEach(main::addInitialProperty);
        main.configure().addRoutesBuilder(made);
        cascades = Optional.of(made);
    }

    @Override
    public void announce() {
        if (running.get()) {
            LOG.info("{}", StartLine.of(settings, bundles(), routes, takenPort()));
        }
    }

    /** The port of the one server whose settings leave it to the system; empty for none or more. */
    OptionalInt takenPort() {
        final int[] taken =
                context().getCamelContextExtension().getServices().stream()
                        .filter(VertxPlatformHttpServer.class::isInstance)
                        .map(VertxPlatformHttpServer.class::cast)
                        .filter(server -> server.getConfigurationPort() == 0)
                        .mapToInt(VertxPlatformHttpServer::getPort)
                        .toArray();
        return taken.length == 1 ? OptionalInt.of(taken[0]) : OptionalInt.empty();
    }

    private List<BundleRef> bundles() {
        return bundles.inUse().stream().map(Bundles.Generation::ref).toList();
    }

    private void requireFreePort(final String server, final String option) throws IOException {
        if (Boolean.parseBoolean(setting(server + ".enabled"))) {
            ServerPorts.requireFree(
                    option,
                    context().resolvePropertyPlaceholders(setting(server + ".host")),
                    Integer.parseInt(
                            context().resolvePropertyPlaceholders(setting(server + ".port"))));
        }
    }

    public ElasticsearchSetup setup() {
        return setup(setting("serveflow.index"));
    }

    private ElasticsearchSetup setup(final String dataStream) {
        return new ElasticsearchSetup(
                indexComponent().getConfiguration().connection(),
                dataStream,
                indexComponent().getConfiguration().profiled());
    }

    /** Where the console finds the verdicts. */
    VerdictStore verdictStore() {
        if (settings.storesInElasticsearch()) {
            return new VerdictStore.Index(
                    indexComponent().getConfiguration().connection(),
                    setting("serveflow.index"),
                    indexComponent().getConfiguration().profiled());
        }
        return new VerdictStore.Elsewhere(
                settings.storesInFiles()
                        ? "This process stores verdicts in files in "
                                + setting("serveflow.file.folder")
                                + ", which it does not search; look at them where the agent ships"
                                + " them to. Live shows what this process does"
                        : "This process has the role "
                                + settings.role().id()
                                + " and stores no verdicts; ask the console of one that does. Live"
                                + " shows what this process does");
    }

    private ServeflowIndexComponent indexComponent() {
        return context().getComponent("serveflow-index", ServeflowIndexComponent.class);
    }

    /** Waits until the routes are closed, at most so long; returns whether they are. */
    public boolean awaitEnd(final Duration atMost) throws InterruptedException {
        return ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** A setting as it is in force, paths absolute. */
    public String setting(final String name) {
        return settings.text(name);
    }

    /** A setting that is a path, as it is where no command sets another. */
    public Path statedPath(final String name) {
        return settings.statedPath(name);
    }

    /** A setting that is a time. */
    public Duration time(final String name) {
        return settings.time(name);
    }

    public CamelContext context() {
        return main.getCamelContext();
    }

    public Ledger ledger() {
        return ledger;
    }

    /** How lines and packets become flows, where no source says otherwise. */
    FlowAssembler.Options assembling() {
        return assembling;
    }

    DeadLetterSink deadLetters() {
        return deadLetters;
    }

    public VerdictTally tally() {
        return tally;
    }

    public InputsDone inputsDone() {
        return inputsDone;
    }

    /** Flows that wait for their context or for the slow tier. */
    public int pendingFlows() {
        return joins().map(ServeflowJoinComponent::pendingFlows).orElse(0);
    }

    /** Whether what began has ended; of flows only where no other process has a part in them. */
    private Account account() {
        final Optional<String> unaccounted =
                links.isByKafka()
                        ? Optional.of("no process sees all verdicts of a flow, as roles are linked")
                        : uncounted;
        return unaccounted
                .map(why -> Account.ofDocumentsAlone(ledger, why, this::openDocuments))
                .orElseGet(
                        () ->
                                Account.of(
                                        ledger,
                                        flowAccount,
                                        cascades.map(Cascades::tasksOnFirst).orElse(List.of()),
                                        new Account.Join(
                                                () -> ofJoins(ServeflowJoinComponent::takenFlows),
                                                () -> ofJoins(ServeflowJoinComponent::givenUpFlows),
                                                this::pendingFlows),
                                        this::openDocuments));
    }

    private long ofJoins(final ToLongFunction<ServeflowJoinComponent> count) {
        return joins().map(count::applyAsLong).orElse(0L);
    }

    /** How long flows that are ready are expected to wait for the slow tier, in seconds. */
    public double slowDelaySeconds() {
        return joins().map(ServeflowJoinComponent::slowDelaySeconds).orElse(0.0);
    }

    /** The uncertainty from which on flows are taken at that delay; 0 while all are. */
    public double slowThreshold() {
        return joins().map(ServeflowJoinComponent::slowThreshold).orElse(0.0);
    }

    private Optional<ServeflowJoinComponent> joins() {
        return Optional.ofNullable(context().hasComponent("serveflow-join"))
                .map(ServeflowJoinComponent.class::cast);
    }

    /** Where the tiers are scored that are in use, in the order of their bundles. */
    public List<TierPlacement> placements() {
        return context().hasComponent("serveflow") instanceof ServeflowComponent tiers
                ? tiers.placements()
                : List.of();
    }

    private int readyFlows() {
        return context().hasComponent("serveflow-join") instanceof ServeflowJoinComponent joins
                ? joins.readyFlows()
                : 0;
    }

    /** What was sent to the sink, or to Kafka, and has no end yet. */
    private long openDocuments() {
        return index().map(ServeflowIndexComponent::openDocuments).orElse(0L)
                + files().map(ServeflowFileComponent::openDocuments).orElse(0L)
                + (context().hasComponent("serveflow-kafka")
                                instanceof ServeflowKafkaComponent kafka
                        ? kafka.openRecords()
                        : 0);
    }

    private long heldDocuments() {
        return index().map(ServeflowIndexComponent::heldDocuments).orElse(0L)
                + files().map(ServeflowFileComponent::heldDocuments).orElse(0L);
    }

    private double heldSeconds() {
        return Math.max(
                index().map(ServeflowIndexComponent::heldSeconds).orElse(0.0),
                files().map(ServeflowFileComponent::heldSeconds).orElse(0.0));
    }

    private Optional<ServeflowIndexComponent> index() {
        return context().hasComponent("serveflow-index") instanceof ServeflowIndexComponent index
                ? Optional.of(index)
                : Optional.empty();
    }

    private Optional<ServeflowFileComponent> files() {
        return context().hasComponent("serveflow-file") instanceof ServeflowFileComponent files
                ? Optional.of(files)
                : Optional.empty();
    }

    /** Whether verdicts go to files, and to no data stream. */
    boolean storesInFiles() {
        return settings.storesInFiles();
    }

    /**
     * Whether so many files are read, every flow has its final verdict, and every verdict is stored
     * or a dead letter.
     */
    public boolean isSettled(final long files) {
        return new Settlement(ledger, inputsDone)
                .isReached(files, cascades.map(Cascades::tasks).orElse(List.of()));
    }

    /** Whether a task in use has tiers that are asked on context records. */
    boolean asksOnContext(final String task) {
        return cascades.filter(made -> made.asksOnContext(task)).isPresent();
    }

    /** What sources ask before they read a context record. */
    private boolean awaitsContext(final String uid) {
        return cascades.filter(Cascades::readsEveryContext).isPresent()
                || !(context().hasComponent("serveflow-join")
                        instanceof ServeflowJoinComponent joins)
                || joins.awaits(uid);
    }

    /**
     * Adds a bean of one's own, such as a dead letter sink or an event notifier, before the start.
     */
    public void bind(final String name, final Object bean) {
        main.bind(name, bean);
    }

    /** Once; what is counted while the process ends is seen by no scrape any more. */
    private void sayWhatWasDone() {
        if (running.getAndSet(false)) {
            LOG.info(
                    "Stopped: {} events read, {} documents {}, {} returned to be sent again,"
                            + " {} flows handed back to their sources, {} dead letters, {} dropped,"
                            + " {} flows not kept for ./serveflow repair",
                    ledger.total(Ledger.Entry.EVENTS),
                    ledger.total(Ledger.Entry.INDEXED),
                    settings.storesInFiles() ? "written to files" : "indexed",
                    ledger.total(Ledger.Entry.RETURNED),
                    ledger.total(Ledger.Entry.HANDED_BACK),
                    ledger.total(Ledger.Entry.DEAD_LETTERED),
                    ledger.total(Ledger.Entry.DROPPED),
                    ledger.total(Ledger.Entry.REPAIR_DROPPED));
        }
    }

    @Override
    public void close() {
        try {
            if (main.isStarted()) {
                OpenHostVotes.store(hostVoting, context());
            }
            main.stop();
        } finally {
            try {
                repairs.close();
                sayWhatWasDone();
                deadLetters.close();
                panels.close();
            } catch (final IOException e) {
                throw new UncheckedIOException("cannot close the dead letter file", e);
            } finally {
                // Last: who waits for the end lets the process end.
                ended.countDown();
            }
        }
    }
}
