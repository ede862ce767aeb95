package io.pagebook.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The keys and values of a run, computed before it starts: a million requests by Zipf's law with
 * exponent 0.99, of which one in twenty is marked as a write for the mixed benchmark, and a
 * thousand values to write, or fewer where they are large. The same seed each time, so that all
 * stores and all runs get the same requests.
 */
final class Workload<V> {
  private static final int REQUESTS = 1 << 20;
  private static final int MOST_VALUES = 1 << 10;
  private static final int LEAST_VALUES = 1 << 2;
  private static final int BYTES_OF_VALUES = 1 << 24;
  private static final double EXPONENT = 0.99;
  private static final double WRITES = 0.05;

  /** Longer than any number of entries, so that it has no divisor in common with one. */
  private static final long PRIME = Integer.MAX_VALUE;

  private final int[] requests = new int[REQUESTS];
  private final List<V> values = new ArrayList<>();

  Workload(Shape<V> shape) {
    Random random = new Random(20060101);
    Zipf zipf = new Zipf(shape.entries(), EXPONENT, random);
    for (int i = 0; i < REQUESTS; i++) {
      int key = zipf.next(random);
      requests[i] = random.nextDouble() < WRITES ? -key : key;
    }
    int count = Math.max(LEAST_VALUES, Math.min(MOST_VALUES, BYTES_OF_VALUES / shape.valueBytes()));
    for (int i = 0; i < Integer.highestOneBit(count); i++) {
      values.add(
          shape
              .form()
              .of(
                  random
                      .ints(shape.valueBytes(), ' ', '~')
                      .collect(
                          StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                      .toString()));
    }
  }

  /**
   * The key of entry {@code n}, which counts from 1. The key behind each of them is missing: a
   * B-tree or a filter by range must look as far for it as for one that is there.
   */
  static int key(int n) {
    return 2 * n;
  }

  /** A key that is not there, behind that of entry {@code n}. */
  static int missingKey(int n) {
    return key(n) + 1;
  }

  /**
   * The entry that is loaded at place {@code i} of {@code entries}, both from 0: no order of keys.
   */
  static int shuffled(int i, int entries) {
    return 1 + (int) (i * PRIME % entries);
  }

  /** The entry of request {@code i}, negated if the mixed benchmark is to write it. */
  int request(int i) {
    return requests[i & (REQUESTS - 1)];
  }

  /** A value for write {@code i}. */
  V value(int i) {
    return values.get(i & (values.size() - 1));
  }

  /** Puts all entries, in an order that is the same each time and not that of the keys. */
  static <V> void load(Store<V> store, Shape<V> shape) {
    for (int i = 0; i < shape.entries(); i++) {
      int n = shuffled(i, shape.entries());
      store.put(key(n), shape.initialValue(n));
    }
  }

  /**
   * Reads some of the loaded entries and fails if one is not what was put: a fast store must also
   * be right.
   */
  static <V> void verify(Store<V> store, Shape<V> shape) {
    for (int n = 1; n <= shape.entries(); n += Math.max(1, shape.entries() / 1000)) {
      V found = store.get(key(n));
      if (found == null || !shape.form().equal(found, shape.initialValue(n))) {
        throw new IllegalStateException(
            "store returned a wrong value: key=" + key(n) + ", value=" + found);
      }
    }
  }
}
