package io.tidemark.ops.drill.kill;

import io.tidemark.ops.drill.ArrivingEvents;
import io.tidemark.ops.drill.LeftBehind;
import io.tidemark.ops.drill.RecoveryWindow;
import io.tidemark.ops.drill.TidemarkCommand;
import io.tidemark.ops.drill.TidemarkRun;
import io.tidemark.ops.drill.report.DrillReport;
import io.tidemark.ops.drill.report.Violation;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * Kills queries while their input arrives. Each query dies a number of times in a row; then its input pauses, it catches
 * up, and its table, its logs and its offsets are held against the seed. The first check that fails ends the drill.
 */
public final class KillDrill {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final double NANOS = 1e9;

    private final KillSettings settings;
    private final PrintStream progress;
    private final Random random;
    private final Deaths deaths;
    private final Recoveries recoveries = new Recoveries();
    private final Recoveries withoutBroker = new Recoveries();
    private final Map<Disturbance, Integer> disturbances = new EnumMap<>(Disturbance.class);
    private final List<Violation> violations = new ArrayList<>();
    private final List<Disturbance> deck;
    private int gaveUp;
    private boolean brokerWasAway;

    private KillDrill(KillSettings settings, PrintStream progress) {
        this.settings = settings;
        this.progress = progress;
        this.random = new Random(settings.seed());
        this.deaths = new Deaths(settings, random);
        this.deck = deck(settings.kills());
    }

    /**
     * Runs a drill.
     *
     * @param progress gets a line for each check
     * @throws IllegalStateException if the drill itself fails, which says nothing about the query
     */
    public static KillOutcome run(KillSettings settings, PrintStream progress)
            throws IOException, InterruptedException {
        return new KillDrill(settings, progress).run();
    }

    /** Draws the disturbances: each kind at least once, together a fifth of the deaths at random. */
    private static List<Disturbance> deck(int kills) {
        List<Disturbance> deck = new ArrayList<>();
        Map<Disturbance, Integer> inThousand = new EnumMap<>(Map.of(
                Disturbance.STOPPED, 40,
                Disturbance.STOPPED_FOR_GOOD, 20,
                Disturbance.BROKER_PAUSED, 30,
                Disturbance.BROKER_KILLED, 12,
                Disturbance.BROKER_KILLED_TOO, 4));
        inThousand.forEach((disturbance, share) -> {
            for (int i = 0; i < Math.max(1, Math.round(kills * share / 1_000.0)); i++) {
                deck.add(disturbance);
            }
        });
        return deck;
    }

    private KillOutcome run() throws IOException, InterruptedException {
        long started = System.nanoTime();
        Files.createDirectories(settings.directory());
        SeededRecords records = new SeededRecords(settings.seed());
        TidemarkCommand command =
                TidemarkCommand.ofThisBuild().inJars(settings.directory().resolve("jars"));
        List<Victim> victims = new ArrayList<>();
        try (DrilledBroker broker = new DrilledBroker(settings.directory(), command.classPath())) {
            for (DrilledQuery query : settings.queries()) {
                broker.createTopic(query.topic());
            }
            TidemarkCommand quick = learn(command, records, broker.bootstrapServers());
            for (DrilledQuery query : settings.queries()) {
                victims.add(new Victim(query, records, quick, settings.directory(), broker.bootstrapServers()));
            }
            for (int leg = 0; deaths.count() < settings.kills() && violations.isEmpty(); leg++) {
                Victim victim = victims.get(leg % victims.size());
                leg(victim, broker);
                say(victim, started);
            }
        }
        return outcome(victims, (System.nanoTime() - started) / NANOS);
    }

    /** Runs the query with the most classes once and keeps what the JVM learned about them, so that each start is quick. */
    private TidemarkCommand learn(TidemarkCommand command, SeededRecords records, String brokers)
            throws IOException, InterruptedException {
        Path archive = settings.directory().resolve("classes.jsa");
        DrilledQuery query = settings.queries().get(settings.queries().size() - 1);
        Victim first = new Victim(
                query,
                records,
                command.withJvmArguments("-XX:ArchiveClassesAtExit=" + archive),
                settings.directory().resolve("first"),
                brokers);
        try (TidemarkRun run = first.pipeline().startAvailableNow(100)) {
            run.awaitExit(0, PATIENCE);
        }
        return command.withJvmArguments("-XX:SharedArchiveFile=" + archive, "-Xlog:disable");
    }

