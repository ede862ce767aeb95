package io.pagebook.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A result file as tables: one for each measurement and unit. */
final class Results {
  private static final String ALLOCATION = "gc.alloc.rate.norm";
  private static final double NANOS_PER_MILLI = 1e6;

  private final JsonNode file;
  private final List<Finding> rows = new ArrayList<>();
  private final List<Note> notes = new ArrayList<>();

  Results(Path file) {
    this.file = ResultFile.read(file);
    this.file.path("results").forEach(this::add);
    this.file.path("findings").forEach(row -> rows.add(ResultFile.finding(row)));
    this.file.path("notes").forEach(note -> notes.add(ResultFile.note(note)));
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

  /** What ran, when, and how long. */
  String run() {
    return String.format(
        Locale.ROOT,
        "%s, commit %s, %s, %.0f s, load before: %.1f, files in %s",
        file.get("selection").asString(),
        file.get("commit").asString(),
        file.get("time").asString(),
        file.path("seconds").asDouble(0),
        file.get("machine").get("load").asDouble(),
        file.get("machine").path("place").asString("-"));
  }

  /** On which commit and when it ran. */
  String origin() {
    return "commit " + file.get("commit").asString() + ", " + file.get("time").asString();
  }

  /** The settings, as {@code name: value}, separated by commas; empty if there are none. */
  String settings() {
    List<String> settings = new ArrayList<>();
    file.path("settings")
        .properties()
        .forEach(
            setting ->
                settings.add(
                    setting.getKey()
                        + ": "
                        + (setting.getValue().isString()
                            ? setting.getValue().asString()
                            : setting.getValue().toString())));
    return String.join(", ", settings);
  }

  /** The tables in the order of their first rows, those of one title together. */
  List<Table> tables() {
    Map<String, Map<String, Table>> tables = new LinkedHashMap<>();
    for (Finding row : merged()) {
      tables
          .computeIfAbsent(row.table(), title -> new LinkedHashMap<>())
          .computeIfAbsent(row.unit(), unit -> new Table(row.table(), unit, new ArrayList<>()))
          .rows()
          .add(row);
    }
    return tables.values().stream().flatMap(units -> units.values().stream()).toList();
  }

  /** Of each title the table of its first unit. */
  List<Table> mainTables() {
    Map<String, Table> first = new LinkedHashMap<>();
    tables().forEach(table -> first.putIfAbsent(table.title(), table));
    return List.copyOf(first.values());
  }

  List<Note> notes() {
    return notes;
  }

  /** The rows, the values of several rounds in one. */
  private List<Finding> merged() {
    Map<List<String>, Finding> merged = new LinkedHashMap<>();
    for (Finding row : rows) {
      merged.merge(
          List.of(row.table(), row.row(), row.unit()),
          row,
          (one, other) -> {
            List<Double> values = new ArrayList<>(one.values());
            values.addAll(other.values());
            return new Finding(one.table(), one.row(), one.store(), one.unit(), values);
          });
    }
    return List.copyOf(merged.values());
  }

  /** A result of JMH: one value for each iteration in each fork. */
  private void add(JsonNode result) {
    JsonNode params = result.get("params");
    String benchmark = result.get("benchmark").asString();
    String method = benchmark.substring(benchmark.lastIndexOf('.') + 1);
    int entries = params.get("entries").asInt();
    String filling =
        String.format(
            Locale.ROOT,
            "%,d entries of %s",
            entries,
            Units.bytes(params.path("valueBytes").asInt(Shape.USUAL_BYTES)));
    int threads = result.get("threads").asInt();
    StoreKind store = StoreKind.valueOf(params.get("store").asString());
    String title =
        title(method) + ", " + filling + (threads == 1 ? "" : ", " + threads + " threads");
    JsonNode primary = result.get("primaryMetric");
    JsonNode secondary = result.get("secondaryMetrics");
    if (method.equals("load")) { // all entries in one shot: told per entry
      add(title, store, "ns/op", values(primary, entries / NANOS_PER_MILLI));
    } else {
      add(title, store, primary.get("scoreUnit").asString(), values(primary, 1));
      if (secondary.has(ALLOCATION)) {
        add(title, store, "bytes/op on the heap", values(secondary.get(ALLOCATION), 1));
      }
    }
    JsonNode disk = secondary.path("diskBytes");
    if (disk.path("score").asDouble(0) > 0) {
      add("size, " + filling, store, "bytes/entry", values(disk, entries));
    }
  }

  private void add(String title, StoreKind store, String unit, List<Double> values) {
    rows.add(new Finding(title, store.label(), store, unit, values));
  }

  private static List<Double> values(JsonNode metric, double divisor) {
    List<Double> values = new ArrayList<>();
    for (JsonNode fork : metric.get("rawData")) {
      for (JsonNode iteration : fork) {
        values.add(iteration.asDouble() / divisor);
      }
    }
    return values;
  }

  private static String title(String method) {
    return switch (method) {
      case "miss" -> "get of a missing key";
      case "mixed" -> "95 % get, 5 % put";
      case "put" -> "put, replacing";
      case "load" -> "put of new entries";
      default -> method;
    };
  }
}
