package io.pagebook.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * One step for one store: a JVM of its own.
 *
 * @param entries null for the usual number
 * @param quick shorter than usual, and quiet
 */
record Plan(
    Step step,
    StoreKind store,
    int valueBytes,
    @Nullable Integer entries,
    @Nullable String profiler,
    boolean quick) {
  private static final TimeValue QUICK_ITERATION = TimeValue.milliseconds(700);

  Collection<RunResult> run() throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("\\." + step.method().replace(".", "\\.") + "$")
            .param("store", store.name())
            .threads(step.threads())
            .shouldFailOnError(true)
            .jvmArgsAppend(store.jvmFlags().toArray(String[]::new));
    options.param("valueBytes", Integer.toString(valueBytes));
    int number = entries != null ? entries : Shape.usualEntries(valueBytes);
    options.param("entries", Integer.toString(number));
    if (profiler != null) {
      String[] nameAndOptions = profiler.split(":", 2);
      options.addProfiler(nameAndOptions[0], nameAndOptions.length > 1 ? nameAndOptions[1] : "");
    }
    if (quick) {
      options.verbosity(VerboseMode.SILENT);
      options.warmupTime(QUICK_ITERATION).measurementTime(QUICK_ITERATION);
      if (isLoad()) {
        options.warmupIterations(0);
      }
    }
    return new Runner(options.build()).run();
  }

  private boolean isLoad() {
    return step.method().startsWith(LoadBenchmark.class.getSimpleName());
  }

  @Override
  public String toString() {
    List<String> parts = new ArrayList<>(List.of(step.toString(), store.label()));
    if (valueBytes != Shape.USUAL_BYTES) {
      parts.add(1, Units.bytes(valueBytes));
    }
    return String.join(", ", parts);
  }
}
