package io.pagebook.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens a store again and again, and says how many nanoseconds it took each time: up to the first
 * value read, and up to the return of a write behind that.
 */
final class Opener {
  private static final double NANOS_PER_MILLI = 1e6;

  private static final String MARK = "opened ";
  private static final int KEY = Workload.key(1);

  private Opener() {}

  /** The times of one opening. */
  record Times(double readMillis, double writeMillis) {
    private static Times parse(String line) {
      String[] words = line.split(" ", -1);
      return new Times(Double.parseDouble(words[0]), Double.parseDouble(words[1]));
    }

    private String line() {
      return readMillis + " " + writeMillis;
    }
  }

  /** The times of {@code repeats} openings, one after the other in one new JVM. */
  static List<Times> openElsewhere(
      StoreKind store, Path directory, int entries, int valueBytes, int repeats) {
    String printed =
        Processes.output(
            ChildJvm.command(
                store.jvmFlags(), Opener.class, store, directory, entries, valueBytes, repeats));
    return printed
        .lines()
        .filter(line -> line.startsWith(MARK)) // a library may say something too
        .map(line -> Times.parse(line.substring(MARK.length())))
        .toList();
  }

  /**
   * Takes the store's name, the directory, the number of entries, the length of values, how often.
   */
  public static void main(String[] args) {
    StoreKind kind = StoreKind.valueOf(args[0]);
    List<Times> found = new ArrayList<>();
    Shape<?> shape = Shape.of(Integer.parseInt(args[2]), Integer.parseInt(args[3]));
    for (int i = 0; i < Integer.parseInt(args[4]); i++) {
      found.add(open(kind, Path.of(args[1]), shape));
    }
    found.forEach(times -> System.out.println(MARK + times.line()));
  }

  /** Opens the store in this JVM, reads the first entry and writes it back. */
  static <V> Times open(StoreKind kind, Path directory, Shape<V> shape) {
    long start = System.nanoTime();
    try (Store<V> store = kind.open(directory, shape)) {
      V value = store.get(KEY);
      double readMillis = millisSince(start);
      if (value == null) {
        throw new IllegalStateException(
            "an entry is missing: key=" + KEY + ", directory=" + directory);
      }
      store.put(KEY, value);
      return new Times(readMillis, millisSince(start));
    }
  }

  private static double millisSince(long start) {
    return (System.nanoTime() - start) / NANOS_PER_MILLI;
  }
}
