package io.pagebook.benchmarks;

import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Replaces values of a loaded store at random, from a process of its own; afterwards every key must
 * have a value that was put.
 */
final class Replacer {
  private static final int RANDOM_CHARACTERS = 1 << 16;
  private static final int SHORTEST = 50;
  private static final int LONGEST = 150;
  private static final int FIRST_CHARACTER = ' ';
  private static final int CHARACTERS = '~' - FIRST_CHARACTER;

  private Replacer() {}

  /** As many replacements as there are entries, in another JVM; the seed decides which. */
  static void replaceElsewhere(
      StoreKind store, Path directory, int entries, boolean sameLength, long seed) {
    Processes.output(
        ChildJvm.command(
            store.jvmFlags(), Replacer.class, store, directory, entries, sameLength, seed));
  }

  /** Takes the store's name, the directory, the number of entries, same length or not, a seed. */
  public static void main(String[] args) {
    int entries = Integer.parseInt(args[2]);
    boolean sameLength = Boolean.parseBoolean(args[3]);
    SplittableRandom random = new SplittableRandom(Long.parseLong(args[4]));
    StringBuilder characters = new StringBuilder();
    for (int i = 0; i < RANDOM_CHARACTERS + LONGEST; i++) {
      characters.append((char) (FIRST_CHARACTER + random.nextInt(CHARACTERS)));
    }
    try (Store<String> store =
        StoreKind.valueOf(args[0]).open(Path.of(args[1]), Shape.usual(entries))) {
      for (int i = 0; i < entries; i++) {
        int length = sameLength ? Shape.USUAL_BYTES : random.nextInt(SHORTEST, LONGEST + 1);
        int from = random.nextInt(RANDOM_CHARACTERS);
        store.put(
            Workload.key(1 + random.nextInt(entries)), characters.substring(from, from + length));
      }
      verify(store, entries);
    }
  }

  private static void verify(Store<String> store, int entries) {
    for (int n = 1; n <= entries; n++) {
      String found = store.get(Workload.key(n));
      if (found == null || found.length() < SHORTEST || found.length() > LONGEST) {
        throw new IllegalStateException(
            "store returned a wrong value: key=" + Workload.key(n) + ", value=" + found);
      }
    }
  }
}
