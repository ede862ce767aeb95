package io.pagebook.benchmarks;

import io.pagebook.book.PageBook;
import io.pagebook.book.RecordBuffer;
import org.jspecify.annotations.Nullable;

/** What values are: strings, or byte arrays where they are large. Compared by content. */
interface ValueForm<V> {
  Class<V> type();

  /** The value of these characters, one byte each. */
  V of(String text);

  byte[] toBytes(V value);

  V fromBytes(byte[] bytes);

  boolean equal(V one, V other);

  /** The value with its first byte moved to the end: a change that depends on what was there. */
  V turned(V value);

  /** The number under which a book keeps such values, of {@link io.pagebook.book.ValueType}. */
  int recordType();

  /** The value that {@code buffer} was filled with. */
  V fromBuffer(RecordBuffer buffer);

  @Nullable V read(PageBook book, int id);

  void write(PageBook book, int id, V value);
}
