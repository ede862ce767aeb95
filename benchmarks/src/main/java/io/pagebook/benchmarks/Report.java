package io.pagebook.benchmarks;

import java.io.PrintStream;
import java.util.Locale;

/**
 * Prints results as tables: for each measurement the median of each store, the lowest and the
 * highest value, the ratio of the median to the yardstick's, and what a profiler counted.
 */
final class Report {
  private final PrintStream out;
  private final Results results;

  Report(PrintStream out, Results results) {
    this.out = out;
    this.results = results;
  }

  void print() {
    out.printf(Locale.ROOT, "%s%n%s%n", results.machine(), results.run());
    results.tables().forEach(this::print);
    results.findings().print(out);
  }

  private void print(Results.Table table) {
    out.printf(
        Locale.ROOT,
        "%n%-44s %12s %10s %10s %8s%s%n",
        table.title(),
        table.unit(),
        "from",
        "to",
        "ratio",
        table.hasAllocation() ? String.format(Locale.ROOT, " %12s", "heap B/op") : "");
    for (Results.Row row : table.rows().values()) {
      Double allocated = row.allocated();
      out.printf(
          Locale.ROOT,
          "  %-42s %12.1f %10.1f %10.1f %8s%s%n",
          row.store().label(),
          row.median(),
          row.least(),
          row.most(),
          table.ratio(row),
          allocated == null ? "" : String.format(Locale.ROOT, " %12.1f", allocated));
    }
    if (table.rows().containsKey(Results.YARDSTICK)) {
      out.printf(Locale.ROOT, "  ratio: to %s%n", Results.YARDSTICK.label());
    }
  }
}
