package io.pagebook.jcache.near;

import io.pagebook.book.RecordBuffer;

/**
 * A value as it was read from a record, and a generation of its shard in which value and expiry
 * were the record's.
 *
 * @param <V> the type of values
 */
public final class NearEntry<V> {
  private final V value;
  private final long stamp;
  private final long expiryMillis;
  private final int shard;

  /**
   * Threads that store different ones need no order: each is one in which the rest of this entry
   * was true, and an older one only leads to another look at the book.
   */
  private volatile long generation;

  /** The value of the record that a read with its generation has left in the buffer. */
  NearEntry(V value, RecordBuffer record) {
    this.value = value;
    stamp = record.stamp();
    expiryMillis = record.expiryMillis();
    shard = record.shard();
    generation = record.generation();
  }

  V value() {
    return value;
  }

  int shard() {
    return shard;
  }

  long generation() {
    return generation;
  }

  long expiryMillis() {
    return expiryMillis;
  }

  /** Whether the record that was found without its value is the one that the value came from. */
  boolean isOf(RecordBuffer found) {
    return found.stamp() == stamp;
  }

  /** Notes that the entry was true in the generation of the buffer. */
  void confirm(RecordBuffer found) {
    generation = found.generation();
  }
}
