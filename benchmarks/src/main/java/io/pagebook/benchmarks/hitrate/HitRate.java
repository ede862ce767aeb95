package io.pagebook.benchmarks.hitrate;

import io.pagebook.benchmarks.Directories;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Plays traces to the book and to others, and prints how often each had what was asked for. */
@Command(
    name = "hit-rate",
    sortOptions = false,
    description = {
      "Plays traces of accesses to a bounded book, Caffeine, S3-FIFO and LRU beside the optimum that knows the future,",
      "each with room for 1, 5 and 20 %% of the distinct keys (at least 50), and prints hit rates in percent.",
      "Traces: *.trace.gz (text, one number a line) and *.trace.xz (big-endian 32-bit numbers), as distributed",
      "with the simulator of github.com/ben-manes/caffeine (its LIRS and cache2k traces)."
    })
public final class HitRate implements Callable<Integer> {
  private static final int[] PERCENTS = {1, 5, 20};
  private static final int LEAST_CAPACITY = 50;
  private static final int HUNDRED = 100;

  @Option(
      names = "--traces",
      paramLabel = "DIR|FILE",
      description = "Where the traces are, or one; without it a synthetic one is played.")
  private @Nullable Path traces;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of the synthetic trace (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--write-synthetic",
      paramLabel = "DIR",
      description = "Play nothing: write the synthetic trace there.")
  private @Nullable Path written;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean helpWanted;

  private final PrintStream out = System.out;
  private final double[] sums = new double[4];
  private double worst = Double.MAX_VALUE;
  private int rows;

  /** For picocli. */
  public HitRate() {}

  @Override
  public Integer call() throws IOException {
    if (written != null) {
      out.println(SyntheticTrace.write(written, seed));
      return 0;
    }
    Path directory = Directories.create();
    try {
      out.println(
          "| trace | requests | distinct | capacity | book | Caffeine | S3-FIFO | LRU | optimum |");
      out.println("|---|---|---|---|---|---|---|---|---|");
      if (traces == null) {
        play(new Trace("synthetic, seed " + seed, SyntheticTrace.generate(seed)), directory);
      } else {
        for (Path file : Trace.filesIn(traces)) {
          play(Trace.read(file), directory);
        }
      }
      print("average: book %.2f, Caffeine %.2f, S3-FIFO %.2f, LRU %.2f", average());
      print("least lead of the book over Caffeine: %+.2f", List.of(worst));
    } finally {
      Directories.delete(directory);
    }
    return 0;
  }

  private List<Double> average() {
    List<Double> averages = new ArrayList<>();
    for (double sum : sums) {
      averages.add(sum / rows);
    }
    return averages;
  }

  private void print(String format, List<Double> numbers) {
    out.printf(Locale.ROOT, format + "%n", numbers.toArray());
  }

  private void play(Trace trace, Path directory) {
    long distinct = trace.distinct();
    for (int percent : PERCENTS) {
      int capacity = (int) Math.max(LEAST_CAPACITY, distinct * percent / HUNDRED);
      double[] rates = {
        rate(trace, new BookPlayer(directory, capacity)),
        rate(trace, new CaffeinePlayer(capacity)),
        rate(trace, new S3FifoPlayer(capacity)),
        rate(trace, new LruPlayer(capacity))
      };
      for (int i = 0; i < rates.length; i++) {
        sums[i] += rates[i];
      }
      rows++;
      worst = Math.min(worst, rates[0] - rates[1]);
      out.printf(
          Locale.ROOT,
          "| %s | %d | %d | %d | %.2f | %.2f | %.2f | %.2f | %.2f |%n",
          trace.name(),
          trace.keys().length,
          distinct,
          capacity,
          rates[0],
          rates[1],
          rates[2],
          rates[3],
          percent(Optimum.hits(trace.keys(), capacity), trace));
    }
  }

  private static double rate(Trace trace, Player player) {
    long hits = 0;
    try (player) {
      for (int key : trace.keys()) {
        hits += player.access(key) ? 1 : 0;
      }
    }
    return percent(hits, trace);
  }

  private static double percent(long hits, Trace trace) {
    return (double) HUNDRED * hits / trace.keys().length;
  }
}
