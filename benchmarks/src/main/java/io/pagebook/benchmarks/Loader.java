package io.pagebook.benchmarks;

import java.nio.file.Path;

/**
 * Fills a store from a process of its own, so that the one that measures meets it for the first
 * time.
 */
final class Loader {
  private Loader() {}

  /** Loads {@code entries} entries of the usual length. */
  static void loadElsewhere(StoreKind store, Path directory, int entries) {
    loadElsewhere(store, directory, entries, Shape.USUAL_BYTES);
  }

  /** Loads {@code entries} entries into a store in {@code directory}, in another JVM. */
  static void loadElsewhere(StoreKind store, Path directory, int entries, int valueBytes) {
    Processes.output(
        ChildJvm.command(store.jvmFlags(), Loader.class, store, directory, entries, valueBytes));
  }

  /** Takes the store's name, the directory, the number of entries and the length of values. */
  public static void main(String[] args) {
    load(
        StoreKind.valueOf(args[0]),
        Path.of(args[1]),
        Shape.of(Integer.parseInt(args[2]), Integer.parseInt(args[3])));
  }

  private static <V> void load(StoreKind kind, Path directory, Shape<V> shape) {
    try (Store<V> store = kind.open(directory, shape)) {
      Workload.load(store, shape);
    }
  }
}
