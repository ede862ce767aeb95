package io.pagebook.benchmarks;

import io.pagebook.book.BookChecker;
import io.pagebook.book.PageBook;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures what a model of a larger machine needs: see docs/scaling.md. */
@Command(
    name = "costs",
    sortOptions = false,
    description = {
      "Measures what a model of a larger machine needs: see docs/scaling.md.",
      "How long a put holds its shard's lock; two threads and two processes that put to one "
          + "shard and to two; how many 64-byte lines a put changes; the busiest shard's part of "
          + "Zipf requests; what a vacuum, a check, and a process that does nothing cost. Needs "
          + "an idle machine with two cores."
    })
final class Costs implements Callable<Integer> {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final long CHILD_SECONDS = 120;
  private static final int KEYS_OF_SHARD = 500;
  private static final int REQUESTS = 1 << 20;
  private static final int SMALL_BOOK = 5_000;
  private static final int COMPARED_PUTS = 200;
  private static final int UPKEEP_ROUNDS = 5;
  private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final double MILLIS_PER_SECOND = 1e3;
  private static final List<String> IDLE_FLAGS = List.of("-Xmx32m", "-XX:+UseSerialGC");

  @Option(
      names = "--entries",
      defaultValue = "1000000",
      description = "How many entries the book holds (default: ${DEFAULT-VALUE}).")
  private int entries;

  @Option(
      names = "--attached",
      split = ",",
      defaultValue = "1,8,32",
      paramLabel = "N",
      description = "How many idle processes to watch (default: ${DEFAULT-VALUE}).")
  private List<Integer> attached = List.of();

  @Mixin final TurnOptions turns = new TurnOptions();
  @Mixin final HelpOption help = new HelpOption();

  private final Run run;
  private final Findings findings = new Findings("costs", Directories.usualPlace());

  Costs(Run run) {
    this.run = run;
  }

  @Override
  public Integer call() {
    findings.with("entries", entries).with(turns);
    Path directory = Directories.create();
    try {
      changedLines(directory.resolve("small.book"));
      inBook(directory);
      upkeep(PageBookStore.file(directory));
      doNothing("a JVM without a book", 1);
      for (int processes : attached) {
        doNothing("each of " + processes + " processes", processes, directory);
      }
    } finally {
      Directories.delete(directory);
    }
    run.keep(findings);
    return 0;
  }

  /** Compares the file before and after single puts. */
  private void changedLines(Path file) {
    List<Double> lines = new ArrayList<>();
    try (PageBook book = PageBook.open(file)) {
      Workload<String> workload = new Workload<>(Shape.usual(SMALL_BOOK));
      for (int id = 1; id <= SMALL_BOOK; id++) {
        book.putString(id, workload.value(-id));
      }
      RawBook raw = new RawBook(file);
      byte[] before = raw.snapshot();
      for (int id = 1; id <= COMPARED_PUTS; id++) {
        book.putString(id, workload.value(id));
        byte[] after = raw.snapshot();
        lines.add((double) RawBook.differingLines(before, after));
        before = after;
      }
    }
    findings.add("changed by replacing 100 characters", "one put", "64-byte lines", lines);
  }

  private void inBook(Path directory) {
    System.err.println("loading");
    try (Store<String> store = StoreKind.PAGEBOOK.open(directory, Shape.usual(entries))) {
      Workload.load(store, Shape.usual(entries));
      RawBook raw = new RawBook(PageBookStore.file(directory));
      ShardKeys keys = new ShardKeys(store, raw, entries);
      findings.add(
          "Zipf requests",
          "to the busiest of " + raw.shards() + " shards",
          "part",
          keys.busiest(new Workload<>(Shape.usual(entries)), REQUESTS));
      writers(store, raw, keys, directory);
    }
  }

