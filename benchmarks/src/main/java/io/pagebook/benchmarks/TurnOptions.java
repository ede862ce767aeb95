package io.pagebook.benchmarks;

import picocli.CommandLine.Option;

/** How those measure that let settings take turns. */
final class TurnOptions {
  @Option(
      names = "--rounds",
      defaultValue = "21",
      description = "How often they take turns (default: ${DEFAULT-VALUE}).")
  int rounds;

  @Option(
      names = "--warmup",
      defaultValue = "8",
      paramLabel = "ROUNDS",
      description = "Rounds before (default: ${DEFAULT-VALUE}).")
  int warmupRounds;

  @Option(
      names = "--slice",
      defaultValue = "400",
      paramLabel = "MILLIS",
      description = "How long one turn takes (default: ${DEFAULT-VALUE}).")
  long sliceMillis;
}
