package io.pagebook.jcache;

import io.pagebook.book.RecordBuffer;

/** The buffers of one operation. For one thread. */
final class Frame {
  /** The key, and what the book has for it. */
  final RecordBuffer record = new RecordBuffer();

  /** The key again, and what the book is to have for it. */
  final RecordBuffer fresh = new RecordBuffer();

  void release() {
    record.releaseValue();
    fresh.releaseValue();
  }

  static void copyKey(RecordBuffer source, RecordBuffer target) {
    if (source.keyIsId()) {
      target.setId(source.id());
    } else {
      int bytes = source.keyLength();
      System.arraycopy(source.key(), 0, target.startKey(bytes), 0, bytes);
    }
  }
}