  /** One writer, and two on one shard or on two, in one process or in two. */
  private void writers(Store<String> store, RawBook raw, ShardKeys keys, Path directory) {
    int[] first = keys.of(0, KEYS_OF_SHARD);
    int[] second = keys.of(raw.shards() - 1, KEYS_OF_SHARD);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (ChildJvm oneChild = new ChildJvm(List.of(), Putter.class, directory);
        ChildJvm otherChild = new ChildJvm(List.of(), Putter.class, directory)) {
      oneChild.answer(CHILD_SECONDS);
      otherChild.answer(CHILD_SECONDS);
      Putter one = new Putter(store);
      Putter other = new Putter(store);
      Map<String, List<Double>> perSecond = new LinkedHashMap<>();
      List<Double> puts = new ArrayList<>();
      List<Double> holds = new ArrayList<>();
      for (int round = -turns.warmupRounds; round < turns.rounds; round++) {
        System.err.printf(Locale.ROOT, "round %d of %d%n", round + 1, turns.rounds);
        Map<String, Double> found = new LinkedHashMap<>();
        found.put("1 thread", one.perSecond(first, turns.sliceMillis));
        double putNanos = one.cpuNanosEach();
        double heldNanos = heldPart(one, first, raw, 0) * putNanos;
        found.put("2 threads, 1 shard", inThreads(threads, one, first, other, first));
        found.put("2 threads, 2 shards", inThreads(threads, one, first, other, second));
        found.put("1 process", inProcesses(List.of(oneChild), List.of(first)));
        found.put(
            "2 processes, 1 shard",
            inProcesses(List.of(oneChild, otherChild), List.of(first, first)));
        found.put(
            "2 processes, 2 shards",
            inProcesses(List.of(oneChild, otherChild), List.of(first, second)));
        if (round >= 0) {
          puts.add(putNanos);
          holds.add(heldNanos);
          found.forEach(
              (setting, rate) ->
                  perSecond.computeIfAbsent(setting, key -> new ArrayList<>()).add(rate));
        }
      }
      findings.add("replacing 100 characters", "whole put", "ns", puts);
      findings.add("replacing 100 characters", "lock held", "ns", holds);
      perSecond.forEach((setting, rates) -> findings.add("puts of all", setting, "op/s", rates));
    } finally {
      threads.shutdownNow();
    }
  }

  /** The part of a putter's time in which it is seen to hold the lock. */
  private double heldPart(Putter putter, int[] keys, RawBook raw, int shard) {
    LockSampler sampler = new LockSampler(raw, shard);
    try {
      putter.perSecond(keys, turns.sliceMillis);
    } finally {
      sampler.end();
    }
    return sampler.heldPart();
  }

  private double inThreads(
      ExecutorService threads, Putter one, int[] ones, Putter other, int[] others) {
    List<Future<Double>> rates =
        List.of(
            threads.submit(() -> one.perSecond(ones, turns.sliceMillis)),
            threads.submit(() -> other.perSecond(others, turns.sliceMillis)));
    double sum = 0;
    try {
      for (Future<Double> rate : rates) {
        sum += rate.get(CHILD_SECONDS, TimeUnit.SECONDS);
      }
      return sum;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while threads put", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("a thread that puts failed, or does not end", e);
    }
  }

  private double inProcesses(List<ChildJvm> children, List<int[]> keys) {
    for (int i = 0; i < children.size(); i++) {
      children.get(i).send(Putter.order(keys.get(i), turns.sliceMillis));
    }
    return children.stream()
        .mapToDouble(child -> Double.parseDouble(child.answer(CHILD_SECONDS)))
        .sum();
  }

  /** What takes all locks, for each entry. */
  private void upkeep(Path file) {
    System.err.println("vacuum, check");
    List<Double> vacuums = new ArrayList<>();
    List<Double> checks = new ArrayList<>();
    for (int i = 0; i < UPKEEP_ROUNDS; i++) {
      try (PageBook book = PageBook.open(file)) {
        vacuums.add(nanosAnEntry(book::vacuum));
      }
      checks.add(
          nanosAnEntry(
              () -> {
                if (!BookChecker.check(file).isSound()) {
                  throw new IllegalStateException("the book is damaged: file=" + file);
                }
              }));
    }
    findings.add("writers wait", "vacuum", "ns/entry", vacuums);
    findings.add("writers wait", "check", "ns/entry", checks);
  }

  private double nanosAnEntry(Runnable action) {
    long start = System.nanoTime();
    action.run();
    return (double) (System.nanoTime() - start) / entries;
  }

  /** Processor time of processes that have a book open and do nothing with it. */
  private void doNothing(String row, int processes, Object... arguments) {
    System.err.printf(Locale.ROOT, "idle: %s%n", row);
    List<ChildJvm> children = new ArrayList<>();
    try {
      for (int i = 0; i < processes; i++) {
        children.add(new ChildJvm(IDLE_FLAGS, Putter.class, arguments));
      }
      children.forEach(child -> child.answer(CHILD_SECONDS));
      await(SETTLE_NANOS);
      long start = System.nanoTime();
      List<Double> before = children.stream().map(ChildJvm::cpuSeconds).toList();
      await(IDLE_NANOS);
      List<Double> each = new ArrayList<>();
      for (int i = 0; i < processes; i++) {
        double used = children.get(i).cpuSeconds() - before.get(i);
        each.add(MILLIS_PER_SECOND * used * NANOS_PER_SECOND / (System.nanoTime() - start));
      }
      findings.add("doing nothing", row, "ms/s", each);
    } finally {
      children.forEach(ChildJvm::close);
    }
  }

  private static void await(long nanos) {
    long start = System.nanoTime();
    for (long left = nanos; left > 0; left = nanos - (System.nanoTime() - start)) {
      LockSupport.parkNanos(left);
    }
  }
}
