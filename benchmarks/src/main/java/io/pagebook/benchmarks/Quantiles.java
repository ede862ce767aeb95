package io.pagebook.benchmarks;

import java.util.Arrays;

/** Order statistics of a few measured values. */
final class Quantiles {
  private Quantiles() {}

  /** The value below which {@code part} of the values lie. */
  static double of(double[] values, double part) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.round(part * (sorted.length - 1))];
  }
}
