package io.pagebook.benchmarks;

import io.pagebook.benchmarks.hitrate.HitRate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code ./benchmarks/run} starts. */
@Command(
    name = "./benchmarks/run",
    sortOptions = false,
    description = {
      "Measures Pagebook beside its rivals, keeps the results as JSON, and prints ratios to Chronicle Map.",
      "Takes minutes; keep the machine idle meanwhile."
    })
public final class Run implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "SELECTION",
      description = "What to run: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Selection selection = Selection.ALL;

  @Option(
      names = "--stores",
      split = ",",
      paramLabel = "STORE",
      description = "Only these of ${COMPLETION-CANDIDATES}, separated by commas.")
  private Set<StoreKind> stores = Set.of(StoreKind.values());

  @Option(
      names = "--entries",
      description = "The number of entries in a store, instead of the usual ones.")
  private @Nullable Integer entries;

  @Option(
      names = "--rounds",
      defaultValue = "1",
      description = "How often to measure all stores in turn; three even out a busy machine.")
  private int rounds;

  @Option(names = "--threads", description = "The number of threads that use the store at once.")
  private @Nullable Integer threads;

  @Option(names = "--profiler", description = "A JMH profiler, such as gc or stack.")
  private @Nullable String profiler;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Measure nothing: print this result file.")
  private @Nullable Path reported;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean helpWanted;

  @Option(names = "--results", hidden = true)
  private Path results = Path.of("benchmarks", "results");

  @Option(names = "--commit", hidden = true)
  private String commit = "unknown";

  public static void main(String[] args) {
    Run run = new Run();
    System.exit(
        new CommandLine(run)
            .addSubcommand(new Pairs())
            .addSubcommand(new ManyProcesses(run))
            .addSubcommand(new Space(run))
            .addSubcommand(new Recovery(run))
            .addSubcommand(new AttachLarge(run))
            .addSubcommand(new Large(run))
            .addSubcommand(new Costs(run))
            .addSubcommand(new HitRate())
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
  public Integer call() throws RunnerException {
    print(reported != null ? reported : measure());
    return 0;
  }

  /** Keeps what a subcommand found, and prints it. */
  void keep(String command, Machine machine, Findings findings) {
    print(ResultFile.write(results, command, commit, machine, findings));
  }

  private static void print(Path file) {
    new Report(System.out, file).print();
    System.out.printf(Locale.ROOT, "%nresults: %s%n", file);
  }

  /**
   * Runs one method after the other, each for all stores, so that what is compared runs close
   * together.
   */
  private Path measure() throws RunnerException {
    Machine machine = Machine.current();
    List<RunResult> found = new ArrayList<>();
    for (String method : selection.methods()) {
      for (int round = 0; round < rounds; round++) {
        for (Map.Entry<List<String>, List<StoreKind>> group : byFlags(method).entrySet()) {
          found.addAll(run(method, group.getKey(), group.getValue()));
        }
      }
    }
    return ResultFile.write(results, selection, commit, machine, found);
  }

  private Collection<RunResult> run(String method, List<String> jvmFlags, List<StoreKind> group)
      throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("\\." + method.replace(".", "\\.") + "$")
            .param("store", group.stream().map(StoreKind::name).toArray(String[]::new))
            .shouldFailOnError(true)
            .jvmArgsAppend(jvmFlags.toArray(String[]::new));
    if (entries != null) {
      options.param("entries", entries.toString());
    }
    if (threads != null) {
      options.threads(threads);
    }
    if (profiler != null) {
      String[] nameAndOptions = profiler.split(":", 2);
      options.addProfiler(nameAndOptions[0], nameAndOptions.length > 1 ? nameAndOptions[1] : "");
    }
    return new Runner(options.build()).run();
  }

  /** The stores to run, by what their JVM needs: a flag of one is not put on the others. */
  private Map<List<String>, List<StoreKind>> byFlags(String method) {
    boolean attaching = method.startsWith(AttachBenchmark.class.getSimpleName());
    return Arrays.stream(StoreKind.values())
        .filter(stores::contains)
        .filter(store -> !attaching || AttachBenchmark.STORES.contains(store))
        .collect(
            Collectors.groupingBy(StoreKind::jvmFlags, LinkedHashMap::new, Collectors.toList()));
  }
}
