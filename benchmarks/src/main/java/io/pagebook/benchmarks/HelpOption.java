package io.pagebook.benchmarks;

import picocli.CommandLine.Option;

/** Every subcommand's {@code --help}. */
public final class HelpOption {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean wanted;
}
