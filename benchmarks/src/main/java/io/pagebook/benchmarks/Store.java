package io.pagebook.benchmarks;

import org.jspecify.annotations.Nullable;

/** What all contestants can do: a map of numbers to strings, safe for any number of threads. */
interface Store extends AutoCloseable {
  @Nullable String get(long key);

  /** Adds or replaces. */
  void put(long key, String value);

  @Override
  void close();
}
