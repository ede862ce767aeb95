package io.pagebook.benchmarks;

import io.pagebook.benchmarks.hitrate.HitRate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What {@code ./benchmarks/run} starts. */
@Command(
    name = "./benchmarks/run",
    sortOptions = false,
    description = {
      "Measures Pagebook beside its peers, prints tables, and keeps the results as JSON, HTML and SVG.",
      "Without arguments it takes a quarter of an hour; keep the machine idle meanwhile."
    })
public final class Run implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "SELECTION",
      description = "What to run: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Selection selection = Selection.QUICK;

  @Option(
      names = "--stores",
      split = ",",
      paramLabel = "STORE",
      description = "Only these of ${COMPLETION-CANDIDATES}, separated by commas.")
  private Set<StoreKind> stores = Set.of();

  @Option(
      names = "--entries",
      description = "The number of entries in a store, instead of the usual ones.")
  private @Nullable Integer entries;

  @Option(
      names = "--value-bytes",
      split = ",",
      paramLabel = "BYTES",
      description =
          "The length of values; several, separated by commas, one after the other (default: 100)."
              + " A store holds a million entries, or as many as make 1 GiB.")
  private List<Integer> valueBytes = List.of();

  @Option(
      names = "--rounds",
      defaultValue = "1",
      description = "How often to measure all stores in turn; three even out a busy machine.")
  private int rounds;

  @Option(
      names = "--threads",
      split = ",",
      description = "The number of threads that use the store at once; several as above.")
  private List<Integer> threads = List.of();

  @Option(names = "--profiler", description = "A JMH profiler, such as gc or stack.")
  private @Nullable String profiler;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Measure nothing: report this result file.")
  private @Nullable Path reported;

  @Option(
      names = "--picture",
      paramLabel = "FILE",
      description = "Where to draw the results as SVG, instead of beside the result file.")
  private @Nullable Path picture;

  @Mixin final HelpOption help = new HelpOption();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(names = "--results", hidden = true)
  private Path results = Path.of("benchmarks", "results");

  @Option(names = "--commit", hidden = true)
  private String commit = "unknown";

  public static void main(String[] args) {
    Run run = new Run();
    System.exit(
        new CommandLine(run)
            .addSubcommand(new Pairs(run))
            .addSubcommand(new ManyProcesses(run))
            .addSubcommand(new Space(run))
            .addSubcommand(new Recovery(run))
            .addSubcommand(new Attach(run))
            .addSubcommand(new Large(run))
            .addSubcommand(new Costs(run))
            .addSubcommand(new HitRate(run))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(Run::explain)
            .execute(args));
  }

  /** What cannot be measured here is told without a stack trace. */
  private static int explain(Exception e, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (e instanceof IllegalArgumentException) {
      command.getErr().println(e.getMessage());
      return command.getCommandSpec().exitCodeOnInvalidInput();
    }
    throw e;
  }

  @Override
  public Integer call() {
    if (reported != null) {
      print(reported);
      return 0;
    }
    Findings findings = new Findings(selection.toString(), Directories.usualPlace());
    boolean complete = measure(findings);
    return complete ? 0 : 1;
  }

  /** Keeps what a subcommand found, and prints it. */
  public void keep(Findings findings) {
    print(ResultFile.write(results, commit, findings, List.of()));
  }

  private void print(Path file) {
    Results found = new Results(file);
    new Report(System.out, found).print();
    System.out.printf(Locale.ROOT, "%nresults: %s%n", file);
    System.out.printf(Locale.ROOT, "report: %s%n", write(sibling(file, ".html"), Page.of(found)));
    System.out.printf(
        Locale.ROOT,
        "picture: %s%n",
        write(picture != null ? picture : sibling(file, ".svg"), Picture.of(found)));
  }

  /**
   * Runs one step after the other, each for all stores, so that what is compared runs close
   * together. A store that fails is noted. Results are written after each step, so that a run may
   * be broken off. Tells whether all went well.
   */
  private boolean measure(Findings findings) {
    List<RunResult> found = new ArrayList<>();
    boolean complete = true;
    List<Plan> plans = plans(findings);
    findings.with("rounds", rounds);
    Path file = ResultFile.write(results, commit, findings, found);
    for (int i = 0; i < plans.size(); i++) {
      Plan plan = plans.get(i);
      System.err.printf(
          Locale.ROOT,
          "%d of %d, after %d s: %s%n",
          i + 1,
          plans.size(),
          Duration.between(findings.start(), Instant.now()).toSeconds(),
          plan);
      try {
        found.addAll(plan.run());
      } catch (RunnerException e) {
        complete = false;
        findings.note(
            plan.step().toString(), plan.store().label(), "failed: cause=" + rootCause(e));
      }
      file = ResultFile.write(results, commit, findings, found);
    }
    print(file);
    return complete;
  }

  private List<Plan> plans(Findings findings) {
    List<Plan> plans = new ArrayList<>();
    List<StoreKind> measured = measuredStores(findings);
    valueBytes.stream().filter(length -> length < Shape.LEAST_BYTES).forEach(this::refuse);
    List<Integer> lengths = valueBytes.isEmpty() ? List.of(Shape.USUAL_BYTES) : valueBytes;
    for (int length : lengths) {
      for (Step step : selection.steps(threads)) {
        for (int round = 0; round < rounds; round++) {
          for (StoreKind store : measured) {
            plans.add(
                new Plan(step, store, length, entries, profiler, selection == Selection.QUICK));
          }
        }
      }
    }
    return plans;
  }

  private void refuse(int length) {
    throw new CommandLine.ParameterException(
        spec.commandLine(),
        "values too short: --value-bytes=" + length + ", leastBytes=" + Shape.LEAST_BYTES);
  }

  /** Those asked for, or else the usual ones of which nothing is missing here. */
  private List<StoreKind> measuredStores(Findings findings) {
    List<StoreKind> measured = new ArrayList<>();
    for (StoreKind store : StoreKind.values()) {
      if (stores.isEmpty() ? selection.usuallyMeasures(store) : stores.contains(store)) {
        String obstacle = store.obstacle();
        if (obstacle == null) {
          measured.add(store);
        } else if (stores.isEmpty()) {
          findings.note("all", store.label(), "left out: " + obstacle);
        } else {
          throw new CommandLine.ParameterException(
              spec.commandLine(), "cannot run: store=" + store + ", " + obstacle);
        }
      }
    }
    return measured;
  }

  private static Path sibling(Path file, String suffix) {
    return file.resolveSibling(file.getFileName().toString().replaceFirst("\\.json$", "") + suffix);
  }

  private static Path write(Path file, String text) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write: file=" + file, e);
    }
  }

  /** What it all came from; JMH attaches what happened in another JVM as suppressed. */
  private static Throwable rootCause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null || cause.getSuppressed().length > 0) {
      cause = cause.getCause() != null ? cause.getCause() : cause.getSuppressed()[0];
    }
    return cause;
  }
}
