package io.pagebook.benchmarks;

import java.util.Random;

/**
 * The keys and values of a run, computed before it starts: a million requests by Zipf's law with
 * exponent 0.99, of which one in twenty is marked as a write for the mixed benchmark, and a
 * thousand strings of 100 characters to write. The same seed each time, so that all stores and all
 * runs get the same requests.
 */
final class Workload {
  static final int VALUE_LENGTH = 100;

  private static final int REQUESTS = 1 << 20;
  private static final int VALUES = 1 << 10;
  private static final double EXPONENT = 0.99;
  private static final double WRITES = 0.05;

  private final int[] requests = new int[REQUESTS];
  private final String[] values = new String[VALUES];

  Workload(int entries) {
    Random random = new Random(20060101);
    Zipf zipf = new Zipf(entries, EXPONENT, random);
    for (int i = 0; i < REQUESTS; i++) {
      int key = zipf.next(random);
      requests[i] = random.nextDouble() < WRITES ? -key : key;
    }
    for (int i = 0; i < VALUES; i++) {
      values[i] =
          random
              .ints(VALUE_LENGTH, ' ', '~')
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
    }
  }

  /** The key of request {@code i}, negated if the mixed benchmark is to write it. */
  int request(int i) {
    return requests[i & (REQUESTS - 1)];
  }

  /** A value for write {@code i}. */
  String value(int i) {
    return values[i & (VALUES - 1)];
  }

  /**
   * What a loaded store holds under {@code key}: the number, filled up to the length of all values.
   */
  static String initialValue(int key) {
    String number = Integer.toString(key);
    return number + "-".repeat(VALUE_LENGTH - number.length());
  }

  /** Puts the entries 1 to {@code entries}, in that order. */
  static void load(Store store, int entries) {
    for (int key = 1; key <= entries; key++) {
      store.put(key, initialValue(key));
    }
  }

  /**
   * Reads some of the loaded entries and fails if one is not what was put: a fast store must also
   * be right.
   */
  static void verify(Store store, int entries) {
    for (int key = 1; key <= entries; key += Math.max(1, entries / 1000)) {
      String found = store.get(key);
      if (!initialValue(key).equals(found)) {
        throw new IllegalStateException(
            "store returned a wrong value: key=" + key + ", value=" + found);
      }
    }
  }
}
