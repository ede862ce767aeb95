package io.pagebook.jcache.management;

import java.util.concurrent.atomic.LongAdder;

/**
 * A sum with two readings: since the start, which never falls, and since the last reset.
 * Thread-safe.
 */
final class Counter {
  private final LongAdder total = new LongAdder();
  private volatile long atReset;

  void add(long amount) {
    total.add(amount);
  }

  void reset() {
    atReset = total.sum();
  }

  long total() {
    return total.sum();
  }

  long sinceReset() {
    long before = atReset; // first: the sum of later is not less
    return total.sum() - before;
  }
}
