package io.pagebook.benchmarks;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one run of a command found: its rows, its settings, and what failed or was left out. */
public final class Findings {
  private final String command;
  private final Machine machine;
  private final Instant start = Instant.now();
  private final Map<String, Object> settings = new LinkedHashMap<>();
  private final List<Finding> rows = new ArrayList<>();
  private final List<Note> notes = new ArrayList<>();

  /**
   * Of a run that begins now.
   *
   * @param place the directory that the stores' files are in
   */
  public Findings(String command, Path place) {
    this.command = command;
    this.machine = Machine.current(place);
  }

  /** Keeps a setting of the whole run. */
  public Findings with(String setting, Object value) {
    settings.put(setting, value);
    return this;
  }

  /** Keeps the settings of a measurement whose parts take turns. */
  Findings with(TurnOptions turns) {
    return with("rounds", turns.rounds)
        .with("warmup", turns.warmupRounds)
        .with("sliceMillis", turns.sliceMillis);
  }

  void add(String table, StoreKind store, String unit, List<Double> values) {
    add(table, store.label(), store, unit, values);
  }

  void add(String table, String row, String unit, List<Double> values) {
    add(table, row, null, unit, values);
  }

  void add(String table, String row, String unit, double value) {
    add(table, row, unit, List.of(value));
  }

  /** A row of a store under another name than its own. */
  public void add(
      String table, String row, @Nullable StoreKind store, String unit, List<Double> values) {
    rows.add(new Finding(table, row, store, unit, values));
  }

  /** Says what failed or was left out; on the standard error output too. */
  void note(String table, String row, String text) {
    System.err.println("note: " + table + ", " + row + ": " + text);
    notes.add(new Note(table, row, text));
  }

  /** Round by round: what disturbs one round disturbs both. */
  static List<Double> ratios(List<Double> values, List<Double> base) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      ratios.add(values.get(i) / base.get(i));
    }
    return ratios;
  }

  String command() {
    return command;
  }

  Machine machine() {
    return machine;
  }

  Instant start() {
    return start;
  }

  Map<String, Object> settings() {
    return settings;
  }

  List<Finding> rows() {
    return rows;
  }

  List<Note> notes() {
    return notes;
  }
}
