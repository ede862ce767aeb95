package io.pagebook.benchmarks;

import java.util.List;

/**
 * One row of a result: what was measured, of whom, and every value of it in the order they came.
 */
record Finding(String table, String row, String unit, List<Double> values) {
  Finding {
    values = List.copyOf(values);
  }

  double quantile(double part) {
    return Quantiles.of(values.stream().mapToDouble(Double::doubleValue).toArray(), part);
  }

  double median() {
    return quantile(0.5);
  }
}
