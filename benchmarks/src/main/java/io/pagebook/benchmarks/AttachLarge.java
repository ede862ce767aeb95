package io.pagebook.benchmarks;

import io.pagebook.book.PageBook;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Attaches to a book of many gigabytes, all of it written. */
@Command(
    name = "attach-large",
    sortOptions = false,
    description = {
      "Attaches to a book of many gigabytes.",
      "Writes a book of values of 100 KB to 1 MB, and prints how long other processes take "
          + "to open it, up to the first value read: the first time in a new JVM, and again and "
          + "again in one. A small book is measured beside it. The files are deleted at the end. "
          + "For books of small values see the selection attach."
    })
final class AttachLarge implements Callable<Integer> {
  private static final long GIGA = 1_000_000_000;
  private static final int SMALLEST = 100_000;
  private static final int LARGEST = 1_000_000;

  /** Room that must be there beyond the values: the book's own, and some for others. */
  private static final double SLACK = 1.1;

  private static final int WARMUP = 20;
  private static final double NANOS_PER_SECOND = 1e9;

  @Option(
      names = "--gigabytes",
      defaultValue = "10",
      description = "Size of the book in 10^9 bytes (default: ${DEFAULT-VALUE}).")
  private double gigabytes;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description = "Where to put it (default: the temporary directory).")
  private Path parent = Path.of(System.getProperty("java.io.tmpdir"));

  @Option(
      names = "--jvms",
      defaultValue = "10",
      description = "How many new JVMs open it (default: ${DEFAULT-VALUE}).")
  private int jvms;

  @Option(
      names = "--openings",
      defaultValue = "50",
      description = "How often one JVM opens it (default: ${DEFAULT-VALUE}).")
  private int openings;

  @Mixin final HelpOption help = new HelpOption();

  private final Run run;

  AttachLarge(Run run) {
    this.run = run;
  }

  @Override
  public Integer call() {
    Findings findings = new Findings("attach-large", parent).with("gigabytes", gigabytes);
    long bytes = (long) (gigabytes * GIGA);
    refuseIfFull(bytes);
    measure("one value", 0, findings);
    measure(String.format(Locale.ROOT, "%.1f GB", gigabytes), bytes, findings);
    run.keep(findings);
    return 0;
  }

  private void refuseIfFull(long bytes) {
    try {
      long usable = Files.getFileStore(parent).getUsableSpace();
      if (usable < bytes * SLACK) {
        throw new IllegalArgumentException(
            "there is no room for the book: usableBytes="
                + usable
                + ", neededBytes="
                + (long) (bytes * SLACK)
                + ", directory="
                + parent
                + "; name another --directory, or fewer --gigabytes");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the directory cannot be used: directory=" + parent + "; name another --directory", e);
    }
  }

  private void measure(String table, long bytes, Findings findings) {
    Path directory = Directories.createIn(parent);
    try {
      fill(directory, bytes, table, findings);
      findings.add(table, "allocated", "bytes", (double) Directories.allocatedBytes(directory));
      List<Double> first = new ArrayList<>();
      for (int i = 0; i < jvms; i++) {
        first.addAll(open(directory, 1));
      }
      findings.add(table, "first in a new JVM", "ms", first);
      List<Double> again = open(directory, WARMUP + openings);
      findings.add(table, "again in a JVM", "ms", again.subList(WARMUP, again.size()));
    } finally {
      Directories.delete(directory);
    }
  }

  private static List<Double> open(Path directory, int repeats) {
    return Opener.openElsewhere(StoreKind.PAGEBOOK, directory, 1, repeats).stream()
        .map(Opener.Times::readMillis)
        .toList();
  }

  /** The entry that is read after opening has the usual size. */
  private static void fill(Path directory, long bytes, String table, Findings findings) {
    List<Double> seconds = new ArrayList<>();
    Random random = new Random(1);
    byte[] noise = new byte[LARGEST];
    random.nextBytes(noise);
    try (PageBook book = PageBook.open(PageBookStore.file(directory))) {
      book.putString(Workload.key(1), Shape.usual(1).initialValue(1));
      long written = 0;
      long start = System.nanoTime();
      for (int id = Workload.key(1) + 1; written < bytes; id++) {
        byte[] value = Arrays.copyOf(noise, random.nextInt(SMALLEST, LARGEST + 1));
        value[0] = (byte) id;
        book.putBytes(id, value);
        if (written / GIGA != (written + value.length) / GIGA) {
          System.err.printf(Locale.ROOT, "written: %d GB%n", (written + value.length) / GIGA);
          seconds.add((System.nanoTime() - start) / NANOS_PER_SECOND);
          start = System.nanoTime();
        }
        written += value.length;
      }
    }
    if (!seconds.isEmpty()) {
      findings.add(table, "written, each GB", "s", seconds);
    }
  }
}
