package io.pagebook.benchmarks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of a table: of whom it was measured, and every value in the order they came. A table is
 * one measurement, its rows are stores, or else contestants or settings that have a name.
 *
 * @param store null if the row is no store
 */
record Finding(
    String table, String row, @Nullable StoreKind store, String unit, List<Double> values) {
  Finding {
    values = List.copyOf(values);
  }

  double quantile(double part) {
    return Quantiles.of(values.stream().mapToDouble(Double::doubleValue).toArray(), part);
  }

  double median() {
    return quantile(0.5);
  }

  /** Whether it is Pagebook in one of its forms. */
  boolean isOurs() {
    return store != null && store.isPagebook();
  }
}
