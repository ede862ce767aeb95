package io.pagebook.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reads and replaces large values, beside copies of the same bytes on the heap. */
@Command(
    name = "large-values",
    sortOptions = false,
    description = {
      "Reads and replaces values of 10 MB.",
      "They take turns with copies of 10 MB into a new array on the heap. Prints bytes per "
          + "second and the ratio to the copies. The book does not grow meanwhile: else the run "
          + "fails."
    })
final class Large implements Callable<Integer> {
  private static final long CHILD_SECONDS = 120;

  @Option(
      names = "--bytes",
      defaultValue = "10000000",
      description = "Size of a value (default: ${DEFAULT-VALUE}).")
  private int bytes;

  @Mixin final TurnOptions turns = new TurnOptions();
  @Mixin final HelpOption help = new HelpOption();

  private final Run run;

  Large(Run run) {
    this.run = run;
  }

  @Override
  public Integer call() {
    Findings findings =
        new Findings("large-values", Directories.usualPlace()).with("bytes", bytes).with(turns);
    Map<LargeContestant.Operation, List<Double>> found =
        new EnumMap<>(LargeContestant.Operation.class);
    Path directory = Directories.create();
    try (ChildJvm child =
        new ChildJvm(LargeContestant.JVM_FLAGS, LargeContestant.class, directory, bytes)) {
      child.answer(CHILD_SECONDS);
      for (int round = -turns.warmupRounds; round < turns.rounds; round++) {
        System.err.printf(Locale.ROOT, "round %d of %d%n", round + 1, turns.rounds);
        for (LargeContestant.Operation operation : LargeContestant.Operation.values()) {
          child.send(operation.name() + " " + turns.sliceMillis);
          String answer = child.answer(CHILD_SECONDS + turns.sliceMillis / 1000);
          if (round >= 0) {
            found
                .computeIfAbsent(operation, key -> new ArrayList<>())
                .add(Double.parseDouble(answer.substring(0, answer.indexOf(' '))));
          }
        }
      }
    } finally {
      Directories.delete(directory);
    }
    report(found, findings);
    run.keep(findings);
    return 0;
  }

  private void report(Map<LargeContestant.Operation, List<Double>> found, Findings findings) {
    String table = String.format(Locale.ROOT, "values of %,d bytes", bytes);
    List<Double> copies = found.getOrDefault(LargeContestant.Operation.COPY, List.of());
    found.forEach(
        (operation, values) -> {
          String row = operation.name().toLowerCase(Locale.ROOT);
          StoreKind store = operation == LargeContestant.Operation.COPY ? null : StoreKind.PAGEBOOK;
          findings.add(table, row, store, "bytes/s", values);
          if (operation != LargeContestant.Operation.COPY) {
            findings.add(table, row, store, "times copy", Findings.ratios(values, copies));
          }
        });
  }
}
