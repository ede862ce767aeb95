package io.pagebook.benchmarks;

/**
 * Entries by which processes show each other that they are at work on the same data: each has some
 * keys of its own, behind those of the {@link Workload}, and writes there what only it can know.
 */
final class Marks {
  static final int PER_WRITER = 100;

  private final Store<String> store;
  private final int entries;

  Marks(Store<String> store, int entries) {
    this.store = store;
    this.entries = entries;
  }

  void write(int writer, String token) {
    for (int i = 0; i < PER_WRITER; i++) {
      store.put(key(writer, i), mark(writer, i, token));
    }
  }

  /** Fails if one of a writer's marks is missing or is another one. */
  void check(int writer, String token) {
    for (int i = 0; i < PER_WRITER; i++) {
      String found = store.get(key(writer, i));
      if (!mark(writer, i, token).equals(found)) {
        throw new IllegalStateException(
            "processes do not share their data: key="
                + key(writer, i)
                + ", expected="
                + mark(writer, i, token)
                + ", found="
                + found);
      }
    }
  }

  private long key(int writer, int i) {
    return Workload.key(entries + 1 + writer * PER_WRITER + i);
  }

  private static String mark(int writer, int i, String token) {
    String mark = "mark " + i + " of " + writer + ": " + token;
    return mark + "-".repeat(Shape.USUAL_BYTES - mark.length());
  }
}
