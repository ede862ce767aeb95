package io.pagebook.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What {@code ./benchmarks/run} can run; the constants' names in lower case are its arguments. */
enum Selection {
  /** What most want to know, of all contestants, in a quarter of an hour. */
  QUICK,
  GET,
  MISS,
  PUT,
  MIXED,
  UPDATE,
  ITERATE,
  SIZE,
  ALL;

  /** The benchmark methods, as class and method name. */
  List<String> methods() {
    return switch (this) {
      case QUICK ->
          List.of(
              "StoreBenchmark.get",
              "StoreBenchmark.miss",
              "StoreBenchmark.mixed",
              "StoreBenchmark.put",
              "LoadBenchmark.load");
      case GET -> List.of("StoreBenchmark.get");
      case MISS -> List.of("StoreBenchmark.miss");
      case PUT -> List.of("StoreBenchmark.put");
      case MIXED -> List.of("StoreBenchmark.mixed");
      case UPDATE -> List.of("StoreBenchmark.update");
      case ITERATE -> List.of("StoreBenchmark.iterate");
      case SIZE -> List.of("LoadBenchmark.load");
      case ALL ->
          Arrays.stream(values())
              .filter(selection -> selection != ALL && selection != QUICK)
              .flatMap(selection -> selection.methods().stream())
              .toList();
    };
  }

  /** The methods, each with one number of threads after the other; none stands for the usual. */
  List<Step> steps(List<Integer> threads) {
    List<Step> steps = new ArrayList<>();
    for (String method : methods()) {
      List<Integer> usual =
          this == QUICK && method.equals("StoreBenchmark.get") ? List.of(1, 2) : List.of(1);
      boolean fixed = !method.startsWith(StoreBenchmark.class.getSimpleName());
      for (int number : threads.isEmpty() || fixed ? usual : threads) {
        steps.add(new Step(method, number));
      }
    }
    return steps;
  }

  /** Whether it measures {@code store} if nothing else is asked for. */
  boolean usuallyMeasures(StoreKind store) {
    return store != StoreKind.PAGEBOOK_RECORDS || this != QUICK;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
