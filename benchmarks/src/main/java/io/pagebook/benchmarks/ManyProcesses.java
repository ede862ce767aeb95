package io.pagebook.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Measures one, two and more processes at work on one store at once. All are started, loaded and
 * warmed up first and stay to the end; in each slice some of them work and the others wait.
 * Settings take turns, so that what disturbs one disturbs its neighbours alike.
 */
@Command(
    name = "processes",
    sortOptions = false,
    description = {
      "Lets 1, 2 and 4 JVMs work on one store at once.",
      "Prints what they do together and its ratio to one JVM. They show each other before "
          + "and after that they share their data; in mixed slices each counts the values that "
          + "another one wrote in the same slice. The run fails if they do not share.",
      "'op/s' is by the clock and needs as many idle cores as JVMs; 'of processor time' is per "
          + "second of that of the working threads: it shows what sharing costs on a busy machine "
          + "too, but not the waiting for locks. The JVMs use the serial collector, so that one "
          + "of them uses one core."
    })
final class ManyProcesses implements Callable<Integer> {
  private static final List<String> JVM_FLAGS = List.of("-XX:+UseSerialGC", "-Xmx768m");
  private static final long LOAD_SECONDS = 600;
  private static final long SLACK_SECONDS = 60;

  @Parameters(
      arity = "0..*",
      paramLabel = "OPERATION",
      description = "What to measure: get, miss, put, mixed (default: get mixed).")
  private List<PairedOperation> operations = List.of(PairedOperation.GET, PairedOperation.MIXED);

  @Option(
      names = "--stores",
      split = ",",
      paramLabel = "STORE",
      description =
          "Of ${COMPLETION-CANDIDATES} (default: CHRONICLE_MAP,PAGEBOOK,PAGEBOOK_JCACHE). Of one on the heap each process "
              + "has its own, which shows what the machine gives to processes that share nothing.")
  private Set<StoreKind> stores =
      Set.of(StoreKind.PAGEBOOK, StoreKind.PAGEBOOK_JCACHE, StoreKind.CHRONICLE_MAP);

  @Option(
      names = "--processes",
      split = ",",
      paramLabel = "N",
      defaultValue = "1,2,4",
      description = "How many at once (default: ${DEFAULT-VALUE}).")
  private List<Integer> counts = List.of();

  @Option(
      names = "--entries",
      defaultValue = "1000000",
      description = "How many entries each store holds (default: ${DEFAULT-VALUE}).")
  private int entries;

  @Mixin final TurnOptions turns = new TurnOptions();
  @Mixin final HelpOption help = new HelpOption();

  private final Run run;
  private int slices;

  ManyProcesses(Run run) {
    this.run = run;
  }

  @Override
  public Integer call() {
    for (PairedOperation operation : operations) {
      if (operation == PairedOperation.LOAD || operation == PairedOperation.UPDATE) {
        throw new IllegalArgumentException(
            "not for several processes: operation=" + operation + "; see pairs --help");
      }
    }
    Findings findings =
        new Findings("processes", Directories.usualPlace())
            .with("entries", entries)
            .with(turns)
            .with("processes", counts);
    for (StoreKind store : new TreeSet<>(stores)) {
      measure(store, findings);
    }
    run.keep(findings);
    return 0;
  }

  private void measure(StoreKind store, Findings findings) {
    Path directory = Directories.create();
    List<ChildJvm> children = new ArrayList<>();
    try {
      System.err.printf(Locale.ROOT, "%s: loading%n", store.label());
      int most = Collections.max(counts);
      for (int i = 0; i < most; i++) {
        ChildJvm child = start(store, directory, most, i);
        children.add(child);
        if (i == 0 || !store.hasFiles()) { // the first one creates what the others find
          tell(List.of(child), Contestant.Order.LOAD.name());
        }
      }
      showMarks(store, children, "before");
      System.err.printf(Locale.ROOT, "%s: warming up%n", store.label());
      for (int round = 0; round < turns.warmupRounds; round++) {
        for (PairedOperation operation : operations) {
          slice(children, operation);
        }
      }
      List<Setting> settings = new ArrayList<>();
      for (PairedOperation operation : operations) {
        counts.forEach(count -> settings.add(new Setting(store, operation, count)));
      }
      takeTurns(children, settings);
      showMarks(store, children, "after");
      settings.forEach(setting -> setting.addTo(findings, settings, entries));
    } finally {
      children.forEach(ChildJvm::close);
      Directories.delete(directory);
    }
  }

