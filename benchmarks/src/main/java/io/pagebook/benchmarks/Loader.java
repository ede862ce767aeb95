package io.pagebook.benchmarks;

import java.nio.file.Path;

/**
 * Fills a store from a process of its own, so that the one that measures meets it for the first
 * time.
 */
final class Loader {
  private Loader() {}

  /** Loads {@code entries} entries into a store in {@code directory}, in another JVM. */
  static void loadElsewhere(StoreKind store, Path directory, int entries) {
    Processes.output(ChildJvm.command(store.jvmFlags(), Loader.class, store, directory, entries));
  }

  /** Takes the store's name, the directory and the number of entries. */
  public static void main(String[] args) {
    Shape<String> shape = Shape.usual(Integer.parseInt(args[2]));
    try (Store<String> store = StoreKind.valueOf(args[0]).open(Path.of(args[1]), shape)) {
      Workload.load(store, shape);
    }
  }
}
