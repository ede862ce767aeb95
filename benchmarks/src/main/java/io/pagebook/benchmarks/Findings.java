package io.pagebook.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The rows of a result that JMH did not measure, and the settings that they were measured with. */
final class Findings {
  private static final int LARGE = 1000;

  private final Map<String, Object> settings = new LinkedHashMap<>();
  private final List<Finding> rows = new ArrayList<>();

  /** Notes a setting of the whole run. */
  Findings with(String setting, Object value) {
    settings.put(setting, value);
    return this;
  }

  void add(String table, String row, String unit, List<Double> values) {
    rows.add(new Finding(table, row, unit, values));
  }

  void add(String table, String row, String unit, double value) {
    add(table, row, unit, List.of(value));
  }

  /** Round by round: what disturbs one round disturbs both. */
  static List<Double> ratios(List<Double> values, List<Double> base) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      ratios.add(values.get(i) / base.get(i));
    }
    return ratios;
  }

  Map<String, Object> settings() {
    return settings;
  }

  List<Finding> rows() {
    return rows;
  }

  /** Prints the rows of each table together, in the order in which they were added. */
  void print(PrintStream out) {
    Map<String, List<Finding>> tables = new LinkedHashMap<>();
    for (Finding row : rows) {
      tables.computeIfAbsent(row.table(), table -> new ArrayList<>()).add(row);
    }
    tables.forEach(
        (title, found) -> {
          out.printf(
              Locale.ROOT,
              "%n%-44s %14s %12s %12s %12s %12s%n",
              title,
              "median",
              "25 %",
              "75 %",
              "95 %",
              "most");
          found.forEach(row -> print(out, row));
        });
  }

  private static void print(PrintStream out, Finding row) {
    String name = row.row() + ", " + row.unit();
    if (row.values().size() == 1) {
      out.printf(Locale.ROOT, "  %-42s %14s%n", name, number(row.median()));
      return;
    }
    out.printf(
        Locale.ROOT,
        "  %-42s %14s %12s %12s %12s %12s%n",
        name,
        number(row.median()),
        number(row.quantile(0.25)),
        number(row.quantile(0.75)),
        number(row.quantile(0.95)),
        number(row.quantile(1)));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < LARGE ? "%.3f" : "%,.0f", value);
  }
}
