package io.pagebook.benchmarks;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What was measured in one way and in one unit. */
record Table(String title, String unit, List<Finding> rows) {
  /** The store that ratios are to. */
  static final StoreKind YARDSTICK = StoreKind.CHRONICLE_MAP;

  /** Stores by their medians, the best first; rows that are no stores as they were measured. */
  List<Finding> sorted() {
    if (rows.stream().anyMatch(row -> row.store() == null)) {
      return rows;
    }
    Comparator<Finding> lowestFirst = Comparator.comparingDouble(Finding::median);
    return rows.stream()
        .sorted(Units.isHigherBetter(unit) ? lowestFirst.reversed() : lowestFirst)
        .toList();
  }

  boolean hasRatios() {
    return yardstick() != null && !Units.isRatio(unit);
  }

  /** A row's ratio to the yardstick. */
  String ratio(Finding row) {
    Finding base = yardstick();
    return base == null ? "-" : String.format(Locale.ROOT, "%.2f", row.median() / base.median());
  }

  private @Nullable Finding yardstick() {
    return rows.stream().filter(row -> row.store() == YARDSTICK).findFirst().orElse(null);
  }
}
