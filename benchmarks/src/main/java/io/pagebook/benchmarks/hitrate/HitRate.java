package io.pagebook.benchmarks.hitrate;

import io.pagebook.benchmarks.Directories;
import io.pagebook.benchmarks.Findings;
import io.pagebook.benchmarks.HelpOption;
import io.pagebook.benchmarks.Run;
import io.pagebook.benchmarks.StoreKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Plays traces to the book and to others, and reports how often each had what was asked for. */
@Command(
    name = "hit-rate",
    sortOptions = false,
    description = {
      "Plays traces of accesses to a bounded book, Caffeine, S3-FIFO and LRU beside the optimum that knows the future,",
      "each with room for 1, 5 and 20 %% of the distinct keys (at least 50), and reports hit rates in percent.",
      "Traces: *.trace.gz (text, one number a line) and *.trace.xz (big-endian 32-bit numbers), as distributed",
      "with the simulator of github.com/ben-manes/caffeine (its LIRS and cache2k traces)."
    })
public final class HitRate implements Callable<Integer> {
  private static final int[] PERCENTS = {1, 5, 20};
  private static final int LEAST_CAPACITY = 50;
  private static final int HUNDRED = 100;
  private static final String UNIT = "% hits";
  private static final String BOOK = "Pagebook";
  private static final String CAFFEINE = "Caffeine";

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

  @Mixin final HelpOption help = new HelpOption();

  private final Run run;
  private final Map<String, List<Double>> rates = new LinkedHashMap<>();

  /** Leaves its findings to {@code run}. */
  public HitRate(Run run) {
    this.run = run;
  }

  @Override
  public Integer call() throws IOException {
    if (written != null) {
      System.out.println(SyntheticTrace.write(written, seed));
      return 0;
    }
    Findings findings = new Findings("hit-rate", Directories.usualPlace());
    Path directory = Directories.create();
    try {
      if (traces == null) {
        findings.with("seed", seed);
        play(new Trace("synthetic", SyntheticTrace.generate(seed)), directory, findings);
      } else {
        findings.with("traces", traces.toString());
        for (Path file : Trace.filesIn(traces)) {
          play(Trace.read(file), directory, findings);
        }
      }
    } finally {
      Directories.delete(directory);
    }
    summarize(findings);
    run.keep(findings);
    return 0;
  }

  private void summarize(Findings findings) {
    List<Double> own = rates.getOrDefault(BOOK, List.of());
    String title = String.format(Locale.ROOT, "average of these %d", own.size());
    rates.forEach((player, all) -> add(findings, title, player, average(all)));
    List<Double> caffeine = rates.getOrDefault(CAFFEINE, List.of());
    List<Double> leads = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      leads.add(own.get(i) - caffeine.get(i));
    }
    findings.add(title, BOOK, StoreKind.PAGEBOOK, "points more than Caffeine", leads);
  }

  private static double average(List<Double> all) {
    return all.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  private static void add(Findings findings, String title, String player, double rate) {
    StoreKind store = player.equals(BOOK) ? StoreKind.PAGEBOOK : null;
    findings.add(title, player, store, UNIT, List.of(rate));
  }

  /** At each capacity once: of few distinct keys, two parts can be the least capacity. */
  private void play(Trace trace, Path directory, Findings findings) {
    long distinct = trace.distinct();
    int[] capacities =
        IntStream.of(PERCENTS)
            .map(percent -> (int) Math.max(LEAST_CAPACITY, distinct * percent / HUNDRED))
            .distinct()
            .toArray();
    for (int capacity : capacities) {
      String title =
          String.format(
              Locale.ROOT,
              "%s, room for %,d of %,d in %,d",
              trace.name().replaceFirst("\\.trace\\..z$", ""),
              capacity,
              distinct,
              trace.keys().length);
      System.err.println(title);
      Map<String, Double> found = new LinkedHashMap<>();
      found.put(BOOK, rate(trace, new BookPlayer(directory, capacity)));
      found.put(CAFFEINE, rate(trace, new CaffeinePlayer(capacity)));
      found.put("S3-FIFO", rate(trace, new S3FifoPlayer(capacity)));
      found.put("LRU", rate(trace, new LruPlayer(capacity)));
      found.put("optimum", percent(Optimum.hits(trace.keys(), capacity), trace));
      found.forEach(
          (player, rate) -> {
            add(findings, title, player, rate);
            rates.computeIfAbsent(player, key -> new ArrayList<>()).add(rate);
          });
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
