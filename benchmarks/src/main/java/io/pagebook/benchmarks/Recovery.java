package io.pagebook.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Kills writers of a book, and measures how soon others go on. */
@Command(
    name = "recovery",
    sortOptions = false,
    description = {
      "Kills writers of a book, and measures how soon others go on.",
      "Kills one of two processes, which writes without a pause, at a random moment, and "
          + "prints how long it takes from SIGKILL until the other one has written all of the "
          + "same keys; apart from that for the kills after which a lock was seen held. Then "
          + "kills all processes of a book, and prints how long a process takes to open it, up to "
          + "its first value read and its first write."
    })
final class Recovery implements Callable<Integer> {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final long CHILD_SECONDS = 120;
  private static final int WARMUP_PUTS = 100_000;
  private static final int WRITERS = 2;
  private static final long LONGEST_LIFE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  @Option(
      names = "--kills",
      defaultValue = "100",
      description = "How often to kill one of two processes (default: ${DEFAULT-VALUE}).")
  private int kills;

  @Option(
      names = "--keys",
      defaultValue = "16",
      description = "How many keys both write (default: ${DEFAULT-VALUE}).")
  private int keys;

  @Option(
      names = "--openings",
      defaultValue = "15",
      description = "How often to kill all and open (default: ${DEFAULT-VALUE}).")
  private int openings;

  @Option(
      names = "--entries",
      split = ",",
      defaultValue = "10000,1000000",
      description = "Sizes of the books that are opened (default: ${DEFAULT-VALUE}).")
  private List<Integer> entries = List.of();

  @Option(names = "--seed", defaultValue = "1", description = "Of the moments (default: 1).")
  private long seed;

  @Mixin final HelpOption help = new HelpOption();

  private final Run run;

  Recovery(Run run) {
    this.run = run;
  }

  @Override
  public Integer call() {
    SplittableRandom random = new SplittableRandom(seed);
    Findings findings =
        new Findings("recovery", Directories.usualPlace()).with("keys", keys).with("seed", seed);
    killOneOfTwo(random, findings);
    for (int size : entries) {
      killAll(size, random, findings);
    }
    run.keep(findings);
    return 0;
  }

  private void killOneOfTwo(SplittableRandom random, Findings findings) {
    Path directory = Directories.create();
    List<Double> all = new ArrayList<>();
    List<Double> locked = new ArrayList<>();
    try (Store<String> survivor = StoreKind.PAGEBOOK.open(directory, Shape.usual(keys))) {
      for (int i = 0; i < WARMUP_PUTS; i++) {
        int n = 1 + i % keys;
        survivor.put(Workload.key(n), Shape.usual(1).initialValue(n));
      }
      RawBook raw = new RawBook(PageBookStore.file(directory));
      for (int i = 0; i < kills; i++) {
        System.err.printf(Locale.ROOT, "kill %d of %d%n", i + 1, kills);
        try (ChildJvm victim = victim(directory, keys, random)) {
          awaitWork(victim, random);
          long start = System.nanoTime();
          victim.kill();
          boolean held = raw.isAnyLocked();
          for (int n = 1; n <= keys; n++) {
            survivor.put(Workload.key(n), Shape.usual(1).initialValue(n));
          }
          double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
          all.add(millis);
          if (held) {
            locked.add(millis);
          }
        }
      }
    } finally {
      Directories.delete(directory);
    }
    String table = "from SIGKILL to the other's puts";
    findings.add(table, all.size() + " kills", "ms", all);
    if (!locked.isEmpty()) {
      findings.add(table, locked.size() + " of them under a lock", "ms", locked);
    }
  }

  private void killAll(int size, SplittableRandom random, Findings findings) {
    Path directory = Directories.create();
    List<Opener.Times> first = new ArrayList<>();
    List<Opener.Times> warm = new ArrayList<>();
    try {
      System.err.printf(Locale.ROOT, "loading %,d entries%n", size);
      Loader.loadElsewhere(StoreKind.PAGEBOOK, directory, size);
      for (int i = 0; i < openings; i++) {
        System.err.printf(Locale.ROOT, "opening %d of %d%n", i + 1, openings);
        writeAndDie(directory, size, random);
        first.addAll(
            Opener.openElsewhere(StoreKind.PAGEBOOK, directory, size, Shape.USUAL_BYTES, 1));
        writeAndDie(directory, size, random);
        warm.add(Opener.open(StoreKind.PAGEBOOK, directory, Shape.usual(size)));
      }
    } finally {
      Directories.delete(directory);
    }
    String table =
        String.format(Locale.ROOT, "opened after %d writers were killed, %,d", WRITERS, size);
    add(findings, table, "new JVM", first);
    add(findings, table, "JVM again", warm);
  }

  private static void add(Findings findings, String table, String row, List<Opener.Times> times) {
    findings.add(
        table, row + ", to read", "ms", times.stream().map(Opener.Times::readMillis).toList());
    findings.add(
        table, row + ", to write", "ms", times.stream().map(Opener.Times::writeMillis).toList());
  }

  private static void writeAndDie(Path directory, int size, SplittableRandom random) {
    List<ChildJvm> victims = new ArrayList<>();
    try {
      for (int i = 0; i < WRITERS; i++) {
        victims.add(victim(directory, size, random));
      }
      victims.forEach(victim -> awaitWork(victim, random));
      Collections.shuffle(victims, new java.util.Random(random.nextLong()));
      victims.forEach(ChildJvm::kill);
    } finally {
      victims.forEach(ChildJvm::close);
    }
  }

  private static ChildJvm victim(Path directory, int size, SplittableRandom random) {
    return new ChildJvm(List.of(), Victim.class, directory, size, random.nextLong());
  }

  /** Waits until it writes, and then for a random time. */
  private static void awaitWork(ChildJvm victim, SplittableRandom random) {
    victim.answer(CHILD_SECONDS);
    long start = System.nanoTime();
    long life = random.nextLong(LONGEST_LIFE_NANOS);
    for (long left = life; left > 0; left = life - (System.nanoTime() - start)) {
      LockSupport.parkNanos(left);
    }
  }
}
