package io.pagebook.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Attaches to stores that another process filled and left, up to the first value read. */
@Command(
    name = "attach",
    sortOptions = false,
    description = {
      "Measures how long a process takes to attach to a store that another one filled.",
      "Up to the first value read: the first time in a new JVM, where class loading weighs most, "
          + "and again and again in one. Equal times for two numbers of entries mean that "
          + "attaching does not depend on size. For 10 GB: --stores PAGEBOOK --entries 20000 "
          + "--value-bytes 500000 --directory DIR. The files are deleted at the end."
    })
final class Attach implements Callable<Integer> {
  private static final int WARMUP = 20;

  /** Room that must be there beyond the values: a store's own, and some for others. */
  private static final double SLACK = 1.5;

  @Option(
      names = "--stores",
      split = ",",
      paramLabel = "STORE",
      description = "Of those with files (default: all of them).")
  private Set<StoreKind> stores = Set.of();

  @Option(
      names = "--entries",
      split = ",",
      defaultValue = "10000,1000000",
      description = "How many entries a store holds (default: ${DEFAULT-VALUE}).")
  private List<Integer> entries = List.of();

  @Option(
      names = "--value-bytes",
      paramLabel = "BYTES",
      defaultValue = "" + Shape.USUAL_BYTES,
      description = "The length of values (default: ${DEFAULT-VALUE}).")
  private int valueBytes;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description = "Where to put the files, instead of in memory.")
  private @Nullable Path parent;

  @Option(
      names = "--jvms",
      defaultValue = "5",
      description = "How many new JVMs open each store (default: ${DEFAULT-VALUE}).")
  private int jvms;

  @Option(
      names = "--openings",
      defaultValue = "50",
      description = "How often one JVM opens it (default: ${DEFAULT-VALUE}).")
  private int openings;

  @Mixin final HelpOption help = new HelpOption();

  private final Run run;

  Attach(Run run) {
    this.run = run;
  }

  /** All stores that have files; a near-cache has none of its own. */
  static Set<StoreKind> storesWithFiles() {
    Set<StoreKind> found = EnumSet.noneOf(StoreKind.class);
    Arrays.stream(StoreKind.values())
        .filter(store -> store.hasFiles() && store != StoreKind.PAGEBOOK_JCACHE_NEAR)
        .forEach(found::add);
    return found;
  }

  @Override
  public Integer call() {
    Findings findings =
        new Findings("attach", Directories.place(parent))
            .with("valueBytes", valueBytes)
            .with("jvms", jvms)
            .with("openings", openings);
    measure(findings);
    run.keep(findings);
    return 0;
  }

  private void measure(Findings findings) {
    Set<StoreKind> measured = new TreeSet<>(stores.isEmpty() ? storesWithFiles() : stores);
    for (StoreKind store : measured) {
      if (!store.hasFiles()) {
        throw new IllegalArgumentException(
            "a store on the heap has no files: store=" + store + "; name others with --stores");
      }
    }
    for (int number : entries) {
      refuseIfFull((long) number * valueBytes);
      for (StoreKind store : measured) {
        measure(store, number, findings);
      }
    }
  }

  private void refuseIfFull(long bytes) {
    Path place = Directories.place(parent);
    try {
      long usable = Files.getFileStore(place).getUsableSpace();
      long needed = (long) (bytes * SLACK);
      if (usable < needed) {
        throw new IllegalArgumentException(
            "there is no room for a store: usableBytes="
                + usable
                + ", neededBytes="
                + needed
                + ", directory="
                + place
                + "; name another --directory, or fewer --entries");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the directory cannot be used: directory=" + place + "; name another --directory", e);
    }
  }

  private void measure(StoreKind store, int number, Findings findings) {
    String filling =
        String.format(Locale.ROOT, "%,d entries of %s", number, Units.bytes(valueBytes));
    System.err.printf(Locale.ROOT, "%s: %s%n", store.label(), filling);
    Path directory = Directories.createIn(parent);
    try {
      Loader.loadElsewhere(store, directory, number, valueBytes);
      List<Double> first = new ArrayList<>();
      for (int i = 0; i < jvms; i++) {
        first.addAll(open(store, directory, number, 1));
      }
      List<Double> again = open(store, directory, number, WARMUP + openings);
      findings.add("attach first in a JVM, " + filling, store, "ms", first);
      findings.add("attach again, " + filling, store, "ms", again.subList(WARMUP, again.size()));
    } catch (IllegalStateException e) { // a child failed
      findings.note("attach, " + filling, store.label(), "failed: cause=" + e.getMessage());
    } finally {
      Directories.delete(directory);
    }
  }

  private List<Double> open(StoreKind store, Path directory, int number, int repeats) {
    return Opener.openElsewhere(store, directory, number, valueBytes, repeats).stream()
        .map(Opener.Times::readMillis)
        .toList();
  }
}
