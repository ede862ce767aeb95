package io.pagebook.benchmarks;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Prints a result file as tables: for each measurement the median of each store, the lowest and the
 * highest value, and the ratio of the median to Chronicle Map's.
 */
final class Report {
  private static final StoreKind YARDSTICK = StoreKind.CHRONICLE_MAP;

  private final PrintStream out;
  private final JsonNode file;

  Report(PrintStream out, Path file) {
    this.out = out;
    this.file = ResultFile.read(file);
  }

  void print() {
    JsonNode machine = file.get("machine");
    out.printf(
        Locale.ROOT,
        "%s, %d cores, %d GiB, %s, %s%ncommit %s, %s, load before: %.1f%n",
        machine.get("processor").asString(),
        machine.get("cores").asInt(),
        machine.get("memoryGiB").asInt(),
        machine.get("system").asString(),
        machine.get("jdk").asString(),
        file.get("commit").asString(),
        file.get("time").asString(),
        machine.get("load").asDouble());
    if (file.has("findings")) {
      ResultFile.findings(file).print(out);
      return;
    }
    Map<String, Table> tables = new LinkedHashMap<>();
    for (JsonNode result : file.get("results")) {
      addTo(tables, result);
    }
    tables.forEach(this::printTable);
    out.printf(Locale.ROOT, "%nratio: to %s in the same run%n", YARDSTICK.label());
  }

  private void printTable(String title, Table table) {
    out.printf(
        Locale.ROOT, "%n%-30s %12s %10s %10s %8s%n", title, table.unit(), "from", "to", "ratio");
    List<Double> yardstick = table.measured().get(YARDSTICK);
    table
        .measured()
        .forEach(
            (store, values) ->
                out.printf(
                    Locale.ROOT,
                    "  %-28s %12.1f %10.1f %10.1f %8s%n",
                    store.label(),
                    median(values),
                    Collections.min(values),
                    Collections.max(values),
                    yardstick == null
                        ? "-"
                        : String.format(Locale.ROOT, "%.2f", median(values) / median(yardstick))));
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static void addTo(Map<String, Table> tables, JsonNode result) {
    String benchmark = result.get("benchmark").asString();
    int entries = result.get("params").get("entries").asInt();
    StoreKind store = StoreKind.valueOf(result.get("params").get("store").asString());
    String method = benchmark.substring(benchmark.lastIndexOf('.') + 1);
    JsonNode primary = result.get("primaryMetric");
    tables
        .computeIfAbsent(
            String.format(Locale.ROOT, "%s, %,d entries", method, entries),
            title -> new Table(primary.get("scoreUnit").asString(), new EnumMap<>(StoreKind.class)))
        .add(store, primary, 1);
    JsonNode disk = result.get("secondaryMetrics").get("diskBytes");
    if (disk != null && store.hasFiles()) {
      tables
          .computeIfAbsent(
              String.format(Locale.ROOT, "size, %,d entries", entries),
              title -> new Table("bytes/entry", new EnumMap<>(StoreKind.class)))
          .add(store, disk, entries);
    }
  }

  /** What was measured of each store: one value for each iteration in each fork of each round. */
  private record Table(String unit, Map<StoreKind, List<Double>> measured) {
    void add(StoreKind store, JsonNode metric, double divisor) {
      List<Double> values = measured.computeIfAbsent(store, key -> new ArrayList<>());
      for (JsonNode fork : metric.get("rawData")) {
        for (JsonNode iteration : fork) {
          values.add(iteration.asDouble() / divisor);
        }
      }
    }
  }
}
