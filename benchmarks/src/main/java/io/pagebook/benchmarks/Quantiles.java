package io.pagebook.benchmarks;

import java.util.Arrays;

/** Order statistics of a few measured values. */
final class Quantiles {
  private Quantiles() {}

  /** The value below which {@code part} of the values lie, between two of them if need be. */
  static double of(double[] values, double part) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double place = part * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
