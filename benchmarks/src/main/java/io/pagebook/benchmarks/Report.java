package io.pagebook.benchmarks;

import java.io.PrintStream;
import java.util.Locale;

/**
 * Prints results as tables: for each measurement and unit the median of each row, how far its
 * values lie apart, and the ratio of the median to the yardstick's.
 */
final class Report {
  private static final String FORMAT = "%-44s %12s %12s %12s %12s %12s %8s%n";

  private final PrintStream out;
  private final Results results;

  Report(PrintStream out, Results results) {
    this.out = out;
    this.results = results;
  }

  void print() {
    out.printf(Locale.ROOT, "%s%n%s%n", results.machine(), results.run());
    if (!results.settings().isEmpty()) {
      out.println(results.settings());
    }
    results.tables().forEach(this::print);
    for (Note note : results.notes()) {
      out.printf(Locale.ROOT, "%nnote: %s, %s: %s%n", note.table(), note.row(), note.text());
    }
  }

  private void print(Table table) {
    out.printf(Locale.ROOT, "%n%s, %s%n", table.title(), table.unit());
    boolean ratios = table.hasRatios();
    out.printf(
        Locale.ROOT, FORMAT, "", "median", "least", "25 %", "75 %", "most", ratios ? "ratio" : "");
    for (Finding row : table.sorted()) {
      boolean several = row.values().size() > 1;
      out.printf(
          Locale.ROOT,
          FORMAT,
          "  " + row.row(),
          Units.value(row.median(), table.unit()),
          several ? Units.value(row.quantile(0), table.unit()) : "",
          several ? Units.value(row.quantile(0.25), table.unit()) : "",
          several ? Units.value(row.quantile(0.75), table.unit()) : "",
          several ? Units.value(row.quantile(1), table.unit()) : "",
          ratios ? table.ratio(row) : "");
    }
    if (ratios) {
      out.printf(Locale.ROOT, "  ratio: to %s%n", Table.YARDSTICK.label());
    }
  }
}
