package io.pagebook.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A result file as tables: one for each measurement, in which each store has a row; or the findings
 * of a subcommand.
 */
final class Results {
  /** The store that ratios are to. */
  static final StoreKind YARDSTICK = StoreKind.CHRONICLE_MAP;

  private static final String ALLOCATION = "gc.alloc.rate.norm";
  private static final double NANOS_PER_MILLI = 1e6;

  private final JsonNode file;
  private final Map<String, Table> tables = new LinkedHashMap<>();

  Results(Path file) {
    this.file = ResultFile.read(file);
    if (this.file.has("results")) {
      for (JsonNode result : this.file.get("results")) {
        add(result);
      }
    }
  }

  /** Where it ran. */
  String machine() {
    JsonNode machine = file.get("machine");
    return String.format(
        Locale.ROOT,
        "%s, %d cores, %d GiB, %s, %s",
        machine.get("processor").asString(),
        machine.get("cores").asInt(),
        machine.get("memoryGiB").asInt(),
        machine.get("system").asString(),
        machine.get("jdk").asString());
  }

  /** What ran, and when. */
  String run() {
    return String.format(
        Locale.ROOT,
        "commit %s, %s, load before: %.1f",
        file.get("commit").asString(),
        file.get("time").asString(),
        file.get("machine").get("load").asDouble());
  }

  /** What a subcommand found, instead of tables. */
  Findings findings() {
    return file.has("findings") ? ResultFile.findings(file) : new Findings();
  }

  List<Table> tables() {
    return List.copyOf(tables.values());
  }

  private void add(JsonNode result) {
    JsonNode params = result.get("params");
    String benchmark = result.get("benchmark").asString();
    String method = benchmark.substring(benchmark.lastIndexOf('.') + 1);
    int entries = params.get("entries").asInt();
    JsonNode valueBytes = params.get("valueBytes");
    String filling =
        String.format(
            Locale.ROOT,
            "%,d entries of %s",
            entries,
            Units.bytes(valueBytes == null ? Shape.USUAL_BYTES : valueBytes.asInt()));
    int threads = result.get("threads").asInt();
    StoreKind store = StoreKind.valueOf(params.get("store").asString());
    String title =
        title(method) + ", " + filling + (threads == 1 ? "" : ", " + threads + " threads");
    JsonNode primary = result.get("primaryMetric");
    boolean load = method.equals("load"); // all entries in one shot: told per entry
    Row row =
        load
            ? table(title, "ns/op").row(store)
            : table(title, primary.get("scoreUnit").asString()).row(store);
    row.add(primary, load ? entries / NANOS_PER_MILLI : 1);
    JsonNode secondary = result.get("secondaryMetrics");
    if (!load && secondary.has(ALLOCATION)) {
      row.allocated.add(secondary.get(ALLOCATION).get("score").asDouble());
    }
    JsonNode disk = secondary.get("diskBytes");
    if (disk != null && disk.get("score").asDouble() > 0) {
      table("size, " + filling, "bytes/entry").row(store).add(disk, entries);
    }
  }

  private static String title(String method) {
    return switch (method) {
      case "miss" -> "get of a missing key";
      case "mixed" -> "95 % get, 5 % put";
      case "put" -> "put, replacing";
      case "load" -> "put of new entries";
      case "attachFirst" -> "attach, first in a JVM";
      default -> method;
    };
  }

  private Table table(String title, String unit) {
    return tables.computeIfAbsent(
        title, key -> new Table(title, unit, new EnumMap<>(StoreKind.class)));
  }

  /** What was measured of each store in one way. */
  record Table(String title, String unit, Map<StoreKind, Row> rows) {
    private Row row(StoreKind store) {
      return rows.computeIfAbsent(store, Row::new);
    }

    List<Row> lowestFirst() {
      return rows.values().stream().sorted(Comparator.comparingDouble(Row::median)).toList();
    }

    /** A row's ratio to the yardstick, or a dash if that was not measured. */
    String ratio(Row row) {
      Row base = rows.get(YARDSTICK);
      return base == null ? "-" : String.format(Locale.ROOT, "%.2f", row.median() / base.median());
    }

    boolean hasAllocation() {
      return rows.values().stream().anyMatch(row -> row.allocated() != null);
    }
  }

  /** What was measured of a store: one value for each iteration in each fork of each round. */
  static final class Row {
    private final StoreKind store;
    private final List<Double> values = new ArrayList<>();
    private final List<Double> allocated = new ArrayList<>();

    private Row(StoreKind store) {
      this.store = store;
    }

    private void add(JsonNode metric, double divisor) {
      for (JsonNode fork : metric.get("rawData")) {
        for (JsonNode iteration : fork) {
          values.add(iteration.asDouble() / divisor);
        }
      }
    }

    StoreKind store() {
      return store;
    }

    double median() {
      return median(values);
    }

    double least() {
      return Collections.min(values);
    }

    double most() {
      return Collections.max(values);
    }

    /** Bytes allocated on the heap by one operation, or null if no profiler counted them. */
    @Nullable Double allocated() {
      return allocated.isEmpty() ? null : median(allocated);
    }

    private static double median(List<Double> values) {
      double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
      Arrays.sort(sorted);
      int middle = sorted.length / 2;
      return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
  }
}
