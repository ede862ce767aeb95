package io.pagebook.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Measures stores against each other on a machine that is not quiet: each has a JVM of its own, and
 * they take turns, a few hundred milliseconds at a time. What disturbs one slice disturbs its
 * neighbours alike, so the median of the ratios within rounds is steady where times are not. Times
 * are processor time of the thread that works: what other processes take is left out, and so is the
 * work of a collector.
 */
@Command(
    name = "pairs",
    sortOptions = false,
    description = {
      "Lets stores take turns in short slices, each in its own JVM, and reports the ratio of each to a yardstick.",
      "Times are processor time of the working thread, so that a busy machine disturbs little;",
      "what a store does in threads of its own does not count."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the specification
final class Pairs implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "OPERATION",
      description = "What to measure: ${COMPLETION-CANDIDATES} (default: get put).")
  private List<PairedOperation> operations = List.of(PairedOperation.GET, PairedOperation.PUT);

  @Option(
      names = "--stores",
      split = ",",
      paramLabel = "STORE",
      description = {
        "Of ${COMPLETION-CANDIDATES}, separated by commas",
        "(default: all that work in the process that asks)."
      })
  private Set<StoreKind> stores = Set.of();

  @Option(
      names = "--yardstick",
      defaultValue = "CHRONICLE_MAP",
      description = "The store that ratios are to (default: ${DEFAULT-VALUE}).")
  private StoreKind yardstick = StoreKind.CHRONICLE_MAP;

  @Option(
      names = "--entries",
      defaultValue = "1000000",
      description = "How many entries each store holds (default: ${DEFAULT-VALUE}).")
  private int entries;

  @Spec CommandSpec spec;

  @Mixin final TurnOptions turns = new TurnOptions();
  @Mixin final HelpOption help = new HelpOption();

  private final Run run;

  Pairs(Run run) {
    this.run = run;
  }

  @Override
  public Integer call() {
    Set<StoreKind> all = new TreeSet<>(stores.isEmpty() ? inProcess() : stores);
    all.add(yardstick);
    if (all.contains(StoreKind.REDIS)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "no pair: store=REDIS, the time of its server would not count; use run --stores REDIS,...");
    }
    Findings findings =
        new Findings("pairs", Directories.usualPlace()).with("entries", entries).with(turns);
    List<PairedOperation> onLoaded = new ArrayList<>(operations);
    boolean load = onLoaded.remove(PairedOperation.LOAD);
    if (!onLoaded.isEmpty()) {
      measure(all, onLoaded, findings);
    }
    if (load) {
      measure(all, List.of(PairedOperation.LOAD), findings);
    }
    run.keep(findings);
    return 0;
  }

  private static Set<StoreKind> inProcess() {
    Set<StoreKind> all = EnumSet.allOf(StoreKind.class);
    all.remove(StoreKind.REDIS);
    return all;
  }

  /** All operations by the same children. */
  private void measure(Set<StoreKind> all, List<PairedOperation> measured, Findings findings) {
    List<Child> children = new ArrayList<>();
    try {
      for (StoreKind store : all) {
        System.err.printf(Locale.ROOT, "starting %s%n", store.label());
        Child child = new Child(store, entries);
        children.add(child);
        if (!measured.contains(PairedOperation.LOAD)) {
          child.load();
        }
      }
      for (PairedOperation operation : measured) {
        System.err.printf(Locale.ROOT, "measuring %s%n", operation);
        add(operation, takeTurns(children, operation), findings);
      }
    } finally {
      children.forEach(Child::close);
    }
  }

  private Map<StoreKind, List<Double>> takeTurns(List<Child> children, PairedOperation operation) {
    Map<StoreKind, List<Double>> nanos = new EnumMap<>(StoreKind.class);
    List<Child> order = new ArrayList<>(children);
    for (int round = -turns.warmupRounds; round < turns.rounds; round++) {
      for (Child child : order) {
        double found = child.slice(operation, turns.sliceMillis);
        if (round >= 0) {
          nanos.computeIfAbsent(child.store, store -> new ArrayList<>()).add(found);
        }
      }
      Collections.reverse(order); // a drift within a round evens out
    }
    return nanos;
  }

  private void add(
      PairedOperation operation, Map<StoreKind, List<Double>> nanos, Findings findings) {
    String title = String.format(Locale.ROOT, "%s, %,d entries", operation, entries);
    List<Double> base = Objects.requireNonNull(nanos.get(yardstick));
    nanos.forEach((store, found) -> findings.add(title, store, "ns/op of processor time", found));
    nanos.forEach(
        (store, found) ->
            findings.add(title, store, "of " + yardstick.label(), Findings.ratios(found, base)));
  }

  /** A contestant's JVM. */
  private static final class Child implements AutoCloseable {
    private static final long LOAD_SECONDS = 600;

    private final StoreKind store;
    private final Path directory = Directories.create();
    private final ChildJvm jvm;
    private int slices;

    Child(StoreKind store, int entries) {
      this.store = store;
      jvm = new ChildJvm(store.jvmFlags(), Contestant.class, store, directory, entries, 1, 0);
      jvm.answer(LOAD_SECONDS);
    }

    void load() {
      jvm.send(Contestant.Order.LOAD.name());
      jvm.answer(LOAD_SECONDS);
    }

    /** Nanoseconds per operation. */
    double slice(PairedOperation operation, long millis) {
      jvm.send(
          String.join(
              " ",
              Contestant.Order.SLICE.name(),
              operation.name(),
              Long.toString(millis),
              Integer.toString(slices++)));
      return Slice.parse(jvm.answer(LOAD_SECONDS + millis / 1000)).cpuNanosEach();
    }

    @Override
    public void close() {
      jvm.close();
      Directories.delete(directory);
    }
  }
}
