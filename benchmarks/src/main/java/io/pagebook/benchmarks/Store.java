package io.pagebook.benchmarks;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What all contestants can do: a map of numbers to values, safe for any number of threads. */
interface Store<V> extends AutoCloseable {
  @Nullable V get(long key);

  /** Adds or replaces. */
  void put(long key, V value);

  /**
   * Replaces the value of a key that exists by what {@code change} makes of it, and nobody writes
   * it in between.
   */
  void update(long key, UnaryOperator<V> change);

  /**
   * Puts all entries of {@code shape} the fastest way there is; how long it takes is not measured.
   */
  default void fill(Shape<V> shape) {
    Workload.load(this, shape);
  }

  /** Hands over all values. */
  void forEach(Consumer<V> visitor);

  /** Bytes that entries take neither in files nor in this JVM, if the store can tell. */
  default long bytesElsewhere() {
    return 0;
  }

  @Override
  void close();
}