    private void leg(Victim victim, DrilledBroker broker) throws IOException, InterruptedException {
        try (ArrivingEvents arriving = victim.arriving(broker.bootstrapServers())) {
            for (int i = 0; i < settings.leg() && deaths.count() < settings.kills() && violations.isEmpty(); i++) {
                kill(victim, broker);
            }
            broker.awaitStarted();
            victim.sent(arriving.stop());
        }
        long there = broker.records(victim.query().topic());
        if (there != victim.sent()) {
            throw new IllegalStateException("the broker has " + there + " records, but acknowledged " + victim.sent());
        }
        victim.check().forEach(found -> violated(victim, found.promise(), found.what()));
    }

    private void kill(Victim victim, DrilledBroker broker) throws IOException, InterruptedException {
        LeftBehind before = victim.left();
        Optional<NamedOperation> operation = deaths.next(victim.query());
        Execution execution = new Execution(victim, broker, random);
        if (operation.isPresent()) {
            execution.dieAt(operation.get());
        } else {
            execution.dieAtRandom(disturbance());
        }
        victim.look().forEach(wrong -> violated(victim, "I5", wrong));
        LeftBehind after = victim.left();
        deaths.count(after.window(before), !after.isAsFarAs(before), execution.diedAt());
        disturbances.merge(execution.suffered(), 1, Integer::sum);
        boolean away = brokerWasAway || execution.suffered().takesTheBrokerAway();
        if (!before.commits().isEmpty()) {
            execution.recoveryMillis().ifPresent(brokerWasAway ? withoutBroker::add : recoveries::add);
        }
        brokerWasAway = execution.suffered() == Disturbance.BROKER_KILLED_TOO;
        if (!execution.problem().isEmpty() && away) {
            gaveUp++; // it may: its broker is gone for longer than it waits, and a restart heals that
        } else if (!execution.problem().isEmpty()) {
            violated(victim, "I8", execution.problem());
        }
    }

    /** Draws from the deck about as often as the deaths at random that are left need it. */
    private Disturbance disturbance() {
        int left = Math.max(1, (settings.kills() - deaths.count()) / 3);
        return random.nextInt(left) < deck.size() ? deck.remove(random.nextInt(deck.size())) : Disturbance.NONE;
    }

    private void violated(Victim victim, String promise, String what) {
        violations.add(new Violation(promise, victim.query().option() + ": " + what, settings.replay()));
    }

    private void say(Victim victim, long started) {
        progress.printf(
                Locale.ROOT,
                "%,6d of %,d kills, %5.0f s: %s, %,d batches, %s%n",
                deaths.count(),
                settings.kills(),
                (System.nanoTime() - started) / NANOS,
                victim.query().option(),
                victim.batches(),
                victim.rows());
        progress.flush();
    }

    private KillOutcome outcome(List<Victim> victims, double seconds) {
        TreeMap<String, Object> details = new TreeMap<>();
        Map<String, Object> windows = new TreeMap<>();
        for (RecoveryWindow window : RecoveryWindow.values()) {
            windows.put(
                    window.name(),
                    new TreeMap<>(Map.of("byChance", deaths.byChance(window), "byForce", deaths.byForce(window))));
        }
        details.put("killsByWindow", windows);
        details.put("killsBeforeAnything", deaths.beforeAnything());
        details.put("killsByOperation", deaths.hits());
        Map<String, Object> suffered = new TreeMap<>();
        disturbances.forEach((disturbance, count) -> suffered.put(disturbance.meaning(), count));
        details.put("disturbances", suffered);
        details.put("gaveUpWithoutBroker", gaveUp);
        details.put("recoveryMillis", recoveries.summary());
        details.put("recoveryMillisBrokerAway", withoutBroker.summary());
        details.put("recoveryHistogram", recoveries.histogram());
        long lost = 0;
        long doubled = 0;
        Map<String, Object> queries = new TreeMap<>();
        for (Victim victim : victims) {
            RowCount rows = victim.rows();
            if (rows != null) {
                lost += rows.lost();
                doubled += rows.doubled();
                queries.put(
                        victim.query().option(),
                        new TreeMap<>(
                                Map.of("records", victim.sent(), "rows", rows.found(), "batches", victim.batches())));
            }
        }
        details.put("queries", queries);
        details.put("rowsLost", lost);
        details.put("rowsDoubled", doubled);
        DrillReport report = new DrillReport(
                "kill",
                settings.seed(),
                deaths.count(),
                violations,
                deaths.hits().size(),
                violations.isEmpty() ? deaths.missed() : List.of(),
                seconds,
                details);
        return new KillOutcome(report, deaths, recoveries);
    }
}
