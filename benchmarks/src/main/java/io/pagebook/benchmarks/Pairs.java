package io.pagebook.benchmarks;

import java.nio.file.Path;
import java.util.Arrays;
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
      "Lets stores take turns in short slices, each in its own JVM, and prints the median ratio of each to a yardstick.",
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

  @Override
  public Integer call() {
    Set<StoreKind> all = new TreeSet<>(stores.isEmpty() ? inProcess() : stores);
    all.add(yardstick);
    if (all.contains(StoreKind.REDIS)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "no pair: store=REDIS, the time of its server would not count; use run --stores REDIS,...");
    }
    Map<StoreKind, Child> children = new EnumMap<>(StoreKind.class);
    try {
      for (StoreKind store : all) {
        System.err.printf(Locale.ROOT, "loading %s%n", store.label());
        children.put(store, new Child(store, entries));
      }
      for (PairedOperation operation : operations) {
        print(operation, measure(children, operation));
      }
      return 0;
    } finally {
      children.values().forEach(Child::close);
    }
  }

  private static Set<StoreKind> inProcess() {
    Set<StoreKind> all = EnumSet.allOf(StoreKind.class);
    all.remove(StoreKind.REDIS);
    return all;
  }

  private Map<StoreKind, double[]> measure(
      Map<StoreKind, Child> children, PairedOperation operation) {
    Map<StoreKind, double[]> nanos = new EnumMap<>(StoreKind.class);
    for (int round = -turns.warmupRounds; round < turns.rounds; round++) {
      for (Map.Entry<StoreKind, Child> child : children.entrySet()) {
        double found = child.getValue().slice(operation, turns.sliceMillis);
        if (round >= 0) {
          nanos.computeIfAbsent(child.getKey(), store -> new double[turns.rounds])[round] = found;
        }
      }
    }
    return nanos;
  }

  private void print(PairedOperation operation, Map<StoreKind, double[]> nanos) {
    System.out.printf(
        Locale.ROOT,
        "%n%-30s %10s %8s %8s %8s%n",
        String.format(Locale.ROOT, "%s, %,d entries", operation, entries),
        "ns/op",
        "ratio",
        "25 %",
        "75 %");
    double[] base = Objects.requireNonNull(nanos.get(yardstick));
    nanos.forEach(
        (store, found) -> {
          double[] ratios = new double[turns.rounds];
          Arrays.setAll(ratios, i -> found[i] / base[i]);
          System.out.printf(
              Locale.ROOT,
              "  %-28s %10.1f %8.3f %8.3f %8.3f%n",
              store.label(),
              Quantiles.of(found, 0.5),
              Quantiles.of(ratios, 0.5),
              Quantiles.of(ratios, 0.25),
              Quantiles.of(ratios, 0.75));
        });
  }

  /** A contestant's JVM. */
  private static final class Child implements AutoCloseable {
    private static final long LOAD_SECONDS = 600;
    private static final long SLACK_SECONDS = 60;

    private final Path directory = Directories.create();
    private final ChildJvm jvm;
    private int slices;

    Child(StoreKind store, int entries) {
      jvm = new ChildJvm(store.jvmFlags(), Contestant.class, store, directory, entries, 1, 0);
      jvm.answer(LOAD_SECONDS);
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
      return Slice.parse(jvm.answer(SLACK_SECONDS + millis / 1000)).cpuNanosEach();
    }

    @Override
    public void close() {
      jvm.close();
      Directories.delete(directory);
    }
  }
}
