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

  /** The key of request {@code i}, negated if the mixed benchmark is to write it. */
  int request(int i) {
    return requests[i & (REQUESTS - 1)];
  }

  /** A value for write {@code i}. */
  V value(int i) {
    return values.get(i & (values.size() - 1));
  }

  /** Puts all entries, under 1 and so on, in that order. */
  static <V> void load(Store<V> store, Shape<V> shape) {
    for (int key = 1; key <= shape.entries(); key++) {
      store.put(key, shape.initialValue(key));
    }
  }

  /**
   * Reads some of the loaded entries and fails if one is not what was put: a fast store must also
   * be right.
   */
  static <V> void verify(Store<V> store, Shape<V> shape) {
    for (int key = 1; key <= shape.entries(); key += Math.max(1, shape.entries() / 1000)) {
      V found = store.get(key);
      if (found == null || !shape.form().equal(found, shape.initialValue(key))) {
        throw new IllegalStateException(
            "store returned a wrong value: key=" + key + ", value=" + found);
      }
    }
  }
}
