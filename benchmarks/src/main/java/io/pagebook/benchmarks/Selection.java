package io.pagebook.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What {@code ./benchmarks/run} can run; the constants' names in lower case are its arguments. */
enum Selection {
  GET,
  PUT,
  MIXED,
  SIZE,
  ATTACH,
  ALL;

  /** The benchmark methods, as class and method name. */
  List<String> methods() {
    return switch (this) {
      case GET -> List.of("StoreBenchmark.get");
      case PUT -> List.of("StoreBenchmark.put");
      case MIXED -> List.of("StoreBenchmark.mixed");
      case SIZE -> List.of("LoadBenchmark.load");
      case ATTACH -> List.of("AttachBenchmark.attach", "AttachBenchmark.attachFirst");
      case ALL ->
          Arrays.stream(values())
              .filter(selection -> selection != ALL)
              .flatMap(selection -> selection.methods().stream())
              .toList();
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