  private ChildJvm start(StoreKind store, Path directory, int contestants, int number) {
    List<String> flags = new ArrayList<>(JVM_FLAGS);
    flags.addAll(store.jvmFlags());
    ChildJvm child =
        new ChildJvm(flags, Contestant.class, store, directory, entries, contestants, number);
    child.answer(LOAD_SECONDS);
    return child;
  }

  private void takeTurns(List<ChildJvm> children, List<Setting> settings) {
    List<Setting> order = new ArrayList<>(settings);
    for (int round = 0; round < turns.rounds; round++) {
      System.err.printf(
          Locale.ROOT,
          "%s: round %d of %d%n",
          settings.get(0).store.label(),
          round + 1,
          turns.rounds);
      for (Setting setting : order) {
        List<ChildJvm> workers = new ArrayList<>();
        for (int i = 0; i < setting.count; i++) {
          workers.add(children.get((round + i) % children.size()));
        }
        setting.add(slice(workers, setting.operation));
      }
      Collections.reverse(order); // a drift within a round evens out
    }
    for (Setting setting : settings) {
      setting.checkShared();
    }
  }

  /** One slice by all workers at once: the barrier is the line that they all wait for. */
  private List<Slice> slice(List<ChildJvm> workers, PairedOperation operation) {
    String order =
        String.join(
            " ",
            Contestant.Order.SLICE.name(),
            operation.name(),
            Long.toString(turns.sliceMillis),
            Integer.toString(slices++));
    workers.forEach(worker -> worker.send(order));
    return workers.stream()
        .map(worker -> Slice.parse(worker.answer(SLACK_SECONDS + turns.sliceMillis / 1000)))
        .toList();
  }

  /** Each writes its marks, and then each reads those of all. */
  private static void showMarks(StoreKind store, List<ChildJvm> children, String token) {
    if (!store.hasFiles()) {
      return; // each has its own
    }
    tell(children, Contestant.Order.MARK.name() + " " + token);
    tell(children, Contestant.Order.CHECK.name() + " " + token + " " + children.size());
  }

  /** Gives all an order, and waits until all have followed it. */
  private static void tell(List<ChildJvm> children, String order) {
    children.forEach(child -> child.send(order));
    children.forEach(child -> child.answer(LOAD_SECONDS));
  }

  /** One operation by so many processes of one store, and what they did in each round. */
  private static final class Setting {
    private static final String RATE = "op/s";
    private static final String TIMES = "times one process";
    private static final String OF_PROCESSOR = " of processor time";

    private final StoreKind store;
    private final PairedOperation operation;
    private final int count;
    private final List<Double> perSecond = new ArrayList<>();
    private final List<Double> perCpuSecond = new ArrayList<>();
    private final List<Double> foreign = new ArrayList<>();

    Setting(StoreKind store, PairedOperation operation, int count) {
      this.store = store;
      this.operation = operation;
      this.count = count;
    }

    void add(List<Slice> slices) {
      perSecond.add(slices.stream().mapToDouble(Slice::perSecond).sum());
      perCpuSecond.add(slices.stream().mapToDouble(Slice::perCpuSecond).sum());
      foreign.add((double) slices.stream().mapToLong(Slice::foreign).min().orElse(0));
    }

    private boolean isShared() {
      return operation == PairedOperation.MIXED && count > 1 && store.hasFiles();
    }

    /** The processes must have read each other's writes while they wrote. */
    void checkShared() {
      if (isShared() && Collections.max(foreign) == 0) {
        throw new IllegalStateException(
            "a process read nothing that another one wrote in the same slice: store="
                + store
                + ", processes="
                + count
                + "; make the slices longer, or the machine idle");
      }
    }

    void addTo(Findings findings, List<Setting> all, int entries) {
      String processes = count + (count == 1 ? " process" : " processes");
      String title =
          String.format(Locale.ROOT, "%s, %s, %,d entries", operation, processes, entries);
      findings.add(title, store, RATE, perSecond);
      findings.add(title, store, RATE + OF_PROCESSOR, perCpuSecond);
      if (isShared()) {
        findings.add(title, store, "values of others read, least", foreign);
      }
      String scaling =
          String.format(Locale.ROOT, "%s, %s to one, %,d entries", operation, processes, entries);
      all.stream()
          .filter(other -> other.operation == operation && other.count == 1 && count > 1)
          .forEach(
              one -> {
                findings.add(scaling, store, TIMES, Findings.ratios(perSecond, one.perSecond));
                findings.add(
                    scaling,
                    store,
                    TIMES + OF_PROCESSOR,
                    Findings.ratios(perCpuSecond, one.perCpuSecond));
              });
    }
  }
}
