package io.pagebook.book.shard;

import io.pagebook.book.RecordBuffer;
import java.util.ArrayDeque;
import java.util.function.ToLongFunction;

/** The keys of one bucket, copied out for a cursor. Not thread-safe. */
public final class KeySnapshot {
  private static final class Key {
    private final byte[] bytes;
    private final boolean isId;

    Key(byte[] bytes, boolean isId) {
      this.bytes = bytes;
      this.isId = isId;
    }
  }

  private final ArrayDeque<Key> keys = new ArrayDeque<>();
  private final ToLongFunction<RecordBuffer> hash;
  private final RecordBuffer scratch = new RecordBuffer();
  private long nextCursor;

  public KeySnapshot(ToLongFunction<RecordBuffer> hash) {
    this.hash = hash;
  }

  public void clear() {
    keys.clear();
  }

  void setNextCursor(long cursor) {
    nextCursor = cursor;
  }

  long nextCursor() {
    return nextCursor;
  }

  /** Adds a key unless its place in the order, its hash reversed, is before {@code cursor}. */
  void add(byte[] bytes, boolean isId, long cursor) {
    Key key = new Key(bytes, isId);
    copy(key, scratch);
    if (Long.compareUnsigned(Long.reverse(hash.applyAsLong(scratch)), cursor) >= 0) {
      keys.add(key);
    }
  }

  /** Makes the next key the buffer's; false if there is none. */
  public boolean poll(RecordBuffer buffer) {
    Key key = keys.poll();
    if (key == null) {
      return false;
    }
    copy(key, buffer);
    return true;
  }

  private static void copy(Key key, RecordBuffer buffer) {
    buffer.setKey(key.bytes);
    if (key.isId) {
      buffer.markKeyAsId();
    }
  }
}
