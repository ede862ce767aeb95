package io.pagebook.book;

import io.pagebook.book.shard.KeySnapshot;

/**
 * A pass over the records of a book. Weakly consistent: each record that is there throughout is
 * seen exactly once, others once or not at all. Not thread-safe; holds no lock between calls.
 */
/*
 * Within a shard the pass follows the keys' hashes with their bits reversed. A bucket is a range in that order, and
 * splitting a bucket splits its range, so a position in the order stays meaningful while the index grows, and when a vacuum makes it smaller.
 */
public final class RecordCursor {
  private final OpenBook book;
  private final RecordStore records;
  private final KeySnapshot keys;
  private int shard;
  private long position;

  RecordCursor(OpenBook book, RecordStore records) {
    this.book = book;
    this.records = records;
    this.keys = new KeySnapshot(buffer -> book.file().hash(buffer));
  }

  /** Fills key, value, type, expiry and stamp of the next record; false at the end. */
  public boolean next(RecordBuffer buffer) {
    while (nextKey(buffer)) {
      if (records.get(buffer)) {
        return true;
      }
    }
    return false;
  }

  boolean nextKey(RecordBuffer buffer) {
    while (!keys.poll(buffer)) {
      BookFile file = records.serving();
      if (shard == file.shards().length) {
        return false;
      }
      try {
        long next = file.shards()[shard].keysFrom(position, keys);
        if (!file.isServing()) {
          keys.clear(); // of a file that has moved: once more, from the same position
          continue;
        }
        position = next;
        if (next == 0) {
          shard++;
        }
      } catch (BookException e) {
        keys.clear(); // what a step that failed has left is not to be believed
        book.throwUnlessMoved(file, e);
      }
    }
    return true;
  }
}
